"""DESCRIBE FORMATTED: a table's columns and everything the catalog knows of it, laid out as Hive does.

https://docs.aws.amazon.com/athena/latest/ug/describe-table.html
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

TITLE = "\t".join(text.ljust(20) for text in ("# col_name", "data_type", "comment"))
BLANK = "\t \t "


def formatted(table: dict[str, Any]) -> list[str]:
    """The lines of a table as Glue gives it."""
    descriptor = table.get("StorageDescriptor") or {}
    rows = [TITLE, BLANK, *_columns(descriptor.get("Columns"))]
    if table.get("PartitionKeys"):
        rows += [BLANK, "# Partition Information\t \t ", TITLE, BLANK, *_columns(table["PartitionKeys"])]
    rows += [BLANK, "# Detailed Table Information\t \t ", *_pairs(_details(table))]
    rows += ["Table Parameters:\t \t ", *_parameters(table.get("Parameters"))]
    rows += [BLANK, "# Storage Information\t \t ", *_pairs(_storage(descriptor))]
    serde = (descriptor.get("SerdeInfo") or {}).get("Parameters")
    return [*rows, "Storage Desc Params:\t \t ", *_parameters(serde)] if serde else rows


def _columns(columns: Any) -> list[str]:
    return [
        "\t".join(str(column.get(key) or "").ljust(20) for key in ("Name", "Type", "Comment"))
        for column in columns or ()
    ]


def _pairs(values: dict[str, str]) -> list[str]:
    return [f"{name.ljust(20)}\t{value.ljust(20)}\t " for name, value in values.items()]


def _parameters(values: Any) -> list[str]:
    return [f"\t{key.ljust(20)}\t{str(value).ljust(20)}" for key, value in sorted((values or {}).items())]


def _details(table: dict[str, Any]) -> dict[str, str]:
    return {
        "Database:": str(table.get("DatabaseName") or ""),
        "Owner:": str(table.get("Owner") or ""),
        "CreateTime:": _moment(table.get("CreateTime")),
        "LastAccessTime:": _moment(table.get("LastAccessTime")),
        "Protect Mode:": "None",
        "Retention:": str(table.get("Retention") or 0),
        "Location:": str((table.get("StorageDescriptor") or {}).get("Location") or ""),
        "Table Type:": str(table.get("TableType") or ""),
    }


def _moment(value: datetime | None) -> str:
    return value.astimezone(UTC).strftime("%a %b %d %H:%M:%S UTC %Y") if value is not None else "UNKNOWN"


def _storage(descriptor: dict[str, Any]) -> dict[str, str]:
    sorted_by = ", ".join(str(column.get("Column")) for column in descriptor.get("SortColumns") or ())
    return {
        "SerDe Library:": str((descriptor.get("SerdeInfo") or {}).get("SerializationLibrary") or ""),
        "InputFormat:": str(descriptor.get("InputFormat") or ""),
        "OutputFormat:": str(descriptor.get("OutputFormat") or ""),
        "Compressed:": "Yes" if descriptor.get("Compressed") else "No",
        "Num Buckets:": str(descriptor.get("NumberOfBuckets") or -1),
        "Bucket Columns:": f"[{', '.join(descriptor.get('BucketColumns') or ())}]",
        "Sort Columns:": f"[{sorted_by}]",
    }
