"""Acceptance 4: other clients read the lake, and a killed server comes back with all of it."""

from __future__ import annotations

import io
import json
import os
import signal
from typing import Any

import pyarrow.parquet
import pyathena
import pytest

from tests.e2e.conftest import Installation

pytestmark = pytest.mark.spark

BUCKET = "datalake-energy-company-dev"
COUNT = "SELECT count(*) AS n FROM clientes"


def rows_in_parquet(lake: Installation, table: str) -> int:
    s3 = lake.client("s3")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=f"processed/{table}/")
    keys = [item["Key"] for page in pages for item in page["Contents"]]
    bodies = (
        s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() for key in keys if key.endswith(".parquet")
    )
    return sum(pyarrow.parquet.read_metadata(io.BytesIO(body)).num_rows for body in bodies)


def written(lake: Installation, table: str) -> int:
    count = lake.done("report")["tables"][table]["written"]
    assert isinstance(count, int)
    return count


def test_boto3_reads_the_parquet_files_of_the_processed_tables(lake: Installation) -> None:
    assert rows_in_parquet(lake, "clientes") == written(lake, "clientes")


def test_pyathena_reads_a_processed_table(lake: Installation) -> None:
    with pyathena.connect(
        s3_staging_dir=f"s3://{BUCKET}/athena-query-results/",
        region_name="us-east-1",
        endpoint_url=lake.endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        schema_name="energy_processed_db",
        poll_interval=0.1,
    ) as connection:
        cursor = connection.cursor()
        cursor.execute(COUNT)
        assert cursor.fetchall() == [(written(lake, "clientes"),)]
        assert cursor.description[0][:2] == ("n", "bigint")


def test_the_aws_cli_lists_the_zones_and_runs_a_query(lake: Installation) -> None:
    aws = ("--endpoint-url", lake.endpoint, "--output", "json")
    listed = lake.run("aws", *aws, "s3", "ls", f"s3://{BUCKET}/processed/")
    assert listed.code == 0, listed.err
    assert {"clientes/", "proveedores/", "transacciones/"} <= set(listed.out.split())
    started = lake.run(
        "aws", *aws, "athena", "start-query-execution", "--query-string", COUNT,
        "--query-execution-context", "Database=energy_processed_db",
        "--result-configuration", f"OutputLocation=s3://{BUCKET}/athena-query-results/",
    )  # fmt: skip
    assert started.code == 0, started.err
    query_id = started.json()["QueryExecutionId"]
    while True:
        looked = lake.run("aws", *aws, "athena", "get-query-execution", "--query-execution-id", query_id)
        status = json.loads(looked.out)["QueryExecution"]["Status"]
        if status["State"] not in ("QUEUED", "RUNNING"):
            break
    assert status["State"] == "SUCCEEDED", status
    results = lake.run("aws", *aws, "athena", "get-query-results", "--query-execution-id", query_id)
    assert results.json()["ResultSet"]["Rows"][1]["Data"][0]["VarCharValue"] == str(written(lake, "clientes"))


def test_a_second_deploy_says_there_is_nothing_to_change(lake: Installation) -> None:
    assert lake.done("deploy")["outcome"] == "unchanged"
    assert "There is nothing to change" in lake.laguna("deploy").out


def test_a_killed_server_comes_back_with_everything(lake: Installation) -> None:
    before = everything(lake)
    os.kill(lake.done("status")["server"]["pid"], signal.SIGKILL)
    lake.done("up")
    assert everything(lake) == before
    assert lake.done("deploy")["outcome"] == "unchanged"
    lake.done("run")


def everything(lake: Installation) -> dict[str, Any]:
    """What clients can see, of our services and of moto's."""
    executions = lake.client("stepfunctions").list_executions(
        stateMachineArn=lake.done("status")["stack"]["StateMachineArn"]
    )["executions"]
    runs = lake.client("glue").get_job_runs(JobName="clientes")["JobRuns"]
    return {
        "report": lake.done("report"),
        "tables": [
            table["Name"]
            for table in lake.client("glue").get_tables(DatabaseName="energy_processed_db")["TableList"]
        ],
        "executions": sorted((item["name"], item["status"]) for item in executions),
        "runs": [(run["Id"], run["JobRunState"]) for run in runs],
        "roles": sorted(role["RoleName"] for role in lake.client("iam").list_roles()["Roles"]),
        "logs": lake.done("logs", "clientes")["events"],
        "buckets": lake.done("status")["buckets"],
    }


def test_the_engine_here_answers_as_athena_does_and_says_the_price_before(lake: Installation) -> None:
    sql = "SELECT ciudad, count(*) AS n FROM clientes GROUP BY ciudad ORDER BY 2 DESC, 1"
    athena = lake.done("query", sql)
    here = lake.done("query", "--engine", "duckdb", sql)
    assert here == athena
    assert lake.done("query", "--estimate", sql)["rows"][0][0] == athena["scanned_bytes"]
