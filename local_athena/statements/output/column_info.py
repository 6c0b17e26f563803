"""ResultSetMetadata: how Athena reports a column's type, precision, scale and case."""

from __future__ import annotations

from typing import Any

from local_athena.sql.typed import Column
from local_athena.types.trino import TrinoType

PRECISIONS = {
    "tinyint": 3,
    "smallint": 5,
    "integer": 10,
    "bigint": 19,
    "real": 17,
    "double": 17,
    "varbinary": 1073741824,
}
TIMES = ("timestamp", "time", "timestamp with time zone", "time with time zone")


def column_info(name: str, type_: TrinoType) -> dict[str, Any]:
    """One ColumnInfo."""
    base = type_.base
    precision = PRECISIONS.get(base, 0)
    if base in ("varchar", "char", "decimal"):
        precision = type_.precision
    elif base in TIMES:
        precision = 3
    return info(
        name,
        "float" if base == "real" else base,
        precision,
        type_.scale if base == "decimal" else 0,
        base in ("varchar", "char"),
    )


def info(
    name: str, type_name: str, precision: int = 0, scale: int = 0, case_sensitive: bool = False
) -> dict[str, Any]:
    """A ColumnInfo of a type by its Athena name."""
    return {
        "CatalogName": "hive",
        "SchemaName": "",
        "TableName": "",
        "Name": name,
        "Label": name,
        "Type": type_name,
        "Precision": precision,
        "Scale": scale,
        "Nullable": "UNKNOWN",
        "CaseSensitive": case_sensitive,
    }


def column_infos(columns: tuple[Column, ...]) -> list[dict[str, Any]]:
    """The ColumnInfo of each output column; unnamed ones are `_colN`."""
    return [column_info(c.name if c.name is not None else f"_col{i}", c.type) for i, c in enumerate(columns)]
