"""Column statistics that a task computes from a table's data, through a server."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.conftest import LocalAws

ROWS = """\
1\tCali\ttrue\t1.5\t12.34\t2026-01-02\t2026-01-02 03:04:05
2\tNeiva\tfalse\t-2.5\t-0.05\t2025-12-31\t1969-12-31 23:59:59.5
\\N\tCali\ttrue\t\\N\t\\N\t\\N\t\\N
"""
TYPES = {
    "id": "bigint",
    "city": "string",
    "open": "boolean",
    "kwh": "double",
    "price": "decimal(10,2)",
    "day": "date",
    'at "x"': "timestamp",
    "parts": "array<int>",
}
SERDE = {"SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"}


@pytest.fixture(scope="module")
def glue(aws: LocalAws) -> Any:
    s3, glue = aws.client("s3"), aws.client("glue")
    s3.create_bucket(Bucket="statistics-lake")
    s3.put_object(Bucket="statistics-lake", Key="sales/year=2026/a.tsv", Body=ROWS.encode())
    glue.create_database(DatabaseInput={"Name": "measured"})
    storage: Any = {
        "Columns": [{"Name": name, "Type": kind} for name, kind in TYPES.items()],
        "Location": "s3://statistics-lake/sales/",
        "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
        "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
        "SerdeInfo": {**SERDE, "Parameters": {"field.delim": "\t"}},
    }
    for name, location in (("sales", "sales"), ("broken", "none")):
        there = {**storage, "Location": f"s3://statistics-lake/{location}/"}
        keys: Any = [{"Name": "year", "Type": "int"}]
        table: Any = {
            "Name": name,
            "TableType": "EXTERNAL_TABLE",
            "StorageDescriptor": there,
            "PartitionKeys": keys,
        }
        glue.create_table(DatabaseName="measured", TableInput=table)
    partition: Any = {
        "Values": ["2026"],
        "StorageDescriptor": {**storage, "Location": f"{storage['Location']}year=2026/"},
    }
    glue.create_partition(DatabaseName="measured", TableName="sales", PartitionInput=partition)
    return glue


def ended(glue: Any, run_id: str) -> dict[str, Any]:
    """A task run once it has ended."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        answer = glue.get_column_statistics_task_run(ColumnStatisticsTaskRunId=run_id)
        run: dict[str, Any] = answer["ColumnStatisticsTaskRun"]
        if run["Status"] not in ("STARTING", "RUNNING"):
            return run
        time.sleep(0.1)
    raise AssertionError(f"column statistics task {run_id} is still {run['Status']}")


def measured(glue: Any, table: str = "sales", **request: Any) -> dict[str, Any]:
    """Run a task to its end."""
    answer = glue.start_column_statistics_task_run(
        DatabaseName="measured", TableName=table, Role="stats", **request
    )
    return ended(glue, answer["ColumnStatisticsTaskRunId"])


def shown(glue: Any, *columns: str) -> dict[str, dict[str, Any]]:
    """The statistics of columns as the catalog has them, without the word of their kind."""
    answer = glue.get_column_statistics_for_table(
        DatabaseName="measured", TableName="sales", ColumnNames=list(columns)
    )
    found = {}
    for one in answer["ColumnStatisticsList"]:
        kind = one["StatisticsData"]["Type"]
        found[one["ColumnName"]] = one["StatisticsData"][f"{kind.capitalize()}ColumnStatisticsData"]
    return found


def test_a_task_computes_what_each_type_has(glue: Any) -> None:
    run = measured(glue)
    assert (run["Status"], run.get("ErrorMessage")) == ("SUCCEEDED", None)
    assert run["ColumnNameList"] == [*TYPES, "year"]
    found = shown(glue, *TYPES, "year")
    assert found["id"] == {
        "MinimumValue": 1,
        "MaximumValue": 2,
        "NumberOfNulls": 1,
        "NumberOfDistinctValues": 2,
    }
    assert found["city"] == {
        "MaximumLength": 5,
        "AverageLength": pytest.approx(13 / 3),
        "NumberOfNulls": 0,
        "NumberOfDistinctValues": 2,
    }
    assert found["open"] == {"NumberOfTrues": 2, "NumberOfFalses": 1, "NumberOfNulls": 0}
    assert (found["kwh"]["MinimumValue"], found["kwh"]["MaximumValue"]) == (-2.5, 1.5)
    extremes = (found["price"]["MinimumValue"], found["price"]["MaximumValue"])
    assert [_decimal(one) for one in extremes] == [Decimal("-0.05"), Decimal("12.34")]
    assert found["day"]["MinimumValue"] == datetime(2025, 12, 31, tzinfo=UTC)
    first_second = int(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC).timestamp())
    assert (found['at "x"']["MinimumValue"], found['at "x"']["MaximumValue"]) == (-1, first_second)
    assert (found["year"]["MinimumValue"], found["year"]["NumberOfDistinctValues"]) == (2026, 1)
    assert "parts" not in found


