"""Operators by the types of their sides: arithmetic, comparison, text.

https://trino.io/docs/current/functions/decimal.html for the precision and scale of results; integer
division cuts, division by zero fails, and dates and intervals add up by calendar.
"""

from __future__ import annotations

from dataclasses import replace

from local_athena.errors import QueryFailed
from local_athena.sql.build import (
    NOTHING,
    carrier_sql,
    cast_as,
    commas,
    failing,
    joined,
    once,
    once_each,
    sql,
    string,
    word,
)
from local_athena.sql.casts import cast
from local_athena.sql.context import Context
from local_athena.sql.exact_comparisons import exactly
from local_athena.sql.fragment import Sql
from local_athena.sql.keys import has_map, is_zoned, order_key
from local_athena.sql.time_arithmetic import times
from local_athena.sql.typed import Typed
from local_athena.sql.unknown_sides import with_unknown
from local_athena.sql.wide_decimals import compare_wide, loses
from local_athena.types.coercion import NUMERIC, as_decimal, common_type
from local_athena.types.trino import (
    BOOLEAN,
    DOUBLE,
    INTEGERS,
    REAL,
    TrinoType,
    decimal,
)
from local_athena.values import arithmetic, collections


def mismatch(where: str, operator: str, left: Typed, right: Typed) -> QueryFailed:
    """TYPE_MISMATCH for an operator."""
    return QueryFailed("TYPE_MISMATCH", f"{where}Cannot apply operator: {left.type} {operator} {right.type}")


def arithmetic_of(context: Context, operator: str, left: Typed, right: Typed, where: str) -> Typed:
    """`left operator right` for + - * / %.

    Raises:
        QueryFailed: TYPE_MISMATCH.
    """
    if "unknown" in (left.type.base, right.type.base):
        met = with_unknown(operator, left, right, where)
        if met is None:
            raise mismatch(where, operator, left, right)
        if isinstance(met, Typed):
            return met
        left, right = met
    if {left.type.base, right.type.base} <= NUMERIC:
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
        zero = failing("DIVISION_BY_ZERO: Division by zero", common)
        symbol = word("//" if operator == "/" else "%")
        if left.constant is not None:
            return Typed(once(b, lambda by: sql(DIVIDED, by, zero, a, symbol)), common)
        return Typed(once_each([a, b], lambda v: sql(MAYBE_DIVIDED, v[1], zero, v[0], symbol)), common)
    if operator in "/%" and common in (DOUBLE, REAL):
        return _float_division(operator, a, b, common)
    return Typed(sql("({} {} {})", a, word(operator), b), common)


DIVIDED = "CASE WHEN {0} = 0 THEN {1} ELSE ({2} {3} {0}) END"
MAYBE_DIVIDED = "CASE WHEN {0} = 0 AND {2} IS NOT NULL THEN {1} ELSE ({2} {3} {0}) END"
"""Division of what may be NULL, which is NULL by zero too."""


def _float_division(operator: str, a: Sql, b: Sql, common: TrinoType) -> Typed:
    if operator == "/":
        return Typed(cast_as(sql("({} / {})", a, b), common), common)
    nan = cast_as(string("NaN"), common)
    rest = once(b, lambda by: sql("CASE WHEN {0} = 0 THEN {1} * {2} ELSE ({2} % {0}) END", by, nan, a))
    return Typed(rest, common)


def _decimals(context: Context, operator: str, left: Typed, right: Typed) -> Typed:
    result = decimal_result(operator, left.type, right.type)
    if operator in "+-*":
        return _native_decimals(context, operator, left, right, result)
    function = arithmetic.divide(result) if operator == "/" else arithmetic.remainder(result)
    return context.call("divide", function, [left, right], result)


SHORT = 18
"""Digits of the decimals that DuckDB computes in 64 bits."""


def _native_decimals(context: Context, operator: str, left: Typed, right: Typed, result: TrinoType) -> Typed:
    a, b, type_ = left.type, right.type, carrier_sql(result)
    digits = a.precision + b.precision
    if operator != "*":
        digits = max(a.precision - a.scale, b.precision - b.scale) + max(a.scale, b.scale) + 1
    fast = sql("({} {} {})", left, word(operator), right)
    if digits > result.precision and operator != "*":
        # DuckDB brings both to one scale first, where one may not fit though the result does.
        exact = context.call("decimals", arithmetic.exactly(operator, result), [left, right], result).sql
        tried = sql("coalesce(TRY(CAST({} AS {})), {})", fast, type_, exact)
        return Typed(tried if _is_cheap(fast) else exact, result)
    narrow = _narrow(operator, left, right)
    if digits <= SHORT or (narrow is None and max(a.precision, b.precision) > SHORT):
        return Typed(fast if digits <= result.precision else sql("CAST({} AS {})", fast, type_), result)
    # DuckDB stays at 64 bits here and fails beyond them; the wider way costs time.
    wide = sql(
        "({} {} {})", cast_as(left, decimal(max(a.precision, SHORT + 1), a.scale)), word(operator), right
    )
    exact = sql("CAST({} AS {})", wide, type_)
    if narrow is None or not _is_cheap(narrow):
        return Typed(exact, result)
    return Typed(sql("coalesce(TRY({}), {})", narrow, exact), result, attempt=sql("TRY({})", narrow))


def _narrow(operator: str, left: Typed, right: Typed) -> Sql | None:
    """The operation on what 64 bits hold, where both sides have such a form."""
    first, second = (side.sql if side.type.precision <= SHORT else side.attempt for side in (left, right))
    scale = left.type.scale + right.type.scale if operator == "*" else max(left.type.scale, right.type.scale)
    if first is None or second is None or scale >= SHORT:
        return None
    return sql("({} {} {})", first, word(operator), second)


