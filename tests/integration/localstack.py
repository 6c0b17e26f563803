"""A local AWS whose S3 is LocalStack, and what tests do with it."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from local_aws import control
from local_aws.settings import Settings
from tests.conftest import REGION, LocalAws, free_port

PATIENCE = 120.0


@contextmanager
def running(settings: Settings) -> Iterator[LocalAws]:
    """A server with these settings, stopped at the end."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_DEFAULT_REGION", REGION)
        environment.setenv("LAGUNA_WARM_SPARK", "0")
        control.start(settings)
        try:
            yield LocalAws(settings)
        finally:
            control.stop(settings)


def on_localstack(state: Path, endpoint: str | None = None) -> Settings:
    """Settings of a server on LocalStack: one of its own, or the one at `endpoint`."""
    return Settings(state=state, port=free_port(), region=REGION, s3="localstack", s3_endpoint=endpoint)


def localstack_of(aws: LocalAws) -> str:
    """Where a server's LocalStack answers."""
    found = control.status(aws.settings)
    assert found is not None
    return str(found.health["s3"]["endpoint"])


def session_of(endpoint: str) -> str:
    """What names a LocalStack from its start to its end."""
    with urllib.request.urlopen(f"{endpoint}/_localstack/info") as answer:
        return str(json.load(answer)["session_id"])


def ask(aws: LocalAws, sql: str, bucket: str, database: str = "default") -> list[list[str | None]]:
    """The rows of an Athena query; the reason as an error when it fails."""
    athena = aws.client("athena")
    execution = athena.start_query_execution(
        QueryString=sql,
        QueryExecutionContext={"Database": database},
        ResultConfiguration={"OutputLocation": f"s3://{bucket}/results/"},
    )["QueryExecutionId"]
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        status = athena.get_query_execution(QueryExecutionId=execution)["QueryExecution"]["Status"]
        if status["State"] == "SUCCEEDED":
            return rows_of(athena, execution)
        if status["State"] in ("FAILED", "CANCELLED"):
            raise RuntimeError(status["StateChangeReason"])
        time.sleep(0.05)
    raise TimeoutError(sql)


def rows_of(athena: Any, execution: str) -> list[list[str | None]]:
    """The rows of a result, header first."""
    answer = athena.get_query_results(QueryExecutionId=execution)
    return [[cell.get("VarCharValue") for cell in row["Data"]] for row in answer["ResultSet"]["Rows"]]
