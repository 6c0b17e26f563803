"""Cron schedules as Glue writes them: `cron(15 12 * * ? *)`, six fields, in UTC.

https://docs.aws.amazon.com/glue/latest/dg/monitor-data-warehouse-schedule.html
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import datetime

from local_aws.glue.catalog.errors import invalid

MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
WEEKDAYS = {"SUN": 1, "MON": 2, "TUE": 3, "WED": 4, "THU": 5, "FRI": 6, "SAT": 7}
FIELDS: tuple[tuple[int, int, dict[str, int]], ...] = (
    (0, 59, {}),
    (0, 23, {}),
    (1, 31, {}),
    (1, 12, MONTHS),
    (1, 7, WEEKDAYS),
    (1970, 2199, {}),
)
"""Least and greatest value, and names, of minutes, hours, day of month, month, day of week, year."""
LEAST_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Schedule:
    """The values of each field at which a schedule is due."""

    fields: tuple[frozenset[int], ...]

    def is_due(self, time: datetime) -> bool:
        """Whether the schedule is due in the minute of `time` (UTC)."""
        weekday = time.isoweekday() % 7 + 1
        values = (time.minute, time.hour, time.day, time.month, weekday, time.year)
        return all(value in wanted for value, wanted in zip(values, self.fields, strict=True))


def parse_schedule(text: str) -> Schedule:
    """A schedule.

    Raises:
        AwsError: InvalidInputException, it is not one, or is due more often than every five minutes.
    """
    found = re.fullmatch(r"cron\((.*)\)", text.strip())
    parts = found.group(1).split() if found else []
    if len(parts) != len(FIELDS) or (parts[2] == "?") == (parts[4] == "?"):
        raise _wrong(text)
    fields = tuple(
        _values(part, least, most, names, text)
        for part, (least, most, names) in zip(parts, FIELDS, strict=True)
    )
    minutes = sorted(fields[0])
    gaps = [later - earlier for earlier, later in zip(minutes, [*minutes[1:], minutes[0] + 60], strict=True)]
    if min(gaps) < LEAST_MINUTES:
        raise invalid(f"Schedule '{text}' is due more often than every {LEAST_MINUTES} minutes.")
    return Schedule(fields)


def _values(part: str, least: int, most: int, names: dict[str, int], text: str) -> frozenset[int]:
    values: set[int] = set()
    for item in part.upper().split(","):
        values |= _range(item, least, most, names, text)
    return frozenset(values)


def _range(item: str, least: int, most: int, names: dict[str, int], text: str) -> set[int]:
    """The values of `*`, `?`, `5`, `MON-FRI`, `0/15` or `10-40/10`."""
    span, slash, step_text = item.partition("/")
    first_text, dash, last_text = span.partition("-")
    try:
        step = int(step_text) if slash else 1
        if span in ("*", "?"):
            first, last = least, most
        else:
            first = names.get(first_text) or int(first_text)
            last = names.get(last_text) or int(last_text) if dash else (most if slash else first)
    except ValueError as error:
        raise _wrong(text) from error
    if not least <= first <= last <= most or step < 1:
        raise _wrong(text)
    return set(range(first, last + 1, step))


def _wrong(text: str) -> Exception:
    return invalid(f"Schedule '{text}' is not a cron expression of six fields that Laguna understands.")
