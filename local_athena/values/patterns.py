"""The functions of regular expressions. https://trino.io/docs/current/functions/regexp.html

A group that the pattern lacks is refused at once; a replacement that is none, only where there is a match.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from local_athena.values.binary import bad_argument
from local_athena.values.limits import fits
from local_athena.values.regex.engine import Found, Pattern, compiled


def _group(found: Pattern, index: int) -> int:
    groups = found.meaning.groups
    if index < 0:
        raise bad_argument("Group cannot be negative")
    if index > groups:
        raise bad_argument(f"Pattern has {groups} groups. Cannot access group {index}")
    return index


def regexp_like(text: str, pattern: str) -> bool:
    """regexp_like: the pattern is found somewhere."""
    return next(compiled(pattern).find(text), None) is not None


def regexp_extract(text: str, pattern: str, index: int = 0) -> str | None:
    """regexp_extract."""
    made = compiled(pattern)
    group, found = _group(made, index), next(made.find(text), None)
    return found.group(group) if found else None


def regexp_extract_all(text: str, pattern: str, index: int = 0) -> list[str | None]:
    """regexp_extract_all."""
    made = compiled(pattern)
    group = _group(made, index)
    return [found.group(group) for found in made.find(text)]


@lru_cache(maxsize=512)
def _template(replacement: str, pattern: str) -> tuple[str | int, ...]:
    """A replacement's texts and groups: `$1`, `${name}`, `\\$`."""
    parts: list[str | int] = []
    at = 0
    while at < len(replacement):
        character = replacement[at]
        if character == "\\":
            if at + 1 == len(replacement):
                raise bad_argument(f"Illegal replacement sequence: {replacement}")
            parts.append(replacement[at + 1])
            at += 2
        elif character == "$":
            number, at = _reference(replacement, at + 1, compiled(pattern))
            parts.append(number)
        else:
            parts.append(character)
            at += 1
    return tuple(parts)


def _reference(text: str, at: int, pattern: Pattern) -> tuple[int | str, int]:
    """The group that is named after a `$`, and where its name ends."""
    meaning = pattern.meaning
    if text.startswith("{", at):
        name, closed, _ = text[at + 1 :].partition("}")
        if name not in meaning.names:
            raise bad_argument(f"Illegal replacement sequence: unknown group {{ {name} }}")
        return meaning.names[name], at + 1 + len(name) + len(closed)
    if text[at : at + 1] not in tuple("0123456789"):
        raise bad_argument(f"Illegal replacement sequence: {text}")
    number, at = int(text[at]), at + 1
    if number > meaning.groups:
        raise bad_argument(f"Illegal replacement sequence: unknown group {number}")
    while text[at : at + 1] in tuple("0123456789") and number * 10 + int(text[at]) <= meaning.groups:
        number, at = number * 10 + int(text[at]), at + 1
    return number, at


def _filled(parts: tuple[str | int, ...], found: Found) -> str:
    return "".join(part if isinstance(part, str) else found.group(part) or "" for part in parts)


def regexp_replace(text: str, pattern: str, replacement: str = "") -> str:
    """regexp_replace."""
    made: list[str] = []
    size, last = 0, None
    for between, found in _between(text, pattern):
        made += [between, _filled(_template(replacement, pattern), found)]
        size = fits(size + len(made[-1]) + len(made[-2]))
        last = found
    return "".join(made) + last.between(last.spans[0][1]) if last else text


def _between(text: str, pattern: str) -> Iterator[tuple[str, Found]]:
    """Each match with the text before it."""
    at = 0
    for found in compiled(pattern).find(text):
        low, high = found.spans[0]
        yield found.between(at, low), found
        at = high


def regexp_pieces(text: str, pattern: str) -> dict[str, object]:
    """The text between the matches, and the groups of each: for regexp_replace with a function."""
    pieces, groups, rest = [], [], text
    for between, found in _between(text, pattern):
        pieces.append(between)
        groups.append([found.group(i) for i in range(1, len(found.spans))])
        rest = found.between(found.spans[0][1])
    return {"f0": [*pieces, rest], "f1": groups}


def joined_pieces(pieces: list[str], made: list[str | None]) -> str | None:
    """The pieces with what the function made of each match between them; NULL when one is NULL."""
    if None in made:
        return None
    return pieces[0] + "".join(f"{new}{piece}" for new, piece in zip(made, pieces[1:], strict=True))


def regexp_split(text: str, pattern: str) -> list[str]:
    """regexp_split."""
    parts, last = [], None
    for between, found in _between(text, pattern):
        parts.append(between)
        last = found
    return [*parts, last.between(last.spans[0][1]) if last else text]


def regexp_count(text: str, pattern: str) -> int:
    """regexp_count."""
    return sum(1 for _ in compiled(pattern).find(text))


def regexp_position(text: str, pattern: str, start: int = 1, occurrence: int = 1) -> int:
    """regexp_position, -1 for none."""
    if start < 1:
        raise bad_argument("start position cannot be smaller than 1")
    if occurrence < 1:
        raise bad_argument("occurrence cannot be smaller than 1")
    if start > len(text):
        return -1
    for i, found in enumerate(compiled(pattern).find(text, start - 1), 1):
        if i == occurrence:
            return len(found.between(0, found.spans[0][0])) + 1
    return -1
