"""ISO 8601: from_iso8601_date, from_iso8601_timestamp, and the one of nanoseconds, which is stricter."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from local_athena.values import date_formats, stamps, zones
from local_athena.values.binary import bad_argument
from local_athena.values.joda.parsing import assembled, malformed

DATE = (
    r"(?P<year>[+-]?\d{1,9})(?:-(?P<dayOfYear>\d{3})(?!\d)|-W(?P<weekOfWeekyear>\d{1,2})(?:-(?P<dayOfWeek>\d))?"
    r"|-(?P<monthOfYear>\d{1,2})(?:-(?P<dayOfMonth>\d{1,2}))?)?"
)
CLOCK = (
    r"(?P<hourOfDay>\d{1,2})(?::(?P<minuteOfHour>\d{1,2})(?::(?P<secondOfMinute>\d{1,2}))?)?"
    r"(?:[.,](?P<fraction>\d{1,9})\d*)?"
)
OFFSET = r"(?P<zone>[Zz]|[+-]\d{2}(?::?\d{2})?)"
DAY = re.compile(DATE)
WHOLE = re.compile(rf"(?:{DATE})?(?:T(?:{CLOCK})?{OFFSET}?)?")
NANOS = re.compile(
    r"(\d{4}|-\d{4,9}|\+\d{5,9})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{0,9}))?)?"
    r"([Zz]|[+-]\d{2}:\d{2}(?::\d{2})?)?"
)
UNITS = {"hourOfDay": 3_600_000, "minuteOfHour": 60_000, "secondOfMinute": 1000}
DATE_FIELDS = ("year", "monthOfYear", "dayOfMonth", "dayOfYear", "weekOfWeekyear", "dayOfWeek")


def _fields(text: str, pattern: re.Pattern[str]) -> dict[str, str]:
    """The parts of a text by their fields' names; a week's year is the week's."""
    found = pattern.match(text)
    end = found.end() if found else 0
    if found is None or end < len(text) or not text:
        raise bad_argument(malformed(text, end))
    parts = {name: part for name, part in found.groupdict().items() if part is not None}
    if "weekOfWeekyear" in parts:
        parts["weekyear"] = parts.pop("year")
    return parts


def from_iso8601_date(text: str) -> date | int:
    """from_iso8601_date."""
    values = [(name, int(part)) for name, part in _fields(text, DAY).items()]
    days = assembled(text, values) // 86_400_000
    if not -(2**31) <= days < 2**31:
        raise bad_argument("integer overflow")
    return (
        days
        if not stamps.FIRST <= days * stamps.DAY <= stamps.LAST
        else date(1970, 1, 1) + timedelta(days=days)
    )


def from_iso8601_timestamp(text: str) -> zones.Zoned:
    """from_iso8601_timestamp."""
    parts = _fields(text, WHOLE)
    zone, fraction = parts.pop("zone", "UTC"), parts.pop("fraction", "")
    millis = assembled(text, [(name, int(part)) for name, part in parts.items()])
    if fraction:
        unit = UNITS[[name for name in UNITS if name in parts][-1]]
        millis += unit * int(fraction) // 10 ** len(fraction)
    if abs(millis) >= stamps.MOST_MILLIS:
        raise bad_argument(f"Millis overflow: {millis}")
    return date_formats.zoned(millis, zone)


def from_iso8601_timestamp_nanos(text: str) -> dict[str, Any]:
    """from_iso8601_timestamp_nanos, of a timestamp(9) with time zone."""
    found = NANOS.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
        if hour > 23 or minute > 59 or second > 59:
            raise ValueError(text)
        days = stamps.day_number(year, month, day)
    except ValueError as error:
        raise bad_argument(f"Text '{text}' could not be parsed") from error
    nanos = int((found[7] or "").ljust(9, "0"))
    clock = ((hour * 60 + minute) * 60 + second) * stamps.SECOND + nanos // 1000
    zone = zones.zone_name(found[8] or "UTC")
    micros = stamps.instant(days * stamps.DAY + clock, zone)
    return {"t": date_formats.moment(micros), "p": nanos % 1000 * 1000, "z": zone}