def _is_cheap(written: Sql) -> bool:
    """Whether writing it twice is no loss."""
    return written.size < 300 and not written.has_query


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


COMPARISONS = {"=", "<>", "<", "<=", ">", ">="}


def compare(context: Context, operator: str, left: Typed, right: Typed, where: str) -> Typed:
    """`left operator right` for a comparison, by Trino's common type; NULLs inside arrays and rows count as
    unknown.

    Raises:
        QueryFailed: TYPE_MISMATCH.
    """
    common = common_type(left.type, right.type)
    if common is None or not common.is_comparable:
        raise mismatch(where, operator, left, right)
    if operator not in ("=", "<>") and not common.is_orderable:
        raise mismatch(where, operator, left, right)
    exact = exactly(left, right)
    if exact is not None:
        return Typed(sql("({} {} {})", exact[0], word(operator), exact[1]), BOOLEAN)
    if loses(common, left.type, right.type):
        return Typed(compare_wide(operator, left, right, common), BOOLEAN)
    a, b = cast(context, left, common), cast(context, right, common)
    if common.parts:
        return _compare_nested(context, operator, a, b, common)
    if common in (DOUBLE, REAL):
        return Typed(_compare_floats(operator, _float(left, a), _float(right, b)), BOOLEAN)
    return Typed(sql("({} {} {})", order_key(a), word(operator), order_key(b)), BOOLEAN)


def equal_to_any(context: Context, value: Typed, options: list[Typed], where: str) -> Typed:
    """`value IN (options)`, as DuckDB's own IN where its equality is Trino's.

    Raises:
        QueryFailed: TYPE_MISMATCH.
    """
    type_: TrinoType | None = value.type
    for option in options:
        type_ = common_type(type_, option.type) if type_ is not None else None
    wide = type_ is not None and loses(type_, value.type, *(option.type for option in options))
    if type_ is None or wide or type_.parts or not type_.is_comparable or type_ in (DOUBLE, REAL):
        tests = [compare(context, "=", value, option, where).sql for option in options]
        return Typed(sql("({})", joined(" OR ", tests)), BOOLEAN)
    keys = [order_key(cast(context, side, type_)) for side in (value, *options)]
    return Typed(sql("({} IN ({}))", keys[0], commas(keys[1:])), BOOLEAN)


def _float(written: Typed, made: Typed) -> Typed:
    """The side of a comparison as a floating-point value; a literal is finite, and never NULL."""
    return replace(made, constant=written.constant, finite=made.finite or written.constant is not None)


def _compare_floats(operator: str, a: Typed, b: Typed) -> Sql:
    """A comparison that is false for NaN, which DuckDB counts as equal to itself and above all else.

    Only the side that DuckDB would let win is looked at.
    """
    above, below = (b, a) if operator in ("<", "<=") else (a, b)
    if above.finite or (operator in ("=", "<>") and below.finite):
        return sql("({} {} {})", a, word(operator), b)
    is_known = below.constant is not None
    if a.sql.has_query and b.sql.has_query:
        return _unless_nan(operator, a.sql, b.sql, is_known)
    if a.sql.has_query:
        return once(a, lambda x: _unless_nan(operator, x, b.sql, is_known))
    if b.sql.has_query:
        return once(b, lambda y: _unless_nan(operator, a.sql, y, is_known))
    return once(a, lambda x: once(b, lambda y: _unless_nan(operator, x, y, is_known)))


def _unless_nan(operator: str, a: Sql, b: Sql, is_known: bool) -> Sql:
    """The comparison, false for NaN on the side that would win; `is_known` when the other cannot be NULL."""
    plain = sql("({} {} {})", a, word(operator), b)
    if operator == "<>":
        return sql("({} OR (isnan({}) AND {} IS NOT NULL))", plain, a, b)
    above, below = (b, a) if operator in ("<", "<=") else (a, b)
    unless = NOTHING if is_known else sql(" OR {} IS NULL", below)
    return sql("({} AND (NOT isnan({}){}))", plain, above, unless)


def _compare_nested(context: Context, operator: str, a: Typed, b: Typed, common: TrinoType) -> Typed:
    if operator in ("=", "<>"):
        same = context.call("equal", arithmetic.equal(common), [a, b], BOOLEAN)
        return Typed(sql("(NOT {})", same), BOOLEAN) if operator == "<>" else same
    return context.call("ordered", arithmetic.ordered(common, operator), [a, b], BOOLEAN)


DISTINCT = "CASE WHEN {0} IS NULL OR {1} IS NULL THEN ({0} IS NULL) <> ({1} IS NULL) ELSE NOT {2} END"


def distinct_from(context: Context, left: Typed, right: Typed, where: str) -> Typed:
    """IS DISTINCT FROM.

    Raises:
        QueryFailed: TYPE_MISMATCH.
    """
    common = common_type(left.type, right.type)
    if common is None or not common.is_comparable:
        raise mismatch(where, "IS DISTINCT FROM", left, right)
    if loses(common, left.type, right.type):
        same = compare_wide("=", left, right, common)
        return Typed(sql(DISTINCT, left, right, same), BOOLEAN)
    sides = [cast(context, side, common) for side in (left, right)]
    if common.parts and (is_zoned(common) or has_map(common)):
        return context.call("distinct", collections.distinct(common), sides, BOOLEAN, takes_null=True)
    a, b = (order_key(side) for side in sides)
    return Typed(sql("({} IS DISTINCT FROM {})", a, b), BOOLEAN)
