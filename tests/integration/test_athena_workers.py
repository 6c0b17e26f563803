"""Queries run in processes of their own: what one does to its process reaches no client and no table."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from benchmarks.hostile_statements import STATEMENTS
from local_aws import control
from local_aws.settings import Settings
from tests.conftest import REGION, LocalAws, free_port
from tests.integration.test_athena_concurrency import BUCKET, ENDLESS, TERA, Busy, busy, keys, kill

WORKER = "local_athena.workers.fork_server"
DEAF, GREEDY = STATEMENTS["levenshtein of pairs"], STATEMENTS["concat doubling"]
"""A statement that hears no interrupt, for Python computes it, and one that takes all memory there is."""


def server(state: Path) -> LocalAws:
    settings = Settings(state=state, port=free_port(), region=REGION, warm_spark=False, athena_memory="400MB")
    control.start(settings)
    return LocalAws(settings)


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    made = server(tmp_path_factory.mktemp("workers"))
    made.client("s3").create_bucket(Bucket=BUCKET)
    busy(made).run("CREATE DATABASE busy")
    yield made
    control.stop(made.settings)


def processes(settings: Settings) -> list[int]:
    """The fork server and its workers."""
    found = control.status(settings)
    assert found is not None
    forking = [pid for pid in children(found.pid) if WORKER in command(pid)]
    return [*forking, *(child for pid in forking for child in children(pid))]


def children(pid: int) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(folder.name))
    return found


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def working(settings: Settings) -> int:
    """The worker that has computed most: the one that runs the long statement."""
    workers = [pid for pid in processes(settings)[1:] if command(pid)]

    def ticks(pid: int) -> int:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    before = {pid: ticks(pid) for pid in workers}
    time.sleep(1)
    return max(workers, key=lambda pid: ticks(pid) - before[pid])


def awaited(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def ended(client: Busy, query_id: str) -> dict[str, Any]:
    awaited(lambda: client.status(query_id)["State"] not in ("QUEUED", "RUNNING"), 60)
    return client.status(query_id)


def test_others_are_answered_while_a_statement_runs_that_hears_nothing_and_it_stops(aws: LocalAws) -> None:
    client = busy(aws)
    query_id = client.running(DEAF)
    assert client.rows("SELECT 1") == [["1"]]
    aws.client("s3").put_object(Bucket=BUCKET, Key="beside", Body=b"x")
    assert aws.client("s3").get_object(Bucket=BUCKET, Key="beside")["Body"].read() == b"x"
    assert client.stop(query_id) == "CANCELLED"
    assert client.status(query_id)["StateChangeReason"] == "Query cancelled by user"


def test_a_statement_that_takes_all_memory_fails_alone(aws: LocalAws) -> None:
    client = busy(aws)
    query_id = client.running(GREEDY)
    assert client.rows("SELECT 1") == [["1"]]
    assert "EXCEEDED_MEMORY_LIMIT" in ended(client, query_id)["StateChangeReason"]


def test_a_statement_that_is_nested_too_deep_is_refused_at_once(aws: LocalAws) -> None:
    with pytest.raises(ClientError, match="statement is too large"):
        busy(aws).start(STATEMENTS["parentheses"])
    assert busy(aws).rows("SELECT 1") == [["1"]]


@pytest.mark.parametrize(
    "sql",
    [
        f"CREATE TABLE half WITH (format = 'TEXTFILE') AS SELECT a.x FROM {TERA}",
        f"INSERT INTO whole SELECT a.x FROM {TERA}",
        f"INSERT INTO ice SELECT CAST(a.x AS int) FROM {TERA}",
    ],
    ids=["CREATE TABLE AS", "INSERT", "INSERT into Iceberg"],
)
def test_a_worker_that_is_killed_while_it_writes_leaves_nothing(aws: LocalAws, sql: str) -> None:
    client = busy(aws)
    if "whole" not in str(client.rows("SHOW TABLES")):
        client.run("CREATE TABLE whole WITH (format = 'PARQUET') AS SELECT 1 AS a")
        client.run(
            "CREATE TABLE ice (a int) LOCATION 's3://busy/ice/' TBLPROPERTIES ('table_type' = 'ICEBERG')"
        )
    before, tables = keys(aws), client.rows("SHOW TABLES")
    query_id = client.running(sql)
    for _ in range(2):  # it is run once more
        os.kill(working(aws.settings), signal.SIGKILL)
    status = ended(client, query_id)
    assert status["State"] == "FAILED"
    assert "GENERIC_INTERNAL_ERROR: Internal error" in status["StateChangeReason"]
    assert [key for key in keys(aws) if key not in before and not key.startswith("results/")] == []
    assert [key for key in keys(aws) if query_id in key] == []
    assert client.rows("SHOW TABLES") == tables
    assert client.rows("SELECT count(*) FROM whole") == [["1"]]
    assert client.rows("SELECT count(*) FROM ice") == [["0"]]


def test_a_server_that_is_killed_leaves_no_worker(tmp_path: Path) -> None:
    aws = server(tmp_path)
    aws.client("s3").create_bucket(Bucket=BUCKET)
    client = busy(aws)
    client.start(DEAF)
    client.running(ENDLESS)
    left = processes(aws.settings)
    assert len(left) > 2
    kill(aws.settings)
    awaited(lambda: not any(WORKER in command(pid) for pid in left))


def test_a_server_that_runs_hostile_statements_goes_down_within_seconds(tmp_path: Path) -> None:
    aws = server(tmp_path)
    aws.client("s3").create_bucket(Bucket=BUCKET)
    for sql in (DEAF, GREEDY, ENDLESS):
        busy(aws).running(sql)
    left = processes(aws.settings)
    began = time.monotonic()
    control.stop(aws.settings)
    assert time.monotonic() - began < 20  # a busy machine's; it took a minute and gave up when it waited
    assert not any(WORKER in command(pid) for pid in left)


def test_a_token_starts_one_execution_however_many_ask_at_once(aws: LocalAws) -> None:
    def start(number: int) -> str:
        answer = aws.client("athena").start_query_execution(
            QueryString=f"SELECT {number}",
            ClientRequestToken=f"one-of-two-{number:030}",
            ResultConfiguration={"OutputLocation": f"s3://{BUCKET}/results/"},
        )
        return str(answer["QueryExecutionId"])

    with ThreadPoolExecutor(8) as callers:
        started = list(callers.map(start, [number for number in range(60) for _ in range(2)]))
    assert started[::2] == started[1::2]
    assert len(set(started)) == 60


def test_executions_are_read_while_they_change(aws: LocalAws) -> None:
    client, done, failures = busy(aws), threading.Event(), []

    def read(ids: list[str]) -> None:
        athena = aws.client("athena")
        while not done.is_set():
            try:
                found = athena.batch_get_query_execution(QueryExecutionIds=ids[-50:])["QueryExecutions"]
                assert all("_" not in name for one in found for name in one)
            except Exception as error:
                failures.append(error)
            time.sleep(0.01)

    ids = [client.start("SELECT 1")]
    readers = [threading.Thread(target=read, args=(ids,)) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(20):
        ids.append(client.start(f"SELECT {number}"))
    for query_id in ids:
        assert ended(client, query_id)["State"] == "SUCCEEDED"
    done.set()
    for reader in readers:
        reader.join()
    assert failures == []


def test_the_health_page_tells_workers_and_lanes(aws: LocalAws) -> None:
    query_id = busy(aws).running(ENDLESS)
    found = control.status(aws.settings)
    assert found is not None
    told = found.health["athena"][REGION]
    assert told["workers"]["busy"] == told["lanes"]["DML"]["running"] == 1
    assert told["workers"]["memory"] > 0
    busy(aws).stop(query_id)
