"""What a finished statement leaves: its result file's content, columns, counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROWS_COLUMN = [
    {
        "CatalogName": "hive", "SchemaName": "", "TableName": "", "Name": "rows", "Label": "rows", "Type": "bigint",  # noqa: E501
        "Precision": 19, "Scale": 0, "Nullable": "UNKNOWN", "CaseSensitive": False,
    }
]  # fmt: skip


@dataclass(slots=True)
class Outcome:
    """`content` is the result file: a finished local file, or its bytes, or None for no file."""

    content: Path | bytes | None = b""
    columns: list[dict[str, Any]] = field(default_factory=list)
    update_count: int | None = None
    update_type: str | None = None
    scanned: int = 0
    content_type: str = "application/octet-stream"
    written: list[str] | None = None
    """URIs of the table files that were written, which make the data manifest; None for no manifest."""


def lines(rows: list[str], columns: list[dict[str, Any]], update_count: int | None = 0) -> Outcome:
    """The outcome of a SHOW or DESCRIBE: its rows as lines."""
    return Outcome("\n".join(rows).encode(), columns, update_count, content_type="binary/octet-stream")
