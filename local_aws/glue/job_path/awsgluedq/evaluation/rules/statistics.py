"""Rules on one number of a column's values, which an aggregate gives."""

from __future__ import annotations

from collections.abc import Callable

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812

from awsgluedq.dqdl.model import Rule
from awsgluedq.evaluation.plan import Found, Plan, Verdict, by_column
from awsgluedq.evaluation.rules.setting import Planner, Setting, empty, judged, required


def statistic(name: str, aggregate: Callable[[Column], Column]) -> Planner:
    """A rule on an aggregate of the numbers of a column."""

    def planned(rule: Rule, setting: Setting) -> Plan:
        column, condition = rule.values[0], required(rule)
        values = setting.data.within(rule, setting.data.numeric(column).cast("double"))

        def judge(found: Found) -> Verdict:
            if found["value"] is None:
                return empty(name, column, rule.where)
            return judged(found["value"], condition, {f"Column.{column}.{name}": found["value"]})

        return Plan({"value": aggregate(values)}, judge)

    return planned


def correlation(rule: Rule, setting: Setting) -> Plan:
    """How two columns correlate, by Pearson's coefficient."""
    first, second = rule.values
    columns = [setting.data.within(rule, setting.data.numeric(one).cast("double")) for one in rule.values]
    condition, metric = required(rule), f"Multicolumn.{first},{second}.ColumnCorrelation"

    def judge(found: Found) -> Verdict:
        if found["value"] is None:
            return empty("Correlation", f"{first},{second}", rule.where)
        return judged(found["value"], condition, {metric: found["value"]})

    return Plan({"value": F.corr(*columns)}, judge)


def completeness(rule: Rule, setting: Setting) -> Plan:
    """Which share of a column's values is not null; all of them for IsComplete."""
    column = rule.values[0]
    present = setting.data.column(column).isNotNull()

    def judge(found: Found) -> Verdict:
        if not found["rows"]:
            return empty("Completeness", column, rule.where)
        ratio = found["present"] / found["rows"]
        return judged(ratio, rule.condition, {f"Column.{column}.Completeness": ratio})

    measures = {
        "rows": F.count(setting.data.within(rule, F.lit(1))),
        "present": F.count(setting.data.within(rule, F.when(present, 1))),
    }
    return Plan(measures, judge, by_column(setting.data.row_condition(rule, present)))


STATISTICS: dict[str, Planner] = {
    "Mean": statistic("Mean", F.avg),
    "Sum": statistic("Sum", F.sum),
    "StandardDeviation": statistic("StandardDeviation", F.stddev_pop),
    "ColumnCorrelation": correlation,
    "Completeness": completeness,
    "IsComplete": completeness,
}
