"""Aggregate and window functions. https://trino.io/docs/current/functions/aggregate.html

In `sql`, `<d>` is DISTINCT, `<o>` ORDER BY inside the call, `<w>` FILTER and OVER.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_athena.errors import QueryFailed, not_supported
from local_athena.functions.entry import Entry, function
from local_athena.functions.library.folding import fold
from local_athena.translate.keys import order_key
from local_athena.translate.sql import fail, quoted
from local_athena.translate.typed import Typed
from local_athena.types.coercion import NUMERIC
from local_athena.types.duckdb import carrier
from local_athena.types.trino import BIGINT, DOUBLE, VARBINARY, array, decimal, map_of, row
from local_athena.values import arithmetic, collections, gathered, xxhash

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
    """The sum; what fits 64 bits and what does not are summed apart where that is quicker."""
    value = arguments[0]
    wide = decimal(38, value.type.scale)
    total = f"CAST(sum(<d>{value.sql})<w> AS {carrier(wide)})"
    if value.attempt is not None:
        few = f"CAST(sum(<d>{value.attempt})<w> AS {carrier(wide)})"
        rest = f"sum(<d>CASE WHEN {value.attempt} IS NULL THEN {value.sql} END)<w>"
        total = f"coalesce({few} + {rest}, {few}, CAST({rest} AS {carrier(wide)}))"
    return Typed(total, wide)


def _map_agg(t: Translator, arguments: list[Typed]) -> Typed:
    """The first value of each key; rows without a key do not count."""
    key, value = arguments
    pair = f"CASE WHEN {key.sql} IS NOT NULL THEN struct_pack(f0 := {key.sql}, f1 := {value.sql}) END"
    entries = Typed(f"list({pair})<w>", array(row(key.type, value.type)))
    return t.context.call("map_agg", collections.first_by_key, [entries], map_of(key.type, value.type))


def _running_sum(t: Translator, arguments: list[Typed]) -> Typed:
    """The sum over a frame, which fails where adding up may leave bigint on the way."""
    value = arguments[0].sql
    up, down = f"sum(greatest({value}, 0))<w>", f"sum(least({value}, 0))<w>"
    problem = fail("'NUMERIC_VALUE_OUT_OF_RANGE: bigint addition overflow'", BIGINT)
    beyond = f"{up} > {2**63 - 1} OR {down} < {-(2**63)}"
    return Typed(f"CASE WHEN {beyond} THEN {problem} ELSE CAST(sum({value})<w> AS BIGINT) END", BIGINT)


def _running_average(t: Translator, arguments: list[Typed]) -> Typed:
    """The average over a frame, added up as doubles, which lose digits as Trino's do."""
    return Typed(f"avg(CAST({arguments[0].sql} AS DOUBLE))<w>", DOUBLE)


def _count(t: Translator, arguments: list[Typed]) -> Typed:
    return Typed(f"count(<d>{order_key(arguments[0])})<w>", BIGINT)


def _count_distinct(t: Translator, arguments: list[Typed]) -> Typed:
    """approx_distinct(x, standard error): exact, whatever error is allowed."""
    error = arguments[1].constant if len(arguments) > 1 else None
    if isinstance(error, int | float) and not LEAST_ERROR <= error <= MOST_ERROR:
        problem = f"Standard error must be in [{LEAST_ERROR}, {MOST_ERROR}]: {error}"
        raise QueryFailed("INVALID_FUNCTION_ARGUMENT", problem)
    return Typed(f"count(DISTINCT {order_key(arguments[0])})<w>", BIGINT)


LEAST_ERROR, MOST_ERROR = 0.0040625, 0.26


def _is_float(value: Typed) -> bool:
    return value.type.base in ("real", "double")


MOST_VALUES = 10000
"""How many values min(x, n) and its kin give at most."""


def _first(t: Translator, value: Typed, key: Typed, many: Typed, direction: str) -> Typed:
    """The `many` values that come first by their keys; NaN keys come last, NULL ones do not count."""
    name = t.context.alias("b")
    count = _within(many.sql, 1, MOST_VALUES, f"the number of values must be from 1 to {MOST_VALUES}")
    kept = f"CASE WHEN {key.sql} IS NOT NULL THEN struct_pack(v := {value.sql}) END"
    nan = f"isnan({key.sql}), " if _is_float(key) else ""
    ordered = f"list({kept} ORDER BY {nan}{order_key(key)} {direction})<w>"
    some = f"list_filter({ordered}, lambda {name}: {name} IS NOT NULL)[1:({count})]"
    made = f"nullif(list_transform({some}, lambda {name}: {name}.v), [])"
    return Typed(made, array(value.type))


