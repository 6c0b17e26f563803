"""The words of a ruleset: quoted texts, numbers, names and marks; comments and space between them go.

In a quoted text backslashes escape only where they stand before a quote or the end: two are one there, and
an odd one makes the quote a part of the text. Elsewhere they are themselves, as regular expressions need.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a token is."""

    TEXT = "text"
    NUMBER = "number"
    WORD = "word"
    MARK = "mark"
    END = "end of the ruleset"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Token:
    """A word and its place. `text` is the value of a quoted text, else what is written."""

    kind: Kind
    text: str
    line: int
    column: int

    def __str__(self) -> str:
        if self.kind is Kind.END:
            return "the end of the ruleset"
        return quoted(self.text) if self.kind is Kind.TEXT else f"'{self.text}'"


_TOKEN = re.compile(
    r"""
    (?P<skip>\s+|\#[^\n]*)
  | (?P<text>"(?:[^"\\]|\\.)*")
  | (?P<number>\d+(?:\.\d+)?(?![A-Za-z0-9_.]))
  | (?P<word>[A-Za-z0-9_.]+)
  | (?P<mark>!=|>=|<=|[=><!\[\](){},:$*/+-])
  | (?P<unreadable>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_BACKSLASHES_BEFORE_QUOTE = re.compile(r'(\\+)("|\Z)')
_QUOTE_OR_END = re.compile(r'(\\*)("|\Z)')


def tokens(source: str) -> Iterator[Token]:
    """The tokens of a ruleset, the last of kind END."""
    line, begin = 1, 0
    for match in _TOKEN.finditer(source):
        kind, written = str(match.lastgroup), match.group()
        if kind != "skip":
            text = unquoted(written) if kind == "text" else written
            yield Token(Kind[kind.upper()], text, line, match.start() - begin)
        if "\n" in written:
            line += written.count("\n")
            begin = match.start() + written.rindex("\n") + 1
    yield Token(Kind.END, "", line, len(source) - begin)


def quoted(text: str) -> str:
    """A text as DQDL writes it; `unquoted` is its inverse."""
    body = _QUOTE_OR_END.sub(lambda found: found[1] * 2 + ('\\"' if found[2] else ""), text)
    return f'"{body}"'


def unquoted(written: str) -> str:
    """The text that a quoted one stands for."""
    return _BACKSLASHES_BEFORE_QUOTE.sub(
        lambda found: found[1][: len(found[1]) // 2] + found[2], written[1:-1]
    )
