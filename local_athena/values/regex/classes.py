"""Reads a bracketed class: ranges, unions, `&&`, negation, `[:alpha:]`."""

from __future__ import annotations

import re

from local_athena.values.binary import bad_argument
from local_athena.values.regex import sets
from local_athena.values.regex.escapes import code_at, set_at
from local_athena.values.regex.properties import posix
from local_athena.values.regex.sets import Ranges, complement, intersection, union

NAMED = re.compile(r"\[:(\^?)([^\]:\[]{1,20}):\]")
DEEPEST = 200


def read_class(text: str, at: int, any_case: bool, depth: int = 0) -> tuple[Ranges, int]:
    """The members of the class whose bracket was read, and where it ends.

    Raises:
        QueryFailed: INVALID_FUNCTION_ARGUMENT, in Joni's words.
    """
    if depth > DEEPEST:
        raise bad_argument("too deep nest level for char-class")
    negated = text.startswith("^", at)
    at += negated
    made, at = _intersected(text, at, any_case, depth)
    if any_case:
        made = sets.any_case(made)
    return (complement(made) if negated else made), at


def _intersected(text: str, at: int, any_case: bool, depth: int) -> tuple[Ranges, int]:
    made: Ranges | None = None
    if text.startswith("]", at) and "]" not in text[at + 1 :]:
        raise bad_argument("empty char-class")
    first = True
    while True:
        members, at = _united(text, at, first, any_case, depth)
        made = members if made is None else intersection(made, members)
        first = False
        if text.startswith("]", at):
            return made, at + 1
        at += len("&&")


def _united(text: str, at: int, first: bool, any_case: bool, depth: int) -> tuple[Ranges, int]:
    """What stands before the next `&&` or the end."""
    found: list[tuple[int, int]] = []
    start, low = at, 0
    while True:
        if at >= len(text):
            raise bad_argument("premature end of char-class")
        if text.startswith("&&", at) or (text[at] == "]" and not (first and at == start)):
            return union(found), at
        inner = text[at] == "[" and not NAMED.match(text, at)
        members, code, at = _item(text, at, any_case, depth)
        low = code if members is None else low
        found += members if members is not None else [(code, code)]
        if inner or not _is_range(text, at):
            # A hyphen after an inner class stands for nothing.
            at += inner and _is_range(text, at)
            continue
        # A range behind a set, as in `[\\d-z]`, begins where the last plain character of the class was.
        high, at = _range_end(text, at + 1, any_case, depth)
        if high < low:
            raise bad_argument("empty range in char class")
        found.append((low, high))
        low = high
        # What looks like a second range after one, `a-c-e`, loses its hyphen.
        at += _is_range(text, at)


def _is_range(text: str, at: int) -> bool:
    return (
        text.startswith("-", at) and text[at + 1 : at + 2] not in ("]", "") and text[at + 1 : at + 3] != "&&"
    )


def _range_end(text: str, at: int, any_case: bool, depth: int) -> tuple[int, int]:
    members, code, at = _item(text, at, any_case, depth)
    if members is not None:
        raise bad_argument("char-class value at end of range")
    return code, at


def _item(text: str, at: int, any_case: bool, depth: int) -> tuple[Ranges | None, int, int]:
    """A set, or else one code point; and where it ends."""
    if text[at] == "[":
        found = NAMED.match(text, at)
        if found:
            members = posix(found[2])
            return (complement(members) if found[1] else members), 0, found.end()
        members, at = read_class(text, at + 1, any_case, depth + 1)
        return members, 0, at
    if text[at] != "\\":
        return None, ord(text[at]), at + 1
    if at + 1 >= len(text):
        raise bad_argument("end pattern at escape")
    escaped = set_at(text, at + 1)
    if escaped is not None:
        return escaped[0], 0, escaped[1]
    if text[at + 1] == "b":
        return None, 8, at + 2
    code, at = code_at(text, at + 1)
    return None, code, at
