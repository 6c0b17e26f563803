"""A row pattern as a tree: what PATTERN (...) says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Variable:
    """A row that fits a primary pattern variable."""

    name: str


@dataclass(frozen=True, slots=True)
class Empty:
    """`()`: no row."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """`^` or `$`: the place before a partition's first row or after its last."""

    at_start: bool


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other."""

    parts: tuple[RowPattern, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """The first of the parts that lets the whole match."""

    parts: tuple[RowPattern, ...]


@dataclass(frozen=True, slots=True)
class Permutation:
    """The parts in any order; orders are preferred as if sorted by the places of the parts."""

    parts: tuple[RowPattern, ...]


@dataclass(frozen=True, slots=True)
class Repetition:
    """`least` to `most` times (None: no bound), rather more than fewer if greedy.

    `offset` is where the quantifier stands in the pattern's text.
    """

    pattern: RowPattern
    least: int
    most: int | None
    greedy: bool
    offset: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Exclusion:
    """`{- ... -}`: its rows are matched and not shown."""

    pattern: RowPattern


RowPattern = Variable | Empty | Anchor | Sequence | Choice | Permutation | Repetition | Exclusion


def walk(pattern: RowPattern) -> Iterator[RowPattern]:
    """The pattern and all inside it, in the order of the text."""
    yield pattern
    match pattern:
        case Sequence(parts) | Choice(parts) | Permutation(parts):
            for part in parts:
                yield from walk(part)
        case Repetition(inner) | Exclusion(inner):
            yield from walk(inner)


def variables(pattern: RowPattern) -> list[str]:
    """The names of the primary pattern variables, each once, in the order of the text."""
    return list(dict.fromkeys(part.name for part in walk(pattern) if isinstance(part, Variable)))
