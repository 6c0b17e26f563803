"""Exact numbers beside a literal such as `0.05`, which is a double: compared as the exact numbers they are.

DuckDB hands a comparison of a column down to the statistics of a Parquet file, and none of a cast. Doubles tell any
two decimals of up to 15 digits apart and keep their order, and any two whole numbers below 2^53, so the answer is
that of doubles.
"""  # noqa: E501

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from local_athena.sql.build import cast_as, string
from local_athena.sql.typed import Typed
from local_athena.types.trino import DOUBLE, INTEGERS, decimal

DIGITS = 15
"""Decimal digits that a double keeps apart."""


def exactly(left: Typed, right: Typed) -> tuple[Typed, Typed] | None:
    """The two sides of a comparison as exact numbers, where that changes no answer."""
    literal = _literal_beside(left, right)
    if literal is not None:
        return left, literal
    literal = _literal_beside(right, left)
    return None if literal is None else (literal, right)


def _literal_beside(side: Typed, literal: Typed) -> Typed | None:
    """The literal in the scale of the other side, if it has such a form."""
    scale = _scale(side)
    if scale is None or literal.type != DOUBLE or not isinstance(literal.constant, float):
        return None
    try:
        whole = Decimal(repr(literal.constant)).scaleb(scale)
        if whole != whole.to_integral_value() or abs(whole) >= 10**DIGITS:
            return None
    except InvalidOperation:
        return None
    type_ = decimal(DIGITS, scale) if side.type.base == "decimal" else side.type
    if side.type.base in INTEGERS and abs(whole) >= 10 ** (INTEGERS[side.type.base] - 1):
        return None
    return Typed(cast_as(string(f"{Decimal(int(whole)).scaleb(-scale):f}"), type_), type_)


def _scale(side: Typed) -> int | None:
    """Digits after the point of a number that is no literal and no double loses; None for any other value."""
    if side.constant is not None:
        return None
    if side.type.base in INTEGERS:
        return 0
    return side.type.scale if side.type.base == "decimal" and side.type.precision <= DIGITS else None
