"""Where a CSV file goes in the raw zone: `raw/<table>/year=YYYY/month=MM/day=DD/<file name>`.

The table is the one that the file's name starts with; the load date is the one asked for, else a date in the
file's path, else today.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import PurePath

TABLES = ("clientes", "proveedores", "transacciones")

_DATE = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")


def table_of(file_name: str) -> str | None:
    """The table that a file of this name belongs to, or None."""
    name = file_name.lower()
    return next((table for table in TABLES if name.startswith(table)), None)


def load_date_in(path: PurePath) -> date | None:
    """The last `YYYY-MM-DD` in `path` that is a date of the calendar, or None."""
    for text in reversed(_DATE.findall(path.as_posix())):
        try:
            return date.fromisoformat(text)
        except ValueError:
            continue
    return None


def raw_key(table: str, load_date: date, file_name: str) -> str:
    """The S3 key of a raw file."""
    return f"raw/{table}/{partition_of(load_date)}/{file_name}"


def partition_of(load_date: date) -> str:
    """The Hive-style folders of a load date."""
    return f"year={load_date:%Y}/month={load_date:%m}/day={load_date:%d}"
