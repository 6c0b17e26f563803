"""Times and time zones in Python: reading and writing them, and the wall clock of an instant.

A zoned timestamp is (`t`: UTC instant, `z`: zone name or offset `+05:30`); a zoned time is (`t`: local
time, `o`: offset in minutes).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from local_athena.errors import QueryFailed

Zoned = dict[str, Any]
OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})?")
STAMP = re.compile(
    r"\s*(?P<y>[+-]?\d{4,})-(?P<mo>\d{1,2})-(?P<d>\d{1,2})"
    r"(?:[ T](?P<h>\d{1,2}):(?P<mi>\d{1,2})(?::(?P<s>\d{1,2})(?:\.(?P<f>\d{1,12}))?)?)?"
    r"\s*(?P<z>[A-Za-z][\w/+:-]*|[+-]\d{1,2}(?::?\d{2})?)?\s*"
)


def _bad(text: str, target: str) -> QueryFailed:
    return QueryFailed("INVALID_CAST_ARGUMENT", f"Value cannot be cast to {target}: {text}")


@lru_cache(maxsize=2048)
def zone(name: str) -> tzinfo:
    """The zone of a name or an offset."""
    found = OFFSET.fullmatch(name)
    if found:
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        if minutes > 14 * 60:
            raise QueryFailed("INVALID_FUNCTION_ARGUMENT", f"'{name}' is not a valid time zone")
        return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes))
    if name.upper() in ("UTC", "Z", "GMT", "UT"):
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise QueryFailed("INVALID_FUNCTION_ARGUMENT", f"'{name}' is not a valid time zone") from error


def zone_name(name: str) -> str:
    """A zone's name as Trino keeps it."""
    found = OFFSET.fullmatch(name)
    if found:
        text = f"{found[1]}{int(found[2]):02d}:{found[3] or '00'}"
        return "UTC" if text[1:] == "00:00" else text
    zone(name)
    return "UTC" if name.upper() in ("UTC", "Z", "GMT", "UT") else name


def local_of(value: Zoned) -> datetime:
    """The wall clock of an instant in its zone."""
    instant: datetime = value["t"]
    return instant.replace(tzinfo=UTC).astimezone(zone(value["z"])).replace(tzinfo=None)


def instant_of(wall: datetime, name: str) -> Zoned:
    """The instant at which a zone's clock shows `wall`; in a gap the clock has moved on."""
    aware = wall.replace(tzinfo=zone(name))
    return {"t": aware.astimezone(UTC).replace(tzinfo=None), "z": zone_name(name)}


def instant_key(value: Any) -> Any:
    """What decides the order and equality of a value: of a zoned one its instant, of another itself."""
    if not isinstance(value, dict) or "t" not in value:
        return value
    if "o" not in value:
        return (value["t"], value["p"]) if "p" in value else value["t"]
    clock = value["t"]
    seconds = (clock.hour * 60 + clock.minute - value["o"]) * 60 + clock.second
    return (seconds * 1000000 + clock.microsecond) % 86400000000, value.get("p", 0)


def _wall(found: re.Match[str], text: str, target: str) -> datetime:
    try:
        whole = datetime(
            int(found["y"]),
            int(found["mo"]),
            int(found["d"]),
            int(found["h"] or 0),
            int(found["mi"] or 0),
            int(found["s"] or 0),
        )
        return whole + timedelta(microseconds=_micros(found["f"]))
    except (ValueError, OverflowError) as error:
        raise _bad(text, target) from error


def _micros(fraction: str | None) -> int:
    digits = (fraction or "").ljust(7, "0")
    return int(digits[:6]) + (int(digits[6]) >= 5)


def parse_timestamp(text: str) -> datetime:
    """CAST(varchar AS timestamp); a zone in the text is not used."""
    found = STAMP.fullmatch(text)
    if not found:
        raise _bad(text, "timestamp")
    return _wall(found, text, "timestamp")


def parse_date(text: str) -> date:
    """CAST(varchar AS date)."""
    found = re.fullmatch(r"\s*([+-]?\d{4,})-(\d{1,2})-(\d{1,2})\s*", text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))  # type: ignore[index]
    except (TypeError, ValueError) as error:
        raise _bad(text, "date") from error


def fraction(micros: int, digits: int) -> str:
    """`.123` of a second, `digits` long; empty for none."""
    return f".{micros:06d}".ljust(digits + 1, "0")[: digits + 1] if digits else ""


def offset_text(minutes: int) -> str:
    """`+05:30`."""
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
