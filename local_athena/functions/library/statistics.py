"""Statistical aggregate functions. https://trino.io/docs/current/functions/aggregate.html

DuckDB fails where a value or a result is not finite, so that its functions see the other values alone; NaN
and infinity, which make the result NaN or NULL, are looked for beside them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_athena.functions.entry import Entry, aggregate
from local_athena.sql.build import NULL, cast_as, failing, sql, string
from local_athena.sql.casts import cast
from local_athena.sql.fragment import Sql
from local_athena.sql.typed import Typed
from local_athena.types.trino import DOUBLE, REAL

if TYPE_CHECKING:
    from local_athena.functions.entry import Aggregate
    from local_athena.sql.aggregate import Clauses
    from local_athena.sql.context import Context

NAN = cast_as(string("NaN"), DOUBLE)
LOW = cast_as(string("-Infinity"), DOUBLE)
LARGE = cast_as(string("1e150"), DOUBLE)
"""Squares of what is larger may be infinite."""
UNIT = cast_as(string("1e160"), DOUBLE)


def _spread(variance: str, least: int, *, root: bool) -> Aggregate:
    """A variance, or the deviation that is its root, of at least so many values."""

    def made(context: Context, arguments: list[Typed], clauses: Clauses) -> Typed:
        value = arguments[0]
        usual = clauses.call(variance, sql("CASE WHEN abs({0}) <= {1} THEN {0} END", value, LARGE))
        small = clauses.call(variance, sql("CASE WHEN isfinite({0}) THEN {0} / {1} END", value, UNIT))
        result = sql(
            "CASE WHEN {} THEN {} WHEN {} > {} THEN {} * {} * {} ELSE {} END",
            clauses.call("bool_or", sql("NOT isfinite({})", value)),
            NAN,
            clauses.call("max", sql("abs({})", value)),
            LARGE,
            small,
            UNIT,
            UNIT,
            usual,
        )
        some = sql("CASE WHEN {} >= {} THEN {} END", clauses.call("count", value), least, result)
        return Typed(sql("sqrt({})", some) if root else some, DOUBLE)

    return made


def _shape(name: str, least: int) -> Entry:
    """skewness and kurtosis, which are NaN where all values are one."""

    def made(context: Context, arguments: list[Typed], clauses: Clauses) -> Typed:
        value = arguments[0]
        count = clauses.call("count", value)
        finite = clauses.call(name, sql("CASE WHEN isfinite({0}) THEN {0} END", value))
        if name == "skewness":  # DuckDB corrects that of a sample; Trino does not.
            finite = sql("({0} * ({1} - 2) / sqrt({1} * ({1} - 1)))", finite, count)
        result = sql(
            "CASE WHEN {} OR {} = {} THEN {} ELSE {} END",
            clauses.call("bool_or", sql("NOT isfinite({})", value)),
            clauses.call("min", value),
            clauses.call("max", value),
            NAN,
            finite,
        )
        return Typed(sql("CASE WHEN {} >= {} THEN {} END", count, least, result), DOUBLE)

    return aggregate(name, "double -> double", made)


def _of_pairs(name: str, least: int, otherwise: Sql) -> Entry:
    """A function of pairs of numbers; `otherwise` is what it answers when one is not finite."""

    def made(context: Context, arguments: list[Typed], clauses: Clauses) -> Typed:
        first, second = arguments
        pairs = clauses.where(sql("{} IS NOT NULL AND {} IS NOT NULL", first, second))
        finite = sql("isfinite({}) AND isfinite({})", first, second)
        usual = sql("abs({0}) <= {2} AND abs({1}) <= {2}", first, second, LARGE)
        x, y = (sql("CASE WHEN {} THEN {} END", usual, side) for side in arguments)
        result = sql(
            "CASE WHEN {0} THEN {1} WHEN {2} THEN {3} WHEN isfinite({4}) THEN {4} END",
            pairs.call("bool_or", sql("NOT ({})", finite)),
            otherwise,
            pairs.call("bool_or", sql("NOT ({})", usual)),
            failing(f"NOT_SUPPORTED: {name} of numbers beyond 1e150", DOUBLE),
            pairs.call(name, x, y),
        )
        # DISTINCT is of pairs, so that these are counted by both.
        count = pairs.call("count", sql("struct_pack(f0 := {}, f1 := {})", first, second))
        some = Typed(sql("CASE WHEN {} >= {} THEN {} END", count, least, result), DOUBLE)
        return cast(context, some, REAL) if first.type == REAL else some

    return aggregate(name, ("double, double -> double", "real, real -> real"), made)


def _geometric_mean(context: Context, arguments: list[Typed], clauses: Clauses) -> Typed:
    value = cast(context, arguments[0], DOUBLE)
    log = sql(
        "CASE WHEN {0} > 0 THEN ln({0}) WHEN {0} = 0 THEN {1} WHEN {0} < 0 THEN {2} END", value, LOW, NAN
    )
    mean = Typed(sql("exp({})", clauses.call("avg", log)), DOUBLE)
    return cast(context, mean, REAL) if arguments[0].type == REAL else mean


ENTRIES: tuple[Entry, ...] = (
    *(
        aggregate(name, "double -> double", _spread(variance, least, root=root))
        for name, variance, least, root in (
            ("stddev", "var_samp", 2, True),
            ("stddev_samp", "var_samp", 2, True),
            ("stddev_pop", "var_pop", 1, True),
            ("variance", "var_samp", 2, False),
            ("var_samp", "var_samp", 2, False),
            ("var_pop", "var_pop", 1, False),
        )
    ),
    _shape("skewness", 3),
    _shape("kurtosis", 4),
    _of_pairs("covar_samp", 2, NAN),
    _of_pairs("covar_pop", 1, NAN),
    *(_of_pairs(name, 2, NULL) for name in ("corr", "regr_slope", "regr_intercept")),
    aggregate("geometric_mean", ("double -> double", "bigint -> double", "real -> real"), _geometric_mean),
)
