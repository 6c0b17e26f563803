"""Casts between the types of times, on whole numbers: microseconds, picoseconds, and a zone or an offset.

https://trino.io/docs/current/functions/conversion.html: what has no zone is in the session's, which is UTC; a
time that needs a day gets the query's own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from local_athena.errors import QueryFailed
from local_athena.types.trino import TrinoType
from local_athena.values import stamps, zones
from local_athena.values.binary import bad_argument

MINUTE = 60 * stamps.SECOND


@cache
def converter(source: TrinoType, target: TrinoType, today: int) -> Callable[..., Any]:
    """A function from a value of `source` to the carrier of `target`.

    Args:
        today: microseconds from 1970 to the midnight that the query's day began with.
    """
    to_wall, to_target = WALLS[source.base], TARGETS[target.base]
    is_clock = target.base.startswith("time ") or target.base == "time"

    def convert(value: Any) -> Any:
        micros, picos, place = stamps.unpacked(value)
        if source.base != target.base:
            wall, minutes, name = to_wall(micros, place, today)
            micros, place = to_target(wall, minutes, name)
        micros, picos = stamps.rounded(micros, picos, target.precision)
        return stamps.pack(target, micros % stamps.DAY if is_clock else micros, picos, place)

    return convert


Wall = tuple[int, int, str]
"""What a clock shows, how far it is ahead of UTC in minutes, and its zone's name."""


def _zoned_stamp_wall(micros: int, place: str, today: int) -> Wall:
    ahead = stamps.offset_at(micros, place)
    return micros + ahead, round(ahead / MINUTE), place


def _zoned_time_wall(micros: int, place: int, today: int) -> Wall:
    return today + micros, place, zones.zone_name(zones.offset_text(place))


WALLS: dict[str, Callable[[int, Any, int], Wall]] = {
    "timestamp": lambda micros, place, today: (micros, 0, "UTC"),
    "timestamp with time zone": _zoned_stamp_wall,
    "time": lambda micros, place, today: (today + micros, 0, "UTC"),
    "time with time zone": _zoned_time_wall,
}
TARGETS: dict[str, Callable[[int, int, str], tuple[int, Any]]] = {
    "timestamp": lambda wall, minutes, name: (wall, None),
    "timestamp with time zone": lambda wall, minutes, name: (stamps.instant(wall, name), name),
    "time": lambda wall, minutes, name: (wall % stamps.DAY, None),
    "time with time zone": lambda wall, minutes, name: (wall % stamps.DAY, minutes),
}


@cache
def with_zone(type_: TrinoType) -> Callable[..., Any]:
    """with_timezone: the instant at which a zone's clock shows what a timestamp says."""

    def placed(value: Any, name: str) -> Any:
        micros, picos, _ = stamps.unpacked(value)
        zone = zones.zone_name(name)
        return stamps.pack(type_, stamps.instant(micros, zone), picos, zone)

    return placed


@cache
def at_offset(type_: TrinoType) -> Callable[..., Any]:
    """AT TIME ZONE with an offset in minutes."""
    is_time = type_.base == "time with time zone"

    def elsewhere(value: Any, minutes: int) -> Any:
        micros, picos, place = stamps.unpacked(value)
        if not is_time:
            return stamps.pack(type_, micros, picos, zones.zone_name(zones.offset_text(minutes)))
        wall = (micros + (minutes - place) * MINUTE) % stamps.DAY
        return stamps.pack(type_, wall, picos, minutes)

    return elsewhere


def offset_of_interval(milliseconds: int) -> int:
    """The offset in minutes that an interval names."""
    if milliseconds % 60000 or abs(milliseconds) > 14 * 3600000:
        raise QueryFailed(
            "INVALID_FUNCTION_ARGUMENT", "Invalid time zone offset interval: interval contains seconds"
        )
    return milliseconds // 60000


@cache
def offset_at(name: str, now: int) -> int:
    """The offset in minutes of a zone by name, at a moment in microseconds."""
    return round(stamps.offset_at(now, zones.zone_name(name)) / MINUTE)


@cache
def sequence(type_: TrinoType, months: bool) -> Callable[..., list[Any]]:
    """sequence(timestamp, timestamp, interval), also of dates by months."""

    def made(start: Any, stop: Any, step: int) -> list[Any]:
        first, first_picos, _ = stamps.unpacked(start)
        if step == 0:
            raise bad_argument("interval must not be zero")
        if type_.base == "date" and not months and step * 1000 % stamps.DAY:
            raise bad_argument("sequence step must be a day interval if start and end values are dates")
        up, end = step > 0, stamps.unpacked(stop)[:2]
        found: list[Any] = []
        if ((first, first_picos) < end) != up and (first, first_picos) != end:
            raise bad_argument(
                "sequence stop value should be greater than or equal to start value if step is greater "
                "than zero otherwise stop should be less than or equal to start"
            )
        for count in range(MOST + 1):
            at = stamps.months_on(first, count * step) if months else first + count * step * 1000
            if (at, first_picos) != end and ((at, first_picos) > end) == up:
                return found
            found.append(at // stamps.DAY if type_.base == "date" else stamps.pack(type_, at, first_picos))
        raise bad_argument(f"result of sequence function must not have more than {MOST} entries")

    return made


MOST = 10000
