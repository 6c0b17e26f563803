"""Writes a pattern for an engine: RE2, or the `regex` module. No flag is used; a set is its code points."""

from __future__ import annotations

from dataclasses import dataclass

from local_athena.values.regex.nodes import (
    Again,
    Anchor,
    Atomic,
    Choice,
    Group,
    Look,
    Mode,
    Node,
    OneOf,
    Repeat,
    Sequence,
)
from local_athena.values.regex.sets import EVERYTHING, Ranges, complement


@dataclass(frozen=True, slots=True)
class Dialect:
    """How an engine writes a code point and the anchors."""

    code: str
    anchors: dict[Anchor, str]


RE2 = Dialect(
    r"\x{{{:x}}}",
    {
        Anchor.BEGIN: r"\A",
        Anchor.END: r"\z",
        Anchor.SEMI_END: r"\z",
        Anchor.LINE_BEGIN: r"(?m:^)",
        Anchor.LINE_END: r"(?m:$)",
        Anchor.WORD: r"\b",
        Anchor.NOT_WORD: r"\B",
    },
)
"""Right for texts that do not end with a newline and, where a word boundary counts, are ASCII."""

BACKTRACKING = Dialect(
    r"\U{:08x}",
    {
        Anchor.BEGIN: r"\A",
        Anchor.END: r"\Z",
        Anchor.SEMI_END: r"(?=\n?\Z)",
        Anchor.LINE_BEGIN: r"(?:\A|(?<=\n)(?!\Z))",
        Anchor.LINE_END: r"(?=\n|\Z)",
        Anchor.WORD: r"\b",
        Anchor.NOT_WORD: r"\B",
        Anchor.SEARCH_BEGIN: r"\G",
    },
)


def write(node: Node, dialect: Dialect) -> str:
    """The text of a pattern."""
    match node:
        case OneOf(ranges, longer):
            return _one_of(ranges, longer, dialect)
        case Sequence(parts):
            return "".join(_grouped(part, dialect, (Choice,)) for part in parts)
        case Choice(options):
            return "|".join(write(option, dialect) for option in options)
        case Group(part, _):
            return f"({write(part, dialect)})"
        case Repeat(part, least, most, mode):
            return _repeat(part, least, most, mode, dialect)
        case Atomic(part):
            return f"(?>{write(part, dialect)})"
        case Look(part, ahead, negative):
            return f"(?{'' if ahead else '<'}{'!' if negative else '='}{write(part, dialect)})"
        case Again(number, any_case):
            return f"(?:{'(?i:' if any_case else '(?:'}\\g<{number}>))"
        case Anchor():
            return dialect.anchors[node]


def _grouped(node: Node, dialect: Dialect, kinds: tuple[type, ...]) -> str:
    made = write(node, dialect)
    return f"(?:{made})" if isinstance(node, kinds) else made


def _repeat(part: Node, least: int, most: int | None, mode: Mode, dialect: Dialect) -> str:
    times = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((least, most))
    if times is None:
        times = f"{{{least}}}" if least == most else f"{{{least},{'' if most is None else most}}}"
    return f"(?:{write(part, dialect)}){times}{mode.value}"


def _one_of(ranges: Ranges, longer: tuple[tuple[Ranges, ...], ...], dialect: Dialect) -> str:
    if longer:
        options = ["".join(_set(each, dialect) for each in text) for text in longer]
        return f"(?:{'|'.join([_set(ranges, dialect), *options])})"
    return _set(ranges, dialect)


def _set(ranges: Ranges, dialect: Dialect) -> str:
    if not ranges:
        return rf"[^{_range(*EVERYTHING[0], dialect)}]"
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return _code(ranges[0][0], dialect)
    other = complement(ranges)
    if other and len(other) < len(ranges):
        return f"[^{''.join(_range(low, high, dialect) for low, high in other)}]"
    return f"[{''.join(_range(low, high, dialect) for low, high in ranges)}]"


def _range(low: int, high: int, dialect: Dialect) -> str:
    return _code(low, dialect) + (f"-{_code(high, dialect)}" if high > low else "")


def _code(code: int, dialect: Dialect) -> str:
    character = chr(code)
    return character if character.isascii() and character.isalnum() else dialect.code.format(code)