def _within(sql: str, low: int, high: int, problem: str) -> str:
    """A whole number, refused outside a range."""
    wrong = fail(quoted(f"INVALID_FUNCTION_ARGUMENT: {problem}"), BIGINT)
    return f"CASE WHEN {sql} < {low} OR {sql} > {high} THEN {wrong} ELSE {sql} END"


def _several(name: str, direction: str) -> tuple[Entry, Entry]:
    """min(x, n) and min_by(x, key, n)."""
    return (
        function(
            name,
            "T, bigint -> array(T)",
            rewrite=lambda t, a: _first(t, a[0], a[0], a[1], direction),
            kind="aggregate",
        ),
        function(
            f"{name}_by",
            "T, U, bigint -> array(T)",
            rewrite=lambda t, a: _first(t, a[0], a[1], a[2], direction),
            kind="aggregate",
        ),
    )


def _by(name: str) -> Entry:
    """min_by(x, key): NaN keys count only when there is nothing else."""

    def rewrite(t: Translator, arguments: list[Typed]) -> Typed:
        value, key = arguments
        plain = f"arg_{name}_null({value.sql}, {order_key(key)})<w>"
        if not _is_float(key):
            return Typed(plain, value.type)
        number = f"CASE WHEN NOT isnan({key.sql}) THEN {key.sql} END"
        some = f"arg_{name}_null({value.sql}, {number})<w>"
        return Typed(f"CASE WHEN count({number})<w> > 0 THEN {some} ELSE {plain} END", value.type)

    return function(f"{name}_by", "T, U -> T", rewrite=rewrite, kind="aggregate")


def _multimap_agg(t: Translator, arguments: list[Typed]) -> Typed:
    key, value = arguments
    pair = f"CASE WHEN {key.sql} IS NOT NULL THEN struct_pack(f0 := {key.sql}, f1 := {value.sql}) END"
    entries = Typed(f"list({pair})<w>", array(row(key.type, value.type)))
    type_ = map_of(key.type, array(value.type))
    return t.context.call("multimap_agg", gathered.multimap_agg, [entries], type_)


def _checksum(t: Translator, arguments: list[Typed]) -> Typed:
    value = arguments[0]
    if value.type.base not in xxhash.HASHED:
        raise not_supported(f"checksum of {value.type} is not supported")
    values = Typed(f"list({value.sql})<w>", array(value.type))
    return t.context.call("checksum", xxhash.checksum(value.type), [values], VARBINARY)


def _percentile(t: Translator, arguments: list[Typed]) -> Typed:
    """approx_percentile(x, [weight,] percentage or array): exact, and of a percentage that varies too."""
    value, share = arguments[0], arguments[-1]
    if isinstance(share.constant, int | float) and not 0 <= share.constant <= 1:
        raise QueryFailed("INVALID_FUNCTION_ARGUMENT", "Percentile must be between 0 and 1")
    many = share.type.base == "array"
    if len(arguments) == 2 and (share.constant is not None or many):
        sql = (
            f"CAST(quantile_disc({value.sql}, {_from_the_top(t, share)})<w> "
            f"AS {carrier(value.type)}{'[]' if many else ''})"
        )
        return Typed(sql, array(value.type) if many else value.type)
    weight = arguments[1].sql if len(arguments) == 3 else "CAST(1 AS DOUBLE)"
    pair = f"struct_pack(f0 := {value.sql}, f1 := {weight})"
    rows = Typed(f"list({pair})<w>", array(row(value.type, DOUBLE)))
    shares = share if many else Typed(f"[any_value({share.sql})<w>]", array(DOUBLE))
    made = t.context.call("percentile", gathered.weighted_percentiles, [rows, shares], array(value.type))
    return made if many else Typed(f"({made.sql})[1]", value.type)


def _from_the_top(t: Translator, share: Typed) -> str:
    """A percentage counted from the greatest value: where it falls between two values, the upper counts."""
    one = "-greatest(round(1 - {0}, 12), 1e-12)"
    if share.type.base != "array":
        return one.format(share.sql)
    p = t.context.alias("p")
    return f"list_transform({share.sql}, lambda {p}: {one.format(p)})"


NAN, NOTHING = "CAST('NaN' AS DOUBLE)", "CAST('-Infinity' AS DOUBLE)"


def _finite(name: str, least: int) -> str:
    """A measure of spread; what DuckDB refuses is NaN, or infinite where only a square is too large."""
    square = "isfinite({0} * {0})"
    odd = f"count(<d>{{0}})<w> >= {least} AND bool_or(NOT {square})<w>"
    beyond = f"CASE WHEN bool_and(isfinite({{0}}))<w> THEN -{NOTHING} ELSE {NAN} END"
    rest = f"{name}(<d>CASE WHEN {square} THEN {{0}} END)<w>"
    return f"CASE WHEN {odd} THEN {beyond} ELSE {rest} END"


