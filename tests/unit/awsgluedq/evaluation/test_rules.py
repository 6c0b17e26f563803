"""Each rule type on a small frame: whether it passes, why not, and by which metrics."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.spark

UNMET = "Value: {} does not meet the constraint requirement!"
EMPTY = "Empty state for analyzer {}, all input values were NULL."

CASES: dict[str, tuple[str | None, dict[str, float]]] = {
    "RowCount = 5": (None, {"Dataset.*.RowCount": 5}),
    "RowCount > 5": (UNMET.format(5), {"Dataset.*.RowCount": 5}),
    'RowCount = 2 where "age > 30"': (None, {"Dataset.*.RowCount": 2}),
    "RowCount between 4 and 5": (UNMET.format(5), {"Dataset.*.RowCount": 5}),
    "RowCount not between 5 and 9": (None, {"Dataset.*.RowCount": 5}),
    "RowCount in [1,5]": (None, {"Dataset.*.RowCount": 5}),
    "RowCount not in [1,5]": (UNMET.format(5), {"Dataset.*.RowCount": 5}),
    "RowCount = 2 * (1 + 1.5)": (None, {"Dataset.*.RowCount": 5}),
    "RowCount > avg(last(10))": (
        "Rule (or nested rule) not supported due to: avg(last(10)) needs the results of earlier runs, which "
        "are not kept",
        {},
    ),
    "ColumnCount > 0": (None, {"Dataset.*.ColumnCount": 6}),
    'ColumnExists "pay per day"': (None, {}),
    'ColumnExists "salary"': ("Input data does not include column salary!", {}),
    'ColumnNamesMatchPattern "[a-z ]+"': (None, {"Dataset.*.ColumnNamesPatternMatchRatio": 1}),
    'ColumnNamesMatchPattern "^[a-z]{2,5}$"': (
        "Columns that do not match the pattern: pay per day, country",
        {"Dataset.*.ColumnNamesPatternMatchRatio": 4 / 6},
    ),
    'ColumnNamesMatchPattern "[a-z"': (
        "Invalid regex pattern '[a-z': Unclosed character class near index 3",
        {},
    ),
    'ColumnValues "name" matches "(a"': ("Invalid regex pattern '^(?:(a)$': Unclosed group near index 8", {}),
    'CustomSql "select raise_error(name) from primary where id = 1" > 1': (
        "Exception thrown while evaluating rule: Ana",
        {},
    ),
    'IsComplete "id"': (None, {"Column.id.Completeness": 1}),
    'IsComplete "ID"': (None, {"Column.ID.Completeness": 1}),
    'IsComplete "name"': (UNMET.format(0.8), {"Column.name.Completeness": 0.8}),
    'IsComplete "salary"': ("Input data does not include column salary!", {}),
    'Completeness "age" > 0.75': (None, {"Column.age.Completeness": 0.8}),
    'Completeness "age" > 0.75 where "id > 3"': (None, {"Column.age.Completeness": 1}),
    'Completeness "age" > 0.75 where "id > 9"': (EMPTY.format("Completeness(age,Some(id > 9))"), {}),
    'IsUnique "id"': (None, {"Column.id.Uniqueness": 1}),
    'IsUnique "name"': (UNMET.format(0.5), {"Column.name.Uniqueness": 0.5}),
    'IsUnique "name" where "id < 3"': (None, {"Column.name.Uniqueness": 1}),
    'IsUnique "name" "since"': (None, {"Multicolumn.name,since.Uniqueness": 1}),
    'Uniqueness "since" >= 0.5': (None, {"Column.since.Uniqueness": 0.5}),
    'UniqueValueRatio "name" > 0.7': (UNMET.format(2 / 3), {"Column.name.UniqueValueRatio": 2 / 3}),
    'DistinctValuesCount "name" = 3': (None, {"Column.name.DistinctValuesCount": 3}),
    'Entropy "id" between 1.60 and 1.61': (None, {"Column.id.Entropy": 1.6094379124341003}),
    'IsPrimaryKey "id"': (None, {"Column.id.Uniqueness": 1, "Column.id.Completeness": 1}),
    'IsPrimaryKey "name"': (
        UNMET.format(0.5),
        {"Column.name.Uniqueness": 0.5, "Column.name.Completeness": 0.8},
    ),
    'IsPrimaryKey "id" "name"': (
        UNMET.format(0.8),
        {
            "Multicolumn.id,name.Uniqueness": 1,
            "Column.id.Completeness": 1,
            "Column.name.Completeness": 0.8,
        },
    ),
    'Mean "pay per day" = 25': (None, {"Column.pay per day.Mean": 25}),
    'Sum "id" > 15': (UNMET.format("15.0"), {"Column.id.Sum": 15}),
    'StandardDeviation "id" between 1.41 and 1.42': (
        None,
        {"Column.id.StandardDeviation": 1.4142135623730951},
    ),
    'Mean "age" > 1 where "id = 3"': (EMPTY.format("Mean(age,Some(id = 3))"), {}),
    'Mean "name" > 1': (
        "Expected type of column name to be one of "
        "(ByteType,ShortType,IntegerType,LongType,FloatType,DoubleType,DecimalType), "
        "but found StringType instead!",
        {},
    ),
    'ColumnCorrelation "id" "pay per day" > 0.99': (
        None,
        {"Multicolumn.id,pay per day.ColumnCorrelation": 1},
    ),
    'ColumnLength "name" = 3': (
        UNMET.format("0.0"),
        {"Column.name.MinimumLength": 0, "Column.name.MaximumLength": 3},
    ),
    'ColumnLength "name" < 6': (None, {"Column.name.MaximumLength": 3}),
    'ColumnLength "name" between -1 and 3': (
        UNMET.format("3.0"),
        {"Column.name.MinimumLength": 0, "Column.name.MaximumLength": 3},
    ),
    'ColumnLength "name" in [0,3]': (None, {"Column.name.LengthCompliance": 1}),
    'ColumnLength "id" > 1': (
        "Expected type of column id to be StringType, but found IntegerType instead!",
        {},
    ),
    'ColumnValues "id" > 0': (None, {"Column.id.Minimum": 1}),
    'ColumnValues "id" between 0 and 5': (
        UNMET.format("5.0"),
        {"Column.id.Minimum": 1, "Column.id.Maximum": 5},
    ),
    'ColumnValues "id" not between 2 and 4': (
        UNMET.format("1.0"),
        {"Column.id.Minimum": 1, "Column.id.Maximum": 5},
    ),
    'ColumnValues "age" > 10': (UNMET.format("NULL"), {"Column.age.Minimum": 18}),
    'ColumnValues "age" > 20': (UNMET.format("18.0"), {"Column.age.Minimum": 18}),
    'ColumnValues "age" > 20 with threshold > 0.5': (None, {"Column.age.ColumnValues.Compliance": 0.6}),
    'ColumnValues "age" != 21 with threshold = 0.8': (None, {"Column.age.ColumnValues.Compliance": 0.8}),
    'ColumnValues "age" not in [1,2]': (None, {"Column.age.ColumnValues.Compliance": 1}),
    'ColumnValues "age" not in [1,2,NULL]': (UNMET.format(0.8), {"Column.age.ColumnValues.Compliance": 0.8}),
    'ColumnValues "age" in [18,21,35,40,NULL]': (None, {"Column.age.ColumnValues.Compliance": 1}),
    'ColumnValues "age" = NULL with threshold > 0.1': (None, {"Column.age.ColumnValues.Compliance": 0.2}),
    'ColumnValues "age" != NULL with threshold > 0.5': (None, {"Column.age.ColumnValues.Compliance": 0.8}),
    'ColumnValues "country" in ["US","CA",NULL,EMPTY,WHITESPACES_ONLY]': (
        None,
        {"Column.country.ColumnValues.Compliance": 1},
    ),
    'ColumnValues "country" in ["us"] with ignoreCase = "true" with threshold > 0.1': (
        None,
        {"Column.country.ColumnValues.Compliance": 0.2},
    ),
    'ColumnValues "country" != EMPTY': (UNMET.format(0.8), {"Column.country.ColumnValues.Compliance": 0.8}),
    'ColumnValues "country" not in [WHITESPACES_ONLY,"US"]': (
        UNMET.format(0.6),
        {"Column.country.ColumnValues.Compliance": 0.6},
    ),
    'ColumnValues "name" matches "[A-Z]\\w+" where "name is not null"': (
        None,
        {"Column.name.PatternMatch": 1},
    ),
    'ColumnValues "name" matches "An|Bea"': (UNMET.format(0.2), {"Column.name.PatternMatch": 0.2}),
    'ColumnValues "name" not matches "Ana"': (UNMET.format(0.4), {"Column.name.PatternMatch": 0.4}),
    'ColumnValues "since" > "2023-12-31" where "since is not null"': (
        None,
        {"Column.since.ColumnValues.Compliance": 1},
    ),
    'ColumnValues "since" in ["2024-01-01","2024-02-01",NULL] with threshold = 0.6': (
        None,
        {"Column.since.ColumnValues.Compliance": 0.6},
    ),
    'ColumnValues "since" < (now() - 3 days)': (
        UNMET.format(0.8),
        {"Column.since.ColumnValues.Compliance": 0.8},
    ),
    'ColumnDataType "since" = "Date" with threshold > 0.7': (
        None,
        {"Column.since.ColumnDataType.Compliance": 0.8},
    ),
    'ColumnDataType "name" = "Integer"': (
        "Value: 0.0 does not meet the constraint requirement.",
        {"Column.name.ColumnDataType.Compliance": 0},
    ),
    'ColumnDataType "since" = "Date" with format = "yyyy-MM-dd" with threshold > 0.7': (
        None,
        {"Column.since.ColumnDataType.Compliance": 0.8},
    ),
    'ColumnDataType "id" = "Decimal(3,1)"': (None, {"Column.id.ColumnDataType.Compliance": 1}),
    'ColumnDataType "id" = "Geometry"': (
        "Rule (or nested rule) not supported due to: Unrecognized data type: Geometry",
        {},
    ),
    'DataFreshness "since" > 3 days where "since is not null"': (
        None,
        {"Column.since.DataFreshness.Compliance": 1},
    ),
    'DataFreshness "since" < 24 hours': (
        "0.00% of rows passed the threshold",
        {"Column.since.DataFreshness.Compliance": 0},
    ),
    'CustomSql "select count(*) from primary where age > 20" = 3': (None, {"Dataset.*.CustomSQL": 3}),
    'CustomSql "select count(*) from primary" > 5': (
        "Custom SQL response failed to satisfy the threshold",
        {"Dataset.*.CustomSQL": 5},
    ),
    'CustomSql "select id from primary where age > 20" with threshold > 0.5': (
        None,
        {"Dataset.*.CustomSQL.Compliance": 0.6},
    ),
    'CustomSql "select id from primary where age > 20"': (
        "Value: 0.6 does not meet the constraint requirement.",
        {"Dataset.*.CustomSQL.Compliance": 0.6},
    ),
    'CustomSql "select id, name from primary" > 1': ("Custom SQL did not return exactly 1 column", {}),
    'CustomSql "select id from primary" > 1': ("Custom SQL did not return exactly 1 row", {}),
    'RowCountMatch "ref" = 2.5': (None, {"Dataset.ref.RowCountMatch": 2.5}),
    'RowCountMatch "ref" = 1.0': (
        "Value: 2.5 does not meet the constraint requirement.",
        {"Dataset.ref.RowCountMatch": 2.5},
    ),
    'RowCountMatch "nobody" = 1.0': ("Reference dataset 'nobody' not found in additional data sources", {}),
    'SchemaMatch "ref" = 1.0': ("Column counts do not match", {"Dataset.ref.SchemaMatch": 0}),
    'SchemaMatch "like" = 1.0': (
        "83.33% of columns passed the threshold",
        {"Dataset.like.SchemaMatch": 5 / 6},
    ),
    'ReferentialIntegrity "id" "ref.key" >= 0.4': (None, {"Column.ref.ReferentialIntegrity": 0.4}),
    'ReferentialIntegrity "id,name" "ref.{key,name}" = 1.0': (
        "Value: 0.2 does not meet the constraint requirement.",
        {"Column.ref.ReferentialIntegrity": 0.2},
    ),
    'ReferentialIntegrity "id" "ref.nothing" = 1': ("Input data does not include column nothing!", {}),
    'DatasetMatch "ref" "id->key" "name" = 0.2': (None, {"Dataset.ref.DatasetMatch": 0.2}),
    'DatasetMatch "like" "id" = 1.0': ("Input data does not include column pay per day!", {}),
    'AggregateMatch "sum(id)" "sum(ref.key)" = 5': (None, {"Column.id,key.AggregateMatch": 5}),
    'AggregateMatch "avg(id)" "avg(primary.id)" = 1.0': (None, {"Column.id.AggregateMatch": 1}),
    'AggregateMatch "max(id)" "sum(id)" = 1.0': (
        "Rule (or nested rule) not supported due to: max(id) is no sum or average of a column",
        {},
    ),
    'DetectAnomalies "RowCount"': (
        "Rule (or nested rule) not supported due to: DetectAnomalies: it needs the statistics of earlier "
        "runs, which are not kept",
        {},
    ),
    "FileSize > 1 KB": (
        "Rule (or nested rule) not supported due to: FileSize: files are not read apart from their data",
        {},
    ),
    '(RowCount = 5) and (IsComplete "id")': (None, {"Dataset.*.RowCount": 5, "Column.id.Completeness": 1}),
    '(RowCount = 1) or (IsComplete "id")': (
        UNMET.format(5),
        {"Dataset.*.RowCount": 5, "Column.id.Completeness": 1},
    ),
}
PASS_WITH_REASON = {'(RowCount = 1) or (IsComplete "id")'}


@pytest.fixture
def others(people: Any) -> dict[str, Any]:
    spark = people.sparkSession
    return {
        "ref": spark.createDataFrame([(1, "Ana"), (2, "Zoe")], "key int, name string"),
        "like": people.withColumnRenamed("pay per day", "pay"),
    }


def test_every_rule_is_judged_with_its_reason_and_metrics(
    outcomes_of: Callable[..., Any], people: Any, others: dict[str, Any]
) -> None:
    found = outcomes_of(people, *CASES, **others)
    wrong = []
    for text, row in zip(CASES, found, strict=True):
        reason, metrics = CASES[text]
        outcome = "Passed" if reason is None or text in PASS_WITH_REASON else "Failed"
        expected = (outcome, reason, pytest.approx(metrics))
        seen = (row["Outcome"], row["FailureReason"], row["EvaluatedMetrics"])
        if seen != expected:
            wrong.append((text, seen))
    assert wrong == []
