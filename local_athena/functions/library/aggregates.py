"""Aggregate and window functions. https://trino.io/docs/current/functions/aggregate.html

In `sql`, `<d>` is DISTINCT, `<o>` ORDER BY inside the call, `<w>` FILTER and OVER.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_athena.errors import not_supported
from local_athena.functions.entry import Entry, function
from local_athena.functions.python import arithmetic, collections
from local_athena.translate.operators import is_zoned, order_key
from local_athena.translate.typed import Typed
from local_athena.types.trino import BIGINT, array, decimal, map_of, row

if TYPE_CHECKING:
    from local_athena.translate.translator import Translator


def _aggregate(name: str, signatures: str | tuple[str, ...], sql: str, kind: str = "aggregate") -> Entry:
    return function(name, signatures, sql, kind=kind)


def _average_decimal(t: Translator, arguments: list[Typed]) -> Typed:
    value = arguments[0]
    total = Typed(f"sum(<d>{value.sql})<w>", decimal(38, value.type.scale))
    many = Typed(f"CAST(nullif(count(<d>{value.sql})<w>, 0) AS DECIMAL(19,0))", decimal(19, 0))
    return t.context.call("average", arithmetic.divide(value.type), [total, many], value.type)


def _sum_decimal(t: Translator, arguments: list[Typed]) -> Typed:
    wide = decimal(38, arguments[0].type.scale)
    return Typed(f"CAST(sum(<d>{arguments[0].sql})<w> AS DECIMAL(38,{wide.scale}))", wide)


def _map_agg(t: Translator, arguments: list[Typed]) -> Typed:
    """The first value of each key; rows without a key do not count."""
    key, value = arguments
    pair = f"CASE WHEN {key.sql} IS NOT NULL THEN struct_pack(f0 := {key.sql}, f1 := {value.sql}) END"
    entries = Typed(f"list({pair})<w>", array(row(key.type, value.type)))
    return t.context.call("map_agg", collections.first_by_key, [entries], map_of(key.type, value.type))


def _count(t: Translator, arguments: list[Typed]) -> Typed:
    return Typed(f"count(<d>{order_key(arguments[0])})<w>", BIGINT)


def _count_distinct(t: Translator, arguments: list[Typed]) -> Typed:
    return Typed(f"count(DISTINCT {order_key(arguments[0])})<w>", BIGINT)


def _several(name: str) -> Entry:
    """min(x, n), max(x, n), which DuckDB gives without NaN."""

    def rewrite(t: Translator, arguments: list[Typed]) -> Typed:
        value, many = arguments
        if value.type.base in ("real", "double") or is_zoned(value.type):
            raise not_supported(f"{name}(x, n) of {value.type} is not supported")
        return Typed(f"{name}({value.sql}, {many.sql})<w>", array(value.type))

    return function(name, "T, bigint -> array(T)", rewrite=rewrite, kind="aggregate")


def _extreme(name: str) -> Entry:
    def rewrite(t: Translator, arguments: list[Typed]) -> Typed:
        value = arguments[0]
        key = order_key(value)
        if key != value.sql:
            return Typed(f"arg_{name}({value.sql}, {key})<w>", value.type)
        if name == "max" and value.type.base in ("real", "double"):
            # NaN is what remains only when there is nothing else; DuckDB counts it as the greatest.
            number = f"CASE WHEN NOT isnan({value.sql}) THEN {value.sql} END"
            return Typed(f"coalesce(max({number})<w>, max({value.sql})<w>)", value.type)
        return Typed(f"{name}(<d>{value.sql})<w>", value.type)

    return function(name, "T -> T", rewrite=rewrite, kind="aggregate")


FLOAT_NAMES = {"stddev": "stddev_samp", "variance": "var_samp"}

ENTRIES = (
    _aggregate("count", " -> bigint", "count(<d>*)<w>"),
    function("count", "T -> bigint", rewrite=_count, kind="aggregate"),
    _aggregate("count_if", "boolean -> bigint", "count(CASE WHEN {0} THEN 1 END)<w>"),
    _aggregate("sum", "bigint -> bigint", "CAST(sum(<d>{0})<w> AS BIGINT)"),
    _aggregate("sum", "double -> double", "sum(<d>{0})<w>"),
    _aggregate("sum", "real -> real", "CAST(sum(<d>{0})<w> AS FLOAT)"),
    _aggregate("sum", ("interval_day -> interval_day",), "CAST(sum(<d>{0})<w> AS BIGINT)"),
    _aggregate("sum", ("interval_year -> interval_year",), "CAST(sum(<d>{0})<w> AS INTEGER)"),
    function("sum", "decimal -> decimal", rewrite=_sum_decimal, kind="aggregate"),
    _aggregate("avg", ("bigint -> double", "double -> double"), "avg(<d>{0})<w>"),
    _aggregate("avg", "real -> real", "CAST(avg(<d>{0})<w> AS FLOAT)"),
    _aggregate("avg", "interval_day -> interval_day", "CAST(avg(<d>{0})<w> AS BIGINT)"),
    _aggregate("avg", "interval_year -> interval_year", "CAST(avg(<d>{0})<w> AS INTEGER)"),
    function("avg", "decimal -> decimal", rewrite=_average_decimal, kind="aggregate"),
    _extreme("min"),
    _extreme("max"),
    _several("min"),
    _several("max"),
    _aggregate("min_by", "T, U -> T", "arg_min_null({0}, {1})<w>"),
    _aggregate("max_by", "T, U -> T", "arg_max_null({0}, {1})<w>"),
    _aggregate("arbitrary", "T -> T", "any_value({0})<w>"),
    _aggregate("any_value", "T -> T", "any_value({0})<w>"),
    _aggregate("array_agg", "T -> array(T)", "array_agg(<d>{0}<o>)<w>"),
    _aggregate("bool_and", "boolean -> boolean", "bool_and({0})<w>"),
    _aggregate("bool_or", "boolean -> boolean", "bool_or({0})<w>"),
    _aggregate("every", "boolean -> boolean", "bool_and({0})<w>"),
    function(
        "approx_distinct", ("T -> bigint", "T, double -> bigint"), rewrite=_count_distinct, kind="aggregate"
    ),
    _aggregate(
        "approx_percentile",
        ("bigint, double -> bigint", "double, double -> double", "real, double -> real"),
        "CAST(quantile_disc({0}, {1})<w> AS {carrier})",
    ),
    _aggregate(
        "approx_percentile",
        ("bigint, array(double) -> array(bigint)", "double, array(double) -> array(double)"),
        "CAST(quantile_disc({0}, {1})<w> AS {carrier})",
    ),
    _aggregate("geometric_mean", ("double -> double", "bigint -> double"), "exp(avg(ln({0}))<w>)"),
    *(
        _aggregate(name, "double -> double", f"{FLOAT_NAMES.get(name, name)}(<d>{{0}})<w>")
        for name in ("stddev", "stddev_samp", "stddev_pop", "variance", "var_samp", "var_pop")
    ),
    *(
        _aggregate(name, "double, double -> double", f"{name}({{0}}, {{1}})<w>")
        for name in ("corr", "covar_samp", "covar_pop", "regr_slope", "regr_intercept")
    ),
    _aggregate("skewness", "double -> double", "skewness({0})<w>"),
    _aggregate("bitwise_and_agg", "bigint -> bigint", "bit_and({0})<w>"),
    _aggregate("bitwise_or_agg", "bigint -> bigint", "bit_or({0})<w>"),
    function("map_agg", "K, V -> map(K, V)", rewrite=_map_agg, kind="aggregate"),
    _aggregate("histogram", "T -> map(T, bigint)", "CAST(histogram({0})<w> AS {carrier})"),
    *(
        _aggregate(name, " -> bigint", f"{name}()<w>", "window")
        for name in ("row_number", "rank", "dense_rank")
    ),
    *(_aggregate(name, " -> double", f"{name}()<w>", "window") for name in ("percent_rank", "cume_dist")),
    _aggregate("ntile", "bigint -> bigint", "ntile({0})<w>", "window"),
    _aggregate("first_value", "T -> T", "first_value({0}<o>)<w>", "window"),
    _aggregate("last_value", "T -> T", "last_value({0}<o>)<w>", "window"),
    _aggregate("nth_value", "T, bigint -> T", "nth_value({0}, {1}<o>)<w>", "window"),
    _aggregate("lag", ("T -> T", "T, bigint -> T", "T, bigint, T -> T"), "lag({all}<o>)<w>", "window"),
    _aggregate("lead", ("T -> T", "T, bigint -> T", "T, bigint, T -> T"), "lead({all}<o>)<w>", "window"),
)
