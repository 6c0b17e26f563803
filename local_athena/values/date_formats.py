"""Patterns for dates: MySQL's (`date_format`, `date_parse`), Joda's (`format_datetime`, `parse_datetime`),
ISO 8601.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from local_athena.types.trino import TrinoType
from local_athena.values import stamps, zones
from local_athena.values.binary import bad_argument

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

MYSQL: dict[str, Callable[[datetime], str]] = {
    "a": lambda v: DAYS[v.weekday()][:3],
    "b": lambda v: MONTHS[v.month - 1][:3],
    "c": lambda v: str(v.month),
    "d": lambda v: f"{v.day:02d}",
    "e": lambda v: str(v.day),
    "f": lambda v: f"{v.microsecond:06d}",
    "H": lambda v: f"{v.hour:02d}",
    "h": lambda v: f"{(v.hour + 11) % 12 + 1:02d}",
    "I": lambda v: f"{(v.hour + 11) % 12 + 1:02d}",
    "i": lambda v: f"{v.minute:02d}",
    "j": lambda v: f"{v.timetuple().tm_yday:03d}",
    "k": lambda v: str(v.hour),
    "l": lambda v: str((v.hour + 11) % 12 + 1),
    "M": lambda v: MONTHS[v.month - 1],
    "m": lambda v: f"{v.month:02d}",
    "p": lambda v: "AM" if v.hour < 12 else "PM",
    "r": lambda v: (
        f"{(v.hour + 11) % 12 + 1:02d}:{v.minute:02d}:{v.second:02d} {'AM' if v.hour < 12 else 'PM'}"
    ),
    "S": lambda v: f"{v.second:02d}",
    "s": lambda v: f"{v.second:02d}",
    "T": lambda v: f"{v.hour:02d}:{v.minute:02d}:{v.second:02d}",
    "v": lambda v: f"{v.isocalendar()[1]:02d}",
    "W": lambda v: DAYS[v.weekday()],
    "x": lambda v: f"{v.isocalendar()[0]:04d}",
    "Y": lambda v: f"{v.year:04d}",
    "y": lambda v: f"{v.year % 100:02d}",
}
REFUSED = "DUuVwX"


def date_format(value: zones.Zoned, pattern: str) -> str:
    """date_format."""
    wall = zones.local_of(value)

    def one(found: re.Match[str]) -> str:
        letter = found[1]
        if letter in REFUSED:
            raise bad_argument(f"%{letter} not supported in date format string")
        return MYSQL[letter](wall) if letter in MYSQL else letter

    return re.sub(r"%(.)", one, pattern, flags=re.DOTALL)


@cache
def in_utc(form: Callable[[zones.Zoned, str], str]) -> Callable[[datetime, str], str]:
    """The same form of a moment without a zone."""

    def formed(wall: datetime, pattern: str) -> str:
        return form({"t": wall, "z": "UTC"}, pattern)

    formed.__qualname__ = f"in_utc.{form.__qualname__}"
    return formed


Reader = tuple[str, str]
MYSQL_READERS: dict[str, Reader] = {
    "a": ("", "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"),
    "W": ("", "(?:" + "|".join(DAYS) + ")"),
    "b": ("b", "(?:" + "|".join(m[:3] for m in MONTHS) + ")"),
    "M": ("b", "(?:" + "|".join(MONTHS) + ")"),
    "c": ("m", r"\d{1,2}"), "m": ("m", r"\d{1,2}"), "d": ("d", r"\d{1,2}"), "e": ("d", r"\d{1,2}"),
    "f": ("f", r"\d{1,9}"), "H": ("H", r"\d{1,2}"), "k": ("H", r"\d{1,2}"), "h": ("I", r"\d{1,2}"),
    "I": ("I", r"\d{1,2}"), "l": ("I", r"\d{1,2}"), "i": ("M", r"\d{1,2}"), "j": ("j", r"\d{1,3}"),
    "p": ("p", "(?:AM|PM|am|pm)"), "S": ("S", r"\d{1,2}"), "s": ("S", r"\d{1,2}"), "Y": ("Y", r"[+-]?\d{1,4}"),  # noqa: E501
    "y": ("y", r"\d{2}"),
}  # fmt: skip


@lru_cache(maxsize=256)
def _mysql_parser(pattern: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    pattern = pattern.replace("%T", "%H:%i:%s").replace("%r", "%h:%i:%s %p")
    regex, keys = "", []
    for found in re.finditer(r"%(.)|([^%]+)", pattern, re.DOTALL):
        if found[2] is not None:
            regex += re.escape(found[2])
        elif found[1] in REFUSED:
            raise bad_argument(f"%{found[1]} not supported in date format string")
        elif found[1] in MYSQL_READERS:
            key, part = MYSQL_READERS[found[1]]
            regex += f"({part})"
            keys.append(key)
        else:
            regex += re.escape(found[1])
    return re.compile(regex, re.IGNORECASE), tuple(keys)


def date_parse(text: str, pattern: str) -> datetime:
    """date_parse."""
    regex, keys = _mysql_parser(pattern)
    found = regex.fullmatch(text)
    if found is None:
        raise bad_argument(f'Invalid format: "{text}"')
    return _assembled(dict(zip(keys, found.groups(), strict=True)), text)


def _assembled(fields: dict[str, str], text: str) -> datetime:
    year = int(fields["Y"]) if "Y" in fields else _two_digits(int(fields["y"])) if "y" in fields else 1970
    month = int(fields.get("m") or (_month(fields["b"]) if "b" in fields else 1))
    hour = int(fields.get("H", 0))
    if "I" in fields:
        hour = int(fields["I"]) % 12 + (12 if fields.get("p", "AM").upper() == "PM" else 0)
    micros = int((fields.get("f") or "0").ljust(6, "0")[:6])
    try:
        made = datetime(
            year,
            month,
            int(fields.get("d", 1)),
            hour,
            int(fields.get("M", 0)),
            int(fields.get("S", 0)),
            micros // 1000 * 1000,
        )
        return made.replace(month=1, day=1) + timedelta(days=int(fields["j"]) - 1) if "j" in fields else made
    except (ValueError, OverflowError) as error:
        raise bad_argument(f'Cannot parse "{text}": {error}') from error


def _two_digits(year: int) -> int:
    return year + (2000 if year < 70 else 1900)


def _month(name: str) -> int:
    return next(i for i, m in enumerate(MONTHS, 1) if m[:3].lower() == name[:3].lower())


def _joda_number(count: int, value: int) -> str:
    return f"{value:0{count}d}"


JODA: dict[str, Callable[[datetime, int], str]] = {
    "G": lambda v, n: "AD",
    "C": lambda v, n: _joda_number(n, v.year // 100),
    "Y": lambda v, n: f"{v.year % 100:02d}" if n == 2 else _joda_number(n, v.year),
    "y": lambda v, n: f"{v.year % 100:02d}" if n == 2 else _joda_number(n, v.year),
    "x": lambda v, n: f"{v.isocalendar()[0] % 100:02d}" if n == 2 else _joda_number(n, v.isocalendar()[0]),
    "w": lambda v, n: _joda_number(n, v.isocalendar()[1]),
    "e": lambda v, n: _joda_number(n, v.isoweekday()),
    "E": lambda v, n: DAYS[v.weekday()] if n > 3 else DAYS[v.weekday()][:3],
    "D": lambda v, n: _joda_number(n, v.timetuple().tm_yday),
    "M": lambda v, n: _joda_number(n, v.month) if n < 3 else MONTHS[v.month - 1][: 3 if n == 3 else None],
    "d": lambda v, n: _joda_number(n, v.day),
    "a": lambda v, n: "AM" if v.hour < 12 else "PM",
    "K": lambda v, n: _joda_number(n, v.hour % 12),
    "h": lambda v, n: _joda_number(n, (v.hour + 11) % 12 + 1),
    "H": lambda v, n: _joda_number(n, v.hour),
    "k": lambda v, n: _joda_number(n, v.hour or 24),
    "m": lambda v, n: _joda_number(n, v.minute),
    "s": lambda v, n: _joda_number(n, v.second),
    "S": lambda v, n: f"{v.microsecond // 1000:03d}".ljust(n, "0")[:n],
}
JODA_TOKEN = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+", re.DOTALL)


def format_datetime(value: zones.Zoned, pattern: str) -> str:
    """format_datetime."""
    wall = zones.local_of(value)
    made = ""
    for found in JODA_TOKEN.finditer(pattern):
        letter, count = found[2], len(found[0])
        if found[1] is not None:
            made += found[1].replace("''", "'") or "'"
        elif letter is None:
            made += found[0]
        elif letter in "Zz":
            made += _zone_text(value, letter, count)
        elif letter in JODA:
            made += JODA[letter](wall, count)
        else:
            raise bad_argument(f"Illegal pattern component: {found[0]}")
    return made


def _zone_text(value: zones.Zoned, letter: str, count: int) -> str:
    offset = zones.offset_text(zones.offset_minutes(value))
    if letter == "Z":
        return offset.replace(":", "") if count == 1 else offset if count == 2 else value["z"]
    if re.match(r"[+-]", value["z"]):
        return offset
    aware = value["t"].replace(tzinfo=UTC).astimezone(zones.zone(value["z"]))
    short = aware.tzname() or value["z"]
    if count > 3 and value["z"] == "UTC":
        return "Coordinated Universal Time"
    if count > 3:
        raise bad_argument("Long zone names are not supported")
    return short if short[:1] not in "+-" else offset


JODA_READERS: dict[str, Reader] = {
    "Y": ("Y", r"[+-]?\d{1,9}"), "y": ("Y", r"[+-]?\d{1,9}"), "M": ("m", r"\d{1,2}"), "d": ("d", r"\d{1,2}"),
    "H": ("H", r"\d{1,2}"), "h": ("I", r"\d{1,2}"), "K": ("I", r"\d{1,2}"), "m": ("M", r"\d{1,2}"),
    "s": ("S", r"\d{1,2}"), "S": ("f", r"\d{1,9}"), "a": ("p", "(?:AM|PM|am|pm)"), "D": ("j", r"\d{1,3}"),
    "E": ("", "(?:" + "|".join((*DAYS, *(d[:3] for d in DAYS))) + ")"),
    "Z": ("z", r"[+-]\d{2}:?\d{2}|[A-Za-z][\w/+-]*|Z"), "z": ("z", r"[A-Za-z][\w/]*"),
}  # fmt: skip


@lru_cache(maxsize=256)
def _joda_parser(pattern: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    regex, keys = "", []
    for found in JODA_TOKEN.finditer(pattern):
        letter, count = found[2], len(found[0])
        if found[1] is not None:
            regex += re.escape(found[1].replace("''", "'") or "'")
        elif letter is None:
            regex += re.escape(found[0])
        elif letter == "M" and count > 2:
            regex += "(" + MYSQL_READERS["M"][1] + "|" + MYSQL_READERS["b"][1] + ")"
            keys.append("b")
        elif letter in JODA_READERS:
            key, part = JODA_READERS[letter]
            two = letter in "Yy" and count == 2
            regex += "(" + (r"\d{2}" if two else part) + ")"
            keys.append("y" if two else key)
        else:
            raise bad_argument(f"Illegal pattern component: {found[0]}")
    return re.compile(regex, re.IGNORECASE), tuple(keys)


def parse_datetime(text: str, pattern: str) -> zones.Zoned:
    """parse_datetime."""
    regex, keys = _joda_parser(pattern)
    found = regex.fullmatch(text)
    if found is None:
        raise bad_argument(f'Invalid format: "{text}"')
    fields = dict(zip(keys, found.groups(), strict=True))
    return zones.instant_of(_assembled(fields, text), fields.get("z") or "UTC")


ISO = re.compile(
    r"(?P<y>[+-]?\d{4,9})(?:-(?P<m>\d{2})(?:-(?P<d>\d{2}))?|-W(?P<w>\d{2})(?:-(?P<k>\d))?|-(?P<n>\d{3}))?"
    r"(?:T(?:(?P<h>\d{2})(?::?(?P<i>\d{2})(?::?(?P<s>\d{2})(?:[.,](?P<f>\d+))?)?)?)?(?P<z>Z|[+-]\d{2}(?::?\d{2})?)?)?"
)


def _iso_day(found: re.Match[str]) -> date:
    year = int(found["y"])
    if found["w"]:
        return date.fromisocalendar(year, int(found["w"]), int(found["k"] or 1))
    if found["n"]:
        return date(year, 1, 1) + timedelta(days=int(found["n"]) - 1)
    return date(year, int(found["m"] or 1), int(found["d"] or 1))


def from_iso8601_date(text: str) -> date:
    """from_iso8601_date."""
    found = ISO.fullmatch(text)
    try:
        if found is None or "T" in text:
            raise ValueError(text)
        return _iso_day(found)
    except (ValueError, OverflowError) as error:
        raise bad_argument(f'Invalid format: "{text}"') from error


def from_iso8601_timestamp(text: str) -> zones.Zoned:
    """from_iso8601_timestamp."""
    found = ISO.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        day = _iso_day(found)
        millis = int((found["f"] or "0").ljust(3, "0")[:3])
        wall = datetime(
            day.year,
            day.month,
            day.day,
            int(found["h"] or 0),
            int(found["i"] or 0),
            int(found["s"] or 0),
            millis * 1000,
        )
    except (ValueError, OverflowError) as error:
        raise bad_argument(f'Invalid format: "{text}"') from error
    return zones.instant_of(wall, found["z"] or "UTC")


def from_iso8601_timestamp_nanos(text: str) -> dict[str, Any]:
    """from_iso8601_timestamp_nanos, of a timestamp(9) with time zone."""
    found = ISO.fullmatch(text)
    digits = ((found["f"] if found else None) or "").ljust(9, "0")[:9]
    whole = from_iso8601_timestamp(text)
    return {**whole, "t": whole["t"].replace(microsecond=int(digits[:6])), "p": int(digits[6:]) * 1000}


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
        return text + ("Z" if place == "UTC" else zones.offset_text(round(ahead / (60 * stamps.SECOND))))

    written.__qualname__ = f"to_iso8601_{type_}"
    return written
