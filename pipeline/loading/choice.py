"""Choose the load dates that a run takes: `pending`, `all`, or one date.

A load date is pending when its raw files are not those its report names, by key and ETag. Times would not do:
S3 counts in seconds, and a file that arrives while a job runs is older than that job's report.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

Files = Mapping[str, str]
"""ETag by key."""

PENDING, ALL = "pending", "all"


def load_dates(asked: str, raw: Mapping[date, Files], loaded: Mapping[date, Files]) -> list[date]:
    """The load dates to take, oldest first.

    Args:
        asked: `pending`, `all` or `YYYY-MM-DD`; a date without raw files gives none, since a load date need
        not have files for every table.
        raw: the files of each load date.
        loaded: the files of each load date that its report names.

    Raises:
        ValueError: `asked` is none of these.
    """
    if asked == ALL:
        return sorted(raw)
    if asked == PENDING:
        return sorted(day for day, files in raw.items() if loaded.get(day) != files)
    return [day for day in [_date(asked)] if day in raw]


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        choices: Collection[str] = (PENDING, ALL)
        raise ValueError(f"--load_date is '{text}'; it must be {', '.join(choices)} or YYYY-MM-DD") from error
