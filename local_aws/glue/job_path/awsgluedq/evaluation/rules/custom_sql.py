"""CustomSql: a statement of the ruleset's author, of which one number or the rows that pass come.

https://docs.aws.amazon.com/glue/latest/dg/dqdl-rule-types-CustomSql.html
"""

from __future__ import annotations

from pyspark.errors import PySparkException
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from awsgluedq.dqdl.model import Rule
from awsgluedq.evaluation import numbers
from awsgluedq.evaluation.dataset import first_line, named
from awsgluedq.evaluation.plan import Failing, Found, Plan, Verdict
from awsgluedq.evaluation.rules.joins import count_of, joined_with, keys_of
from awsgluedq.evaluation.rules.setting import Setting, judged, required


def custom_sql(rule: Rule, setting: Setting) -> Plan:
    """A statement's number against a condition, or the share of rows that it gives."""
    result = _result(rule, setting)
    return _rows(rule, setting, result) if rule.condition is None else _number(rule, result)


def _result(rule: Rule, setting: Setting) -> DataFrame:
    try:
        return setting.data.frame.sparkSession.sql(rule.values[0])
    except PySparkException as error:
        raise Failing(f"Error executing SQL statement: {first_line(error)}") from None


def _number(rule: Rule, result: DataFrame) -> Plan:
    if len(result.columns) != 1:
        raise Failing("Custom SQL did not return exactly 1 column")
    number = result.select(named(result.columns[0]).cast("double"))

    def judge(found: Found) -> Verdict:
        rows = found["rows"]
        if len(rows) != 1:
            raise Failing("Custom SQL did not return exactly 1 row")
        (metric,) = rows[0]
        if metric is None:
            raise Failing("Custom SQL did not return a number")
        passed = numbers.meets(metric, required(rule))
        reason = None if passed else "Custom SQL response failed to satisfy the threshold"
        return Verdict(passed, reason, {"Dataset.*.CustomSQL": metric})

    return Plan({"rows": lambda: number.take(2)}, judge)


def _rows(rule: Rule, setting: Setting, result: DataFrame) -> Plan:
    frame = setting.data.frame
    if not set(result.columns) & set(frame.columns):
        raise Failing(
            "The output from CustomSQL must contain at least one column that matches the input dataset for "
            "AWS Glue Data Quality to provide row level results."
        )
    others = [name for name in result.columns if name not in frame.columns]
    if others:
        raise Failing(
            "The columns returned from the SQL statement should only belong to the primary table. "
            f"Columns not found: {', '.join(others)}"
        )
    rows = joined_with(keys_of(result, result.columns), result.columns, nulls_match=0)

    def judge(found: Found) -> Verdict:
        if not found["rows"]:
            raise Failing("Custom SQL rule could not be evaluated due to data frame being empty")
        ratio = found["matched"] / found["rows"]
        return judged(ratio, rule.threshold, {"Dataset.*.CustomSQL.Compliance": ratio}, ".")

    return Plan({"rows": F.count(F.lit(1)), "matched": count_of(frame, rows)}, judge, rows)
