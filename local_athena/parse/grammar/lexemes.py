"""A text as the lexemes of Trino's grammar."""

from __future__ import annotations

import re
from typing import NamedTuple

from local_athena.parse.grammar.words import NON_RESERVED, RESERVED

# Trino reads `1UNION` and `2WHERE` as one wrong word. Generated SQL has them, and they mean one thing only.
LEXEME = re.compile(
    r"""(?P<blank>\s+|--[^\r\n]*|/\*.*?\*/)"""
    r"""|(?P<binary>[xX]'[^']*(?:''[^']*)*')|(?P<unicode>[uU]&'[^']*(?:''[^']*)*')|(?P<string>'[^']*(?:''[^']*)*')"""
    r"""|(?P<quoted>"[^"]*(?:""[^"]*)*")|(?P<backquoted>`[^`]*(?:``[^`]*)*`)"""
    r"""|(?P<number>(?:(?:\d+(?:\.\d*)?|\.\d+)[eE][+-]?\d+|0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+"""
    r"""|\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?!\w)"""
    rf"""|\d+(?=(?i:{"|".join(sorted(RESERVED))})\b))"""
    r"""|(?P<digit>\d\w*)|(?P<word>[^\W\d]\w*)"""
    r"""|(?P<mark><>|!=|<=|>=|\|\||->|=>|\{-|-\}|[()\[\]{},.;:?=<>+\-*/%|^$])|(?P<other>.)""",
    re.DOTALL,
)
INTEGER = re.compile(r"\d[\d_]*|0[xXoObB]\w+")
KEYS = {
    "binary": "<binary>", "unicode": "<unicode>", "string": "<string>", "quoted": "<quoted>",
    "backquoted": "<backquoted>", "digit": "<digit>", "other": "<other>",
}  # fmt: skip


class Lexeme(NamedTuple):
    """`key` is a keyword in upper case, a mark, or what it is (`<name>`, `<string>`, `<integer>`, ...)."""

    key: str
    start: int
    end: int


def lexemes(text: str) -> list[Lexeme]:
    """The lexemes, `<EOF>` at the end."""
    made = []
    for found in LEXEME.finditer(text):
        kind = found.lastgroup or "other"
        if kind != "blank":
            made.append(Lexeme(_key(kind, found[0]), found.start(), found.end()))
    return [*made, Lexeme("<EOF>", len(text), len(text))]


def _key(kind: str, text: str) -> str:
    if text == '""':
        return "<empty>"
    if kind == "mark":
        return "<>" if text == "!=" else text
    if kind == "number":
        return "<integer>" if INTEGER.fullmatch(text) else "<decimal>"
    if kind == "word":
        word = text.upper()
        if word in NON_RESERVED or word in RESERVED:
            return word
        return "<name>" if text.isascii() else "<other>"
    return KEYS[kind]
