"""Conditions that read single rows: answers for ranges of rows, computed ahead of the matcher.

A condition reads some rows at fixed distances from the current one, and others that the match has put
somewhere (`anchors`). The next rows of a match will probably see the same anchors; the next matches will
probably see them at the same distances. Both are computed ahead, each time twice as far.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from local_athena.patterns.cases import Condition, is_current
from local_athena.patterns.navigation import Bounds
from local_athena.patterns.sheet import Computation, InputRows
from local_athena.patterns.trackers import Memory

Compute = Callable[[Computation, pa.Table], list[bool | None]]
"""Computes a condition for the shown rows of a sheet, in order."""
Key = tuple[int | None, ...]
Hidden = tuple[int, ...]
"""The reads that are NULL at a row since what they read is outside a window's frame, by their places."""
FIRST_AHEAD, MOST_AHEAD = 16, 8192
FARTHEST = 256
"""How far an anchor may be for its distance to be worth a guess."""
MOST_KEPT = 20_000


class _Range:
    """Answers for the rows from `first` on."""

    __slots__ = ("answers", "first")

    def __init__(self, first: int) -> None:
        self.first, self.answers = first, bytearray()

    @property
    def end(self) -> int:
        """The row after the last."""
        return self.first + len(self.answers)


class RangedCondition:
    """A condition without aggregates."""

    def __init__(self, condition: Condition, rows: InputRows, names: list[str], compute: Compute) -> None:
        self._condition, self._rows, self._compute = condition, rows, compute
        self._names = pa.array(names, pa.string())
        self._anchors = [
            (i, read, place)
            for i, (read, place) in enumerate(condition.reads)
            if not is_current(place, condition.label) or (place.physical and read.field is None)
        ]
        self._is_row = [read.field is not None for _, read, _ in self._anchors]
        near = [(i, place.physical) for i, (_, place) in enumerate(condition.reads) if place.physical]
        anchored = {i for i, _, _ in self._anchors}
        self._near = [(i, by) for i, by in near if i not in anchored]
        self._local: dict[Hidden, _Range] = {}
        self._moving: dict[tuple[Hidden, Key], _Range] = {}
        self._fixed: dict[tuple[Hidden, Key], _Range] = {}
        self._careful = False

    def fits(self, row: int, memory: Memory, bounds: Bounds, number: int) -> bool:
        """Whether `row` fits; `memory` has it already."""
        numbered, hidden = self._condition.plan.numbered, self._hidden(row, bounds)
        if not self._anchors and not numbered:
            known = self._local.setdefault(hidden, _Range(0))
            return self._answer(known, row, (), 0, hidden, moving=True)
        value = self._condition.value
        anchors = tuple(value(read, place, row, memory, bounds) for _, read, place in self._anchors)
        number = number if numbered else 0
        fixed_key = hidden, (*anchors, number)
        moving_key = hidden, (*self._distances(anchors, row), number)
        moving, fixed = self._moving.get(moving_key), self._fixed.get(fixed_key)
        for range_ in (moving, fixed):
            if range_ is not None and range_.first <= row < range_.end:
                return range_.answers[row - range_.first] == 1
        if len(self._moving) + len(self._fixed) > MOST_KEPT:
            self._moving.clear()
            self._fixed.clear()
        if fixed is None and not numbered and self._is_near(anchors, row):
            moving = self._moving.setdefault(moving_key, _Range(row))
            self._fixed[fixed_key] = _Range(row)  # when these anchors are asked for again, they stay
            return self._answer(moving, row, anchors, number, hidden, moving=True)
        fixed = self._fixed.setdefault(fixed_key, _Range(row))
        return self._answer(fixed, row, anchors, number, hidden, moving=False)

    def _hidden(self, row: int, bounds: Bounds) -> Hidden:
        """What is read beside the current row, in its partition, but outside the bounds."""
        out = [(i, row + by) for i, by in self._near if not bounds.start <= row + by < bounds.end]
        if not out:
            return ()
        partition = self._rows.partition_of(row)
        return tuple(i for i, target in out if partition.start <= target < partition.end)

    def _distances(self, anchors: Key, row: int) -> Key:
        """Anchors that are rows as distances from `row`."""
        return tuple(
            anchor - row if is_row and anchor is not None else anchor
            for anchor, is_row in zip(anchors, self._is_row, strict=True)
        )

    def _is_near(self, anchors: Key, row: int) -> bool:
        return all(
            not is_row or anchor is None or row - anchor <= FARTHEST
            for anchor, is_row in zip(anchors, self._is_row, strict=True)
        )

    def _answer(
        self, known: _Range, row: int, anchors: Key, number: int, hidden: Hidden, *, moving: bool
    ) -> bool:
        """The answer at `row` from a range, which is made longer if it does not reach so far."""
        if not known.first <= row < known.end:
            ahead = min(max(2 * len(known.answers), FIRST_AHEAD), MOST_AHEAD)
            if not known.first <= row <= known.end + ahead:
                known.first, known.answers = row, bytearray()
            last = min(max(known.end, row) + ahead, self._rows.count)

            def computed(rows: range) -> bytearray:
                made = self._sheet(row, np.arange(rows.start, rows.stop), anchors, number, hidden, moving)
                return bytearray(a is True for a in self._compute(self._condition.plan, made))

            self._extend(known, row, range(known.end, last), computed)
        return known.answers[row - known.first] == 1

    def _extend(self, known: _Range, row: int, rows: range, computed: Callable[[range], bytearray]) -> None:
        try:
            if not self._careful:
                known.answers += computed(rows)
                return
        except duckdb.InterruptException:
            raise
        except duckdb.Error:
            # Perhaps of a row that the matcher never tries: from now on only those that it does.
            self._careful = True
        known.first = row
        known.answers = computed(range(row, row + 1))

    def _sheet(
        self, row: int, rows: Any, anchors: Key, number: int, hidden: Hidden, moving: bool
    ) -> pa.Table:
        """The sheet of a condition at `rows`, with the anchors as `row` has them, or at their distances."""
        count = len(rows)
        given = dict(zip((i for i, _, _ in self._anchors), anchors, strict=True))
        given |= dict.fromkeys(hidden)
        columns: dict[str, pa.Array] = {"number": pa.array(np.full(count, number))}
        for i, (read, place) in enumerate(self._condition.reads):
            if read.field is None:
                columns[f"v{i}"] = self._names.take(_same(given.get(i, self._condition.label), count))
                continue
            anchor = given.get(i)
            if i not in given:
                places = self._rows.beside(rows, rows + place.physical)
            elif moving and anchor is not None:
                places = self._rows.beside(rows, rows + (anchor - row))
            else:
                places = _same(anchor, count)
            columns[f"v{i}"] = self._rows.taken(read.field, places)
        return pa.table(columns)


def _same(value: int | None, count: int) -> pa.Array:
    return pa.nulls(count, pa.int64()) if value is None else pa.array(np.full(count, value), pa.int64())
