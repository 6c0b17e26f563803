"""Read dates: `YYYY-MM-DD`, `YYYY/MM/DD`, `DD/MM/YYYY`, `DD-MM-YYYY` and ISO date-times, whose date is taken
as written.

A date-time keeps its own calendar day whatever its zone: a sale at 23:30-05:00 was made that day in Colombia.
A day that the calendar has not, such as 31/02/2025, is unreadable; Spark's lenient parsers would make it 3
March.
"""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812 (Spark's own convention)

_YEAR, _MONTH, _DAY = r"(?!0000)\d{4}", r"\d{2}", r"\d{2}"
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?"
_ZONE = r"(?:Z|z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?"

_ISO = rf"^({_YEAR})-({_MONTH})-({_DAY})(?:[Tt ]{_TIME} ?{_ZONE})?$"
_YEAR_FIRST = rf"^({_YEAR})/({_MONTH})/({_DAY})$"
# The two separators may not be mixed, so the second one is what the first was.
_DAY_FIRST = rf"^({_DAY})([/-])({_MONTH})\2({_YEAR})$"


def date(column: str) -> Column:
    """The column's text as a date; null when it is null, unreadable or not in the calendar."""
    return date_of(F.col(column)).alias(column)


def date_of(text: Column) -> Column:
    """`text` as a date; null when it is null, unreadable or not in the calendar."""
    iso = (
        F.when(text.rlike(_ISO), F.substring(text, 1, 10))
        .when(text.rlike(_YEAR_FIRST), F.translate(text, "/", "-"))
        .when(text.rlike(_DAY_FIRST), F.regexp_replace(text, _DAY_FIRST, "$4-$3-$1"))
    )
    return iso.cast("date")
