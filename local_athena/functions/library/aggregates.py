"""Aggregate functions of numbers and of order. https://trino.io/docs/current/functions/aggregate.html"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from local_athena.errors import QueryFailed
from local_athena.functions.entry import Entry, aggregate
from local_athena.sql.build import (
    FALSE,
    TRUE,
    carrier_sql,
    cast_as,
    fail,
    failing,
    ident,
    sql,
    string,
    struct,
    word,
)
from local_athena.sql.casts import cast
from local_athena.sql.fragment import Sql, function
from local_athena.sql.keys import order_key
from local_athena.sql.typed import Typed
from local_athena.types.trino import BIGINT, DOUBLE, REAL, array, decimal
from local_athena.values import arithmetic

if TYPE_CHECKING:
    from local_athena.functions.entry import Aggregate
    from local_athena.sql.aggregate import Clauses
    from local_athena.sql.context import Context


def _average_decimal(context: Context, arguments: list[Typed], clauses: Clauses) -> Typed:
    value = arguments[0]
    total = Typed(clauses.call("sum", value), decimal(38, value.type.scale))
    many = Typed(sql("CAST(nullif({}, 0) AS DECIMAL(19,0))", clauses.call("count", value)), decimal(19, 0))
    return context.call("average", arithmetic.divide(value.type), [total, many], value.type)


def _sum_decimal(context: Context, arguments: list[Typed], clauses: Clauses) -> Typed:
    """The sum; what fits 64 bits and what does not are summed apart where that is quicker."""
    value = arguments[0]
    wide = decimal(38, value.type.scale)
    if value.attempt is None:
        # DuckDB looks for a 39th digit only where it adds.
        total = sql("({} + CAST(0 AS {}))", clauses.call("sum", value), carrier_sql(wide))
        return Typed(cast_as(total, wide), wide)
    few = cast_as(clauses.call("sum", value.attempt), wide)
    rest = clauses.call("sum", sql("CASE WHEN {} IS NULL THEN {} END", value.attempt, value))
    total = sql("coalesce({0} + {1}, {0}, CAST({1} AS {2}))", few, rest, carrier_sql(wide))
    return Typed(total, wide)


def _as_real(name: str) -> Aggregate:
    """A sum or an average of reals, added up as doubles; what is too large for a real is infinite."""

    def made(context: Context, arguments: list[Typed], clauses: Clauses) -> Typed:
        wide = Typed(clauses.call(name, cast(context, arguments[0], DOUBLE)), DOUBLE)
        return cast(context, wide, REAL)

    return made


def _running_sum(context: Context, arguments: list[Typed], clauses: Clauses) -> Typed:
    """The sum over a frame, which fails where adding up may leave bigint on the way."""
    value = arguments[0]
    up = clauses.call("sum", sql("greatest({}, 0)", value))
    down = clauses.call("sum", sql("least({}, 0)", value))
    problem = failing("NUMERIC_VALUE_OUT_OF_RANGE: bigint addition overflow", BIGINT)
    beyond = sql("{} > {} OR {} < {}", up, 2**63 - 1, down, -(2**63))
    total = cast_as(clauses.call("sum", value), BIGINT)
    return Typed(sql("CASE WHEN {} THEN {} ELSE {} END", beyond, problem, total), BIGINT)


def _running_average(context: Context, arguments: list[Typed], clauses: Clauses) -> Typed:
    """The average over a frame, added up as doubles, which lose digits as Trino's do."""
    return Typed(clauses.call("avg", cast_as(arguments[0], DOUBLE)), DOUBLE)


def _count(context: Context, arguments: list[Typed], clauses: Clauses) -> Typed:
    return Typed(clauses.call("count", order_key(arguments[0])) if arguments else clauses.rows(), BIGINT)


def _count_if(context: Context, arguments: list[Typed], clauses: Clauses) -> Typed:
    return Typed(clauses.call("count", sql("CASE WHEN {} THEN 1 END", arguments[0])), BIGINT)


LEAST_ERROR, MOST_ERROR = 0.0040625, 0.26


def _count_distinct(context: Context, arguments: list[Typed], clauses: Clauses) -> Typed:
    """approx_distinct(x, standard error): exact, whatever error is allowed."""
    error = arguments[1].constant if len(arguments) > 1 else None
    if isinstance(error, int | float) and not LEAST_ERROR <= error <= MOST_ERROR:
        problem = f"Standard error must be in [{LEAST_ERROR}, {MOST_ERROR}]: {error}"
        raise QueryFailed("INVALID_FUNCTION_ARGUMENT", problem)
    apart = replace(clauses, distinct=True, order=())
    return Typed(apart.call("count", order_key(arguments[0])), BIGINT)


def _is_float(value: Typed) -> bool:
    return value.type.base in ("real", "double")


def _extreme(name: str) -> Entry:
    """min and max."""

    def made(context: Context, arguments: list[Typed], clauses: Clauses) -> Typed:
        value = arguments[0]
        key = order_key(value)
        if key != value.sql:
            return Typed(clauses.call(f"arg_{name}", value, key), value.type)
        if name == "max" and _is_float(value):
            # NaN is what remains only when there is nothing else; DuckDB counts it as the greatest.
            number = clauses.call("max", sql("CASE WHEN NOT isnan({0}) THEN {0} END", value))
            return Typed(sql("coalesce({}, {})", number, clauses.call("max", value)), value.type)
        return Typed(clauses.call(name, value), value.type)

    return aggregate(name, "T -> T", made, idempotent=True)


