from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_athena.errors import QueryFailed
from local_aws.caller import Caller
from local_aws.glue.catalog import CatalogStore, Tags, catalog_parts
from local_aws.glue.statistics import statistics_parts
from local_aws.glue.statistics.measures import query_of
from local_aws.glue.statistics.settings import TaskSettings
from local_aws.in_process import InProcessClient
from local_aws.services import Parts
from local_aws.settings import Settings

CALLER = Caller("000000000000", "us-east-1")
TABLE = {"DatabaseName": "lake", "TableName": "orders"}
Query = Callable[[str, str, Any], Sequence[list[str]]]


def open_glue(folder: Path, query: Query) -> tuple[Any, Parts]:
    catalog = CatalogStore(Settings(state=folder), "us-east-1")
    operations = catalog_parts(catalog, Tags(catalog))
    inner = InProcessClient("glue", Parts(*operations), CALLER)
    parts = Parts(*operations, *statistics_parts(catalog, inner, query))
    return InProcessClient("glue", parts, CALLER), parts


def with_table(folder: Path, query: Query) -> tuple[Any, Parts]:
    glue, parts = open_glue(folder, query)
    glue.create_database(DatabaseInput={"Name": "lake"})
    columns = [{"Name": "id", "Type": "bigint"}, {"Name": "tags", "Type": "array<string>"}]
    glue.create_table(
        DatabaseName="lake", TableInput={"Name": "orders", "StorageDescriptor": {"Columns": columns}}
    )
    return glue, parts


def settled(glue: Any, run_id: str) -> dict[str, Any]:
    for _ in range(400):
        run = glue.get_column_statistics_task_run(ColumnStatisticsTaskRunId=run_id)["ColumnStatisticsTaskRun"]
        if run["Status"] not in ("STARTING", "RUNNING"):
            return dict(run)
        time.sleep(0.02)
    raise AssertionError(run["Status"])


def start(glue: Any) -> str:
    return str(glue.start_column_statistics_task_run(**TABLE, Role="r")["ColumnStatisticsTaskRunId"])


def until_stopped(sql: str, database: str, stop: Any) -> Sequence[list[str]]:
    while not stop.asked:
        time.sleep(0.01)
    stop.check()
    return []


def code_of(call: Callable[..., Any], **request: Any) -> str:
    with pytest.raises(ClientError) as error:
        call(**TABLE, **request)
    return str(error.value.response["Error"]["Code"])


def test_a_second_task_waits_for_nobody_and_a_stopped_one_is_stopped(tmp_path: Path) -> None:
    glue, parts = with_table(tmp_path, until_stopped)
    run_id = start(glue)
    assert code_of(glue.start_column_statistics_task_run, Role="r") == "ColumnStatisticsTaskRunningException"
    assert parts.under_way() == [f"column statistics task {run_id}"]
    glue.stop_column_statistics_task_run(**TABLE)
    assert settled(glue, run_id)["Status"] == "STOPPED"
    assert code_of(glue.stop_column_statistics_task_run) == "ColumnStatisticsTaskNotRunningException"
    parts.close()


def test_a_failure_has_the_querys_words_and_none_of_pythons(tmp_path: Path) -> None:
    failures = iter([QueryFailed("TABLE_NOT_FOUND", "no such table"), OSError("/home/me/.laguna is gone")])

    def fail(sql: str, database: str, stop: Any) -> Sequence[list[str]]:
        raise next(failures)

    glue, parts = with_table(tmp_path, fail)
    first, second = settled(glue, start(glue)), settled(glue, start(glue))
    assert (first["Status"], second["Status"]) == ("FAILED", "FAILED")
    assert "no such table" in first["ErrorMessage"]
    assert second["ErrorMessage"] == "Internal Service Exception"
    parts.close()


def test_a_task_that_a_killed_server_left_is_failed_and_another_can_start(tmp_path: Path) -> None:
    glue, before = with_table(tmp_path, until_stopped)
    run_id = start(glue)
    again, parts = open_glue(tmp_path, lambda sql, database, stop: [["1", "2", "0", "2"]])
    left = settled(again, run_id)
    assert (left["Status"], "server stopped" in left["ErrorMessage"]) == ("FAILED", True)
    assert settled(again, start(again))["Status"] == "SUCCEEDED"
    for one in (before, parts):
        one.close()


def test_settings_start_a_task_when_they_are_due(tmp_path: Path) -> None:
    glue, parts = with_table(tmp_path, lambda sql, database, stop: [["1", "2", "0", "2"]])
    glue.create_column_statistics_task_settings(**TABLE, Role="r", Schedule="cron(0 4 * * ? *)")
    settings = next(part for part in parts._parts if isinstance(part, TaskSettings))
    settings.fire_due(datetime(2026, 11, 30, 4, 1, tzinfo=UTC))
    assert glue.list_column_statistics_task_runs()["ColumnStatisticsTaskRunIds"] == []
    settings.fire_due(datetime(2026, 11, 30, 4, 0, tzinfo=UTC))
    attempt = glue.get_column_statistics_task_settings(**TABLE)["ColumnStatisticsTaskSettings"]
    run = settled(glue, attempt["LastExecutionAttempt"]["ColumnStatisticsTaskRunId"])
    assert (run["Status"], attempt["LastExecutionAttempt"]["Status"]) == ("SUCCEEDED", "STARTED")
    found = glue.get_column_statistics_for_table(**TABLE, ColumnNames=["id"])["ColumnStatisticsList"][0]
    assert found["StatisticsData"]["LongColumnStatisticsData"]["MaximumValue"] == 2
    parts.close()


def test_names_are_identifiers_whatever_is_in_them() -> None:
    columns = [{"Name": 'x" from secret --', "Type": "boolean"}]
    sql = query_of("lake", 'or"ders', columns, None)
    assert sql.startswith('SELECT COUNT_IF("x"" from secret --")')
    assert sql.endswith('FROM "lake"."or""ders"')


def test_many_tasks_end_though_few_run_at_once(tmp_path: Path) -> None:
    at_once, most, lock = 0, 0, threading.Lock()

    def count(sql: str, database: str, stop: Any) -> Sequence[list[str]]:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        time.sleep(0.05)
        with lock:
            at_once -= 1
        return [["1", "2", "0", "2"]]

    glue, parts = with_table(tmp_path, count)
    columns = [{"Name": "id", "Type": "bigint"}]
    ids = []
    for number in range(5):
        name = f"t{number}"
        glue.create_table(
            DatabaseName="lake", TableInput={"Name": name, "StorageDescriptor": {"Columns": columns}}
        )
        answer = glue.start_column_statistics_task_run(DatabaseName="lake", TableName=name, Role="r")
        ids.append(answer["ColumnStatisticsTaskRunId"])
    assert [settled(glue, run_id)["Status"] for run_id in ids] == ["SUCCEEDED"] * 5
    assert most == 2
    parts.close()
