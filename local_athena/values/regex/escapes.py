r"""Escapes that stand for one character or a set of them, inside a class and outside."""

from __future__ import annotations

import re

from local_athena.values.binary import bad_argument
from local_athena.values.regex import sets
from local_athena.values.regex.properties import named
from local_athena.values.regex.sets import Ranges, complement

CONTROLS = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13, "a": 7, "e": 27}
SETS = {
    "d": sets.DIGIT, "w": sets.WORD, "s": sets.SPACE, "D": complement(sets.DIGIT),
    "W": complement(sets.WORD), "S": complement(sets.SPACE),
}  # fmt: skip
CODES = re.compile(r"x\{([0-9A-Fa-f]{1,8})\}|x([0-9A-Fa-f]{0,2})|u([0-9A-Fa-f]{0,4})|([0-7]{1,3})")
PROPERTY = re.compile(r"[pP]\{([^}(){|]*)(\}|$)?")


def set_at(text: str, at: int) -> tuple[Ranges, int] | None:
    r"""The set that an escape at `at`, after its backslash, stands for, and where it ends."""
    letter = text[at]
    if letter in SETS:
        return SETS[letter], at + 1
    found = PROPERTY.match(text, at)
    if found:
        if found[2] == "":
            raise bad_argument("internal parser error (bug)")
        members = named(found[1] if found[2] else "")
        return (complement(members) if letter == "P" else members), found.end()
    return None


def short_property(text: str, at: int) -> tuple[Ranges, int] | None:
    r"""The set of `\pL`, which is one outside a class only."""
    name = text[at + 1 : at + 2]
    if not name:
        raise bad_argument("end pattern at escape")
    return (complement(named(name)) if text[at] == "P" else named(name)), at + 2


def code_at(text: str, at: int) -> tuple[int, int]:
    """The code point that an escape stands for, and where it ends.

    Raises:
        QueryFailed: INVALID_FUNCTION_ARGUMENT, the pattern ends in it.
    """
    letter = text[at]
    if letter in CONTROLS:
        return CONTROLS[letter], at + 1
    if letter == "c":
        if at + 1 >= len(text):
            raise bad_argument("end pattern at control")
        return (0x7F if text[at + 1] == "?" else ord(text[at + 1]) & 0x9F), at + 2
    found = CODES.match(text, at)
    if found is None:
        return ord(letter), at + 1
    if found[4] is not None:
        return int(found[4], 8) & 0xFF, found.end()
    return min(int(next(d for d in found.groups() if d is not None) or "0", 16), sets.LAST), found.end()
