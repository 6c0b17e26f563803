"""DEFINE: whether a row fits a variable, computed by DuckDB for many rows at once, ahead of the matcher.

What is computed ahead is never more than a guess of what will be asked: the answers are kept by all that the
condition reads. When a guess fails, the case that was asked is computed alone, so that an error counts only
for a row that is really tried.
"""

from __future__ import annotations

from local_athena.patterns.cases import Condition, needed_trackers
from local_athena.patterns.counted import CountedCondition
from local_athena.patterns.navigation import Bounds
from local_athena.patterns.ranges import Compute, RangedCondition
from local_athena.patterns.sheet import Computation, InputRows
from local_athena.patterns.trackers import Memory, Trackers


class Definitions:
    """DEFINE as the matcher asks it: `plans` by the variables' numbers, None where every row fits."""

    def __init__(
        self, plans: list[Computation | None], names: list[str], rows: InputRows, compute: Compute
    ) -> None:
        needed = needed_trackers(plans)
        self.trackers = Trackers(needed)
        self._conditions: list[RangedCondition | CountedCondition | None] = []
        for label, plan in enumerate(plans):
            if plan is None:
                self._conditions.append(None)
                continue
            condition = Condition(label, plan, needed)
            self._conditions.append(
                CountedCondition(condition, rows, names, compute)
                if plan.aggregates
                else RangedCondition(condition, rows, names, compute)
            )

    def fits(self, label: int, row: int, memory: Memory, bounds: Bounds, number: int) -> bool:
        """Whether `row` fits `label`; `memory` has it already."""
        condition = self._conditions[label]
        return condition is None or condition.fits(row, memory, bounds, number)
