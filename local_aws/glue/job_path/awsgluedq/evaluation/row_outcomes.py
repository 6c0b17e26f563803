"""The rows of the data with the rules that each passes, fails and is not asked by."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812

from awsgluedq.dqdl.model import Composite
from awsgluedq.evaluation.dataset import named
from awsgluedq.evaluation.evaluate import Outcome
from awsgluedq.evaluation.options import Options

PASSED, FAILED, SKIPPED = "DataQualityRulesPass", "DataQualityRulesFail", "DataQualityRulesSkip"
RESULT = "DataQualityEvaluationResult"
_TEXTS = "array<string>"


def with_flags(frame: DataFrame, outcomes: Sequence[Outcome]) -> tuple[DataFrame, list[Column | None]]:
    """The frame with what rules say of rows, and a column for each outcome: true, false or null."""
    flags: list[Column | None] = []
    for at, outcome in enumerate(outcomes):
        frame, flag = _flagged(frame, outcome, f"data quality {at}")
        flags.append(flag)
    return frame, flags


def row_outcomes(frame: DataFrame, outcomes: Sequence[Outcome], options: Options) -> DataFrame:
    """The frame's columns, and the four that AWS adds."""
    names = [_name(outcome, options) for outcome in outcomes]
    flagged, flags = with_flags(frame, outcomes)
    asked = [(name, F.lit(None) if flag is None else flag) for name, flag in zip(names, flags, strict=True)]
    failed = _those([(name, flag == F.lit(False)) for name, flag in asked])
    return flagged.select(
        *(named(column) for column in frame.columns),
        _those([(name, flag) for name, flag in asked]).alias(PASSED),
        failed.alias(FAILED),
        _those([(name, flag.isNull()) for name, flag in asked]).alias(SKIPPED),
        F.when(F.size(failed) == 0, "Passed").otherwise("Failed").alias(RESULT),
    )


def _flagged(frame: DataFrame, outcome: Outcome, name: str) -> tuple[DataFrame, Column | None]:
    if not outcome.tells_rows:
        return frame, None
    if outcome.rows is not None:
        return outcome.rows(frame, name), named(name)
    flags = []
    for at, part in enumerate(outcome.parts):
        frame, flag = _flagged(frame, part, f"{name}.{at}")
        assert flag is not None
        flags.append(flag)
    assert isinstance(outcome.rule, Composite)
    return frame, reduce(and_ if outcome.rule.operator == "and" else or_, flags)


def _those(named_flags: Sequence[tuple[str, Column]]) -> Column:
    """The names whose flag is true."""
    chosen = [F.when(flag.cast("boolean"), F.lit(name)) for name, flag in named_flags]
    return F.array_compact(F.array(*chosen)).cast(_TEXTS)


def _name(outcome: Outcome, options: Options) -> str:
    return str(outcome.rule) if options.labels_of_rows else outcome.rule.unlabelled
