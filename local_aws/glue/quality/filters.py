"""The filters of data quality's listings: each member that is there must fit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

Document = Mapping[str, Any]


def is_before(moment: datetime, limit: datetime | None) -> bool:
    """Whether a time is before a limit, if there is one."""
    return limit is None or moment < limit


def is_after(moment: datetime, limit: datetime | None) -> bool:
    """Whether a time is after a limit, if there is one."""
    return limit is None or moment > limit


def same_table(source: Document | None, wanted: Document | None) -> bool:
    """Whether a source or target is of the database and table that are wanted, if any are."""
    if not wanted:
        return True
    mine, theirs = _table(source or {}), _table(wanted)
    return all(mine.get(name) == theirs.get(name) for name in ("DatabaseName", "TableName"))


def _table(source: Document) -> Document:
    """The table of a DataSource, or what names one itself."""
    found: Document = source.get("GlueTable") or source.get("DataQualityGlueTable") or source
    return found
