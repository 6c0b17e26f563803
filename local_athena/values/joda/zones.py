"""The pieces of a pattern that write and read zones: offsets, short names, names of the zone database."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from functools import lru_cache

from local_athena.errors import not_supported
from local_athena.values.joda.pieces import DIGITS, Piece, Read, Shown

NAMES = {
    "UT": "UTC", "UTC": "UTC", "GMT": "UTC", "EST": "America/New_York", "EDT": "America/New_York",
    "CST": "America/Chicago", "CDT": "America/Chicago", "MST": "America/Denver", "MDT": "America/Denver",
    "PST": "America/Los_Angeles", "PDT": "America/Los_Angeles",
}  # fmt: skip
"""The short names that can be read."""


@dataclass(frozen=True, slots=True)
class Offset(Piece):
    """`+0530`, or with a colon; read in either form, and `Z`."""

    colon: bool

    def write(self, shown: Shown) -> str:
        """Hours and minutes."""
        return shown.offset if self.colon else shown.offset.replace(":", "")

    def read(self, text: str, at: int, into: Read) -> int:
        """A sign and two digits, then minutes."""
        if text[at : at + 1] in ("Z", "z"):
            into.zone = "UTC"
            return at + 1
        hours = _two(text, at + 1)
        if text[at : at + 1] not in ("+", "-") or hours is None or hours > 23:
            return ~at
        end, minutes = at + 3, 0
        rest = end + text.startswith(":", end)
        if rest > end or text[end : end + 1] in tuple(DIGITS):
            found = _two(text, rest)
            if found is None or found > 59:
                return ~rest
            minutes, end = found, rest + 2
        into.zone = f"{text[at]}{hours:02d}:{minutes:02d}" if hours or minutes else "UTC"
        return end


def _two(text: str, at: int) -> int | None:
    found = text[at : at + 2]
    return int(found) if len(found) == 2 and all(c in DIGITS for c in found) else None


@dataclass(frozen=True, slots=True)
class ZoneName(Piece):
    """A short name, such as CET; a long one only of UTC."""

    long: bool

    def write(self, shown: Shown) -> str:
        """The name that counts at the moment; an offset has none."""
        if not self.long or shown.zone[0] in "+-":
            return shown.short_name
        if shown.zone != "UTC":
            raise not_supported("Long zone names are not supported")
        return "Coordinated Universal Time"

    def read(self, text: str, at: int, into: Read) -> int:
        """One of the names of the United States' zones and of UTC."""
        found = next((n for n in sorted(NAMES, key=len, reverse=True) if text.startswith(n, at)), None)
        if found is None:
            return ~at
        into.zone = NAMES[found]
        return at + len(found)


@lru_cache(maxsize=1)
def _known() -> tuple[str, ...]:
    return tuple(sorted(zoneinfo.available_timezones() | {"UTC"}, key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class ZoneId(Piece):
    """A zone by its name in the zone database."""

    def write(self, shown: Shown) -> str:
        """The name."""
        return shown.zone

    def read(self, text: str, at: int, into: Read) -> int:
        """The longest name that stands there."""
        found = next((name for name in _known() if text.startswith(name, at)), None)
        if found is None:
            return ~at
        into.zone = found
        return at + len(found)
