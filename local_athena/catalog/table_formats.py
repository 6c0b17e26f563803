"""Which format a table of Glue has, by what the catalog says of it."""

from __future__ import annotations

from typing import Any

from local_athena.catalog.input_formats import SYMLINK


def is_iceberg(table: dict[str, Any]) -> bool:
    """Whether a Glue table is an Iceberg table."""
    return str((table.get("Parameters") or {}).get("table_type", "")).upper() == "ICEBERG"


def is_delta(table: dict[str, Any]) -> bool:
    """Whether a Glue table is a Delta Lake table; one over a manifest of links is not read by its log."""
    parameters = table.get("Parameters") or {}
    named = (parameters.get("table_type"), parameters.get("spark.sql.sources.provider"))
    by_links = (table.get("StorageDescriptor") or {}).get("InputFormat") == SYMLINK
    return not by_links and any(str(name).lower() == "delta" for name in named)
