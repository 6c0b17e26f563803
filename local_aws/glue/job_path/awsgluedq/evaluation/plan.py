"""What a rule needs computed, and how it is judged by what was found.

Plans are made before anything is computed, so that all that one pass over the data can give is asked of
one pass. A reason for failing that needs no data (a column that is not there) is a `Failing` instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pyspark.sql import Column, DataFrame

Found: TypeAlias = Mapping[str, Any]


class Failing(Exception):
    """The rule fails for this reason, whatever the data are."""


class Unsupported(Failing):
    """The rule asks for what is not there; it fails with AWS's words for that."""

    def __init__(self, why: str) -> None:
        super().__init__(f"Rule (or nested rule) not supported due to: {why}")


@dataclass(frozen=True, slots=True)
class Groups:
    """Statistics of the distinct values of columns, among rows that have one."""

    columns: tuple[str, ...]
    where: str | None = None


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """What `Groups` finds: rows, distinct values, those of one row, and their entropy."""

    rows: int
    values: int
    singles: int
    entropy: float


Measure: TypeAlias = Column | Groups | Callable[[], Any]
"""An aggregate of the common pass, groups, or a computation of its own."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a rule passes, why not, and the metrics by which it was decided."""

    passed: bool
    reason: str | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)


Rows: TypeAlias = Callable[[DataFrame, str], DataFrame]
"""Adds a column of that name: true for rows that pass, false for those that fail, null for those skipped."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a rule is evaluated. `rows` is None where it does not tell which rows fail."""

    measures: Mapping[str, Measure]
    judge: Callable[[Found], Verdict]
    rows: Rows | None = None


def by_column(condition: Column) -> Rows:
    """Rows that a condition on their own values decides."""
    return lambda frame, name: frame.withColumn(name, condition)
