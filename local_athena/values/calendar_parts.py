"""Fields, truncation, addition and differences for times and zoned timestamps, by the wall clock of their
zone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import time
from decimal import Decimal
from functools import cache
from typing import Any

from local_athena.values import date_formats, stamps, zones
from local_athena.values.binary import bad_argument
from local_athena.values.joda import calendar as days_calendar
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

    return part


@cache
def time_part(name: str) -> Callable[[Any], int]:
    """A field of a time, with or without an offset."""

    def part(value: Any) -> int:
        clock: time = value["t"] if isinstance(value, dict) else value
        return clock.microsecond // 1000 if name == "millisecond" else int(getattr(clock, name))

    return part


def _offset(value: zones.Zoned) -> int:
    if "o" in value:
        return int(value["o"])
    return round(stamps.offset_at(stamps.micros_of(value["t"]), value["z"]) / (60 * stamps.SECOND))


def zone_hour(value: zones.Zoned) -> int:
    """timezone_hour."""
    return int(_offset(value) / 60)


def zone_minute(value: zones.Zoned) -> int:
    """timezone_minute."""
    minutes = _offset(value)
    return abs(minutes) % 60 * (-1 if minutes < 0 else 1)


def _wall(value: zones.Zoned) -> int:
    """Microseconds by the clock of the zone."""
    micros = stamps.micros_of(value["t"])
    return micros + stamps.offset_at(micros, value["z"])


def _at(value: zones.Zoned, wall: int) -> zones.Zoned:
    """The value at another time of its zone's clock."""
    instant = stamps.instant(wall, value["z"])
    if not -stamps.MOST_MILLIS <= instant // 1000 < stamps.MOST_MILLIS:
        raise bad_argument(f"Millis overflow: {instant // 1000}")
    return {**value, "t": date_formats.moment(instant)}


def _cut(wall: int, unit: str) -> int:
    """A time of a clock cut to a unit."""
    if unit in MILLIS and unit != "week":
        return wall // (MILLIS[unit] * 1000) * MILLIS[unit] * 1000
    days = wall // stamps.DAY
    if unit == "week":
        return (days - days_calendar.weekday_of(days) + 1) * stamps.DAY
    year, month, _ = days_calendar.date_of(days)
    first = {"month": month, "quarter": (month - 1) // 3 * 3 + 1, "year": 1}[unit]
    return days_calendar.days_of(year, first, 1) * stamps.DAY


@cache
def truncate(unit: str) -> Callable[[Any], Any]:
    """date_trunc of a time or a zoned timestamp."""

    def cut(value: Any) -> Any:
        if not isinstance(value, dict):
            return _cut(stamps.micros_of(value), unit)
        if "o" in value:
            return {**value, "t": cut(value["t"])}
        if unit in ("millisecond", "second", "minute"):
            return {**value, "t": date_formats.moment(_cut(stamps.micros_of(value["t"]), unit))}
        return _at(value, _cut(_wall(value), unit))

    return cut


@cache
def add(unit: str) -> Callable[[Any, int], Any]:
    """date_add of days and more to a zoned timestamp, by its wall clock."""

    def added(value: Any, amount: int) -> Any:
        if not -(2**31) <= amount < 2**31:
            raise bad_argument("integer overflow")
        if unit in MONTHS:
            return _at(value, stamps.months_on(_wall(value), amount * MONTHS[unit]))
        return _at(value, _wall(value) + amount * MILLIS[unit] * 1000)

    return added


@cache
def difference(unit: str) -> Callable[[Any, Any], int]:
    """date_diff between zoned timestamps, in whole units."""

    def between(first: Any, second: Any) -> int:
        if unit in ("millisecond", "second", "minute", "hour"):
            return _whole(stamps.micros_of(second["t"]) - stamps.micros_of(first["t"]), unit)
        return _calendar(_wall(first), _wall({"t": second["t"], "z": first["z"]}), unit)

    return between


def _whole(micros: int, unit: str) -> int:
    size = MILLIS[unit] * 1000
    return micros // size if micros >= 0 else -(-micros // size)


def _calendar(start: int, end: int, unit: str) -> int:
    if unit not in MONTHS:
        return _whole(end - start, unit)
    (year, month, _), (to_year, to_month, _) = (
        days_calendar.date_of(wall // stamps.DAY) for wall in (start, end)
    )
    months = (to_year - year) * 12 + to_month - month
    if months > 0 and stamps.months_on(start, months) > end:
        months -= 1
    elif months < 0 and stamps.months_on(start, months) < end:
        months += 1
    return int(months / MONTHS[unit])


def from_unixtime(seconds: float) -> zones.Zoned:
    """from_unixtime(seconds); as Java rounds, NaN is 0 and what is too large is the largest number."""
    millis = 0 if math.isnan(seconds) else math.floor(max(-(2.0**63), min(2.0**63, seconds * 1000)) + 0.5)
    if not -stamps.MOST_MILLIS <= millis < stamps.MOST_MILLIS:
        raise bad_argument(f"Millis overflow: {max(-(2**63), min(2**63 - 1, millis))}")
    return {"t": date_formats.moment(millis * 1000), "z": "UTC"}


def from_unixtime_nanos(nanos: int | Decimal) -> dict[str, Any]:
    """from_unixtime_nanos, of a timestamp(9) with time zone."""
    whole = int(Decimal(nanos).to_integral_value("ROUND_HALF_UP", WIDE))
    micros, rest = divmod(whole, 1000)
    return {"t": micros, "p": rest * 1000, "z": "UTC"}


def _half_up(value: float) -> int:
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
    rest = _half_up(abs(seconds))
    parts = []
    for size, name in ((604800, "week"), (86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {name}{'s' if count > 1 else ''}")
    return ", ".join(parts) or "0 seconds"
