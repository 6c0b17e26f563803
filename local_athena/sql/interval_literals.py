"""Literals of intervals: `INTERVAL '1' DAY`, `INTERVAL '1-2' YEAR TO MONTH`, `INTERVAL '1 02' DAY TO SECOND`.

https://trino.io/docs/current/language/types.html#interval-day-to-second. Parts may be left out from the end;
one sign stands before all of them.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.sql.build import sql
from local_athena.sql.typed import Typed
from local_athena.types.trino import INTERVAL_DAY, INTERVAL_YEAR

MONTHS = {"YEAR": 12, "MONTH": 1}
MILLIS = {"DAY": 86400000, "HOUR": 3600000, "MINUTE": 60000, "SECOND": 1000}
SEPARATORS = {"MONTH": "-", "HOUR": " ", "MINUTE": ":", "SECOND": ":"}
"""What stands before each part."""


def interval(node: exp.Interval) -> Typed:
    """An interval literal as months or as milliseconds.

    Raises:
        QueryFailed: INVALID_LITERAL.
    """
    written = node.this
    sign = -1 if isinstance(written, exp.Neg) else 1
    value = written.this if isinstance(written, exp.Neg) else written
    if not isinstance(value, exp.Literal):
        raise QueryFailed("SYNTAX_ERROR", "line 1:8: An interval needs its value in quotes")
    text = str(value.name)
    first, last = _span(node.args.get("unit"))
    units = next((u for u in (MONTHS, MILLIS) if first in u and last in u), None)
    repeated = isinstance(node.args.get("unit"), exp.IntervalSpan) and first == last
    found = _pattern(first, last).fullmatch(text) if units is not None and not repeated else None
    if units is None or found is None:
        span = first if first == last else f"{first} TO {last}"
        problem = f"line 1:8: Invalid INTERVAL {span} value: {text}"
        raise QueryFailed("INVALID_LITERAL", problem, error_type=1006)
    sign = -sign if found[1] else sign
    parts = zip(_between(first, last), found.groups()[1:], strict=True)
    numbers = [(unit, Decimal(part)) for unit, part in parts if part is not None]
    total = sign * sum(int(number * units[unit]) for unit, number in numbers)
    most = 2**31 if units is MONTHS else 2**63
    if not -most <= total < most or any(number >= 2**31 for _, number in numbers):
        problem = f"line 1:8: '{text}' is not a valid INTERVAL literal"
        raise QueryFailed("INVALID_LITERAL", problem, error_type=1006)
    if units is MONTHS:
        return Typed(sql("CAST({} AS INTEGER)", total), INTERVAL_YEAR)
    return Typed(sql("CAST({} AS BIGINT)", total), INTERVAL_DAY)


def _span(unit: exp.Expr | None) -> tuple[str, str]:
    """The first and the last field."""
    if isinstance(unit, exp.IntervalSpan):
        return unit.this.name, unit.expression.name
    name = unit.name if unit is not None else ""
    return name, name


def _between(first: str, last: str) -> tuple[str, ...]:
    names = tuple(MONTHS if first in MONTHS else MILLIS)
    return names[names.index(first) : names.index(last) + 1]


@cache
def _pattern(first: str, last: str) -> re.Pattern[str]:
    """The parts of a span, each after its separator, later ones optional; a span backwards has none."""
    regex = ""
    for unit in reversed(_between(first, last)):
        number = r"(\d+(?:\.\d+)?)" if unit == "SECOND" else r"(\d+)"
        regex = number + regex if unit == first else f"(?:{SEPARATORS[unit]}{number}{regex})?"
    return re.compile(f"(-)?{regex}" if regex else r"(?!)")
