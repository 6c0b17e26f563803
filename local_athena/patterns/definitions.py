"""DEFINE: whether a row fits a variable, computed by DuckDB for many rows at once, ahead of the matcher.

A condition that reads only around the current row is computed for blocks of rows. One that reads the match
so far is computed for what it reads, and for what it will probably read next: the same rows seen from those
that follow, and the same distances further on. When guesses fail, the case itself is computed alone, so that
an error counts only for a row that is really tried.
"""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from local_athena.patterns.cases import Case, Definition, needed_trackers
from local_athena.patterns.navigation import Bounds
from local_athena.patterns.sheet import Computation, InputRows, Sheet
from local_athena.patterns.trackers import Memory, Trackers

BLOCK = 8192
MOST_AHEAD = 2048
MOST_KEPT = 500_000
UNKNOWN, NO, YES = range(3)

Compute = Callable[[Computation, Sheet], list[bool | None]]
"""Computes a condition for the shown rows of a sheet."""


class Definitions:
    """DEFINE as the matcher asks it. `framed`: a match may reach less than its partition."""

    def __init__(
        self, plans: list[Computation | None], rows: InputRows, compute: Compute, *, framed: bool
    ) -> None:
        needed = needed_trackers(plans)
        self.trackers = Trackers(needed)
        self._rows, self._compute = rows, compute
        self._asked = [
            _Asked(Definition(label, plan, needed)) if plan is not None else None
            for label, plan in enumerate(plans)
        ]
        self._blocks = {
            asked.definition.label: bytearray(rows.count)
            for asked in self._asked
            if asked is not None and asked.definition.is_local(framed=framed)
        }

    def fits(self, label: int, row: int, memory: Memory, bounds: Bounds, number: int) -> bool:
        """Whether `row` fits `label`; `memory` has it already."""
        asked = self._asked[label]
        if asked is None:
            return True
        block = self._blocks.get(label)
        if block is None:
            return self._known(asked, asked.definition.case(row, memory, bounds, number))
        if block[row] == UNKNOWN:
            self._fill(asked.definition, block, row)
        return block[row] == YES

    def _fill(self, definition: Definition, block: bytearray, first: int) -> None:
        rows = [r for r in range(first, min(self._rows.count, first + BLOCK)) if block[r] == UNKNOWN]
        cases = [definition.case(row, (), self._rows.partition_of(row), 0) for row in rows]
        for case, answer in self._answers(definition, cases):
            block[case.row] = YES if answer else NO

    def _known(self, asked: _Asked, case: Case) -> bool:
        if case in asked.known:
            asked.hits += 1
            return asked.known[case]
        asked.learn()
        guesses = asked.definition.guesses(case, asked.ahead, self._rows.count, self._rows.partition_of)
        cases = [case, *(guess for guess in dict.fromkeys(guesses) if guess not in asked.known)]
        asked.known.update(self._answers(asked.definition, cases))
        return asked.known[case]

    def _answers(self, definition: Definition, cases: list[Case]) -> list[tuple[Case, bool]]:
        """The answers to cases, or only to the first when another fails."""
        try:
            return list(zip(cases, self._computed(definition, cases), strict=True))
        except duckdb.InterruptException:
            raise
        except duckdb.Error:
            if len(cases) == 1:
                raise
            return [(cases[0], self._computed(definition, cases[:1])[0])]

    def _computed(self, definition: Definition, cases: list[Case]) -> list[bool]:
        sheet = Sheet(definition.plan)
        for group, case in enumerate(cases):
            definition.lay_out(sheet, group, case)
        return [answer is True for answer in self._compute(definition.plan, sheet)]


class _Asked:
    """A definition, the answers that are known, and how far ahead it pays to guess."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.known: dict[Case, bool] = {}
        self.ahead, self.hits = 8, 0

    def learn(self) -> None:
        """An answer was not known: guess further when the last guesses were used, and less when not."""
        used = self.hits >= self.ahead
        self.ahead = min(self.ahead * 2, MOST_AHEAD) if used else max(self.ahead // 2, 1)
        self.hits = 0
        if len(self.known) > MOST_KEPT:
            self.known.clear()
