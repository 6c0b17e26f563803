"""What `%s` shows of objects of java.time: their toString."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local_athena.values import stamps


def _java_clock(micros: int, picos: int) -> str:
    """toString of LocalTime: no seconds when they are 0, a fraction of 3, 6 or 9 digits."""
    seconds, fraction = divmod(micros, stamps.SECOND)
    shown = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}"
    nanos = f"{fraction * 1000 + picos // 1000:09d}"
    if seconds % 60 or int(nanos):
        shown += f":{seconds % 60:02d}"
    if int(nanos):
        shown += "." + nanos.removesuffix("000").removesuffix("000")
    return shown


def _java_time(value: Any) -> str:
    return _java_clock(*stamps.unpacked(value)[:2])


def _java_stamp(value: Any) -> str:
    """toString of LocalDateTime."""
    micros, picos, _ = stamps.unpacked(value)
    return _java_wall(*stamps.rounded(micros, picos, 9))


def _java_wall(micros: int, picos: int) -> str:
    days, clock = divmod(micros, stamps.DAY)
    return f"{stamps.shown_day(days)}T{_java_clock(clock, picos)}"


def _java_zoned(value: dict[str, Any]) -> str:
    """toString of ZonedDateTime: the offset, then the zone's name in brackets when it has one."""
    micros, picos, zone = stamps.unpacked(value)
    ahead = stamps.offset_at(micros, zone)
    minutes, seconds = divmod(abs(ahead) // stamps.SECOND, 60)
    offset = f"{'-' if ahead < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
    offset = "Z" if ahead == 0 else offset + (f":{seconds:02d}" if seconds else "")
    wall = _java_wall(*stamps.rounded(micros + ahead, picos, 9))
    return f"{wall}{offset}" + ("" if zone[0] in "+-" else f"[{zone}]")


JAVA_TIMES: dict[str, Callable[[Any], str]] = {
    "time": _java_time,
    "timestamp": _java_stamp,
    "timestamp with time zone": _java_zoned,
}
"""How `%s` shows what is an object of java.time there."""
