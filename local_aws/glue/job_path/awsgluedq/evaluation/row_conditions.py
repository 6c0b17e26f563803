"""Conditions on the values of a column, row by row, as Spark columns.

A null fails every condition but `!=` and `not in`; NULL among the operands says it openly.
https://docs.aws.amazon.com/glue/latest/dg/dqdl-rule-types-ColumnValues.html
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812

from awsgluedq.dqdl.model import Condition
from awsgluedq.dqdl.operands import Duration, Keyword, Now, Operand, Text
from awsgluedq.evaluation import numbers
from awsgluedq.evaluation.plan import Unsupported

_BLANK = r"^\s+$"


def numeric(column: Column, condition: Condition) -> Column:
    """Whether numbers meet a condition."""
    return _compared(column, condition, numbers.values(condition))


def textual(column: Column, condition: Condition, ignore_case: bool = False) -> Column:
    """Whether texts meet a condition."""
    texts = [one.value for one in condition.operands if isinstance(one, Text)]
    if condition.operator == "matches":
        found = column.rlike(f"^(?:{texts[0]})$")
        return ~found if condition.negated else found
    if ignore_case:
        column, texts = F.lower(column), [text.lower() for text in texts]
    texts += [""] if Keyword("EMPTY") in condition.operands else []
    if Keyword("WHITESPACES_ONLY") not in condition.operands:
        return _compared(column, condition, texts)
    blank = column.rlike(_BLANK)
    others = _compared(column, condition, texts)
    if not condition.negated:
        return F.coalesce(others, F.lit(False)) | blank
    return others & ~F.coalesce(blank, F.lit(False))


def dated(column: Column, condition: Condition, now: datetime) -> Column:
    """Whether dates meet a condition: by day, or by time where an operand has hours or minutes."""
    by_time = any(
        isinstance(one, Now) and one.offset and one.offset.unit != "days" for one in condition.operands
    )
    column = F.to_timestamp(column) if by_time else F.to_date(column)
    return _compared(column, condition, [_moment(one, now, by_time) for one in _not_null(condition)])


def fresh(column: Column, condition: Condition, now: datetime) -> Column:
    """Whether the hours since a time meet a condition on durations."""
    seconds = F.lit(now.timestamp()).cast("long") - F.to_timestamp(column).cast("long")
    hours = F.round(seconds / 3600, 2)
    spans = [one.span.total_seconds() / 3600 for one in condition.operands if isinstance(one, Duration)]
    return _compared(hours, condition, spans)


def _not_null(condition: Condition) -> list[Operand]:
    return [one for one in condition.operands if not isinstance(one, Keyword)]


def _moment(operand: Operand, now: datetime, by_time: bool) -> Column:
    if isinstance(operand, Now):
        moment = now + operand.shift
        return F.lit(moment) if by_time else F.lit(moment.astimezone(UTC).date())
    assert isinstance(operand, Text)
    if not operand.is_date:
        raise Unsupported(f"{operand} is a time of day, which only rules on files are compared with")
    day = date.fromisoformat(operand.value)
    return F.lit(day).cast("timestamp") if by_time else F.lit(day)


def _compared(column: Column, condition: Condition, operands: list[Any]) -> Column:
    has_null = Keyword("NULL") in condition.operands
    if condition.operator in ("=", "in"):
        among = column.isin(*operands) if operands else F.lit(False)
        if condition.negated:
            return column.isNotNull() & ~among if has_null else column.isNull() | ~among
        return (column.isNull() | among) if has_null else among
    if condition.operator == "between":
        low, high = operands
        if condition.negated:
            return (column <= low) | (column >= high)
        return (column > low) & (column < high)
    bound = operands[0]
    return {
        ">": column > bound,
        ">=": column >= bound,
        "<": column < bound,
        "<=": column <= bound,
    }[condition.operator]