def _by(name: str) -> Entry:
    """min_by(x, key): NaN keys count only when there is nothing else."""
    native = f"arg_{name}_null"

    def made(context: Context, arguments: list[Typed], clauses: Clauses) -> Typed:
        value, key = arguments
        plain = clauses.call(native, value, order_key(key))
        if not _is_float(key):
            return Typed(plain, value.type)
        number = sql("CASE WHEN NOT isnan({0}) THEN {0} END", key)
        many, some = clauses.call("count", number), clauses.call(native, value, number)
        return Typed(sql("CASE WHEN {} > 0 THEN {} ELSE {} END", many, some, plain), value.type)

    return aggregate(f"{name}_by", "T, U -> T", made, idempotent=True)


MOST_VALUES = 10000
"""How many values min(x, n) and its kin give at most."""


def _several(name: str, direction: str) -> tuple[Entry, Entry]:
    """min(x, n) and min_by(x, key, n)."""

    def of_itself(context: Context, arguments: list[Typed], clauses: Clauses) -> Typed:
        value, many = arguments
        count = _number_of(many, clauses, f"second argument of {name}_n must be", "positive")
        return _first(context, value, value, count, direction, clauses)

    def by_key(context: Context, arguments: list[Typed], clauses: Clauses) -> Typed:
        value, key, many = arguments
        count = _number_of(many, clauses, f"third argument of {name}_by must be", "a positive integer")
        return _first(context, value, key, count, direction, clauses)

    return (
        aggregate(name, "T, bigint -> array(T)", of_itself),
        aggregate(f"{name}_by", "T, U, bigint -> array(T)", by_key),
    )


def _first(context: Context, value: Typed, key: Typed, count: Sql, direction: str, clauses: Clauses) -> Typed:
    """The `many` values that come first by their keys; NaN keys come last, NULL ones do not count."""
    name = ident(context.alias("b"))
    known, up = clauses.where(sql("{} IS NOT NULL", key)), direction == "ASC"
    late = sql("(isnan({}) = {})", key, TRUE if up else FALSE) if _is_float(key) else TRUE
    if clauses.distinct:
        # DuckDB sorts distinct values by themselves alone.
        kept = replace(known, order=()).call("list", struct(n=late, k=order_key(key), v=value))
        ordered = sql("list_sort({}, {})", kept, string(direction))
    else:
        terms = [sql("{} {}", order_key(key), word(direction))]
        if _is_float(key):
            terms.insert(0, sql("isnan({})", key))
        ordered = known.ordered_by(*terms).call("list", struct(v=value))
    some = sql("{}[1:({})]", ordered, count)
    made = sql("list_transform({}, {})", some, function((name,), sql("({}).v", name)))
    return Typed(made, array(value.type))


def _number_of(many: Typed, clauses: Clauses, place: str, least: str) -> Sql:
    count = many.sql if many.constant is not None else clauses.plain().call("any_value", many)
    few = failing(f"INVALID_FUNCTION_ARGUMENT: {place} {least}", BIGINT)
    said = string(f"INVALID_FUNCTION_ARGUMENT: {place} less than or equal to {MOST_VALUES}; found ")
    wrong = fail(sql("{} || {}", said, count), BIGINT)
    return sql(
        "CASE WHEN {0} < 1 THEN {1} WHEN {0} > {2} THEN {3} ELSE {0} END", count, few, MOST_VALUES, wrong
    )


def within(value: Typed, low: int, high: int, problem: str) -> Sql:
    """A whole number, refused outside a range."""
    wrong = failing(f"INVALID_FUNCTION_ARGUMENT: {problem}", BIGINT)
    return sql("CASE WHEN {0} < {1} OR {0} > {2} THEN {3} ELSE {0} END", value, low, high, wrong)


ENTRIES: tuple[Entry, ...] = (
    aggregate("count", (" -> bigint", "T -> bigint"), _count),
    aggregate("count_if", "boolean -> bigint", _count_if),
    aggregate("sum", "bigint -> bigint", "sum", casts=True, over=_running_sum),
    aggregate("sum", "double -> double", "sum"),
    aggregate("sum", "real -> real", _as_real("sum")),
    aggregate("sum", ("interval_day -> interval_day", "interval_year -> interval_year"), "sum", casts=True),
    aggregate("sum", "decimal -> decimal", _sum_decimal),
    aggregate("avg", "bigint -> double", "avg", over=_running_average),
    aggregate("avg", "double -> double", "avg"),
    aggregate("avg", "real -> real", _as_real("avg")),
    aggregate("avg", ("interval_day -> interval_day", "interval_year -> interval_year"), "avg", casts=True),
    aggregate("avg", "decimal -> decimal", _average_decimal),
    _extreme("min"),
    _extreme("max"),
    *_several("min", "ASC"),
    *_several("max", "DESC"),
    _by("min"),
    _by("max"),
    aggregate("arbitrary", "T -> T", "any_value", idempotent=True),
    aggregate("any_value", "T -> T", "any_value", idempotent=True),
    aggregate("bool_and", "boolean -> boolean", "bool_and", idempotent=True),
    aggregate("bool_or", "boolean -> boolean", "bool_or", idempotent=True),
    aggregate("every", "boolean -> boolean", "bool_and", idempotent=True),
    aggregate("approx_distinct", ("T -> bigint", "T, double -> bigint"), _count_distinct),
    aggregate("bitwise_and_agg", "bigint -> bigint", "bit_and", idempotent=True),
    aggregate("bitwise_or_agg", "bigint -> bigint", "bit_or", idempotent=True),
    aggregate("bitwise_xor_agg", "bigint -> bigint", "bit_xor"),
)