def _decimal(value: dict[str, Any]) -> Decimal:
    return Decimal(int.from_bytes(value["UnscaledValue"], "big", signed=True)).scaleb(-value["Scale"])


def test_a_table_without_rows_has_no_least_value(glue: Any) -> None:
    run = measured(glue, "broken", ColumnNameList=["ID", "city"])
    assert (run["Status"], run["ColumnNameList"]) == ("SUCCEEDED", ["id", "city"])
    answer = glue.get_column_statistics_for_table(
        DatabaseName="measured", TableName="broken", ColumnNames=["id"]
    )
    data = answer["ColumnStatisticsList"][0]["StatisticsData"]["LongColumnStatisticsData"]
    assert data == {"NumberOfNulls": 0, "NumberOfDistinctValues": 0}


def test_a_sample_of_the_rows_can_be_measured(glue: Any) -> None:
    run = measured(glue, SampleSize=100.0, ColumnNameList=["id"])
    assert (run["Status"], run["SampleSize"]) == ("SUCCEEDED", 100.0)


def test_runs_are_listed_newest_first(glue: Any) -> None:
    ids = [measured(glue, ColumnNameList=["id"])["ColumnStatisticsTaskRunId"] for _ in range(2)]
    runs = glue.get_column_statistics_task_runs(DatabaseName="measured", TableName="sales")
    listed = [run["ColumnStatisticsTaskRunId"] for run in runs["ColumnStatisticsTaskRuns"]]
    assert listed[:2] == ids[::-1]
    everything = glue.list_column_statistics_task_runs(MaxResults=1)
    assert everything["ColumnStatisticsTaskRunIds"] == ids[1:]


def code_of(call: Any, **request: Any) -> str:
    with pytest.raises(ClientError) as error:
        call(DatabaseName="measured", **request)
    return str(error.value.response["Error"]["Code"])


def test_what_cannot_be_measured_is_refused(glue: Any) -> None:
    start = glue.start_column_statistics_task_run
    assert code_of(start, TableName="nope", Role="r") == "EntityNotFoundException"
    wrong = code_of(start, TableName="sales", Role="r", ColumnNameList=["nope"])
    assert wrong == "InvalidInputException"
    stopped = code_of(glue.stop_column_statistics_task_run, TableName="sales")
    assert stopped == "ColumnStatisticsTaskNotRunningException"


def test_settings_are_kept_changed_and_let_go_of(glue: Any) -> None:
    table = {"DatabaseName": "measured", "TableName": "sales"}
    glue.create_column_statistics_task_settings(
        **table, Role="stats", Schedule="cron(0 4 * * ? *)", ColumnNameList=["id"]
    )
    assert code_of(glue.create_column_statistics_task_settings, TableName="sales", Role="r") == (
        "AlreadyExistsException"
    )
    glue.update_column_statistics_task_settings(**table, SampleSize=50.0)
    glue.stop_column_statistics_task_run_schedule(**table)
    settings = glue.get_column_statistics_task_settings(**table)["ColumnStatisticsTaskSettings"]
    assert (settings["Role"], settings["SampleSize"], settings["ColumnNameList"]) == ("stats", 50.0, ["id"])
    assert settings["Schedule"] == {"ScheduleExpression": "cron(0 4 * * ? *)", "State": "NOT_SCHEDULED"}
    glue.delete_column_statistics_task_settings(**table)
    assert code_of(glue.get_column_statistics_task_settings, TableName="sales") == "EntityNotFoundException"
