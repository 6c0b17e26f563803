"""Athena with many, long and over-large queries: all are answered, none holds others up, a stop ends them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from local_aws import control
from local_aws.settings import Settings
from tests.conftest import REGION, LocalAws, free_port
from tests.integration.athena_client import AthenaClient, QueryError

BUCKET = "busy"
TEN_THOUSAND = "UNNEST(sequence(1, 10000))"
TERA = f"{TEN_THOUSAND} a(x) CROSS JOIN {TEN_THOUSAND} b(y) CROSS JOIN {TEN_THOUSAND} c(z)"
ENDLESS = f"SELECT sum(a.x * b.y % 7 + c.z) FROM {TERA}"
TOO_LARGE = (
    "SELECT cardinality(array_agg(CAST(a.x * 10000 + b.y AS varchar) || ' is a text of some length')) "
    f"FROM {TEN_THOUSAND} a(x) CROSS JOIN {TEN_THOUSAND} b(y)"
)


class Busy(AthenaClient):
    """Starts statements and looks at them while they run."""

    def start(self, sql: str) -> str:
        query_id: str = self.athena.start_query_execution(
            QueryString=sql,
            ResultConfiguration={"OutputLocation": f"s3://{self.bucket}/results/"},
            QueryExecutionContext={"Database": self.database},
        )["QueryExecutionId"]
        return query_id

    def status(self, query_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.athena.get_query_execution(QueryExecutionId=query_id)
        return dict(found["QueryExecution"]["Status"])

    def running(self, sql: str) -> str:
        """A statement that has begun."""
        query_id = self.start(sql)
        deadline = time.monotonic() + 60
        while self.status(query_id)["State"] == "QUEUED":
            assert time.monotonic() < deadline
        return query_id

    def stop(self, query_id: str) -> str:
        self.athena.stop_query_execution(QueryExecutionId=query_id)
        return str(self.status(query_id)["State"])


def server(state: Path) -> LocalAws:
    settings = Settings(state=state, port=free_port(), region=REGION, warm_spark=False, athena_memory="200MB")
    control.start(settings)
    return LocalAws(settings)


def busy(aws: LocalAws) -> Busy:
    return Busy(aws, BUCKET, "busy")


def keys(aws: LocalAws) -> list[str]:
    return [o["Key"] for o in aws.client("s3").list_objects_v2(Bucket=BUCKET).get("Contents", ())]


@pytest.fixture(scope="module")
def small_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """A server whose queries have 200 MB."""
    aws = server(tmp_path_factory.mktemp("busy"))
    aws.client("s3").create_bucket(Bucket=BUCKET)
    busy(aws).run("CREATE DATABASE busy")
    yield aws
    control.stop(aws.settings)


def test_fifty_callers_at_once_get_their_own_answers(small_aws: LocalAws) -> None:
    def ask(number: int) -> list[list[str | None]]:
        return busy(small_aws).rows(f"SELECT {number}, sum(x * {number}) FROM {TEN_THOUSAND} t(x)")

    with ThreadPoolExecutor(50) as callers:
        answers = list(callers.map(ask, range(50)))
    assert answers == [[[str(n), str(n * 50005000)]] for n in range(50)]


def test_small_queries_and_definitions_are_answered_while_long_ones_run(small_aws: LocalAws) -> None:
    client = busy(small_aws)
    long = [client.start(ENDLESS) for _ in range(6)]
    assert client.rows("SELECT 1") == [["1"]]
    client.run("CREATE EXTERNAL TABLE beside (a int) LOCATION 's3://busy/beside/'")
    assert [client.status(query_id)["State"] for query_id in long] == ["RUNNING"] * 6
    assert [client.stop(query_id) for query_id in long] == ["CANCELLED"] * 6


def test_a_query_over_the_memory_limit_fails_alone(small_aws: LocalAws) -> None:
    client = busy(small_aws)
    with pytest.raises(QueryError, match="EXCEEDED_MEMORY_LIMIT: Query exceeded per-node memory limit of 95"):
        client.run(TOO_LARGE)
    assert client.rows(f"SELECT count(DISTINCT x) FROM {TEN_THOUSAND} t(x)") == [["10000"]]


@pytest.mark.parametrize(
    "sql",
    [
        ENDLESS,
        f"SELECT a.x, b.y, c.z FROM {TERA}",
        f"CREATE TABLE half WITH (format = 'TEXTFILE') AS SELECT a.x FROM {TERA}",
    ],
    ids=["while it computes", "while its result is written", "while its table is written"],
)
def test_a_stopped_query_leaves_nothing(small_aws: LocalAws, sql: str) -> None:
    client, before = busy(small_aws), keys(small_aws)
    query_id = client.running(sql)
    assert client.stop(query_id) == "CANCELLED"
    assert keys(small_aws) == before
    assert client.rows("SHOW TABLES 'half'") == []


def test_pages_of_a_large_result_hold_every_row_once(small_aws: LocalAws) -> None:
    client = busy(small_aws)
    done = client.run(f"SELECT x + y FROM {TEN_THOUSAND} t(x) CROSS JOIN (VALUES 0, 10000) u(y) ORDER BY 1")
    query_id, found, tokens = done["QueryExecutionId"], [], []
    token: dict[str, str] = {}
    while True:
        page = client.athena.get_query_results(QueryExecutionId=query_id, **token)
        found += [row["Data"][0]["VarCharValue"] for row in page["ResultSet"]["Rows"]]
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
        tokens.append(token)
    assert found == ["_col0", *map(str, range(1, 20001))]
    late = client.athena.get_query_results(QueryExecutionId=query_id, MaxResults=2, **tokens[14])
    assert [row["Data"][0]["VarCharValue"] for row in late["ResultSet"]["Rows"]] == ["15000", "15001"]


def test_what_a_killed_server_leaves_unfinished_has_failed_at_the_next_start(tmp_path: Path) -> None:
    aws = server(tmp_path)
    aws.client("s3").create_bucket(Bucket=BUCKET)
    busy(aws).run("CREATE DATABASE busy")
    before = keys(aws)
    query_id = busy(aws).running(ENDLESS)
    kill(aws.settings)
    control.start(aws.settings)
    status = busy(aws).status(query_id)
    assert status["State"] == "FAILED"
    assert status["StateChangeReason"].endswith("The server stopped while the query ran")
    assert keys(aws) == before
    control.stop(aws.settings)


def kill(settings: Settings) -> None:
    found = control.status(settings)
    assert found is not None
    os.kill(found.pid, signal.SIGKILL)
    while control.status(settings) is not None:
        time.sleep(0.05)
