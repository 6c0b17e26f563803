"""The table of rule outcomes, and the counts of rows and rules where a script asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql.types import DoubleType, LongType, MapType, StringType, StructType

from awsgluedq.dqdl.model import Composite
from awsgluedq.dqdl.rule_types import RULE_TYPES
from awsgluedq.evaluation.evaluate import Outcome, leaves
from awsgluedq.evaluation.plan import Verdict
from awsgluedq.evaluation.row_outcomes import with_flags

SCHEMA = (
    StructType()
    .add("Rule", StringType())
    .add("Outcome", StringType())
    .add("FailureReason", StringType())
    .add("EvaluatedMetrics", MapType(StringType(), DoubleType()))
    .add("EvaluatedRule", StringType())
)
COUNTS = ("PassedCount", "FailedCount", "SkippedCount", "TotalCount")
TOTALS = (
    "TotalRowsProcessed",
    "PassedRows",
    "FailedRows",
    "TotalRulesProcessed",
    "RulesPassed",
    "RulesFailed",
)
RowCounts = list[tuple[int, int, int, int]]


def as_rows(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """The outcomes as AWS shows them."""
    return [
        {
            "Rule": outcome.rule.unlabelled,
            "Outcome": "Passed" if outcome.verdict.passed else "Failed",
            "FailureReason": outcome.verdict.reason,
            "EvaluatedMetrics": {name: float(one) for name, one in outcome.verdict.metrics.items()},
            "EvaluatedRule": outcome.rule.unlabelled,
            "Labels": dict(outcome.rule.labels),
        }
        for outcome in outcomes
    ]


def rule_outcomes(frame: DataFrame, outcomes: Sequence[Outcome], counts: RowCounts | None) -> DataFrame:
    """The outcomes as a table; with labels where rules have some, and with counts of rows if there are."""
    schema = StructType(list(SCHEMA.fields))
    rows = as_rows(outcomes)
    if any(row["Labels"] for row in rows):
        schema = schema.add("Labels", MapType(StringType(), StringType()))
    if counts is not None:
        for name in COUNTS:
            schema = schema.add(name, LongType())
        rows = [row | dict(zip(COUNTS, some, strict=True)) for row, some in zip(rows, counts, strict=True)]
    values = [tuple(row[name] for name in schema.names) for row in rows]
    return frame.sparkSession.createDataFrame(values, schema).coalesce(1)


def row_counts(frame: DataFrame, outcomes: Sequence[Outcome]) -> tuple[RowCounts, tuple[int, int, int]]:
    """Rows that pass, fail, are skipped and are there, by rule; and all rows, passed and failed ones."""
    flagged, flags = with_flags(frame, outcomes)
    known = [flag for flag in flags if flag is not None]
    fails = F.lit(False)
    for flag in known:
        fails = fails | F.coalesce(~flag, F.lit(False))
    wanted = [F.count(F.lit(1)), F.count(F.when(fails, 1))]
    for flag in known:
        wanted += [F.count(F.when(flag, 1)), F.count(F.when(~flag, 1))]
    found = flagged.agg(*(one.alias(f"c{at}") for at, one in enumerate(wanted))).head()
    assert found is not None
    total, failed, *pairs = found
    counts: RowCounts = []
    for flag in flags:
        yes, no = (pairs.pop(0), pairs.pop(0)) if flag is not None else (0, 0)
        counts.append((yes, no, total - yes - no, total))
    return counts, (total, total - failed, failed)


def totals(frame: DataFrame, outcomes: Sequence[Outcome], rows: tuple[int, int, int]) -> DataFrame:
    """The counts of rows and rules of the whole ruleset, as a table of one row."""
    passed = sum(outcome.verdict.passed for outcome in outcomes)
    values = (*rows, len(outcomes), passed, len(outcomes) - passed)
    schema = ", ".join(f"{name} bigint" for name in TOTALS)
    return frame.sparkSession.createDataFrame([values], schema).coalesce(1)


def decided_by_rows(frame: DataFrame, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes, of which composites pass if every row passes, where all of their rules tell rows."""
    chosen = [
        at
        for at, outcome in enumerate(outcomes)
        if isinstance(outcome.rule, Composite) and outcome.tells_rows and not _by_ratio(outcome.rule)
    ]
    if not chosen:
        return list(outcomes)
    counts, _ = row_counts(frame, [outcomes[at] for at in chosen])
    decided = list(outcomes)
    for at, (_, failed, _, total) in zip(chosen, counts, strict=True):
        verdict = outcomes[at].verdict
        reason = None if not failed else f"{(total - failed) / total * 100:.2f}% of rows passed the threshold"
        decided[at] = replace(outcomes[at], verdict=Verdict(not failed, reason, verdict.metrics))
    return decided


def _by_ratio(rule: Composite) -> bool:
    return any(RULE_TYPES[leaf.type].ratio or leaf.threshold is not None for leaf in leaves(rule))
