"""Dates and times for `%tF` and its sisters, in English, as Athena's engine writes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from local_athena.errors import not_supported
from local_athena.values import stamps

OF_TIME, OF_DATE = frozenset("HIklMNLpSTRr"), frozenset("BbhAaCYyjmdeDF")
OF_INSTANT = frozenset("QszZc")
KINDS: dict[str, tuple[str, frozenset[str]]] = {
    "bigint": ("java.lang.Long", OF_TIME | OF_DATE | OF_INSTANT),
    "date": ("java.time.LocalDate", OF_DATE),
    "time": ("java.time.LocalTime", OF_TIME),
    "timestamp": ("java.time.LocalDateTime", OF_TIME | OF_DATE),
    "timestamp with time zone": ("java.time.ZonedDateTime", OF_TIME | OF_DATE | OF_INSTANT),
}
"""Java's class of what has a date or a time, and what it has of them."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment in its zone: the wall's date and time, nanoseconds, and how far the zone is ahead of UTC."""

    wall: datetime
    nanos: int
    ahead: int = 0
    zone: str = "UTC"

    @property
    def micros(self) -> int:
        """Microseconds since 1970 in UTC."""
        return (self.wall - stamps.EPOCH) // timedelta(microseconds=1) - self.ahead


def moment(base: str, value: Any) -> Moment:
    """A value of a type as a moment; a number is milliseconds since 1970."""
    if base == "bigint":
        return _moment(value * 1000, 0)
    if base == "date":
        days = value if isinstance(value, int) else (value - date(1970, 1, 1)).days
        return _moment(days * stamps.DAY, 0)
    micros, picos, zone = stamps.unpacked(value)
    micros, picos = stamps.rounded(micros, picos, 9)
    if base == "timestamp with time zone":
        return _moment(micros, picos, stamps.offset_at(micros, zone), zone)
    return _moment(micros, picos)


def _moment(micros: int, picos: int, ahead: int = 0, zone: str = "UTC") -> Moment:
    try:
        wall = stamps.EPOCH + timedelta(microseconds=micros + ahead)
    except OverflowError:
        raise not_supported("format of a year beyond 1 to 9999 is not supported") from None
    return Moment(wall, wall.microsecond * 1000 + picos // 1000, ahead, zone)


def written(kind: str, at: Moment) -> str:
    """What follows `%t`."""
    return PARTS[kind](at)


def _form(form: str) -> Callable[[Moment], str]:
    return lambda at: at.wall.strftime(form)


def _hour(at: Moment) -> int:
    return at.wall.hour % 12 or 12


def _offset(at: Moment) -> str:
    minutes = abs(at.ahead) // stamps.SECOND // 60
    return f"{'-' if at.ahead < 0 else '+'}{minutes // 60:02d}{minutes % 60:02d}"


def _zone(at: Moment) -> str:
    """The short name of a zone, where Python and Java have the same."""
    if at.zone == "UTC" or at.zone[0] in "+-":
        return at.zone
    name = at.wall.replace(tzinfo=ZoneInfo(at.zone)).tzname() or ""
    if not name.isalpha():
        raise not_supported(f"format of the name of the time zone {at.zone} is not supported")
    return name


PARTS: dict[str, Callable[[Moment], str]] = {
    **{kind: _form(f"%{kind}") for kind in "HIMSpBbAayjmd"},
    "p": lambda at: at.wall.strftime("%p").lower(),
    "h": _form("%b"),
    "k": lambda at: str(at.wall.hour),
    "l": lambda at: str(_hour(at)),
    "N": lambda at: f"{at.nanos:09d}",
    "L": lambda at: f"{at.nanos // 10**6:03d}",
    "Q": lambda at: str(at.micros // 1000),
    "s": lambda at: str(at.micros // stamps.SECOND),
    "z": _offset,
    "Z": _zone,
    "C": lambda at: f"{at.wall.year // 100:02d}",
    "Y": lambda at: f"{at.wall.year:04d}",
    "y": lambda at: f"{at.wall.year % 100:02d}",
    "e": lambda at: str(at.wall.day),
    "R": _form("%H:%M"),
    "T": _form("%H:%M:%S"),
    "r": _form("%I:%M:%S %p"),
    "D": _form("%m/%d/%y"),
    "F": lambda at: f"{at.wall.year:04d}-{at.wall:%m-%d}",
    "c": lambda at: f"{at.wall:%a %b %d %H:%M:%S} {_zone(at)} {at.wall.year:04d}",
}
