"""Patterns that clients bring: regular expressions matched in time that is linear in the text.

Glue documents Java's regular expressions. Java's engine, like Python's, tries every way to match, so
`(a+)+b` on forty letters takes longer than anybody waits, and in this process every client waits with it. RE2
never goes back. What it cannot read (look-around, back-references, possessive quantifiers) is refused, and so
is what it would read as something else than Java does. https://github.com/google/re2/wiki/Syntax
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Protocol

import re2

_PLAIN, _QUOTED, _CLASS = "plain", "quoted", "class"


class Pattern(Protocol):
    """A compiled pattern."""

    def fullmatch(self, text: str) -> Any:
        """The match of all of `text`, or None."""


class UnreadablePattern(ValueError):
    """The text is no pattern, or one that cannot be matched in linear time; `str(error)` says which part."""


@lru_cache(maxsize=256)
def compiled(expression: str, *, ignore_case: bool = False, dot_matches_all: bool = False) -> Pattern:
    """The pattern of an expression in the part of Java's syntax that RE2 shares.

    Raises:
        UnreadablePattern: it is not in that part.
    """
    _refuse_other_meanings(expression)
    options = re2.Options()
    options.case_sensitive = not ignore_case
    options.dot_nl = dot_matches_all
    options.log_errors = False
    try:
        pattern: Pattern = re2.compile(expression, options)
    except re2.error as error:
        raise UnreadablePattern(_said(error)) from error
    return pattern


def _said(error: Exception) -> str:
    text = error.args[0] if error.args else ""
    return text.decode(errors="replace") if isinstance(text, bytes) else str(text)


def _refuse_other_meanings(expression: str) -> None:
    """Java's class operations, and RE2's `\\C` and `(?U)`, which the other engine reads as something else."""
    position, where = 0, _PLAIN
    while position < len(expression):
        rest = expression[position : position + 2]
        step = 1
        if where == _QUOTED:
            where, step = (_PLAIN, 2) if rest == r"\E" else (_QUOTED, 1)
        elif rest.startswith("\\"):
            if rest == r"\C":
                raise UnreadablePattern(r"invalid escape sequence: \C")
            where, step = (_QUOTED if rest == r"\Q" and where == _PLAIN else where), 2
        elif where == _CLASS:
            if rest == "&&" or rest[0] == "[":
                raise UnreadablePattern(f"unions and intersections of classes are not supported: {rest}")
            # One that closes an empty class is its first member to RE2, which then finds no end.
            where = _PLAIN if rest[0] == "]" else _CLASS
        elif rest[0] == "[":
            where, step = _CLASS, 2 if rest == "[^" else 1
        elif rest == "(?" and _ungreedy(expression[position + 2 :]):
            raise UnreadablePattern("the flag U is not supported")
        position += step


def _ungreedy(flags: str) -> bool:
    letters = flags[: len(flags) - len(flags.lstrip("imsU-"))]
    return "U" in letters
