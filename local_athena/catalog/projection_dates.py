"""The values of a projected date column: a range, bounded by dates or by NOW, in steps.

Formats are those of Java's DateTimeFormatter; times are UTC.
https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html#partition-projection-date-type
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

MONTHS = tuple(calendar.month_name)[1:]
DAYS = tuple(calendar.day_name)

WRITERS: dict[str, Callable[[datetime, int], str]] = {
    "y": lambda v, n: f"{v.year % 100:02d}" if n == 2 else f"{v.year:0{n}d}",
    "M": lambda v, n: MONTHS[v.month - 1][: 3 if n == 3 else None] if n > 2 else f"{v.month:0{n}d}",
    "d": lambda v, n: f"{v.day:0{n}d}",
    "D": lambda v, n: f"{v.timetuple().tm_yday:0{n}d}",
    "E": lambda v, n: DAYS[v.weekday()][: 3 if n < 4 else None],
    "H": lambda v, n: f"{v.hour:0{n}d}",
    "h": lambda v, n: f"{(v.hour + 11) % 12 + 1:0{n}d}",
    "a": lambda v, n: "AM" if v.hour < 12 else "PM",
    "m": lambda v, n: f"{v.minute:0{n}d}",
    "s": lambda v, n: f"{v.second:0{n}d}",
    "S": lambda v, n: f"{v.microsecond:06d}"[:n].ljust(n, "0"),
}
"""Letters of a pattern, and what each writes for a moment and a count of letters."""
READ = {"y": "Y", "M": "m", "d": "d", "D": "j", "H": "H", "h": "I", "a": "p", "m": "M", "s": "S", "S": "f"}
"""Letters as strptime reads them."""
TOKEN = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+")
SAME = {"u": "y", "L": "M", "k": "H"}
FINEST = (
    ("S", "MILLIS"),
    ("s", "SECONDS"),
    ("m", "MINUTES"),
    ("Hh", "HOURS"),
    ("dD", "DAYS"),
    ("M", "MONTHS"),
    ("y", "YEARS"),
)
SECONDS = {"MILLIS": 0.001, "SECONDS": 1, "MINUTES": 60, "HOURS": 3600, "DAYS": 86400, "WEEKS": 604800}
UNIT_MONTHS = {"MONTHS": 1, "YEARS": 12}
NOW = re.compile(
    r"\s*NOW\s*(?:([+-])\s*(\d+)\s*(YEAR|MONTH|WEEK|DAY|HOUR|MINUTE|SECOND)S?\s*)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A date format. `parts` are literals, or a letter and its count."""

    parts: tuple[tuple[str, int], ...]

    def write(self, moment: datetime) -> str:
        """The moment's text."""
        return "".join(WRITERS[text](moment, count) if count else text for text, count in self.parts)

    def read(self, text: str) -> datetime:
        """The moment of a text.

        Raises:
            ValueError: the text is not of this format.
        """
        form = "".join(self._directive(part, n) if n else part.replace("%", "%%") for part, n in self.parts)
        moment = datetime.strptime(text, form)
        if self.write(moment) != text:
            raise ValueError(text)
        return moment

    @staticmethod
    def _directive(letter: str, count: int) -> str:
        if letter == "E":
            return "%a" if count < 4 else "%A"
        if letter == "M" and count > 2:
            return "%b" if count == 3 else "%B"
        return "%y" if letter == "y" and count == 2 else f"%{READ[letter]}"

    @property
    def unit(self) -> str:
        """The finest unit that the format shows."""
        letters = {text for text, count in self.parts if count}
        return next((unit for marks, unit in FINEST if letters & set(marks)), "YEARS")


@lru_cache(maxsize=512)
def pattern(text: str) -> Pattern:
    """A format of its text.

    Raises:
        ValueError: it has a letter that dates are not projected by.
    """
    parts: list[tuple[str, int]] = []
    at = 0
    for found in TOKEN.finditer(text):
        if found.start() != at:
            raise ValueError(f"Unterminated quote in date format: {text}")
        at = found.end()
        if found[2]:
            letter = SAME.get(found[2], found[2])
            if letter not in WRITERS:
                raise ValueError(f"Unknown pattern letter: {found[2]}")
            parts.append((letter, len(found[0])))
        else:
            parts.append(((found[1] or "'").replace("''", "'") if found[0][0] == "'" else found[0], 0))
    if at != len(text) or not parts:
        raise ValueError(f"Invalid date format: {text}")
    return Pattern(tuple(parts))


def bound(text: str, form: Pattern, now: datetime) -> datetime:
    """A bound of a range: a text in the format, or `NOW-3YEARS`.

    Raises:
        ValueError: it is neither.
    """
    found = NOW.fullmatch(text)
    if found is None:
        return form.read(text.strip())
    count = int(found[2] or 0) * (-1 if found[1] == "-" else 1)
    return plus(now, count, f"{found[3] or 'DAY'}S".upper())


def plus(moment: datetime, count: int, unit: str) -> datetime:
    """`count` units later; a day that the month does not have becomes its last one."""
    if unit in SECONDS:
        return moment + timedelta(seconds=SECONDS[unit]) * count
    months = moment.year * 12 + moment.month - 1 + count * UNIT_MONTHS[unit]
    year, month = divmod(months, 12)
    return moment.replace(
        year=year, month=month + 1, day=min(moment.day, calendar.monthrange(year, month + 1)[1])
    )


@dataclass(frozen=True, slots=True)
class DateRange:
    """`first`, and every `interval` units after it up to `last`."""

    form: Pattern
    first: datetime
    last: datetime
    interval: int
    unit: str

    def values(self) -> Iterator[str]:
        """All texts, each once."""
        previous, step = None, 0
        while (moment := plus(self.first, step * self.interval, self.unit)) <= self.last:
            step += 1
            text = self.form.write(moment)
            if text != previous:
                yield text
            previous = text

    def has(self, text: str) -> bool:
        """Whether a text is one of the values, told without making them all."""
        try:
            moment = self.form.read(text)
        except ValueError:
            return False
        near = self._steps_to(moment)
        steps = (plus(self.first, max(0, near + d) * self.interval, self.unit) for d in (-1, 0, 1, 2))
        return any(step <= self.last and self.form.write(step) == text for step in steps)

    def _steps_to(self, moment: datetime) -> int:
        if self.unit in SECONDS:
            return int((moment - self.first) // (timedelta(seconds=SECONDS[self.unit]) * self.interval))
        months = (moment.year - self.first.year) * 12 + moment.month - self.first.month
        return months // (UNIT_MONTHS[self.unit] * self.interval)
