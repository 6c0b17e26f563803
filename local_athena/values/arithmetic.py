"""Arithmetic and comparison that DuckDB does otherwise: decimal division, zoned months, NULLs inside
values.
"""

from __future__ import annotations

import calendar
import operator
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from local_athena.errors import QueryFailed
from local_athena.types.trino import TrinoType
from local_athena.values import zones
from local_athena.values.frozen import frozen
from local_athena.values.texts import WIDE


def _fits(value: Decimal, result: TrinoType) -> Decimal:
    rounded = value.quantize(Decimal(1).scaleb(-result.scale), rounding=ROUND_HALF_UP, context=WIDE)
    if rounded.copy_abs() >= Decimal(10) ** (38 - result.scale):
        raise QueryFailed("NUMERIC_VALUE_OUT_OF_RANGE", "Decimal overflow")
    return rounded


@cache
def divide(result: TrinoType) -> Callable[[Decimal, Decimal], Decimal]:
    """Division of decimals, half up to the result's scale."""

    def quotient(left: Decimal, right: Decimal) -> Decimal:
        if right == 0:
            raise QueryFailed("DIVISION_BY_ZERO", "Division by zero")
        return _fits(WIDE.divide(left, right), result)

    return quotient


@cache
def exactly(sign: str, result: TrinoType) -> Callable[[Decimal, Decimal], Decimal]:
    """+, - or * of decimals that may not fit 38 digits."""
    calculate = {"+": WIDE.add, "-": WIDE.subtract, "*": WIDE.multiply}[sign]

    def calculated(left: Decimal, right: Decimal) -> Decimal:
        if sign != "*" and max(left.copy_abs(), right.copy_abs()).scaleb(result.scale, WIDE) >= 2**127:
            raise QueryFailed("NUMERIC_VALUE_OUT_OF_RANGE", "Decimal overflow")
        return _fits(calculate(left, right), result)

    return calculated


@cache
def remainder(result: TrinoType) -> Callable[[Decimal, Decimal], Decimal]:
    """The remainder of decimals, with the sign of the dividend."""

    def modulus(left: Decimal, right: Decimal) -> Decimal:
        if right == 0:
            raise QueryFailed("DIVISION_BY_ZERO", "Division by zero")
        return _fits(WIDE.remainder(left, right), result)

    return modulus


def add_months(value: zones.Zoned, months: int) -> zones.Zoned:
    """A zoned timestamp some months on, at the same wall-clock time; the day is cut to the month's last."""
    wall = zones.local_of(value)
    year, month = divmod(wall.year * 12 + wall.month - 1 + months, 12)
    day = min(wall.day, calendar.monthrange(year, month + 1)[1])
    return {**value, **zones.instant_of(wall.replace(year=year, month=month + 1, day=day), value["z"])}


@cache
def equal(type_: TrinoType) -> Callable[[Any, Any], bool | None]:
    """`=` of arrays, maps and rows: None when a NULL inside leaves it open."""

    def same(left: Any, right: Any) -> bool | None:
        return _equal(left, right, type_)

    return same


def _equal(left: Any, right: Any, type_: TrinoType) -> bool | None:
    if left is None or right is None:
        return None
    if type_.base == "array":
        return len(left) == len(right) and _all(
            _equal(a, b, type_.element) for a, b in zip(left, right, strict=True)
        )
    if type_.base == "row":
        return _all(_equal(left[f"f{i}"], right[f"f{i}"], part) for i, part in enumerate(type_.parts))
    if type_.base == "map":
        first, second = ({frozen(k): v for k, v in pairs} for pairs in (left, right))
        return first.keys() == second.keys() and _all(
            _equal(v, second[k], type_.value) for k, v in first.items()
        )
    return bool(zones.instant_key(left) == zones.instant_key(right))


def _all(answers: Any) -> bool | None:
    seen = list(answers)
    return False if False in seen else None if None in seen else True


OPERATORS: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@cache
def ordered(type_: TrinoType, sign: str) -> Callable[[Any, Any], bool | None]:
    """<, <=, > or >= of rows and arrays; NaN is above all, and a NULL inside may leave it open."""
    holds = OPERATORS[sign]

    def compare(left: Any, right: Any) -> bool | None:
        try:
            return holds(_order(left, right, type_, None), 0)
        except _Open:
            return None

    return compare


class _Open(Exception):
    """A NULL stands where the order is decided."""


def sort_order(left: Any, right: Any, type_: TrinoType) -> int:
    """-1, 0 or 1 for values that are sorted: NaN, then NULL come last."""
    return _order(left, right, type_, 1)


def extreme_order(left: Any, right: Any, type_: TrinoType, greatest: bool) -> int:
    """The order for finding the greatest (or least) value, which NaN and NULL inside never are."""
    return _order(left, right, type_, -1 if greatest else 1)


def _order(left: Any, right: Any, type_: TrinoType, unordered: int | None) -> int:
    """The order of two values; `unordered` is the side of what has none (1: last), None to raise _Open."""
    if left is None or right is None:
        return _aside(left is None, right is None, unordered)
    if type_.base == "array":
        pairs = [(a, b, type_.element) for a, b in zip(left, right, strict=False)]
        rest = (len(left) > len(right)) - (len(left) < len(right))
    elif type_.base == "row":
        pairs = [(left[f"f{i}"], right[f"f{i}"], part) for i, part in enumerate(type_.parts)]
        rest = 0
    else:
        a, b = zones.instant_key(left), zones.instant_key(right)
        if a != a or b != b:
            return _aside(a != a, b != b, 1 if unordered is None else unordered)
        return int(a > b) - int(a < b)
    return next((found for a, b, part in pairs if (found := _order(a, b, part, unordered))), rest)


def _aside(left: bool, right: bool, unordered: int | None) -> int:
    if unordered is None:
        raise _Open
    return unordered * (left - right)
