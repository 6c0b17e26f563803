"""Operators by the types of their sides: arithmetic, comparison, text.

https://trino.io/docs/current/functions/decimal.html for the precision and scale of results; integer
division cuts,
division by zero fails, and dates and intervals add up by calendar.
"""

from __future__ import annotations

from local_athena.errors import QueryFailed, not_supported
from local_athena.functions.python import arithmetic, collections
from local_athena.translate.casts import cast
from local_athena.translate.context import Context
from local_athena.translate.sql import fail, once
from local_athena.translate.time_arithmetic import order_key, times
from local_athena.translate.typed import Typed
from local_athena.types.coercion import NUMERIC, as_decimal, common_type
from local_athena.types.duckdb import carrier
from local_athena.types.trino import (
    BOOLEAN,
    DOUBLE,
    INTEGERS,
    REAL,
    TrinoType,
    decimal,
)


def mismatch(where: str, operator: str, left: Typed, right: Typed) -> QueryFailed:
    """TYPE_MISMATCH for an operator."""
    return QueryFailed("TYPE_MISMATCH", f"{where}Cannot apply operator: {left.type} {operator} {right.type}")


def arithmetic_of(context: Context, operator: str, left: Typed, right: Typed, where: str) -> Typed:
    """`left operator right` for + - * / %.

    Raises:
        QueryFailed: TYPE_MISMATCH.
    """
    bases = {left.type.base, right.type.base}
    if "unknown" in bases:
        known = right.type if left.type.base == "unknown" else left.type
        left, right = cast(context, left, known), cast(context, right, known)
        bases = {known.base}
    if bases <= NUMERIC:
        return _numbers(context, operator, left, right)
    made = times(context, operator, left, right)
    if made is None:
        raise mismatch(where, operator, left, right)
    return made


def _numbers(context: Context, operator: str, left: Typed, right: Typed) -> Typed:
    common = common_type(left.type, right.type)
    assert common is not None
    if common.base == "decimal":
        first = cast(context, left, as_decimal(left.type))
        second = cast(context, right, as_decimal(right.type))
        return _decimals(context, operator, first, second)
    a, b = cast(context, left, common).sql, cast(context, right, common).sql
    if operator in "/%" and common.base in INTEGERS:
        zero = fail("'DIVISION_BY_ZERO: Division by zero'", common)
        symbol = "//" if operator == "/" else "%"
        divided = once(b, lambda by: f"CASE WHEN {by} = 0 THEN {zero} ELSE ({a} {symbol} {by}) END")
        return Typed(divided, common)
    if operator in "/%" and common in (DOUBLE, REAL):
        return _float_division(operator, a, b, common)
    return Typed(f"({a} {operator} {b})", common)


def _float_division(operator: str, a: str, b: str, common: TrinoType) -> Typed:
    kind = "FLOAT" if common == REAL else "DOUBLE"
    if operator == "%":
        return Typed(f"CASE WHEN {b} = 0 THEN CAST('NaN' AS {kind}) ELSE ({a} % {b}) END", common)
    return Typed(f"CAST(({a} / {b}) AS {kind})", common)


def _decimals(context: Context, operator: str, left: Typed, right: Typed) -> Typed:
    result = decimal_result(operator, left.type, right.type)
    if operator in "+-*":
        return _native_decimals(context, operator, left, right, result)
    function = arithmetic.divide(result) if operator == "/" else arithmetic.remainder(result)
    return context.call("divide", function, [left, right], result)


SHORT = 18
"""Digits of the decimals that DuckDB computes in 64 bits."""


def _native_decimals(context: Context, operator: str, left: Typed, right: Typed, result: TrinoType) -> Typed:
    a, b, type_ = left.type, right.type, carrier(result)
    digits = a.precision + b.precision
    if operator != "*":
        digits = max(a.precision - a.scale, b.precision - b.scale) + max(a.scale, b.scale) + 1
    fast = f"({left.sql} {operator} {right.sql})"
    if digits > result.precision and operator != "*":
        # DuckDB brings both to one scale first, where one may not fit though the result does.
        exact = context.call("decimals", arithmetic.exactly(operator, result), [left, right], result).sql
    elif digits > SHORT >= max(a.precision, b.precision):
        # DuckDB stays at 64 bits here and fails beyond them; the wider way costs time.
        wide = f"(CAST({left.sql} AS DECIMAL({SHORT + 1},{a.scale})) {operator} {right.sql})"
        exact = f"CAST({wide} AS {type_})"
    else:
        return Typed(f"CAST({fast} AS {type_})", result)
    tried = (
        f"coalesce(TRY({fast}), {exact})"
        if digits <= 38
        else f"coalesce(TRY(CAST({fast} AS {type_})), {exact})"
    )
    return Typed(tried if len(fast) < 200 and "SELECT" not in fast else exact, result)


