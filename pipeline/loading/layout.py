"""Where a load date of a table lies: `raw/` in, `processed/` and `rejected/` out, and its report."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

REPORTS = "rejected/_reports"

_PARTITION = re.compile(r"/year=(\d{4})/month=(\d{2})/day=(\d{2})/")


def partition_of(load_date: date) -> str:
    """The Hive-style folders of a load date."""
    return f"year={load_date:%Y}/month={load_date:%m}/day={load_date:%d}"


def raw_prefix(table: str) -> str:
    """Below it are all the table's raw files."""
    return f"raw/{table}/"


def raw_folder(table: str, load_date: date) -> str:
    """The folder of a load date's raw files."""
    return f"raw/{table}/{partition_of(load_date)}"


def processed_folder(table: str, load_date: date) -> str:
    """The partition of a load date's good rows."""
    return f"processed/{table}/{partition_of(load_date)}"


def rejected_folder(table: str, load_date: date) -> str:
    """The partition of a load date's refused rows."""
    return f"rejected/{table}_rechazados/{partition_of(load_date)}"


def reports_prefix(table: str) -> str:
    """Below it are all the table's load reports. Its underscore hides it from crawlers and Athena."""
    return f"{REPORTS}/{table}/"


def report_key(table: str, load_date: date) -> str:
    """The load report of a load date; when it is there, the load date is loaded."""
    return f"{REPORTS}/{table}/{partition_of(load_date)}/report.json"


def load_date_of(key: str) -> date | None:
    """The load date in a key's folders, or None."""
    match = _PARTITION.search(key)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def by_load_date(etags: Mapping[str, str]) -> dict[date, dict[str, str]]:
    """Raw files by their load date: ETag by key.

    Left out are keys outside a load date's folder, folder markers, and names that begin with `_` or `.`,
    which Spark and Athena take for hidden.
    """
    found: dict[date, dict[str, str]] = {}
    for key, etag in etags.items():
        load_date = load_date_of(key)
        is_hidden = any(part.startswith(("_", ".")) for part in key.split("/"))
        if load_date is not None and not key.endswith("/") and not is_hidden:
            found.setdefault(load_date, {})[key] = etag
    return dict(sorted(found.items()))
