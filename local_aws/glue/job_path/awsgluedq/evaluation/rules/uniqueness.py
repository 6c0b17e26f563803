"""Rules on the distinct values of columns. Rows without any value of them are not counted, as in Deequ."""

from __future__ import annotations

from collections.abc import Callable

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812

from awsgluedq.dqdl.model import Rule
from awsgluedq.evaluation.dataset import Dataset, named
from awsgluedq.evaluation.plan import Found, GroupCounts, Groups, Plan, Rows, Verdict
from awsgluedq.evaluation.rules.setting import Planner, Setting, empty, judged


def by_groups(name: str, value: Callable[[GroupCounts], float], rows: bool = False) -> Planner:
    """A rule on a number that the counts of distinct values give."""

    def planned(rule: Rule, setting: Setting) -> Plan:
        for column in rule.values:
            setting.data.type_of(column)

        def judge(found: Found) -> Verdict:
            groups: GroupCounts = found["groups"]
            if not groups.rows:
                return empty(name, f"List({', '.join(rule.values)})", rule.where)
            metric = value(groups)
            return judged(metric, rule.condition, {metric_name(rule, name): metric})

        measures = {"groups": Groups(rule.values, rule.where)}
        return Plan(measures, judge, unique_rows(rule, setting.data) if rows else None)

    return planned


def primary_key(rule: Rule, setting: Setting) -> Plan:
    """Whether columns are complete and together unique."""
    present = [setting.data.column(column).isNotNull() for column in rule.values]
    unique = uniqueness(rule, setting)
    measures = dict(unique.measures) | {"rows": F.count(setting.data.within(rule, F.lit(1)))}
    for at, one in enumerate(present):
        measures[f"present {at}"] = F.count(setting.data.within(rule, F.when(one, 1)))

    def judge(found: Found) -> Verdict:
        if not found["rows"]:
            return empty("Uniqueness", f"List({', '.join(rule.values)})", rule.where)
        verdicts = [unique.judge(found)]
        for at, column in enumerate(rule.values):
            ratio = found[f"present {at}"] / found["rows"]
            verdicts.append(judged(ratio, None, {f"Column.{column}.Completeness": ratio}))
        reason = next((one.reason for one in verdicts if not one.passed), None)
        metrics = {name: metric for one in verdicts for name, metric in one.metrics.items()}
        return Verdict(reason is None, reason, metrics)

    complete = F.lit(True)
    for one in present:
        complete = complete & one
    return Plan(measures, judge, unique_rows(rule, setting.data, complete))


def unique_rows(rule: Rule, data: Dataset, also: Column | None = None) -> Rows:
    """Rows whose values no other row has, and that meet a condition beside."""

    def add(frame: DataFrame, name: str) -> DataFrame:
        columns = [named(column) for column in rule.values]
        same = Window.partitionBy(*columns)
        count = F.count(data.within(rule, F.lit(1))).over(same)
        absent = F.lit(True)
        for column in columns:
            absent = absent & column.isNull()
        unique = (count == 1) | absent if also is None else (count == 1) & also
        return frame.withColumn(name, data.row_condition(rule, unique))

    return add


def metric_name(rule: Rule, name: str) -> str:
    """The name of a metric of one column or of several."""
    scope = "Column" if len(rule.values) == 1 else "Multicolumn"
    return f"{scope}.{','.join(rule.values)}.{name}"


uniqueness = by_groups("Uniqueness", lambda groups: groups.singles / groups.rows, rows=True)

UNIQUENESS: dict[str, Planner] = {
    "Uniqueness": uniqueness,
    "IsUnique": uniqueness,
    "IsPrimaryKey": primary_key,
    "UniqueValueRatio": by_groups(
        "UniqueValueRatio", lambda groups: groups.singles / groups.values, rows=True
    ),
    "DistinctValuesCount": by_groups("DistinctValuesCount", lambda groups: float(groups.values)),
    "Entropy": by_groups("Entropy", lambda groups: groups.entropy),
}
