"""date_format and date_parse (MySQL's patterns), format_datetime and parse_datetime (Joda's).

https://trino.io/docs/current/functions/datetime.html
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from local_athena.errors import QueryFailed
from local_athena.types.trino import TrinoType
from local_athena.values import stamps, zones
from local_athena.values.binary import bad_argument
from local_athena.values.joda import patterns
from local_athena.values.joda.parsing import read, written
from local_athena.values.joda.pieces import Shown


def moment(micros: int) -> datetime | int:
    """A moment as a datetime, or as microseconds in a year that Python does not have."""
    known = stamps.FIRST <= micros <= stamps.LAST
    return stamps.EPOCH + timedelta(microseconds=micros) if known else micros


def _shown(value: zones.Zoned) -> Shown:
    micros, _, zone = stamps.unpacked(value)
    ahead = stamps.offset_at(micros, zone)
    offset = zones.offset_text(round(ahead / (60 * stamps.SECOND)))
    return Shown((micros + ahead) // 1000, offset, zone, _short_name(micros, zone, offset))


def _short_name(micros: int, zone: str, offset: str) -> str:
    if zone[0] in "+-":
        return offset
    instant = stamps.EPOCH + timedelta(microseconds=micros - stamps.near(micros))
    name = instant.replace(tzinfo=UTC).astimezone(zones.zone(zone)).tzname() or zone
    return name if name[:1] not in "+-" else offset


def date_format(value: zones.Zoned, pattern: str) -> str:
    """date_format."""
    return written(patterns.mysql(pattern), _shown(value))


def format_datetime(value: zones.Zoned, pattern: str) -> str:
    """format_datetime."""
    return written(patterns.joda(pattern), _shown(value))


@cache
def in_utc(form: Callable[[zones.Zoned, str], str]) -> Callable[[Any, str], str]:
    """The same form of a moment without a zone, which has no zone to show."""

    def formed(wall: Any, pattern: str) -> str:
        if form is format_datetime and ("z" in pattern or "Z" in pattern):
            raise bad_argument(
                "format_datetime for TIMESTAMP type, cannot use 'Z' nor 'z' in format, as this type does not "
                "contain TZ information"
            )
        return form({"t": wall, "z": "UTC"}, pattern)

    return formed


def date_parse(text: str, pattern: str) -> datetime | int:
    """date_parse."""
    return moment(read(patterns.mysql(pattern), text)[0] * 1000)


def parse_datetime(text: str, pattern: str) -> zones.Zoned:
    """parse_datetime."""
    millis, zone = read(patterns.joda(pattern), text)
    found = zoned(millis, zone or "UTC")
    micros, _, place = stamps.unpacked(found)
    if micros + stamps.offset_at(micros, place) != millis * 1000:
        raise bad_argument(
            f'Cannot parse "{text}": Illegal instant due to time zone offset transition ({place})'
        )
    return found


def zoned(millis: int, zone: str) -> zones.Zoned:
    """The instant at which a zone's clock shows a time."""
    name = zones.zone_name(zone)
    return {"t": moment(stamps.instant(millis * 1000, name)), "z": name}


@cache
def to_iso8601(type_: TrinoType) -> Callable[..., str]:
    """to_iso8601 of a timestamp type."""
    write = stamps.text_writer(TrinoType("timestamp", type_.numbers))

    def written(value: Any) -> str:
        micros, picos, place = stamps.unpacked(value)
        ahead = stamps.offset_at(micros, place) if place else 0
        text = write(micros + ahead, picos).replace(" ", "T")
        if place is None:
            return text
        minutes, beyond = divmod(abs(ahead), 60 * stamps.SECOND)
        if beyond:
            sign, hours = "-" if ahead < 0 else "+", f"{minutes // 60:02d}:{minutes % 60:02d}"
            shown = f"{sign}{hours}:{beyond // stamps.SECOND:02d}"
            problem = f"Timezone with non-zero seconds offset cannot be rendered as ISO8601: {shown}"
            raise QueryFailed("INVALID_ARGUMENTS", problem)
        return text + ("Z" if place == "UTC" else zones.offset_text(ahead // (60 * stamps.SECOND)))

    return written