def decimal_result(operator: str, left: TrinoType, right: TrinoType) -> TrinoType:
    """The type of a decimal operation."""
    p1, s1, p2, s2 = left.precision, left.scale, right.precision, right.scale
    if operator in "+-":
        return decimal(min(38, max(p1 - s1, p2 - s2) + max(s1, s2) + 1), max(s1, s2))
    if operator == "*":
        if s1 + s2 > 38:
            raise QueryFailed("INVALID_FUNCTION_ARGUMENT", "DECIMAL result exceeds 38 digits")
        return decimal(min(38, p1 + p2), s1 + s2)
    if operator == "/":
        return decimal(min(38, p1 + s2 + max(s2 - s1, 0)), max(s1, s2))
    return decimal(max(1, min(p1 - s1, p2 - s2) + max(s1, s2)), max(s1, s2))


ZONED = ("timestamp with time zone", "time with time zone")


def is_zoned(type_: TrinoType) -> bool:
    """Whether equal values may look different: the same instant in two zones."""
    return type_.base in ZONED or any(map(is_zoned, type_.parts))


def has_map(type_: TrinoType) -> bool:
    """Whether equal values may have their entries in different order."""
    return type_.base == "map" or any(map(has_map, type_.parts))


def distinct_key(value: Typed) -> str:
    """SQL that is equal for values that Trino counts as one.

    Raises:
        QueryFailed: NOT_SUPPORTED for a zoned time inside an array, map or row.
    """
    if value.type.parts and is_zoned(value.type):
        raise not_supported(f"Grouping by {value.type} is not supported")
    return order_key(value)


COMPARISONS = {"=", "<>", "<", "<=", ">", ">="}


def compare(context: Context, operator: str, left: Typed, right: Typed, where: str) -> Typed:
    """`left operator right` for a comparison, by Trino's common type; NULLs inside arrays and rows count as
    unknown.

    Raises:
        QueryFailed: TYPE_MISMATCH.
    """
    common = common_type(left.type, right.type)
    if common is None or (operator not in ("=", "<>") and common.base in ("map", "json", "color")):
        raise mismatch(where, operator, left, right)
    a, b = cast(context, left, common), cast(context, right, common)
    if common.parts:
        return _compare_nested(context, operator, a, b, common)
    if common in (DOUBLE, REAL):
        known = (left.constant is not None, right.constant is not None)
        return Typed(_compare_floats(operator, a.sql, b.sql, known), BOOLEAN)
    return Typed(f"({order_key(a)} {operator} {order_key(b)})", BOOLEAN)


def _compare_floats(operator: str, a: str, b: str, constant: tuple[bool, bool]) -> str:
    """A comparison that is false for NaN, which DuckDB counts as equal to itself and above all else.

    Only the side that DuckDB would let win is looked at, and a literal is never NaN.
    """
    plain = f"({a} {operator} {b})"
    if operator in ("=", "<>") and any(constant):
        return plain
    if operator == "<>":
        return f"({plain} OR (isnan({a}) AND {b} IS NOT NULL))"
    if operator in ("<", "<="):
        a, b, constant = b, a, constant[::-1]
    return plain if constant[0] else f"({plain} AND (NOT isnan({a}) OR {b} IS NULL))"


def _compare_nested(context: Context, operator: str, a: Typed, b: Typed, common: TrinoType) -> Typed:
    if operator in ("=", "<>"):
        same = context.call("equal", arithmetic.equal(common), [a, b], BOOLEAN)
        return Typed(f"(NOT {same.sql})", BOOLEAN) if operator == "<>" else same
    return context.call("ordered", arithmetic.ordered(common, operator), [a, b], BOOLEAN)


def distinct_from(context: Context, left: Typed, right: Typed, where: str) -> Typed:
    """IS DISTINCT FROM.

    Raises:
        QueryFailed: TYPE_MISMATCH.
    """
    common = common_type(left.type, right.type)
    if common is None:
        raise mismatch(where, "IS DISTINCT FROM", left, right)
    sides = [cast(context, side, common) for side in (left, right)]
    if common.parts and (is_zoned(common) or has_map(common)):
        return context.call("distinct", collections.distinct(common), sides, BOOLEAN, takes_null=True)
    a, b = map(order_key, sides)
    return Typed(f"({a} IS DISTINCT FROM {b})", BOOLEAN)


__all__ = ["arithmetic_of", "compare", "distinct_from", "distinct_key", "is_zoned", "mismatch", "order_key"]
