"""`SELECT 1` and `count(*)` over 1,000,000 rows through boto3, against their limits: DuckDB alone on the same
file, and three calls of boto3 that ask for nothing, which no query through the API can undercut.

Run it with `python -m benchmarks.athena`; it starts a server of its own in a temporary folder.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.record import record
from laguna.testing.running import free_port
from local_aws import control
from local_aws.settings import Settings

ROWS, RUNS, BUCKET = 1_000_000, 60, "bench"


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(state=Path(folder) / "state", port=free_port(), warm_spark=False)
        control.start(settings)
        try:
            measure(settings, Path(folder))
        finally:
            control.stop(settings)


def measure(settings: Settings, folder: Path) -> None:
    athena = client(settings, "athena")
    path = folder / "million.parquet"
    pq.write_table(
        pa.table({"id": pa.array(range(ROWS)), "kwh": pa.array([i / 7 for i in range(ROWS)])}), path
    )
    client(settings, "s3").create_bucket(Bucket=BUCKET)
    client(settings, "s3").upload_file(str(path), BUCKET, "million/f.parquet")
    query(athena, "CREATE DATABASE bench")
    query(
        athena,
        "CREATE EXTERNAL TABLE bench.million (id bigint, kwh double) STORED AS PARQUET "
        f"LOCATION 's3://{BUCKET}/million/'",
    )
    alone = duckdb.connect()
    calls = p50(lambda: [athena.get_work_group(WorkGroup="primary") for _ in range(3)])
    figures: dict[str, float] = {"three_calls_ms": calls}
    for name, ours, theirs in (
        ("select_1", "SELECT 1", "SELECT 1"),
        ("count", "SELECT count(*) FROM bench.million", f"SELECT count(*) FROM '{path}'"),
        ("sum", "SELECT sum(kwh) FROM bench.million", f"SELECT sum(kwh) FROM '{path}'"),
    ):
        through = p50(lambda sql=ours: query(athena, sql))
        direct = p50(lambda sql=theirs: alone.execute(sql).fetchall())
        figures |= {
            f"{name}_ms": through,
            f"{name}_duckdb_ms": direct,
            f"{name}_to_limit": through / (direct + calls),
        }
    record("athena", {key: round(value, 2) for key, value in figures.items()}, ("duckdb", "sqlglot", "boto3"))


def client(settings: Settings, service: str) -> Any:
    return boto3.client(
        service, endpoint_url=settings.endpoint, region_name=settings.region,
        aws_access_key_id="test", aws_secret_access_key="test",
    )  # fmt: skip


def query(athena: Any, sql: str, database: str = "default") -> Any:
    """Start, wait and read the rows, as a client does."""
    query_id = athena.start_query_execution(
        QueryString=sql,
        ResultConfiguration={"OutputLocation": f"s3://{BUCKET}/results/"},
        QueryExecutionContext={"Database": database},
    )["QueryExecutionId"]
    while True:
        status = athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]["Status"]
        if status["State"] == "SUCCEEDED":
            return athena.get_query_results(QueryExecutionId=query_id)["ResultSet"]["Rows"]
        if status["State"] != "QUEUED" and status["State"] != "RUNNING":
            raise RuntimeError(status.get("StateChangeReason"))


def p50(run: Callable[[], Any]) -> float:
    """The median of RUNS runs, in milliseconds, after three that are not counted."""
    for _ in range(3):
        run()
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    main()