SMALL = "CASE WHEN isfinite({0} * {0} * {0} * {0}) THEN {0} END"


def _of_shape(made: str, least: int) -> str:
    """Skewness or kurtosis; NaN of a constant, and where a power of a value is not finite."""
    odd = f"bool_or(({SMALL}) IS NULL AND {{0}} IS NOT NULL)<w> OR min({{0}})<w> = max({{0}})<w>"
    return f"CASE WHEN count({{0}})<w> >= {least} AND ({odd}) THEN {NAN} ELSE {made} END"


def _of_pairs(name: str) -> str:
    """A measure of pairs; where one is not finite a covariance is NaN, and the others are NULL."""
    pair = "isfinite({0}) AND isfinite({1})"
    odd = "coalesce(bool_or(NOT isfinite({0} + {1}))<w>, false)"
    made = f"{name}(<d>CASE WHEN {pair} THEN {{0}} END, CASE WHEN {pair} THEN {{1}} END)<w>"
    if not name.startswith("covar"):
        return f"CASE WHEN NOT {odd} THEN nullif({made}, CAST('NaN' AS DOUBLE)) END"
    least = 1 + ("pop" not in name)
    many = f"count({{0}} + {{1}})<w> >= {least}"
    return f"CASE WHEN {odd} AND {many} THEN CAST('NaN' AS DOUBLE) ELSE {made} END"


def _reduce_agg(t: Translator, arguments: list[Typed]) -> Typed:
    """reduce_agg(x, initial, step, combine), with one state from the first value to the last."""
    value, initial, step, _ = arguments
    if any(
        a.type.base not in ("boolean", *NUMERIC, "varchar", "date", "timestamp") for a in (value, initial)
    ):
        raise not_supported("State type not enabled for reduce_agg")
    kept = Typed(
        f"list(CASE WHEN {value.sql} IS NOT NULL THEN struct_pack(v := {value.sql}) END)<w>", value.type
    )
    return fold(t, kept, initial, step)


def _map_union(t: Translator, arguments: list[Typed]) -> Typed:
    maps = Typed(f"list({arguments[0].sql})<w>", array(arguments[0].type))
    return t.context.call("map_union", gathered.map_union, [maps], arguments[0].type)


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


_NO_BUCKETS = fail("'INVALID_FUNCTION_ARGUMENT: Buckets must be greater than 0'", BIGINT)
LOG = f"CASE WHEN {{0}} < 0 THEN {NAN} WHEN {{0}} = 0 THEN {NOTHING} ELSE ln({{0}}) END"
NTILE = f"CASE WHEN {{0}} <= 0 THEN {_NO_BUCKETS} ELSE {{0}} END"
NTH = _within("{1}", 1, 2**63 - 1, "Offset must be at least 1")
AWAY = _within("{1}", 0, 2**63 - 1, "Offset must be at least 0")
FLOAT_NAMES = {"stddev": "stddev_samp", "variance": "var_samp"}

