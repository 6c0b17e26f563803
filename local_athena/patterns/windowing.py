"""A row pattern in a window: from each row that no match before it skipped, one match within its frame.

https://trino.io/docs/current/sql/pattern-recognition-in-window.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from local_athena.errors import QueryFailed
from local_athena.patterns.matcher import Found, Matcher
from local_athena.patterns.navigation import Bounds, MatchRows, Navigation
from local_athena.patterns.recognition import Match, Skip, next_row, value_at
from local_athena.patterns.sheet import Computation, Head, Sheet
from local_athena.sql.fragment import Sql

MOST_COUNTED = 5_000_000
"""The most rows that the aggregates of measures count, a row once for each match that has it."""
EMPTY_FRAME = (1, 0)
"""The distances of a first row after the last."""
Ends = Callable[[int, Bounds], int]
"""The row after the frame of a row in its partition."""


@dataclass(frozen=True, slots=True)
class Frame:
    """How a window looks for matches: up to its partition's end, or as many rows after the current one as
    `reach` says; `seek`: also from the rows after the current one.
    """

    reach: Sql | None
    seek: bool


def attempts(search: Search, partition: Bounds, skip: Skip, ends: Ends) -> Iterator[tuple[int, Match | None]]:
    """Every row of a partition, with the match that was found from it.

    Raises:
        QueryFailed: AFTER MATCH SKIP names a row that is not there or the first one.
    """
    resume = partition.start
    for row in range(partition.start, partition.end):
        if row < resume:
            yield row, None
            continue
        bounds = Bounds(row, ends(row, partition))
        found = search.first(bounds)
        if found is None:
            yield row, None
            continue
        start, labels = found
        match = Match(start, MatchRows(start, labels, bounds), 1)
        yield row, match
        resume = row + 1 if skip.to == "NEXT" or not labels else next_row(match, skip)


class Search:
    """Finds the match of a row.

    A match that starts so far behind the row that no condition reads what is before the row is the same for
    every row, so SEEK does not look for it again: from `_from` on, the next one starts at `_start`.
    """

    def __init__(self, matcher: Matcher, definitions: list[Computation | None], *, seek: bool) -> None:
        self._matcher, self._seek = matcher, seek
        self._back = max((_back(plan) for plan in definitions if plan is not None), default=0)
        self._from = self._start = self._end = 0
        self._found: Found | None = None

    def first(self, bounds: Bounds) -> tuple[int, list[int]] | None:
        """The start and the labels of the match of the row at which the bounds start."""
        near = min(bounds.start + self._back, bounds.end) if self._seek else bounds.start + 1
        for start in range(bounds.start, near):
            found = self._matcher.match(start, bounds, 1, at_start=False)
            if found is not None:
                return start, found.labels
        return self._far(near, bounds) if self._seek else None

    def _far(self, first: int, bounds: Bounds) -> tuple[int, list[int]] | None:
        if bounds.end != self._end or not self._from <= first <= self._start:
            self._from, self._end = first, bounds.end
            self._start, self._found = first, None
            self._advance(bounds)
        return (self._start, self._found.labels) if self._found is not None else None

    def _advance(self, bounds: Bounds) -> None:
        while self._start < bounds.end:
            self._found = self._matcher.match(self._start, bounds, 1, at_start=False)
            if self._found is not None:
                return
            self._start += 1


def _back(plan: Computation) -> int:
    """How many rows before the start of a match a condition may read."""
    places = (read.place for read in plan.reads)
    return max((-place.physical for place in places if isinstance(place, Navigation)), default=0)


class WindowOutput:
    """The sheet of a window: every input row once, with its measures and the distances of its match."""

    def __init__(self, measures: Computation) -> None:
        self.sheet = Sheet(measures, framed=True)
        self._measures, self._counted = measures, 0

    def add(self, row: int, match: Match | None) -> None:
        """Append the rows that show what was found from a row."""
        if match is None or match.length == 0:
            number = None if match is None else match.number
            head: Head = (row, row, 0, None, number, True, *EMPTY_FRAME)
            nothing = [None] * len(self._measures.reads)
            self.sheet.add(head, (False for _ in self._measures.aggregates), nothing)
            return
        if self._measures.aggregates:
            self._count(match.length)
        last = match.length - 1
        frame = (match.first - row, match.first + last - row)
        for place in range(0 if self._measures.aggregates else last, match.length):
            label = match.rows.labels[place]
            head = (row, row, place, label, match.number, place == last, *frame)
            members = (a.labels is None or label in a.labels for a in self._measures.aggregates)
            at = match.first + place
            self.sheet.add(head, members, [value_at(read, match, at) for read in self._measures.reads])

    def _count(self, rows: int) -> None:
        self._counted += rows
        if self._counted > MOST_COUNTED:
            problem = (
                f"The aggregates of row pattern measures count more than {MOST_COUNTED} rows, those that "
                "several matches share more than once. Use AFTER MATCH SKIP PAST LAST ROW, or aggregates "
                "OVER the window"
            )
            raise QueryFailed("EXCEEDED_MEMORY_LIMIT", problem, error_type=0)
