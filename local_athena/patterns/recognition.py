"""The matches of a partition, one after the other, and the rows that each shows.

https://trino.io/docs/current/sql/match-recognize.html#after-match-skip
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from local_athena.errors import QueryFailed
from local_athena.patterns.matcher import Matcher
from local_athena.patterns.navigation import Bounds, MatchRows, Navigation, Read
from local_athena.patterns.sheet import Computation, Sheet


@dataclass(frozen=True, slots=True)
class Skip:
    """AFTER MATCH SKIP: `to` is PAST, NEXT or a variable's row."""

    to: str | Navigation


@dataclass(frozen=True, slots=True)
class Match:
    """What was found at `first`: a match, empty when it has no labels, or none when it has no number."""

    first: int
    rows: MatchRows
    number: int | None
    exclusions: tuple[int, ...] = ()

    @property
    def length(self) -> int:
        """How many rows it has."""
        return len(self.rows.labels)

    def is_excluded(self, place: int) -> bool:
        """Whether the row at a place of the match is not to be shown."""
        pairs = zip(self.exclusions[::2], self.exclusions[1::2], strict=True)
        return any(start <= place < end for start, end in pairs)


def matches(matcher: Matcher, partition: Bounds, skip: Skip) -> Iterator[Match]:
    """All matches of a partition, and the rows where none starts.

    Raises:
        QueryFailed: AFTER MATCH SKIP names a row that is not there or the first one.
    """
    number, row = 1, partition.start
    while row < partition.end:
        found = matcher.match(row, partition, number, at_start=row == partition.start)
        if found is None:
            yield Match(row, MatchRows(row, [], partition), None)
            row += 1
            continue
        match = Match(row, MatchRows(row, found.labels, partition), number, found.exclusions)
        yield match
        row = next_row(match, skip)
        number += 1


def next_row(match: Match, skip: Skip) -> int:
    """Where the next match may start.

    Raises:
        QueryFailed: AFTER MATCH SKIP names a row that is not there or the first one.
    """
    if match.length == 0 or skip.to == "NEXT":
        return match.first + 1
    if not isinstance(skip.to, Navigation):
        return match.first + match.length
    row = match.rows.find(skip.to, match.first + match.length - 1)
    if row is None:
        message = "AFTER MATCH SKIP failed: pattern variable is not present in match"
        raise QueryFailed("GENERIC_USER_ERROR", message)
    if row == match.first:
        raise QueryFailed("GENERIC_USER_ERROR", "AFTER MATCH SKIP failed: cannot skip to first row of match")
    return row


class Output:
    """The sheet of MEASURES. `rows` is ONE, ALL, OMIT or UNMATCHED, as after ROW(S) PER MATCH."""

    def __init__(self, measures: Computation, rows: str) -> None:
        self.sheet = Sheet(measures)
        self._measures, self._rows = measures, rows
        self._groups = 0
        self._last_matched = -1

    def add(self, match: Match) -> None:
        """Append the rows that show a match."""
        self._groups += 1
        if match.length:
            self._last_matched = max(self._last_matched, match.first + match.length - 1)
            self._add_rows(match)
        elif match.number is not None:
            if self._rows != "OMIT":
                self._add_alone(match)
        elif self._rows == "UNMATCHED" and match.first > self._last_matched:
            self._add_alone(match)

    def _add_alone(self, match: Match) -> None:
        head = (match.first, self._groups, 0, None, match.number, True)
        nothing = [None] * len(self._measures.reads)
        self.sheet.add(head, (False for _ in self._measures.aggregates), nothing)

    def _add_rows(self, match: Match) -> None:
        one, last = self._rows == "ONE", match.length - 1
        for place, label in enumerate(match.rows.labels):
            shown = place == last if one else not match.is_excluded(place)
            if not shown and not self._measures.aggregates:
                continue
            row = match.first + place
            head = (match.first if one else row, self._groups, place, label, match.number, shown)
            members = (a.labels is None or label in a.labels for a in self._measures.aggregates)
            self.sheet.add(head, members, [value_at(read, match, row) for read in self._measures.reads])


def value_at(read: Read, match: Match, row: int) -> int | None:
    """What a row of a match has for a read: a row, or a label."""
    found = match.rows.find(read.place, row) if isinstance(read.place, Navigation) else row
    return found if read.field is not None else match.rows.label_at(found)
