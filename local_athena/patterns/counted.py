"""Conditions with aggregates: each case is a group of rows that they count, computed once.

Cases that will probably come next are computed along: the rows that follow, if they fit too, and the same
distances further on.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import NamedTuple

import duckdb
import pyarrow as pa

from local_athena.patterns.cases import Condition, is_current
from local_athena.patterns.navigation import Bounds, Navigation, Read
from local_athena.patterns.sheet import Computation, InputRows, Sheet
from local_athena.patterns.trackers import Memory, Step

Compute = Callable[[Computation, pa.Table], list[bool | None]]
FIRST_AHEAD = 8
MOST_ROWS = 4096
"""The most rows of guesses at once."""
MOST_KEPT = 200_000


class Case(NamedTuple):
    """All that a condition reads at a row: a row, or a label, for each of its reads, and, for each aggregate,
    the rows that it counts.
    """

    row: int
    values: tuple[int | None, ...]
    number: int
    counted: tuple[tuple[Step, ...], ...]


class CountedCondition:
    """A condition with aggregates."""

    def __init__(self, condition: Condition, rows: InputRows, names: list[str], compute: Compute) -> None:
        self._condition, self._rows, self._names, self._compute = condition, rows, names, compute
        self._plan, self._label = condition.plan, condition.label
        self._known: dict[Case, bool] = {}
        self._ahead: dict[Hashable, int] = {}

    def fits(self, row: int, memory: Memory, bounds: Bounds, number: int) -> bool:
        """Whether `row` fits; `memory` has it already."""
        condition = self._condition
        values = tuple(condition.value(r, p, row, memory, bounds) for r, p in condition.reads)
        case = Case(row, values, number if self._plan.numbered else 0, condition.counted(memory))
        if case not in self._known:
            self._learn(case)
        return self._known[case]

    def _learn(self, case: Case) -> None:
        """Compute a case, and others ahead of it."""
        if len(self._known) > MOST_KEPT:
            self._known.clear()
            self._ahead.clear()
        guesses = dict.fromkeys(self._guesses(case))
        cases = [case, *(guess for guess in guesses if guess not in self._known and guess != case)]
        try:
            answers = self._computed(cases)
        except duckdb.InterruptException:
            raise
        except duckdb.Error:
            # Perhaps of a guess: only the case itself must be computable.
            cases, answers = [case], self._computed([case])
        self._known.update(zip(cases, answers, strict=True))

    def _computed(self, cases: list[Case]) -> list[bool]:
        sheet = Sheet(self._plan)
        for group, case in enumerate(cases):
            self._lay_out(sheet, group, case)
        table = sheet.table(self._rows, self._names)
        return [answer is True for answer in self._compute(self._plan, table)]

    def _guesses(self, case: Case) -> Iterator[Case]:
        """Cases at the rows after that of `case`, twice as many each time that its distances come again."""
        distances = tuple(tuple(row - case.row for row, _ in steps) for steps in case.counted)
        ahead = self._ahead[distances] = 2 * self._ahead.get(distances, FIRST_AHEAD)
        width = 1 + max(len(steps) for steps in case.counted)
        furthest = min(ahead, MOST_ROWS // width, self._rows.count - case.row - 1)
        for by in range(1, furthest + 1):
            bounds = self._rows.partition_of(case.row + by)
            seen = self._seen_from(case, by, bounds) if by <= FIRST_AHEAD else None
            for guess in (seen, self._moved(case, by, bounds)):
                if guess is not None:
                    yield guess

    def _seen_from(self, case: Case, by: int, bounds: Bounds) -> Case | None:
        """The same rows seen from a later one, up to which all rows have fitted too."""
        if case.row < bounds.start:
            return None
        values = tuple(
            _around(read, value, by, bounds) if is_current(place, self._label) else value
            for (read, place), value in zip(self._condition.reads, case.values, strict=True)
        )
        counted = tuple(
            (*steps, *((case.row + i, self._label if a.labelled else -1) for i in range(1, by + 1)))
            if a.labels is None or self._label in a.labels
            else steps
            for a, steps in zip(self._plan.aggregates, case.counted, strict=True)
        )
        return Case(case.row + by, values, case.number, counted)

    def _moved(self, case: Case, by: int, bounds: Bounds) -> Case | None:
        """The same distances from a later row."""
        reads = self._condition.reads
        values = tuple(
            _around(read, value, by, bounds) for (read, _), value in zip(reads, case.values, strict=True)
        )
        counted = tuple(tuple((row + by, label) for row, label in steps) for steps in case.counted)
        if any(steps and steps[0][0] < bounds.start for steps in counted):
            return None
        return Case(case.row + by, values, case.number, counted)

    def _lay_out(self, sheet: Sheet, group: int, case: Case) -> None:
        """Put a case into a sheet: the rows that are counted, at last the one that is asked about."""
        steps = sorted((step for counted in case.counted for step in counted), key=_by_label)
        members: dict[int, int | None] = {row: None if label < 0 else label for row, label in steps}
        members.pop(case.row, None)
        counted = [{row for row, _ in steps} for steps in case.counted]
        for position, row in enumerate(sorted(members)):
            head = (row, group, position, members[row], case.number, False)
            sheet.add(head, (row in rows for rows in counted), self._cells(row, members[row], ()))
        head = (case.row, group, len(members), self._label, case.number, True)
        cells = self._cells(case.row, self._label, case.values)
        sheet.add(head, (case.row in rows for rows in counted), cells)

    def _cells(self, row: int, label: int | None, asked: tuple[int | None, ...]) -> list[int | None]:
        """What a row of a sheet has for each read; `asked` are the values of navigations, if it has any."""
        values = iter(asked)
        return [
            next(values, None) if isinstance(read.place, Navigation) else label if read.field is None else row
            for read in self._plan.reads
        ]


def _by_label(step: Step) -> int:
    return step[1]


def _around(read: Read, value: int | None, by: int, bounds: Bounds) -> int | None:
    """A row `by` rows on, None outside its partition; a label stays."""
    if value is None or read.field is None:
        return value
    return value + by if bounds.start <= value + by < bounds.end else None
