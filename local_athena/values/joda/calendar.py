"""The calendar for any year: days since 1970 to year, month, day and ISO week, and back.

Python's own calendar has the years 1 to 9999; Athena's has hundreds of thousands.
"""

from __future__ import annotations

DAY = 86_400_000
WEEK = 7 * DAY


def days_of(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the proleptic Gregorian calendar."""
    shifted = year - (month <= 2)
    era, of_era = divmod(shifted, 400)
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


def date_of(days: int) -> tuple[int, int, int]:
    """Year, month and day of a number of days since 1970-01-01."""
    era, of_era = divmod(days + 719468, 146097)
    year = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    day = of_year - (153 * month + 2) // 5 + 1
    month = month + 3 if month < 10 else month - 9
    return year + era * 400 + (month <= 2), month, day


def is_leap(year: int) -> bool:
    """Whether a year has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year: int, month: int) -> int:
    """The days of a month."""
    return 29 if month == 2 and is_leap(year) else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def weekday_of(days: int) -> int:
    """1 for Monday to 7 for Sunday."""
    return (days + 3) % 7 + 1


def iso_week_of(days: int) -> tuple[int, int]:
    """The ISO year and its week."""
    thursday = days - weekday_of(days) + 4
    year = date_of(thursday)[0]
    return year, (thursday - days_of(year, 1, 1)) // 7 + 1


def weeks_of(year: int) -> int:
    """The number of weeks of an ISO year."""
    return iso_week_of(days_of(year, 12, 28))[1]


def day_of_iso(year: int, week: int, weekday: int) -> int:
    """Days since 1970-01-01 of a day of an ISO week."""
    fourth = days_of(year, 1, 4)
    return fourth - weekday_of(fourth) + 1 + (week - 1) * 7 + weekday - 1
