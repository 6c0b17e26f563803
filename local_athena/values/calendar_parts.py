"""Fields, truncation, addition and differences for times and zoned timestamps, by the wall clock of their
zone.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from local_athena.values import zones
from local_athena.values.binary import bad_argument
from local_athena.values.texts import WIDE

MILLIS = {
    "millisecond": 1,
    "second": 1000,
    "minute": 60000,
    "hour": 3600000,
    "day": 86400000,
    "week": 604800000,
}
MONTHS = {"month": 1, "quarter": 3, "year": 12}
EPOCH = datetime(1970, 1, 1)


@cache
def interval_part(name: str, base: str) -> Callable[[int], int]:
    """A field of an interval."""
    size, rest = {
        "day": (86400000, 10**18), "hour": (3600000, 24), "minute": (60000, 60), "second": (1000, 60),
        "millisecond": (1, 1000), "year": (12, 10**18), "month": (1, 12), "day_of_month": (86400000, 10**18),
    }[name]  # fmt: skip

    def part(value: int) -> int:
        made = abs(value) // size % rest
        return -made if value < 0 else made

    part.__qualname__ = f"interval_part_{name}_{base}"
    return part


@cache
def time_part(name: str) -> Callable[[Any], int]:
    """A field of a time, with or without an offset."""

    def part(value: Any) -> int:
        clock: time = value["t"] if isinstance(value, dict) else value
        return clock.microsecond // 1000 if name == "millisecond" else int(getattr(clock, name))

    part.__qualname__ = f"time_part_{name}"
    return part


def _offset(value: zones.Zoned) -> int:
    return int(value["o"]) if "o" in value else zones.offset_minutes(value)


def zone_hour(value: zones.Zoned) -> int:
    """timezone_hour."""
    return int(_offset(value) / 60)


def zone_minute(value: zones.Zoned) -> int:
    """timezone_minute."""
    minutes = _offset(value)
    return abs(minutes) % 60 * (-1 if minutes < 0 else 1)


def _cut(wall: datetime, unit: str) -> datetime:
    if unit == "millisecond":
        return wall.replace(microsecond=wall.microsecond // 1000 * 1000)
    day = wall.replace(hour=0, minute=0, second=0, microsecond=0)
    cuts = {
        "second": lambda: wall.replace(microsecond=0),
        "minute": lambda: wall.replace(second=0, microsecond=0),
        "hour": lambda: wall.replace(minute=0, second=0, microsecond=0),
        "day": lambda: day,
        "week": lambda: day - timedelta(days=day.weekday()),
        "month": lambda: day.replace(day=1),
        "quarter": lambda: day.replace(day=1, month=(day.month - 1) // 3 * 3 + 1),
        "year": lambda: day.replace(day=1, month=1),
    }
    return cuts[unit]()


@cache
def truncate(unit: str) -> Callable[[Any], Any]:
    """date_trunc of a time or a zoned timestamp."""

    def cut(value: Any) -> Any:
        if isinstance(value, time):
            return _cut(datetime.combine(date(2000, 1, 1), value), unit).time()
        if "o" in value:
            return {**value, "t": cut(value["t"])}
        if unit in ("millisecond", "second", "minute"):
            return {**value, "t": _cut(value["t"], unit)}
        return {**value, **zones.instant_of(_cut(zones.local_of(value), unit), value["z"])}

    cut.__qualname__ = f"truncate_{unit}"
    return cut


def _months_on(wall: datetime, months: int) -> datetime:
    year, month = divmod(wall.year * 12 + wall.month - 1 + months, 12)
    return wall.replace(
        year=year, month=month + 1, day=min(wall.day, calendar.monthrange(year, month + 1)[1])
    )


@cache
def add(unit: str) -> Callable[[Any, int], Any]:
    """date_add of days and more to a zoned timestamp, by its wall clock."""

    def added(value: Any, amount: int) -> Any:
        wall = zones.local_of(value)
        moved = (
            _months_on(wall, amount * MONTHS[unit])
            if unit in MONTHS
            else wall + timedelta(milliseconds=amount * MILLIS[unit])
        )
        return {**value, **zones.instant_of(moved, value["z"])}

    added.__qualname__ = f"add_{unit}"
    return added


@cache
def difference(unit: str) -> Callable[[Any, Any], int]:
    """date_diff between zoned timestamps, in whole units."""

    def between(first: Any, second: Any) -> int:
        if unit in ("millisecond", "second", "minute", "hour"):
            return _whole(second["t"] - first["t"], unit)
        start = zones.local_of(first)
        end = zones.local_of({"t": second["t"], "z": first["z"]})
        return _calendar(start, end, unit)

    between.__qualname__ = f"difference_{unit}"
    return between


def _whole(gap: timedelta, unit: str) -> int:
    return int((gap // timedelta(microseconds=1)) / (MILLIS[unit] * 1000))


def _calendar(start: datetime, end: datetime, unit: str) -> int:
    if unit not in MONTHS:
        return _whole(end - start, unit)
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and _months_on(start, months) > end:
        months -= 1
    elif months < 0 and _months_on(start, months) < end:
        months += 1
    return int(months / MONTHS[unit])


def from_unixtime(seconds: float) -> zones.Zoned:
    """from_unixtime(seconds)."""
    return {"t": EPOCH + timedelta(milliseconds=_half_up(seconds * 1000)), "z": "UTC"}


def from_unixtime_nanos(nanos: int | Decimal) -> dict[str, Any]:
    """from_unixtime_nanos, of a timestamp(9) with time zone."""
    whole = int(Decimal(nanos).to_integral_value("ROUND_HALF_UP", WIDE))
    micros, rest = divmod(whole, 1000)
    return {"t": micros, "p": rest * 1000, "z": "UTC"}


def _half_up(value: float) -> int:
    import math

    if not math.isfinite(value):
        raise bad_argument("Invalid timestamp")
    return math.floor(value + 0.5)


def from_unixtime_zone(seconds: float, name: str) -> zones.Zoned:
    """from_unixtime(seconds, zone)."""
    return {**from_unixtime(seconds), "z": zones.zone_name(name)}


def from_unixtime_offset(seconds: float, hours: int, minutes: int) -> zones.Zoned:
    """from_unixtime(seconds, hours, minutes)."""
    return from_unixtime_zone(seconds, zones.offset_text(hours * 60 + minutes))


DURATIONS = {"ns": 1e-6, "us": 1e-3, "ms": 1, "s": 1e3, "m": 6e4, "h": 3.6e6, "d": 8.64e7}


def parse_duration(text: str) -> int:
    """parse_duration('3.5m')."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-zA-Z]+)\s*", text)
    if found is None or found[2] not in DURATIONS:
        raise bad_argument(f"duration is not a valid data duration string: {text}")
    return _half_up(float(found[1]) * DURATIONS[found[2]])


def human_readable_seconds(seconds: float) -> str:
    """human_readable_seconds: `3 days, 4 hours, 1 second`."""
    rest = abs(_half_up(seconds))
    parts = []
    for size, name in ((604800, "week"), (86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {name}{'s' if count > 1 else ''}")
    return ", ".join(parts) or "0 seconds"
