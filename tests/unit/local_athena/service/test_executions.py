"""Executions that are stopped, refused or cut off."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from local_athena.errors import AthenaApiError
from local_athena.service import executions
from local_athena.service.lanes import DDL, DML, LaneSize
from tests.unit.local_athena.conftest import CALLER, Lake, make_lake

TEN_THOUSAND = "UNNEST(sequence(1, 10000))"
TERA = f"{TEN_THOUSAND} a(x) CROSS JOIN {TEN_THOUSAND} b(y) CROSS JOIN {TEN_THOUSAND} c(z)"
ENDLESS = f"SELECT sum(a.x * b.y + c.z) FROM {TERA}"


def state(lake: Lake, execution_id: str) -> str:
    found = lake.athena.get_query_execution({"QueryExecutionId": execution_id}, CALLER)["QueryExecution"]
    return str(found["Status"]["State"])


def running(lake: Lake, sql: str) -> str:
    execution_id = lake.start(sql)
    while state(lake, execution_id) == "QUEUED":
        pass
    return execution_id


def stop(lake: Lake, execution_id: str) -> dict[str, Any]:
    lake.athena.stop_query_execution({"QueryExecutionId": execution_id}, CALLER)
    return lake.wait(execution_id)


def one_at_a_time(monkeypatch: pytest.MonkeyPatch, quota: int = 9) -> None:
    sizes = {DDL: LaneSize(1, 1, 9), DML: LaneSize(1, 1, quota)}
    monkeypatch.setattr(executions, "SIZES", sizes)


def made(tmp_path: Path) -> Lake:
    lake = make_lake(tmp_path)
    lake.store.create_bucket("lake", "us-east-1")
    lake.rows("CREATE DATABASE db")
    return lake


def keys(lake: Lake) -> list[str]:
    return [file.key for file in lake.store.list_files("lake") if "/" in file.key]


def test_a_stopped_query_that_waits_ends_before_its_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_at_a_time(monkeypatch)
    lake = made(tmp_path)
    first, second = running(lake, ENDLESS), lake.start("SELECT 1")
    assert state(lake, second) == "QUEUED"
    ended = stop(lake, second)
    assert ended["Status"]["State"] == "CANCELLED"
    assert ended["Statistics"]["EngineExecutionTimeInMillis"] == 0
    assert state(lake, first) == "RUNNING"
    assert stop(lake, first)["Status"]["State"] == "CANCELLED"
    assert lake.rows("SELECT 2") == [["2"]]
    lake.athena.close()


def test_definitions_do_not_wait_for_queries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one_at_a_time(monkeypatch)
    lake = made(tmp_path)
    first = running(lake, ENDLESS)
    assert lake.rows("SHOW DATABASES") == [["db"]]
    assert state(lake, first) == "RUNNING"
    lake.athena.close()


def test_more_queries_than_the_quota_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one_at_a_time(monkeypatch, quota=2)
    lake = made(tmp_path)
    first, _ = lake.start(ENDLESS), lake.start("SELECT 1")
    with pytest.raises(AthenaApiError, match="You have exceeded the limit") as refused:
        lake.start("SELECT 2")
    assert refused.value.code == "TooManyRequestsException"
    assert refused.value.members == {"Reason": "CONCURRENT_QUERY_LIMIT_EXCEEDED"}
    stop(lake, first)
    assert lake.rows("SELECT 3") == [["3"]]
    lake.athena.close()


def test_a_statement_that_finds_too_many_waiting_to_be_read_is_refused_at_once(
    lake: Lake,
) -> None:
    admitted = lake.athena._workers._admitted
    while admitted.acquire(blocking=False):
        pass
    with pytest.raises(AthenaApiError, match="Rate exceeded") as refused:
        lake.start("SELECT 1")
    assert refused.value.code == "TooManyRequestsException"
    admitted.release()
    assert lake.rows("SELECT 1") == [["1"]]


def test_a_server_that_is_told_to_stop_fails_what_runs_and_what_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_at_a_time(monkeypatch)
    lake = made(tmp_path)
    first = running(lake, f"CREATE TABLE t WITH (format = 'PARQUET') AS SELECT x FROM {TERA}")
    second = lake.start("SELECT 1")
    lake.athena.close()
    again = make_lake(tmp_path)
    for execution_id in (first, second):
        status = again.wait(execution_id)["Status"]
        assert status["State"] == "FAILED"
        assert status["StateChangeReason"].endswith("The server stopped while the query ran")
    assert again.rows("SHOW TABLES") == []
    assert [key for key in keys(again) if first in key or second in key] == []
    again.athena.close()


@pytest.mark.parametrize(
    ("sql", "operation"),
    [
        ("CREATE TABLE u WITH (format = 'PARQUET') AS SELECT 1 AS a", "create_table"),
        ("INSERT INTO t VALUES (2)", "get_table"),
        ("INSERT INTO ice VALUES (2)", "get_table"),
        ("DELETE FROM ice", "get_table"),
        ("MSCK REPAIR TABLE t", "get_table"),
    ],
)
def test_a_stop_while_the_catalog_is_asked_changes_nothing(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, sql: str, operation: str
) -> None:
    lake.rows("CREATE TABLE t WITH (format = 'PARQUET') AS SELECT 1 AS a")
    lake.rows("CREATE TABLE ice (a int) LOCATION 's3://lake/ice/' TBLPROPERTIES ('table_type' = 'ICEBERG')")
    lake.rows("INSERT INTO ice VALUES (1)")
    before = [key for key in keys(lake) if key.startswith(("results/tables", "ice"))]
    reached, go_on = hold(lake, monkeypatch, operation)
    execution_id = lake.start(sql)
    assert reached.wait(30)
    stopping = threading.Thread(target=stop, args=(lake, execution_id))
    stopping.start()
    while not lake.athena._executions._alive[execution_id].stop.asked:
        pass
    go_on.set()
    stopping.join()
    assert state(lake, execution_id) == "CANCELLED"
    assert [key for key in keys(lake) if key.startswith(("results/tables", "ice"))] == before
    assert lake.rows("SHOW TABLES") == [["ice"], ["t"]]
    assert lake.rows("SELECT a FROM t") == lake.rows("SELECT a FROM ice") == [["1"]]


def hold(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, operation: str
) -> tuple[threading.Event, threading.Event]:
    """Let the workers' next call of a Glue operation wait; gives when it came and what lets it go on."""
    glue = lake.glue
    call, reached, go_on = getattr(glue, operation), threading.Event(), threading.Event()

    def held(**request: Any) -> Any:
        if threading.current_thread().name.startswith("athena-"):
            reached.set()
            go_on.wait(30)
        return call(**request)

    monkeypatch.setattr(glue, operation, held, raising=False)
    return reached, go_on


