"""TPC-H's 22 queries at scale 1 through Athena, against DuckDB alone on the same Parquet files and SQL.

Run it with `python -m benchmarks.tpch [SCALE]`; the tables take 300 MB of disk at scale 1.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.athena import client, query
from benchmarks.record import record
from laguna.testing.running import free_port
from local_aws import control
from local_aws.settings import Settings
from tests.tpc import create_table, generator, in_trino, write_tables

BUCKET, RUNS = "bench", 3


def main() -> None:
    """Make the tables, measure both, print and keep."""
    scale = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    with tempfile.TemporaryDirectory() as folder:
        files = make_tables(Path(folder) / "tables", scale)
        settings = Settings(state=Path(folder) / "state", port=free_port(), warm_spark=False)
        control.start(settings)
        try:
            athena = load(settings, files)
            figures = measure(athena, files)
        finally:
            control.stop(settings)
    record("tpch", {"scale": scale, **figures}, ("duckdb", "sqlglot"))


def make_tables(folder: Path, scale: float) -> dict[str, Path]:
    """A Parquet file for each table."""
    folder.mkdir()
    with generator("tpch") as made:
        made.execute(f"CALL dbgen(sf = {scale})")
        return write_tables(made, folder)


def load(settings: Settings, files: dict[str, Path]) -> Any:
    """The same files as tables of Athena."""
    s3, athena = client(settings, "s3"), client(settings, "athena")
    s3.create_bucket(Bucket=BUCKET)
    query(athena, "CREATE DATABASE tpch")
    for name, path in files.items():
        s3.upload_file(str(path), BUCKET, f"{name}/data.parquet")
        query(athena, create_table(f"tpch.{name}", path, f"s3://{BUCKET}/{name}/"))
    return athena


def measure(athena: Any, files: dict[str, Path]) -> dict[str, Any]:
    """The best of RUNS of each query, both ways, in milliseconds."""
    alone = generator("tpch")
    for name, path in files.items():
        alone.execute(f"CREATE VIEW {name} AS SELECT * FROM '{path}'")
    through: dict[str, float] = {}
    direct: dict[str, float] = {}
    for number, sql in alone.execute("SELECT query_nr, query FROM tpch_queries()").fetchall():
        text = in_trino(sql)
        key = f"q{number:02}"
        direct[key] = best(lambda text=text: alone.execute(text).fetchall())
        through[key] = best(lambda text=text: query(athena, text, "tpch"))
        print(f"{key}  athena {through[key]:8.1f} ms   duckdb {direct[key]:8.1f} ms", flush=True)
    total = sum(through.values()) / sum(direct.values())
    return {"athena_ms": through, "duckdb_ms": direct, "ratio_of_totals": round(total, 3)}


def best(run: Callable[[], Any]) -> float:
    """The fastest of RUNS runs, in milliseconds."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    return round(min(times), 1)


if __name__ == "__main__":
    main()
