"""Numbers with an exponent before a sign: sqlglot reads `1e0+1` as one number, Trino as a sum."""

from __future__ import annotations

import re

from sqlglot.tokens import Token

from local_athena.parse.dialect import Athena
from local_athena.parse.grammar.lexemes import lexemes

MAYBE = re.compile(r"[eE]\d+[+-]\d")


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text, cut after each such number, at the places that they have in the whole."""
    made: list[Token] = []
    cuts = _cuts(text)
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        before = text[:start]
        line, column = before.count("\n"), start - (before.rfind("\n") + 1)
        for token in Athena().tokenize(text[start:end]):
            token.col += column if token.line == 1 else 0
            token.line += line
            token.start += start
            token.end += start
            made.append(token)
    return made


def _cuts(text: str) -> list[int]:
    if not MAYBE.search(text):
        return []
    numbers = (lexeme for lexeme in lexemes(text) if lexeme.key == "<decimal>")
    return [
        n.end
        for n in numbers
        if text[n.end : n.end + 1] in ("+", "-") and "e" in text[n.start : n.end].lower()
    ]