ENTRIES = (
    _aggregate("count", " -> bigint", "count(<d>*)<w>"),
    function("count", "T -> bigint", rewrite=_count, kind="aggregate"),
    _aggregate("count_if", "boolean -> bigint", "count(CASE WHEN {0} THEN 1 END)<w>"),
    function(
        "sum", "bigint -> bigint", "CAST(sum(<d>{0})<w> AS BIGINT)", kind="aggregate", over=_running_sum
    ),
    _aggregate("sum", "double -> double", "sum(<d>{0})<w>"),
    _aggregate("sum", "real -> real", "CAST(sum(<d>{0})<w> AS FLOAT)"),
    _aggregate("sum", ("interval_day -> interval_day",), "CAST(sum(<d>{0})<w> AS BIGINT)"),
    _aggregate("sum", ("interval_year -> interval_year",), "CAST(sum(<d>{0})<w> AS INTEGER)"),
    function("sum", "decimal -> decimal", rewrite=_sum_decimal, kind="aggregate"),
    function("avg", "bigint -> double", "avg(<d>{0})<w>", kind="aggregate", over=_running_average),
    _aggregate("avg", "double -> double", "avg(<d>{0})<w>"),
    _aggregate("avg", "real -> real", "CAST(avg(<d>{0})<w> AS FLOAT)"),
    _aggregate("avg", "interval_day -> interval_day", "CAST(avg(<d>{0})<w> AS BIGINT)"),
    _aggregate("avg", "interval_year -> interval_year", "CAST(avg(<d>{0})<w> AS INTEGER)"),
    function("avg", "decimal -> decimal", rewrite=_average_decimal, kind="aggregate"),
    _extreme("min"),
    _extreme("max"),
    *_several("min", "ASC"),
    *_several("max", "DESC"),
    _by("min"),
    _by("max"),
    _aggregate("arbitrary", "T -> T", "any_value({0})<w>"),
    _aggregate("any_value", "T -> T", "any_value({0})<w>"),
    _aggregate("array_agg", "T -> array(T)", "array_agg(<d>{0}<o>)<w>"),
    _aggregate("bool_and", "boolean -> boolean", "bool_and({0})<w>"),
    _aggregate("bool_or", "boolean -> boolean", "bool_or({0})<w>"),
    _aggregate("every", "boolean -> boolean", "bool_and({0})<w>"),
    function(
        "approx_distinct", ("T -> bigint", "T, double -> bigint"), rewrite=_count_distinct, kind="aggregate"
    ),
    function(
        "approx_percentile",
        tuple(
            f"{kind}, {weight}{share} -> {kind}"
            for kind in ("bigint", "double", "real")
            for weight in ("", "double, ")
            for share in ("double", "array(double)")
        ),
        rewrite=_percentile,
        kind="aggregate",
    ),
    _aggregate("geometric_mean", ("double -> double", "bigint -> double"), f"exp(avg({LOG})<w>)"),
    _aggregate("geometric_mean", "real -> real", f"CAST(exp(avg({LOG})<w>) AS FLOAT)"),
    *(
        _aggregate(name, "double -> double", _finite(FLOAT_NAMES.get(name, name), 1 + ("pop" not in name)))
        for name in ("stddev", "stddev_samp", "stddev_pop", "variance", "var_samp", "var_pop")
    ),
    *(
        _aggregate(name, signature, f"CAST({_of_pairs(name)} AS {{carrier}})")
        for signature in ("double, double -> double", "real, real -> real")
        for name in ("corr", "covar_samp", "covar_pop", "regr_slope", "regr_intercept")
    ),
    # DuckDB corrects the skewness of a sample; Trino does not.
    _aggregate(
        "skewness",
        "double -> double",
        _of_shape(
            f"(skewness({SMALL})<w> * (count({{0}})<w> - 2) / sqrt(count({{0}})<w> * (count({{0}})<w> - 1)))",
            3,
        ),
    ),
    _aggregate("kurtosis", "double -> double", _of_shape(f"kurtosis({SMALL})<w>", 4)),
    _aggregate("bitwise_xor_agg", "bigint -> bigint", "bit_xor({0})<w>"),
    function("checksum", "T -> varbinary", rewrite=_checksum, kind="aggregate"),
    function("map_union", "map(K, V) -> map(K, V)", rewrite=_map_union, kind="aggregate"),
    function("multimap_agg", "K, V -> map(K, array(V))", rewrite=_multimap_agg, kind="aggregate"),
    function(
        "approx_most_frequent",
        "bigint, T, bigint -> map(T, bigint)",
        rewrite=lambda t, a: t.context.call(
            "frequent",
            gathered.most_frequent,
            [Typed(f"list({a[1].sql})<w>", array(a[1].type)), Typed(f"any_value({a[0].sql})<w>", BIGINT)],
            map_of(a[1].type, BIGINT),
        ),
        kind="aggregate",
    ),
    function(
        "reduce_agg",
        "T, S, function(S, T, S), function(S, S, S) -> S",
        rewrite=_reduce_agg,
        kind="aggregate",
    ),
    _aggregate("bitwise_and_agg", "bigint -> bigint", "bit_and({0})<w>"),
    _aggregate("bitwise_or_agg", "bigint -> bigint", "bit_or({0})<w>"),
    function("map_agg", "K, V -> map(K, V)", rewrite=_map_agg, kind="aggregate"),
    _aggregate("histogram", "T -> map(T, bigint)", "CAST(histogram({0})<w> AS {carrier})"),
    *(
        _aggregate(name, " -> bigint", f"{name}()<w>", "window")
        for name in ("row_number", "rank", "dense_rank")
    ),
    *(_aggregate(name, " -> double", f"{name}()<w>", "window") for name in ("percent_rank", "cume_dist")),
    _aggregate("ntile", "bigint -> bigint", f"ntile({NTILE})<w>", "window"),
    _aggregate("first_value", "T -> T", "first_value({0}<o>)<w>", "window"),
    _aggregate("last_value", "T -> T", "last_value({0}<o>)<w>", "window"),
    _aggregate("nth_value", "T, bigint -> T", f"nth_value({{0}}, {NTH}<o>)<w>", "window"),
    *(
        _aggregate(name, signature, f"{name}({arguments}<o>)<w>", "window")
        for name in ("lag", "lead")
        for signature, arguments in (
            ("T -> T", "{0}"),
            ("T, bigint -> T", f"{{0}}, {AWAY}"),
            ("T, bigint, T -> T", f"{{0}}, {AWAY}, {{2}}"),
        )
    ),
)
