"""Athena's Iceberg tables: pyiceberg plans and commits, DuckDB reads and writes the Parquet files.

The package is imported only when a statement names an Iceberg table, as pyiceberg takes a second to load.
https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg.html
"""

from __future__ import annotations

from typing import Any


def is_iceberg(table: dict[str, Any]) -> bool:
    """Whether a Glue table is an Iceberg table."""
    return str((table.get("Parameters") or {}).get("table_type", "")).upper() == "ICEBERG"
