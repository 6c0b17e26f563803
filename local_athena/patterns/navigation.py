"""Which row a value of MEASURES or DEFINE is read from, as far as the match is known.

https://trino.io/docs/current/sql/match-recognize.html#logical-navigation-functions
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum

Labels = frozenset[int] | None
"""The primary variables that a reference means, by number; None for all of them."""


@dataclass(frozen=True, slots=True)
class Navigation:
    """The `logical`-th row of `labels` after the first or before the last, and `physical` rows on from it.

    The last row is that of the whole match, or, `running`, the last up to the current row. The first one is
    always that of the whole match, as in Trino.
    """

    labels: Labels = None
    last: bool = True
    running: bool = True
    logical: int = 0
    physical: int = 0


class Place(Enum):
    """Other rows that a value is read from."""

    MEMBER = "each row of the match, for aggregates"


@dataclass(frozen=True, slots=True)
class Read:
    """A value of a row: of the input's column `field`, or, with None, the variable that the row fits."""

    place: Navigation | Place
    field: int | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """The rows that a navigation may reach: `start` to before `end`."""

    start: int
    end: int


class MatchRows:
    """The rows of a match by their labels, ready to be navigated. Rows are numbers in the whole input."""

    def __init__(self, start: int, labels: list[int], bounds: Bounds) -> None:
        self.start, self.labels, self.bounds = start, labels, bounds
        self._places: dict[Labels, list[int]] = {}

    def label_at(self, row: int | None) -> int | None:
        """The label of a row, None outside the match."""
        if row is None or not 0 <= row - self.start < len(self.labels):
            return None
        return self.labels[row - self.start]

    def find(self, navigation: Navigation, current: int) -> int | None:
        """The row that is meant at the row `current` of the match, None when there is none."""
        places = self._of(navigation.labels)
        if not navigation.last:
            at = navigation.logical
        elif navigation.running:
            at = bisect_right(places, current) - 1 - navigation.logical
        else:
            at = len(places) - 1 - navigation.logical
        if not 0 <= at < len(places):
            return None
        row = places[at] + navigation.physical
        return row if self.bounds.start <= row < self.bounds.end else None

    def _of(self, labels: Labels) -> list[int]:
        found = self._places.get(labels)
        if found is None:
            all_rows = enumerate(self.labels, self.start)
            found = [row for row, label in all_rows if labels is None or label in labels]
            self._places[labels] = found
        return found