@pytest.mark.parametrize(
    ("sql", "operation", "rows"),
    [
        ("CREATE EXTERNAL TABLE t (a int) LOCATION 's3://lake/t/'", "create_table", []),
        ("INSERT INTO ice VALUES (2)", "update_table", [["2"]]),
    ],
)
def test_a_stop_after_the_change_is_too_late(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, sql: str, operation: str, rows: list[list[str]]
) -> None:
    lake.rows("CREATE TABLE ice (a int) LOCATION 's3://lake/ice/' TBLPROPERTIES ('table_type' = 'ICEBERG')")
    reached, go_on = hold(lake, monkeypatch, operation)
    execution_id = lake.start(sql)
    assert reached.wait(30)
    lake.athena._executions._alive[execution_id].stop.ask()
    go_on.set()
    assert lake.wait(execution_id)["Status"]["State"] == "SUCCEEDED"
    assert lake.rows("SELECT a FROM " + ("ice" if rows else "t")) == rows


def test_a_result_whose_server_was_killed_before_it_told_is_removed(tmp_path: Path) -> None:
    lake = made(tmp_path)
    done = lake.run("SELECT 1")
    left = done["QueryExecutionId"]
    lake.athena.close()
    with closing(sqlite3.connect(tmp_path / "athena" / "us-east-1.sqlite")) as database:
        database.execute("UPDATE executions SET finished = 0 WHERE id = ?", (left,))
        database.commit()
    again = make_lake(tmp_path)
    assert again.wait(left)["Status"]["State"] == "FAILED"
    assert [key for key in keys(again) if left in key] == []
    again.athena.close()
