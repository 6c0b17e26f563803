"""The text between the parentheses of PATTERN (...), which is no SQL, to a tree.

`A??`, `{-` and `$` mean other things to a tokenizer of SQL, so this reads the text itself.
https://trino.io/docs/current/sql/match-recognize.html#row-pattern-syntax
"""

from __future__ import annotations

import re

from local_athena.parse.pattern_syntax import (
    Anchor,
    Choice,
    Empty,
    Exclusion,
    Permutation,
    Repetition,
    RowPattern,
    Sequence,
    Variable,
)

_TOKENS = re.compile(
    r"""(?P<blank>\s+|--[^\n]*|/\*.*?\*/)|(?P<quoted>"(?:[^"]|"")+")|(?P<name>[A-Za-z_]\w*)"""
    r"""|(?P<number>\d+)|(?P<sign>\{-|-\}|[()|*+?{},^$])""",
    re.DOTALL | re.ASCII,
)
SIMPLE_QUANTIFIERS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}


class PatternError(Exception):
    """The text is no row pattern; `offset` is where it stops being one."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def parse_row_pattern(text: str) -> RowPattern:
    """The tree of a row pattern.

    Raises:
        PatternError: it is none.
    """
    reader = _Reader(text)
    pattern = reader.choice()
    if reader.sign:
        raise reader.unexpected()
    return pattern


def variable_name(written: str, *, quoted: bool) -> str:
    """The name of a pattern variable: in capitals unless it was quoted."""
    return written if quoted else written.upper()


class _Reader:
    """The tokens of a pattern and the place among them."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str, int]] = []
        at = 0
        while at < len(text):
            found = _TOKENS.match(text, at)
            if found is None:
                raise PatternError(f"'{text[at]}' has no meaning in a row pattern", at)
            if found.lastgroup != "blank":
                self._tokens.append((str(found.lastgroup), found[0], at))
            at = found.end()
        self._tokens.append(("end", "", len(text)))
        self._at = 0

    @property
    def sign(self) -> str:
        """The text of the token here; nothing at the end."""
        return self._tokens[self._at][1]

    @property
    def kind(self) -> str:
        """What the token here is."""
        return self._tokens[self._at][0]

    @property
    def offset(self) -> int:
        """Where the token here starts."""
        return self._tokens[self._at][2]

    def unexpected(self) -> PatternError:
        """An error at this token."""
        return PatternError(f"mismatched input '{self.sign or ')'}'", self.offset)

    def take(self, sign: str) -> bool:
        """Step over `sign` if it is here."""
        here = self.kind == "sign" and self.sign == sign
        self._at += here
        return here

    def expect(self, sign: str) -> None:
        """Step over `sign`."""
        if not self.take(sign):
            raise self.unexpected()

    def choice(self) -> RowPattern:
        """`a | b`."""
        parts = [self._sequence()]
        while self.take("|"):
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def _sequence(self) -> RowPattern:
        parts = [self._quantified()]
        while self.kind in ("name", "quoted") or self.sign in ("(", "{-", "^", "$"):
            parts.append(self._quantified())
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _quantified(self) -> RowPattern:
        pattern = self._primary()
        start, bounds = self.offset, self._bounds()
        if bounds is None:
            return pattern
        return Repetition(pattern, *bounds, greedy=not self.take("?"), offset=start)

    def _primary(self) -> RowPattern:
        if self.kind in ("name", "quoted"):
            return self._named()
        if self.take("("):
            if self.take(")"):
                return Empty()
            return self._until(")")
        if self.take("{-"):
            return Exclusion(self._until("-}"))
        for sign in ("^", "$"):
            if self.take(sign):
                return Anchor(sign == "^")
        raise self.unexpected()

    def _until(self, sign: str) -> RowPattern:
        inner = self.choice()
        self.expect(sign)
        return inner

    def _named(self) -> RowPattern:
        kind, written, _ = self._tokens[self._at]
        self._at += 1
        if kind == "quoted":
            return Variable(written[1:-1].replace('""', '"'))
        if written.upper() == "PERMUTE" and self.take("("):
            parts = [self.choice()]
            while self.take(","):
                parts.append(self.choice())
            self.expect(")")
            return Permutation(tuple(parts))
        return Variable(written.upper())

    def _bounds(self) -> tuple[int, int | None] | None:
        for sign, bounds in SIMPLE_QUANTIFIERS.items():
            if self.take(sign):
                return bounds
        if not self.take("{"):
            return None
        least = self._number()
        if least is not None and self.take("}"):
            return least, least
        self.expect(",")
        most = self._number()
        self.expect("}")
        return least or 0, most

    def _number(self) -> int | None:
        if self.kind != "number":
            return None
        number = int(self.sign)
        self._at += 1
        return number
