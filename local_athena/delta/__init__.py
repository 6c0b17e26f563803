"""Delta Lake tables, read only as on Athena: the log says which files the table has, DuckDB reads them.

https://docs.aws.amazon.com/athena/latest/ug/delta-lake-tables.html
"""

from __future__ import annotations

from typing import Any

from local_athena.catalog.input_formats import SYMLINK


def is_delta(table: dict[str, Any]) -> bool:
    """Whether a Glue table is a Delta Lake table; one over a manifest of links is not read by its log."""
    parameters = table.get("Parameters") or {}
    named = (parameters.get("table_type"), parameters.get("spark.sql.sources.provider"))
    by_links = (table.get("StorageDescriptor") or {}).get("InputFormat") == SYMLINK
    return not by_links and any(str(name).lower() == "delta" for name in named)


def location_of(table: dict[str, Any]) -> str:
    """The folder of a table, which Spark writes into the SerDe's properties."""
    descriptor = table.get("StorageDescriptor") or {}
    path = str(((descriptor.get("SerdeInfo") or {}).get("Parameters") or {}).get("path") or "")
    location = path if path.startswith(("s3://", "s3a://")) else str(descriptor.get("Location") or "")
    return location.replace("s3a://", "s3://", 1).rstrip("/") + "/"
