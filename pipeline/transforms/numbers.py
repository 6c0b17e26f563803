"""Read numbers as Spanish and English systems write them, exactly.

Of two different separators the last is the decimal one; one kind repeated is thousands; a lone one is
decimal. So `1.234,56`, `1,234.56`, `1234,56` and `1234.56` are one number, `1.234.567` is a million and
`1.234` is less than two. Thousands must be groups of three: `1.23.4` means nothing certain and is not read. A
number never passes through a float. Decimals beyond the scale are rounded half up; a number with more digits
than the type holds is not read.
"""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812 (Spark's own convention)

PRECISION = 18

_WHOLE_OR_LONE = r"\d+|\d+[.,]\d*|[.,]\d+"
_REPEATED = r"\d{1,3}(?:\.\d{3}){2,}|\d{1,3}(?:,\d{3}){2,}"
_COMMA_DECIMAL = r"\d{1,3}(?:\.\d{3})+,\d*"
_POINT_DECIMAL = r"\d{1,3}(?:,\d{3})+\.\d*"
_SEPARATORS = r"[.,]"


def number(column: str, *, scale: int) -> Column:
    """The column's text as `decimal(18, scale)`; null when it is null or unreadable."""
    return decimal_of(F.col(column), scale).alias(column)


def decimal_of(text: Column, scale: int) -> Column:
    """`text` as `decimal(18, scale)`; null when it is null or unreadable."""
    plain = (
        F.when(_is(text, _WHOLE_OR_LONE), F.translate(text, ",", "."))
        .when(_is(text, _REPEATED), F.regexp_replace(text, _SEPARATORS, ""))
        .when(_is(text, _COMMA_DECIMAL), F.translate(text, ",.", "."))
        .when(_is(text, _POINT_DECIMAL), F.translate(text, ",", ""))
    )
    return plain.cast(f"decimal({PRECISION},{scale})")


def _is(text: Column, pattern: str) -> Column:
    return text.rlike(rf"^[+-]?(?:{pattern})$")
