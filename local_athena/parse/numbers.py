"""Numbers that sqlglot reads otherwise than Trino: `1e0+1` is a sum; `1_000`, `0xFF`, `0b11` are numbers."""

from __future__ import annotations

import re

from sqlglot.tokens import Token

from local_athena.parse.dialect import Athena
from local_athena.parse.grammar.lexemes import Lexeme, lexemes

MAYBE = re.compile(r"[eE]\d+[+-]\d|\d_\d|0[xXoObB]_?[0-9a-fA-F]|\d{40}")
MOST_DIGITS = 40
"""More than any number may have."""
TOO_LARGE = 10**MOST_DIGITS
OTHER_BASE = re.compile(r"0[xXoObB]")


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text, at the places that they have in the whole."""
    parts, alone, at = [], [], 0
    for number in _numbers(text):
        plain, width = _plain(text[number.start : number.end]), number.end - number.start
        if "e" in plain or not len(plain) <= width <= MOST_DIGITS:
            alone.append((number, plain))
            continue
        parts += [text[at : number.start], plain.rjust(width, "0")]
        at = number.end
    reader = _Reader("".join([*parts, text[at:]]))
    for number, plain in alone:
        reader.read(number.start)
        reader.read(number.end, plain)
    reader.read(len(text))
    return reader.tokens


class _Reader:
    """Reads a text part by part."""

    def __init__(self, text: str) -> None:
        self.tokens: list[Token] = []
        self._text, self._dialect = text, Athena()
        self._at = self._line = self._line_start = 0

    def read(self, end: int, words: str | None = None) -> None:
        """Read on to `end`, what stands there or other words for it."""
        start, column = self._at, self._at - self._line_start
        for token in self._dialect.tokenize(self._text[start:end] if words is None else words):
            token.col += column if token.line == 1 else 0
            token.line += self._line
            token.start += start
            token.end = min(token.end + start, end - 1)
            self.tokens.append(token)
        lines = self._text.count("\n", start, end)
        if lines:
            self._line += lines
            self._line_start = self._text.rfind("\n", start, end) + 1
        self._at = end


def _numbers(text: str) -> list[Lexeme]:
    """The numbers to be read alone, those that have an exponent before a sign among them."""
    if not MAYBE.search(text):
        return []
    return [
        lexeme
        for lexeme in lexemes(text)
        if lexeme.key in ("<integer>", "<decimal>") and _is_special(text, lexeme)
    ]


def _is_special(text: str, number: Lexeme) -> bool:
    written = text[number.start : number.end]
    if "_" in written or OTHER_BASE.match(written) or len(written) > MOST_DIGITS:
        return True
    return "e" in written.lower() and text[number.end : number.end + 1] in ("+", "-")


def _plain(written: str) -> str:
    """A number in digits that sqlglot reads, and Python: it makes no integer of thousands of digits."""
    plain = written.replace("_", "")
    if OTHER_BASE.match(plain):
        return str(min(int(plain, 0), TOO_LARGE))
    if not plain.isdigit():
        return plain.lower()
    plain = plain.lstrip("0") or "0"
    return plain if len(plain) <= MOST_DIGITS else str(TOO_LARGE)
