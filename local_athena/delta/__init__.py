"""Delta Lake tables, read only as on Athena: the log says which files the table has, DuckDB reads them.

https://docs.aws.amazon.com/athena/latest/ug/delta-lake-tables.html
"""

from __future__ import annotations

from typing import Any


def location_of(table: dict[str, Any]) -> str:
    """The folder of a table, which Spark writes into the SerDe's properties."""
    descriptor = table.get("StorageDescriptor") or {}
    path = str(((descriptor.get("SerdeInfo") or {}).get("Parameters") or {}).get("path") or "")
    location = path if path.startswith(("s3://", "s3a://")) else str(descriptor.get("Location") or "")
    return location.replace("s3a://", "s3://", 1).rstrip("/") + "/"
