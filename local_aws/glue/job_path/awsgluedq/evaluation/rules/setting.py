"""What rules are planned in, and the verdicts that most of them share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from awsgluedq.dqdl.model import Condition, Rule
from awsgluedq.evaluation import numbers
from awsgluedq.evaluation.dataset import Dataset
from awsgluedq.evaluation.plan import Plan, Verdict


@dataclass(frozen=True, slots=True)
class Setting:
    """The data, and the time that `now()` is."""

    data: Dataset
    now: datetime


Planner: TypeAlias = Callable[[Rule, Setting], Plan]


def required(rule: Rule) -> Condition:
    """The condition of a rule whose type has one always; the parser saw to it."""
    assert rule.condition is not None
    return rule.condition


def judged(
    metric: float, condition: Condition | None, metrics: Mapping[str, float], end: str = "!"
) -> Verdict:
    """A metric against a condition, or against 1.0 where there is none."""
    passed = metric == 1.0 if condition is None else numbers.meets(metric, condition)
    return Verdict(passed, None if passed else unmet(metric, end), metrics)


def unmet(metric: float | None, end: str = "!") -> str:
    """Why a metric fails; null has failed as a value."""
    written = "NULL" if metric is None else numbers.shown(metric)
    return f"Value: {written} does not meet the constraint requirement{end}"


def empty(analyzer: str, columns: str, where: str | None) -> Verdict:
    """The verdict where there is no value to compute from."""
    scope = "None" if where is None else f"Some({where})"
    return Verdict(
        False, f"Empty state for analyzer {analyzer}({columns},{scope}), all input values were NULL."
    )
