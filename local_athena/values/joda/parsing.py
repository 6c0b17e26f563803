"""Writes a moment by a pattern and reads one, with Joda's errors."""

from __future__ import annotations

from local_athena.values.binary import bad_argument
from local_athena.values.joda.fields import BadValue, moment_of
from local_athena.values.joda.patterns import Pieces
from local_athena.values.joda.pieces import Read, Shown


def written(pieces: Pieces, shown: Shown) -> str:
    """The text of a moment."""
    _check(pieces)
    return "".join(piece.write(shown) for piece in pieces)


def _check(pieces: Pieces) -> None:
    if not pieces:
        raise bad_argument("Both printing and parsing not supported")


def read(pieces: Pieces, text: str) -> tuple[int, str | None]:
    """Milliseconds by the clock of the zone that was read, and the zone.

    Raises:
        QueryFailed: INVALID_FUNCTION_ARGUMENT in Joda's words.
    """
    _check(pieces)
    into, at = Read(), 0
    for piece in pieces:
        at = piece.read(text, at, into)
        if at < 0:
            raise bad_argument(malformed(text, ~at))
    if at < len(text):
        raise bad_argument(malformed(text, at))
    return assembled(text, into.values), into.zone


def assembled(text: str, values: list[tuple[str, int]]) -> int:
    """The moment of fields that a text had.

    Raises:
        QueryFailed: INVALID_FUNCTION_ARGUMENT, a field cannot have its value.
    """
    try:
        return moment_of(values)
    except BadValue as error:
        raise bad_argument(f'Cannot parse "{text}": {error}') from error


def malformed(text: str, at: int) -> str:
    """What is said of a text that cannot be read from a place on."""
    sample = text if len(text) <= at + 35 else f"{text[: at + 32]}..."
    if at <= 0:
        return f'Invalid format: "{sample}"'
    if at >= len(text):
        return f'Invalid format: "{sample}" is too short'
    return f'Invalid format: "{sample}" is malformed at "{sample[at:]}"'
