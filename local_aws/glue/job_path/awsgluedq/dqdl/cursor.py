"""A place in a ruleset's tokens, which reading moves forward; each refusal names the place and the word."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from awsgluedq.dqdl.errors import InvalidRuleset
from awsgluedq.dqdl.tokens import Kind, Token, tokens

LONGEST_RULESET = 65536
"""Characters, as the API has it."""
DEEPEST = 50
"""Parentheses in one another."""


class Cursor:
    """The tokens that are still to be read."""

    def __init__(self, source: str) -> None:
        if len(source) > LONGEST_RULESET:
            raise InvalidRuleset(f"The ruleset is longer than {LONGEST_RULESET} characters.")
        self._tokens = list(tokens(source))
        self._at = 0
        self._depth = 0
        for token in self._tokens:
            if token.kind is Kind.UNREADABLE:
                what = "a quoted text that does not end" if token.text == '"' else f"unreadable {token}"
                raise InvalidRuleset.at(token, what)

    @property
    def token(self) -> Token:
        """The token to be read next."""
        return self._tokens[self._at]

    def ahead(self, count: int = 1) -> Token:
        """The token `count` after it."""
        return self._tokens[min(self._at + count, len(self._tokens) - 1)]

    def is_at(self, *texts: str) -> bool:
        """Whether a word or mark of these is next."""
        return self.token.kind in (Kind.WORD, Kind.MARK) and self.token.text in texts

    def take(self) -> Token:
        """Read a token."""
        token = self.token
        if token.kind is not Kind.END:
            self._at += 1
        return token

    def skip(self, *texts: str) -> bool:
        """Read the next token if it is a word or mark of these."""
        found = self.is_at(*texts)
        if found:
            self.take()
        return found

    def expect(self, *texts: str) -> Token:
        """Read a word or mark that must be one of these."""
        if not self.is_at(*texts):
            raise self.refused(" or ".join(f"'{text}'" for text in texts))
        return self.take()

    def expect_kind(self, kind: Kind) -> Token:
        """Read a token that must be of a kind."""
        if self.token.kind is not kind:
            raise self.refused(f"a {kind.value}")
        return self.take()

    def refused(self, wanted: str) -> InvalidRuleset:
        """What to raise where something else is wanted."""
        return InvalidRuleset.at(self.token, f"unexpected {self.token}, expecting {wanted}")

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Within parentheses, of which there may be so many in one another."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise InvalidRuleset.at(self.token, f"more than {DEEPEST} parentheses in one another")
        yield
        self._depth -= 1
