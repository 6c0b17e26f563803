"""A place in the lexemes of a statement, and what could stand there."""

from __future__ import annotations

from local_athena.parse.grammar.lexemes import Lexeme
from local_athena.parse.grammar.words import NAME_KEYS

REFUSED = {
    "<backquoted>": "backquoted identifiers are not supported; use double quotes to quote identifiers",
    "<empty>": "Zero-length delimited identifier not allowed",
    "<digit>": "identifiers must not start with a digit; surround the identifier with double quotes",
}


class Unexpected(Exception):
    """The lexeme at `at` cannot stand there; `why` says so in other words than that."""

    def __init__(self, at: int, why: str = "") -> None:
        super().__init__(at)
        self.at = at
        self.why = why


class Cursor:
    """Reads lexeme by lexeme; at the place `watch` it collects in `wanted` what could stand there."""

    def __init__(self, found: list[Lexeme], watch: int = -1) -> None:
        self.keys = [lexeme.key for lexeme in found]
        # Looking ahead never leaves the list.
        self.keys += ["<EOF>"] * 4
        self.at = 0
        self.names: set[int] = set()
        self.wanted: set[str] = set()
        self._watch, self._covered = watch, -1
        self._parentheses = (0, 0)
        """Where the last run of opening parentheses begins and ends, so that it is looked through once."""

    @property
    def key(self) -> str:
        """What comes next."""
        return self.keys[self.at]

    def next_is(self, *keys: str) -> bool:
        """Whether these come next."""
        return all(self.keys[self.at + i] == key for i, key in enumerate(keys))

    def want(self, *labels: str) -> None:
        """These could stand here."""
        if self.at == self._watch != self._covered:
            self.wanted.update(
                label if label.startswith("<") and label[1:2].isalpha() else f"'{label}'" for label in labels
            )

    def cover(self, label: str) -> int:
        """What is wanted here until `uncover` goes by one name; returns what `uncover` takes."""
        before = self._covered
        self.want(label)
        self._covered = self.at
        return before

    def uncover(self, before: int) -> None:
        """End what `cover` began."""
        self._covered = before

    def accept(self, key: str) -> bool:
        """Take it if it comes next."""
        if self.keys[self.at] == key:
            self.at += 1
            return True
        self.want(key)
        return False

    def accept_any(self, *keys: str) -> bool:
        """Take one of these if it comes next."""
        if self.keys[self.at] in keys:
            self.at += 1
            return True
        self.want(*keys)
        return False

    def expect(self, *keys: str) -> None:
        """Take these, which must come next."""
        for key in keys:
            if not self.accept(key):
                raise self.unexpected()

    def expect_any(self, *keys: str) -> None:
        """Take one of these, which must come next."""
        if not self.accept_any(*keys):
            raise self.unexpected()

    def unexpected(self) -> Unexpected:
        """What comes next cannot stand here."""
        return Unexpected(self.at, REFUSED.get(self.key, ""))

    def is_name(self, ahead: int = 0) -> bool:
        """Whether a name comes next, or a word that may be one."""
        return self.keys[self.at + ahead] in NAME_KEYS

    def identifier(self) -> None:
        """A name."""
        if not self.is_name():
            self.want("<identifier>")
            raise self.unexpected()
        self.names.add(self.at)
        self.at += 1

    def qualified_name(self) -> None:
        """Names with dots between them."""
        self.identifier()
        while self.accept("."):
            self.identifier()

    def balanced(self) -> None:
        """All that stands before the parenthesis that closes here, which other rules read."""
        depth = 0
        while self.key != "<EOF>":
            depth += {"(": 1, ")": -1}.get(self.key, 0)
            if depth < 0:
                return
            self.at += 1
        raise self.unexpected()

    def opens_query(self) -> bool:
        """Whether a query comes next, in parentheses or none."""
        first, past = self._parentheses
        at = past if first <= self.at < past else self.at
        while self.keys[at] == "(":
            at += 1
        self._parentheses = (self.at, at)
        return self.keys[at] in ("SELECT", "WITH", "VALUES") or (
            self.keys[at] == "TABLE" and self.keys[at + 1] != "("
        )
