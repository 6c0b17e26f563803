"""Computes what plans ask for: every aggregate in one pass, and one pass for each set of grouped columns."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812

from awsgluedq.evaluation.dataset import first_line, named
from awsgluedq.evaluation.plan import Failing, GroupCounts, Groups, Plan

Findings = list[dict[str, Any]]


def measure(frame: DataFrame, plans: Sequence[Plan]) -> Findings:
    """What each plan's measures found; a computation that fails is found as its Failing."""
    found: Findings = [{} for _ in plans]
    _aggregates(frame, plans, found)
    groups: dict[Groups, GroupCounts] = {}
    for plan, findings in zip(plans, found, strict=True):
        for name, wanted in plan.measures.items():
            if isinstance(wanted, Groups):
                if wanted not in groups:
                    groups[wanted] = _grouped(frame, wanted)
                findings[name] = groups[wanted]
            elif not isinstance(wanted, Column):
                findings[name] = _computed(wanted)
    return found


def _computed(wanted: Callable[[], Any]) -> Any:
    """What a computation of a rule's own gives; if Spark cannot do it, why the rule fails."""
    try:
        return wanted()
    except (PySparkException, Py4JJavaError) as error:
        return Failing(f"Exception thrown while evaluating rule: {first_line(error)}")


def _aggregates(frame: DataFrame, plans: Iterable[Plan], found: Findings) -> None:
    wanted = [
        (index, name, column)
        for index, plan in enumerate(plans)
        for name, column in plan.measures.items()
        if isinstance(column, Column)
    ]
    if not wanted:
        return
    columns = [column.alias(f"m{at}") for at, (_, _, column) in enumerate(wanted)]
    values = frame.agg(*columns).head()
    assert values is not None
    for (index, name, _), value in zip(wanted, values, strict=True):
        found[index][name] = value


def _grouped(frame: DataFrame, wanted: Groups) -> GroupCounts:
    columns = [named(name) for name in wanted.columns]
    rows = frame if wanted.where is None else frame.where(wanted.where)
    counts = rows.groupBy(*columns).agg(F.count(F.lit(1)).alias("rows of a value"))
    present = F.lit(False)
    for column in columns:
        present = present | column.isNotNull()
    count = F.col("`rows of a value`")
    totals = counts.where(present).agg(
        F.sum(count),
        F.count(count),
        F.count(F.when(count == 1, 1)),
        # ln(n) - sum(c ln c) / n is the entropy of counts c of n rows, in one pass over them.
        F.sum(count * F.log(count)),
    )
    found = totals.head()
    assert found is not None
    total, values, singles, weighted = found
    entropy = 0.0 if not total else max(0.0, math.log(total) - weighted / total)
    return GroupCounts(int(total or 0), values, singles, entropy)
