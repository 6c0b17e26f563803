"""A query that filters a table of 100,000 partitions on one, through boto3, start to rows.

    python -m benchmarks.partitions

The goal is under 100 ms. Beside it stand the first query after the server's start, GetPartitions alone, which is the
catalog's share, and DuckDB alone on the one file, which is what is left when everything else costs nothing.
"""  # noqa: E501

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.athena import BUCKET, client, p50, query
from benchmarks.record import record
from benchmarks.servers import running_server
from local_aws import control

PARTITIONS, PLANTS, ROWS = 100_000, 100, 1000
LOCATION = f"s3://{BUCKET}/readings/"
DAY, PLANT = 777, "p42"
SQL = f"SELECT count(*), sum(kwh) FROM bench.readings WHERE day = {DAY} AND plant = '{PLANT}'"
PARQUET = {
    "InputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    "OutputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"},
    "Columns": [{"Name": "id", "Type": "bigint"}, {"Name": "kwh", "Type": "double"}],
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running_server(warm_spark=False) as settings:
        file = Path(folder) / "readings.parquet"
        pq.write_table(pa.table({"id": range(ROWS), "kwh": [i / 7 for i in range(ROWS)]}), file)
        glue = client(settings, "glue")
        fill(client(settings, "s3"), glue, file)
        control.stop(settings)
        control.start(settings)
        glue, athena = client(settings, "glue"), client(settings, "athena")
        first = milliseconds(lambda: query(athena, SQL))
        filtered = p50(lambda: query(athena, SQL))
        wanted = f"day = {DAY} AND plant = '{PLANT}'"
        asked = {"DatabaseName": "bench", "TableName": "readings", "Expression": wanted}
        catalog = p50(lambda: glue.get_partitions(**asked))
        empty = p50(lambda: query(athena, "SELECT 1"))
        alone = duckdb.connect()
        direct = p50(lambda: alone.execute(f"SELECT count(*), sum(kwh) FROM '{file}'").fetchall())
    figures = {
        "partitions": PARTITIONS,
        "first_ms": first,
        "filtered_ms": round(filtered, 2),
        "select_1_ms": round(empty, 2),
        "get_partitions_ms": round(catalog, 2),
        "duckdb_alone_ms": round(direct, 2),
        "ratio_to_select_1": round(filtered / empty, 2),
    }
    record("partitions", figures, ("duckdb", "sqlglot"))


def fill(s3: Any, glue: Any, file: Path) -> None:
    """The table with all its partitions, of which one has a file."""
    s3.create_bucket(Bucket=BUCKET)
    s3.upload_file(str(file), BUCKET, f"readings/day={DAY}/plant={PLANT}/readings.parquet")
    keys = [{"Name": "day", "Type": "int"}, {"Name": "plant", "Type": "string"}]
    table = {
        "Name": "readings", "TableType": "EXTERNAL_TABLE", "PartitionKeys": keys,
        "StorageDescriptor": {**PARQUET, "Location": LOCATION},
    }  # fmt: skip
    glue.create_database(DatabaseInput={"Name": "bench"})
    glue.create_table(DatabaseName="bench", TableInput=table)
    for day in range(PARTITIONS // PLANTS):
        entries = [partition(day, f"p{plant:02}") for plant in range(PLANTS)]
        glue.batch_create_partition(DatabaseName="bench", TableName="readings", PartitionInputList=entries)


def partition(day: int, plant: str) -> dict[str, Any]:
    location = f"{LOCATION}day={day}/plant={plant}/"
    return {"Values": [str(day), plant], "StorageDescriptor": {**PARQUET, "Location": location}}


def milliseconds(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return round((time.perf_counter() - start) * 1000, 1)


if __name__ == "__main__":
    main()
