"""The fields that a pattern names: what each is of a moment, and what setting it makes of one.

A moment is a count of milliseconds since 1970 by the clock of its zone. Joda sets the fields that it read
from the longest to the shortest and cuts what is shorter off, twice; where the longest is a month, week or
day, the year is 2000. That is why `date_parse('Feb', '%b')` is in 2000.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from local_athena.values.joda import calendar as c

SIZES = {
    "millis": 1, "seconds": 1000, "minutes": 60_000, "hours": 3_600_000, "halfdays": c.DAY // 2,
    "days": c.DAY, "weeks": c.WEEK, "months": 30 * c.DAY, "weekyears": 365 * c.DAY, "years": 365 * c.DAY + 1,
    "centuries": 36525 * c.DAY, "eras": 10**18, "ever": 10**19,
}  # fmt: skip
"""How long each duration is, as an order."""


class BadValue(Exception):
    """A value that a field cannot have."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: how long it is, within what, and its values."""

    name: str
    size: str
    within: str
    get: Callable[[int], int]
    set: Callable[[int, int], int]
    floor: Callable[[int], int]

    @property
    def order(self) -> tuple[int, int]:
        """Long ones come first."""
        return -SIZES[self.within], -SIZES[self.size]


def _between(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise BadValue(f"Value {value} for {name} must be in the range [{low},{high}]")


def _date(millis: int) -> tuple[int, int, int]:
    return c.date_of(millis // c.DAY)


def _on(millis: int, days: int) -> int:
    """The same time of another day."""
    return days * c.DAY + millis % c.DAY


def _day_of_year(millis: int) -> int:
    return millis // c.DAY - c.days_of(_date(millis)[0], 1, 1) + 1


def _set_year(millis: int, year: int) -> int:
    _between("year", year, -292275054, 292278993)
    before, _, _ = _date(millis)
    day = _day_of_year(millis)
    if day > 31 + 28:
        day += c.is_leap(year) - c.is_leap(before)
    return _on(millis, c.days_of(year, 1, 1) + day - 1)


def _year_floor(millis: int) -> int:
    return c.days_of(_date(millis)[0], 1, 1) * c.DAY


def _set_month(millis: int, month: int) -> int:
    _between("monthOfYear", month, 1, 12)
    year, _, day = _date(millis)
    return _on(millis, c.days_of(year, month, min(day, c.month_length(year, month))))


def _month_floor(millis: int) -> int:
    year, month, _ = _date(millis)
    return c.days_of(year, month, 1) * c.DAY


def _set_day(millis: int, day: int) -> int:
    year, month, _ = _date(millis)
    _between("dayOfMonth", day, 1, c.month_length(year, month))
    return _on(millis, c.days_of(year, month, day))


def _set_day_of_year(millis: int, day: int) -> int:
    year = _date(millis)[0]
    _between("dayOfYear", day, 1, 365 + c.is_leap(year))
    return _on(millis, c.days_of(year, 1, 1) + day - 1)


def _day_floor(millis: int) -> int:
    return millis // c.DAY * c.DAY


def _set_weekyear(millis: int, year: int) -> int:
    _between("weekyear", year, -292275054, 292278993)
    days = millis // c.DAY
    week = min(c.iso_week_of(days)[1], c.weeks_of(year), c.weeks_of(c.iso_week_of(days)[0]))
    return _on(millis, c.day_of_iso(year, week, c.weekday_of(days)))


def _weekyear_floor(millis: int) -> int:
    return c.day_of_iso(c.iso_week_of(millis // c.DAY)[0], 1, 1) * c.DAY


def _set_week(millis: int, week: int) -> int:
    days = millis // c.DAY
    year = c.iso_week_of(days)[0]
    _between("weekOfWeekyear", week, 1, c.weeks_of(year))
    return _on(millis, c.day_of_iso(year, week, c.weekday_of(days)))


def _week_floor(millis: int) -> int:
    days = millis // c.DAY
    return (days - c.weekday_of(days) + 1) * c.DAY


def _set_weekday(millis: int, day: int) -> int:
    _between("dayOfWeek", day, 1, 7)
    days = millis // c.DAY
    return _on(millis, days - c.weekday_of(days) + day)


def _set_century(millis: int, century: int) -> int:
    year = _date(millis)[0]
    return _set_year(millis, century * 100 + year % 100)


def _era_year(millis: int) -> int:
    year = _date(millis)[0]
    return year if year > 0 else 1 - year


def _set_era_year(millis: int, year: int) -> int:
    _between("yearOfEra", year, 1, 292278993)
    return _set_year(millis, year if _date(millis)[0] > 0 else 1 - year)


def _set_era(millis: int, era: int) -> int:
    return millis if (_date(millis)[0] > 0) == bool(era) else _set_year(millis, 1 - _date(millis)[0])


def _clock(name: str, size: str, within: str, high: int, *, first: int = 0) -> Field:
    """A field of the time of day; a clock's hours go from 1 to their number, which is also 0."""
    unit, count = SIZES[size], high - first + 1

    def get(millis: int) -> int:
        found = millis // unit % count
        return found or count if first else found

    def put(millis: int, value: int) -> int:
        _between(name, value, first, high)
        return millis + (value % count - get(millis) % count) * unit

    return Field(name, size, within, get, put, lambda millis: millis // unit * unit)


FIELDS = {
    field.name: field
    for field in (
        Field("era", "eras", "ever", lambda m: int(_date(m)[0] > 0), _set_era,
              lambda m: c.days_of(1, 1, 1) * c.DAY if _date(m)[0] > 0 else m),
        Field("centuryOfEra", "centuries", "eras", lambda m: _era_year(m) // 100, _set_century,
              lambda m: c.days_of(_date(m)[0] // 100 * 100, 1, 1) * c.DAY),
        Field("yearOfEra", "years", "eras", _era_year, _set_era_year, _year_floor),
        Field("year", "years", "ever", lambda m: _date(m)[0], _set_year, _year_floor),
        Field("weekyear", "weekyears", "ever", lambda m: c.iso_week_of(m // c.DAY)[0], _set_weekyear,
              _weekyear_floor),
        Field("weekOfWeekyear", "weeks", "weekyears", lambda m: c.iso_week_of(m // c.DAY)[1], _set_week,
              _week_floor),
        Field("monthOfYear", "months", "years", lambda m: _date(m)[1], _set_month, _month_floor),
        Field("dayOfYear", "days", "years", _day_of_year, _set_day_of_year, _day_floor),
        Field("dayOfMonth", "days", "months", lambda m: _date(m)[2], _set_day, _day_floor),
        Field("dayOfWeek", "days", "weeks", lambda m: c.weekday_of(m // c.DAY), _set_weekday, _day_floor),
        _clock("halfdayOfDay", "halfdays", "days", 1),
        _clock("hourOfDay", "hours", "days", 23),
        _clock("clockhourOfDay", "hours", "days", 24, first=1),
        _clock("hourOfHalfday", "hours", "halfdays", 11),
        _clock("clockhourOfHalfday", "hours", "halfdays", 12, first=1),
        _clock("minuteOfHour", "minutes", "hours", 59),
        _clock("secondOfMinute", "seconds", "minutes", 59),
        _clock("millisOfSecond", "millis", "seconds", 999),
    )
}  # fmt: skip
DEFAULT_YEAR = 2000


def moment_of(values: list[tuple[str, int]]) -> int:
    """The moment that fields with values are.

    Raises:
        BadValue: a field cannot have its value.
    """
    known = sorted(((FIELDS[name], value) for name, value in values), key=lambda pair: pair[0].order)
    longest = known[0][0].size if known else "millis"
    if SIZES["days"] <= SIZES[longest] <= SIZES["months"]:
        return moment_of([*values, ("year", DEFAULT_YEAR)])
    millis = 0
    for field, value in known:
        millis = field.floor(field.set(millis, value))
    for field, value in known:
        millis = field.set(millis, value)
    return known[-1][0].floor(millis) if known else millis
