"""Timestamps and times as whole numbers: read, written and rounded in any year, to the picosecond.

Python's own datetime ends at year 9999 and at the microsecond. Here a timestamp is microseconds since 1970
and picoseconds beyond them, a time the same since midnight; a zoned one has its zone's name, or its offset
in minutes, beside them.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from local_athena.errors import QueryFailed
from local_athena.types.trino import TrinoType
from local_athena.values import zones

SECOND, DAY = 10**6, 86400 * 10**6
PICOS = 10**6
CYCLE = 146097 * DAY
"""The calendar repeats after 400 years."""
EPOCH = datetime(1970, 1, 1)
FIRST, LAST = (
    (year - EPOCH) // timedelta(microseconds=1) for year in (datetime(2, 1, 1), datetime(9998, 1, 1))
)

MOST_MILLIS = 2**51
"""Trino keeps the milliseconds of a zoned timestamp in 52 bits."""

STAMP = re.compile(
    r"(?P<y>[+-]?\d{4,})-(?P<mo>\d{1,2})-(?P<d>\d{1,2})"
    r"(?: (?:(?P<h>\d{1,2}):(?P<mi>\d{1,2})(?::(?P<s>\d{1,2})(?:\.(?P<f>\d{1,12}))?)?)?\s*(?P<z>\S+)?)?"
)
CLOCK = re.compile(
    r"(?P<h>\d{1,2}):(?P<mi>\d{1,2})(?::(?P<s>\d{1,2})(?:\.(?P<f>\d{1,12}))?)?\s*(?P<z>[+-]\d\d:\d\d)?"
)
DATE = re.compile(r"(?P<y>[+-]?\d+)-(?P<mo>\d{1,2})-(?P<d>\d{1,2})")


def near(micros: int) -> int:
    """The microseconds from a moment to one that looks the same and that Python's calendar knows."""
    if micros >= LAST:
        return ((micros - LAST) // CYCLE + 1) * CYCLE
    return -((FIRST - micros - 1) // CYCLE + 1) * CYCLE if micros < FIRST else 0


def day_number(year: int, month: int, day: int) -> int:
    """Days since 1970 of a day of the proleptic Gregorian calendar; ValueError when there is none."""
    cycles = (year - 2000) // 400
    return (date(year - cycles * 400, month, day) - EPOCH.date()).days + cycles * 146097


def day_text(days: int) -> str:
    """`2020-01-31`, `-0044-03-15`."""
    cycles = (days - day_number(2000, 1, 1)) // 146097
    plain = EPOCH.date() + timedelta(days=days - cycles * 146097)
    year = plain.year + cycles * 400
    return f"{'-' if year < 0 else ''}{abs(year):04d}-{plain.month:02d}-{plain.day:02d}"


def shown_day(days: int) -> str:
    """The same as an answer shows it, `+12345-01-31` after the year 9999."""
    text = day_text(days)
    return f"+{text}" if text[0] != "-" and len(text) > len("2020-01-31") else text


def months_on(micros: int, months: int) -> int:
    """The same time of day some months on; the day is cut to the month's last."""
    days, clock = divmod(micros, DAY)
    year, month, day = map(int, day_text(days).lstrip("-").split("-"))
    year = -year if days < day_number(0, 1, 1) else year
    year, month = divmod(year * 12 + month - 1 + months, 12)
    last = monthrange(year % 400 + 2000, month + 1)[1]
    return day_number(year, month + 1, min(day, last)) * DAY + clock


def offset_at(micros: int, name: str) -> int:
    """The microseconds that a zone's clock is ahead of UTC at an instant."""
    near_it = EPOCH + timedelta(microseconds=micros - near(micros))
    return (zones.local_of({"t": near_it, "z": name}) - near_it) // timedelta(microseconds=1)


def instant(wall: int, name: str) -> int:
    """The instant at which a zone's clock shows `wall`; in a gap the clock has moved on."""
    shift = near(wall)
    found: datetime = zones.instant_of(EPOCH + timedelta(microseconds=wall - shift), name)["t"]
    return (found - EPOCH) // timedelta(microseconds=1) + shift


def rounded(micros: int, picos: int, digits: int) -> tuple[int, int]:
    """A moment to fewer digits of a second, half up."""
    unit = 10 ** (12 - digits)
    whole = (micros * PICOS + picos + unit // 2) // unit * unit
    return whole // PICOS, whole % PICOS


def pack(type_: TrinoType, micros: int, picos: int, place: Any = None) -> Any:
    """The carrier of a value; `place` is its zone's name or its offset in minutes."""
    made = {"t": micros, **({"p": picos} if type_.is_fine else {})}
    if type_.base == "timestamp with time zone" and not -MOST_MILLIS <= micros // 1000 < MOST_MILLIS:
        raise QueryFailed("INVALID_FUNCTION_ARGUMENT", f"Millis overflow: {micros // 1000}")
    if type_.base.endswith("zone"):
        made["z" if type_.base.startswith("timestamp") else "o"] = place
    return made if len(made) > 1 else micros


def micros_of(value: Any) -> int:
    """Microseconds of what Arrow gave: a datetime, a time, or a number where Python has no such year."""
    if isinstance(value, datetime):
        return (value - EPOCH) // timedelta(microseconds=1)
    if isinstance(value, time):
        return ((value.hour * 60 + value.minute) * 60 + value.second) * SECOND + value.microsecond
    return int(value)


def unpacked(value: Any) -> tuple[int, int, Any]:
    """Microseconds, picoseconds and place of a carrier."""
    if not isinstance(value, dict):
        return micros_of(value), 0, None
    return micros_of(value["t"]), value.get("p", 0), value.get("z", value.get("o"))


def _clock_micros(found: re.Match[str]) -> tuple[int, int]:
    hour, minute, second = (int(found[part] or 0) for part in ("h", "mi", "s"))
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError("not a time of day")
    micros, picos = divmod(int((found["f"] or "").ljust(12, "0")), PICOS)
    return ((hour * 60 + minute) * 60 + second) * SECOND + micros, picos


def _no_cast(text: str, target: object) -> QueryFailed:
    return QueryFailed("INVALID_CAST_ARGUMENT", f"Value cannot be cast to {target}: {text}")


def parse_date(text: str) -> int:
    """CAST(varchar AS date), as days since 1970."""
    found = DATE.fullmatch(text.strip())
    try:
        return day_number(int(found["y"]), int(found["mo"]), int(found["d"]))  # type: ignore[index]
    except (TypeError, ValueError, OverflowError) as error:
        raise _no_cast(text, "date") from error


@cache
def parser(type_: TrinoType) -> Callable[[str], Any]:
    """CAST(varchar AS timestamp or time, zoned or not)."""
    read = _read_stamp if type_.base.startswith("timestamp") else _read_time

    def parse(text: str) -> Any:
        try:
            micros, picos, place = read(text.strip(), type_.base.endswith("zone"))
        except (ValueError, OverflowError, QueryFailed) as error:
            raise _no_cast(text, type_.base) from error
        micros, picos = rounded(micros, picos, type_.precision)
        return pack(type_, micros if type_.base.startswith("timestamp") else micros % DAY, picos, place)

    return parse


def _read_stamp(text: str, zoned: bool) -> tuple[int, int, str]:
    found = STAMP.fullmatch(text)
    if found is None:
        raise ValueError(text)
    micros, picos = _clock_micros(found)
    micros += day_number(int(found["y"]), int(found["mo"]), int(found["d"])) * DAY
    place = zones.zone_name(found["z"] or "UTC")
    if found["z"]:
        at = instant(micros, place)
        # Without a zone it is what that zone's clock then shows, which it may have skipped.
        micros = at if zoned else at + offset_at(at, place)
    return micros, picos, place


def _read_time(text: str, zoned: bool) -> tuple[int, int, int]:
    found = CLOCK.fullmatch(text)
    if found is None:
        raise ValueError(text)
    hours, minutes = map(int, (found["z"] or "+00:00")[1:].split(":"))
    if minutes > 59 or hours * 60 + minutes > 14 * 60:
        raise ValueError(text)
    away = (hours * 60 + minutes) * (-1 if (found["z"] or "").startswith("-") else 1)
    return *_clock_micros(found), away


@cache
def writer(type_: TrinoType) -> Callable[[Any], str]:
    """The text of a carrier: `2020-01-01 00:00:00.000 Europe/Berlin`, `12:00:00+05:30`."""
    write = text_writer(type_)

    def written(value: Any) -> str:
        return write(*unpacked(value))

    return written


@cache
def text_writer(type_: TrinoType) -> Callable[..., str]:
    """The text of microseconds, picoseconds and place, for other functions."""
    digits, zoned = type_.precision, type_.base.endswith("zone")

    def stamp(micros: int, picos: int = 0, place: Any = None) -> str:
        wall = micros + (offset_at(micros, place) if zoned and place != "UTC" else 0)
        days, clock = divmod(wall, DAY)
        return f"{shown_day(days)} {_clock(clock, picos, digits)}" + (f" {place}" if zoned else "")

    def clock(micros: int, picos: int = 0, place: Any = None) -> str:
        return _clock(micros, picos, digits) + (zones.offset_text(place) if zoned else "")

    return stamp if type_.base.startswith("timestamp") else clock


def _clock(micros: int, picos: int, digits: int) -> str:
    seconds, fraction = divmod(micros, SECOND)
    shown = f".{fraction:06d}{picos:06d}"[: digits + 1] if digits else ""
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{shown}"
