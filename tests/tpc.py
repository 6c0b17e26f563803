"""The tables and queries of TPC-H and TPC-DS, from DuckDB's generators, for the tests and the benchmarks.

The generators come as wheels, so that nothing is downloaded.
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb

HIVE = {"INTEGER": "int", "BIGINT": "bigint", "DATE": "date", "VARCHAR": "string"}


def generator(name: str) -> Any:
    """A DuckDB with the generator `tpch` or `tpcds`."""
    spec = find_spec(f"duckdb_extension_{name}")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "extensions" / f"v{duckdb.__version__}"
    connection = duckdb.connect()
    connection.execute(f"LOAD '{folder / name}.duckdb_extension'")
    return connection


def write_tables(connection: Any, folder: Path) -> dict[str, Path]:
    """A Parquet file for each table that was generated."""
    names = [row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
    for name in names:
        connection.execute(f"COPY {name} TO '{folder / name}.parquet' (FORMAT parquet)")
    return {name: folder / f"{name}.parquet" for name in names}


def create_table(name: str, path: Path, location: str) -> str:
    """Athena's statement for a table of a file's columns."""
    described = duckdb.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()
    columns = ", ".join(f"{row[0]} {HIVE.get(row[1], row[1].lower())}" for row in described)
    return f"CREATE EXTERNAL TABLE {name} ({columns}) STORED AS PARQUET LOCATION '{location}'"


def in_trino(sql: str) -> str:
    """DuckDB's text without what Trino refuses: text for a date, a number for days, an alias as a key."""
    day = r"('\d{4}-\d{2}-\d{2}')"
    sql = re.sub(rf"(d_date\s*(?:=|<=|>=|<|>|\bBETWEEN\b)\s*){day}", r"\1DATE \2", sql)
    sql = re.sub(rf"(d_date\s+IN\s*\(){day}\s*,\s*{day}\s*,\s*{day}", r"\1DATE \2, DATE \3, DATE \4", sql)
    sql = re.sub(r"(d_date\s*\+\s*)(\d+)", r"\1INTERVAL '\2' DAY", sql)
    return re.sub(r"GROUP BY\s+supplier_no", "GROUP BY l_suppkey", sql).strip().rstrip(";")
