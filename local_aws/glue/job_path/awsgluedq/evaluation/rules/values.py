"""Rules on every value of a column: ColumnValues, ColumnLength, ColumnDataType, DataFreshness.

Where a condition is one of order, the least and the greatest value decide, and are the metrics; else it is
the share of rows that meet the condition.
"""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812

from awsgluedq.dqdl.model import Condition, Kind, Rule
from awsgluedq.evaluation import numbers, row_conditions
from awsgluedq.evaluation.plan import Found, Measure, Plan, Verdict, by_column
from awsgluedq.evaluation.rules.data_types import is_of_type
from awsgluedq.evaluation.rules.setting import Planner, Setting, empty, judged, required, unmet

_EXTREMES = {">": ("Min",), ">=": ("Min",), "<": ("Max",), "<=": ("Max",), "=": ("Min", "Max")}


def column_values(rule: Rule, setting: Setting) -> Plan:
    """Whether a column's values meet a condition."""
    name, condition = rule.values[0], required(rule)
    column = setting.data.column(name)
    kinds = condition.kinds()
    if condition.operator == "matches":
        setting.data.pattern(f"^(?:{condition.operands[0].value})$")  # type: ignore[union-attr]
    if Kind.TEXT in kinds:
        ignore_case = (rule.tag("ignoreCase") or "").lower() == "true"
        met = row_conditions.textual(column, condition, ignore_case)
    elif Kind.NUMBER in kinds:
        if _is_ordered(condition) and rule.threshold is None:
            return _ordered(rule, setting, setting.data.numeric(name), "Minimum", "Maximum", nulls_fail=True)
        met = row_conditions.numeric(column, condition)
    else:
        met = row_conditions.dated(column, condition, setting.now)
    metric = "PatternMatch" if condition.operator == "matches" else "ColumnValues.Compliance"
    return compliance(rule, setting, met, f"Column.{name}.{metric}")


def column_length(rule: Rule, setting: Setting) -> Plan:
    """Whether the lengths of a column's texts meet a condition; null is as long as an empty text."""
    name, condition = rule.values[0], required(rule)
    length = F.coalesce(F.length(setting.data.textual(name)), F.lit(0))
    if _is_ordered(condition):
        return _ordered(rule, setting, length, "MinimumLength", "MaximumLength", nulls_fail=False)
    met = row_conditions.numeric(length, condition)
    return compliance(rule, setting, met, f"Column.{name}.LengthCompliance")


def column_data_type(rule: Rule, setting: Setting) -> Plan:
    """Whether a column's values can be read as a type."""
    name = rule.values[0]
    met = is_of_type(rule, setting.data.column(name))
    whole = compliance(rule, setting, met, f"Column.{name}.ColumnDataType.Compliance", ".")
    return Plan(whole.measures, whole.judge)


def data_freshness(rule: Rule, setting: Setting) -> Plan:
    """Whether the time since a column's dates meets a condition."""
    name = rule.values[0]
    met = row_conditions.fresh(setting.data.column(name), required(rule), setting.now)
    whole = compliance(rule, setting, met, f"Column.{name}.DataFreshness.Compliance")

    def judge(found: Found) -> Verdict:
        verdict = whole.judge(found)
        if verdict.passed or not verdict.metrics:
            return verdict
        (ratio,) = verdict.metrics.values()
        return Verdict(False, f"{ratio * 100:.2f}% of rows passed the threshold", verdict.metrics)

    return Plan(whole.measures, judge, whole.rows)


def compliance(rule: Rule, setting: Setting, met: Column, metric: str, end: str = "!") -> Plan:
    """A rule on the share of rows that meet a condition: its threshold, or all of them."""

    def judge(found: Found) -> Verdict:
        if not found["rows"]:
            return empty("Compliance", rule.values[0], rule.where)
        ratio = found["met"] / found["rows"]
        return judged(ratio, rule.threshold, {metric: ratio}, end)

    measures = {
        "rows": F.count(setting.data.within(rule, F.lit(1))),
        "met": F.count(setting.data.within(rule, F.when(met, 1))),
    }
    return Plan(measures, judge, by_column(setting.data.row_condition(rule, met)))


def _is_ordered(condition: Condition) -> bool:
    return bool(numbers.values(condition)) and not (
        condition.operator == "in" or (condition.operator == "=" and condition.negated)
    )


def _ordered(
    rule: Rule, setting: Setting, values: Column, least: str, greatest: str, nulls_fail: bool
) -> Plan:
    """A rule that the least and the greatest value decide, and nulls where they fail."""
    name, condition = rule.values[0], required(rule)
    within = setting.data.within(rule, values)
    met = row_conditions.numeric(values, condition)
    measures: dict[str, Measure] = {
        "Min": F.min(within).cast("double"),
        "Max": F.max(within).cast("double"),
        "nulls": F.count(setting.data.within(rule, F.when(values.isNull(), 1))),
        "unmet": F.count(setting.data.within(rule, F.when(~met, 1))),
    }
    extremes = _EXTREMES.get(condition.operator, ("Min", "Max"))
    names = {"Min": f"Column.{name}.{least}", "Max": f"Column.{name}.{greatest}"}

    def judge(found: Found) -> Verdict:
        if found["Min"] is None:
            return empty(least, name, rule.where)
        metrics = {names[one]: found[one] for one in extremes}
        if found["unmet"]:
            wrong = [found[one] for one in extremes if not numbers.meets(found[one], condition)]
            return Verdict(False, unmet((wrong or [found["Min"]])[0]), metrics)
        if found["nulls"] and nulls_fail:
            return Verdict(False, unmet(None), metrics)
        return Verdict(True, None, metrics)

    return Plan(measures, judge, by_column(setting.data.row_condition(rule, met)))


VALUES: dict[str, Planner] = {
    "ColumnValues": column_values,
    "ColumnLength": column_length,
    "ColumnDataType": column_data_type,
    "DataFreshness": data_freshness,
}
