"""Grok: `%{PATTERN:field:type}` within regular expressions, made into one expression and the fields it finds.

Clients bring patterns, so what one grows to is bounded, one that names itself is refused, and lines are
matched by an engine that is linear where it can be and stops after a time where it cannot. See
https://docs.aws.amazon.com/glue/latest/dg/custom-classifier.html (November 2026).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from local_athena.errors import QueryFailed
from local_athena.values.regex.engine import compiled
from local_aws.glue.crawlers.grok_patterns import PATTERNS

TYPES = {
    "byte": "tinyint",
    "boolean": "boolean",
    "double": "double",
    "short": "smallint",
    "int": "int",
    "long": "bigint",
    "float": "float",
    "string": "string",
}
"""The types that a field may be cast to, as Hive calls them."""
MOST_CHARACTERS = 100_000
MOST_DEPTH = 30
MOST_FIELDS = 500
_REFERENCE = re.compile(r"%\{(\w+)(?::([^:}]+))?(?::([^}]+))?\}", re.ASCII)
_UNWANTED = "UNWANTED"


class BadGrok(ValueError):
    """A grok pattern that is none; `str(error)` says why."""


@dataclass(frozen=True, slots=True)
class Grok:
    """A compiled pattern and the columns it gives, as name and Hive type."""

    pattern: Any
    columns: tuple[tuple[str, str], ...]

    def finds(self, line: str) -> bool:
        """Whether the pattern is somewhere in a line.

        Raises:
            QueryFailed: it tries longer than it may.
        """
        linear = self.pattern.linear
        # Within a line of ASCII both engines mean the same by every pattern, and this one is asked directly.
        if linear is not None and line.isascii():
            return linear.search(line.encode()) is not None
        return next(self.pattern.find(line), None) is not None


@dataclass(slots=True)
class _Expansion:
    patterns: Mapping[str, str]
    columns: dict[str, str] = field(default_factory=dict)
    characters: int = 0

    def expand(self, text: str, within: tuple[str, ...] = ()) -> str:
        self._count(len(text))
        if len(within) > MOST_DEPTH:
            raise BadGrok(f"the patterns of {within[0]} are nested too deep")
        return _REFERENCE.sub(lambda found: self._named(found, within), text)

    def _named(self, found: re.Match[str], within: tuple[str, ...]) -> str:
        name, column, kind = found[1], found[2], found[3] or "string"
        if name in within:
            raise BadGrok(f"the pattern {name} names itself")
        if name not in self.patterns:
            raise BadGrok(f"there is no pattern {name}")
        if kind.lower() not in TYPES:
            raise BadGrok(f"the data type {kind} is not one of {', '.join(TYPES)}")
        if column and column != _UNWANTED:
            self.columns.setdefault(column.strip().lower(), TYPES[kind.lower()])
        if len(self.columns) > MOST_FIELDS:
            raise BadGrok(f"there are more than {MOST_FIELDS} fields")
        return f"(?:{self.expand(self.patterns[name], (*within, name))})"

    def _count(self, more: int) -> None:
        self.characters += more
        if self.characters > MOST_CHARACTERS:
            raise BadGrok(f"the pattern is longer than {MOST_CHARACTERS} characters")


@lru_cache(maxsize=64)
def grok_of(pattern: str, custom: str = "") -> Grok:
    """A grok pattern with the custom patterns of a classifier, a name and an expression each line.

    Raises:
        BadGrok: a name that is not known, a type that is none, or not a regular expression.
    """
    expansion = _Expansion(PATTERNS | custom_patterns(custom))
    text = expansion.expand(pattern)
    if not expansion.columns:
        raise BadGrok("the pattern names no field")
    try:
        return Grok(compiled(text), tuple(expansion.columns.items()))
    except QueryFailed as error:
        raise BadGrok(error.reason.partition(": ")[2]) from error


def custom_patterns(text: str) -> dict[str, str]:
    """The patterns of a classifier's `CustomPatterns`.

    Raises:
        BadGrok: a line has no expression.
    """
    patterns = {}
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, _, expression = line.strip().partition(" ")
        if not expression or not re.fullmatch(r"\w+", name, re.ASCII):
            raise BadGrok(f"'{line[:100]}' is not a name and an expression")
        patterns[name] = expression.strip()
    return patterns
