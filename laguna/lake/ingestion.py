"""Where a file goes in the lake's bucket: the folder that `[lake.ingest]` says, for its table and load date.

The table is the first whose pattern the file's name has; the load date is the one asked for, else a date in the
file's path, else today.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from fnmatch import fnmatchcase
from pathlib import PurePath

from laguna.lake.description import Ingest

_DATE = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")
_CODES = {"%Y": "{0.year:04}", "%m": "{0.month:02}", "%d": "{0.day:02}"}


def table_of(file_name: str, tables: Mapping[str, Ingest]) -> str | None:
    """The table that a file of this name belongs to, or None."""
    name = file_name.lower()
    return next((table for table, rule in tables.items() if fnmatchcase(name, rule.files)), None)


def load_date_in(path: PurePath) -> date | None:
    """The last `YYYY-MM-DD` in `path` that is a date of the calendar, or None."""
    for text in reversed(_DATE.findall(path.as_posix())):
        try:
            return date.fromisoformat(text)
        except ValueError:
            continue
    return None


def key_of(rule: Ingest, load_date: date, file_name: str) -> str:
    """The S3 key of a file."""
    folder = re.sub("%[Ymd]", lambda code: _CODES[code[0]].format(load_date), rule.to)
    return f"{folder.strip('/')}/{file_name}"
