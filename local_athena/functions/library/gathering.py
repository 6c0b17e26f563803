"""Aggregate functions that gather values. https://trino.io/docs/current/functions/aggregate.html"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from local_athena.errors import QueryFailed, not_supported
from local_athena.functions.entry import Entry, aggregate
from local_athena.functions.library.folding import fold
from local_athena.sql.build import cast_as, failing, ident, null_of, once_each, sql, struct
from local_athena.sql.casts import cast
from local_athena.sql.fragment import Name, Sql, walked
from local_athena.sql.fragment import function as lambda_of
from local_athena.sql.keys import is_zoned
from local_athena.sql.typed import Typed
from local_athena.types.trino import BIGINT, DOUBLE, REAL, VARBINARY, VARCHAR, TrinoType, array, map_of, row
from local_athena.values import checksums, collections, gathered, histograms, percentiles

if TYPE_CHECKING:
    from local_athena.functions.entry import Aggregate
    from local_athena.sql.aggregate import Clauses
    from local_athena.sql.context import Context


def listed(value: Typed, clauses: Clauses) -> Typed:
    """The values of a group."""
    return Typed(clauses.call("list", value), array(value.type))


def _paired(first: Typed, second: Typed) -> Typed:
    return Typed(struct(f0=first, f1=second), row(first.type, second.type))


def _by_key(
    name: str, gather: Callable[..., Any], of: Callable[[TrinoType, TrinoType], TrinoType]
) -> Aggregate:
    """A map of the pairs with a key, NULL when there is none."""

    def made(context: Context, arguments: list[Typed], clauses: Clauses) -> Typed:
        key, value = arguments
        entries = _listed_once(context, _paired(key, value), clauses.where(sql("{} IS NOT NULL", key)))
        return context.call(name, gather, [entries], of(key.type, value.type))

    return made


def _listed_once(context: Context, value: Typed, clauses: Clauses) -> Typed:
    """The values of a group; of equal ones, the first if they are to be distinct.

    DuckDB sorts distinct values by themselves alone, not by a part of them, and tells zones apart.
    """
    if not clauses.distinct or not (clauses.order or is_zoned(value.type)):
        return listed(value, clauses)
    values = listed(value, replace(clauses, distinct=False))
    return context.call("array_distinct", collections.array_distinct(values.type), [values], values.type)


def _histogram(context: Context, arguments: list[Typed], clauses: Clauses) -> Typed:
    """histogram; what may be one value though it looks different is told apart by Trino's equality."""
    value, result = arguments[0], map_of(arguments[0].type, BIGINT)
    # DuckDB's histogram sorts by <, for which a NaN is every number.
    if not is_zoned(value.type) and not _has_floats(value.type):
        return Typed(cast_as(clauses.call("histogram", value), result), result)
    values = _listed_once(context, value, clauses.where(sql("{} IS NOT NULL", value)))
    return context.call("array_histogram", collections.array_histogram(values.type), [values], result)


def _has_floats(type_: TrinoType) -> bool:
    return type_ in (DOUBLE, REAL) or any(map(_has_floats, type_.parts))


def _multimap_of(key: TrinoType, value: TrinoType) -> TrinoType:
    return map_of(key, array(value))


def _map_union(context: Context, arguments: list[Typed], clauses: Clauses) -> Typed:
    maps = listed(arguments[0], clauses)
    return context.call("map_union", gathered.map_union, [maps], arguments[0].type)


def _array_agg(context: Context, arguments: list[Typed], clauses: Clauses) -> Typed:
    """array_agg; what may be one value though it looks different is told apart by Trino's equality."""
    value = arguments[0]
    if clauses.distinct and is_zoned(value.type):
        return _listed_once(context, value, clauses)
    return Typed(clauses.call("array_agg", value), array(value.type))


def _checksum(context: Context, arguments: list[Typed], clauses: Clauses) -> Typed:
    value = arguments[0]
    if not checksums.is_hashed(value.type):
        raise not_supported(f"checksum of {value.type} is not supported")
    return context.call("checksum", checksums.checksum(value.type), [listed(value, clauses)], VARBINARY)


def _percentile(context: Context, arguments: list[Typed], clauses: Clauses) -> Typed:
    """approx_percentile(x, [weight,] percentage or array): of all values, however many they are."""
    value, share = arguments[0], arguments[-1]
    if isinstance(share.constant, int | float) and not 0 <= share.constant <= 1:
        raise QueryFailed("INVALID_FUNCTION_ARGUMENT", "Percentile must be between 0 and 1")
    many = share.type.base == "array"
    if not many and share.constant is None:
        share = Typed(clauses.plain().call("any_value", share), DOUBLE)
    shares = share.sql if many else sql("[{}]", share)
    at = _weighted if len(arguments) == 3 else _unweighted
    made = at(context, arguments, shares, clauses)
    return Typed(made, array(value.type)) if many else Typed(sql("({})[1]", made), value.type)


PLACE = """CASE WHEN {0} IS NULL THEN {3} WHEN {0} < 0 OR {0} > 1 THEN {1}
    ELSE ({2})[least(len({2}), CAST(floor({0} * len({2})) AS BIGINT) + 1)] END"""


def _unweighted(context: Context, arguments: list[Typed], shares: Sql, clauses: Clauses) -> Sql:
    """Trino takes the value whose place, from 0 on, is the percentage of the count, rounded down."""
    value = arguments[0]
    share = ident(context.alias("p"))
    known = clauses.where(sql("{} IS NOT NULL", value)).ordered_by(sql("{} ASC", value)).call("list", value)
    problem = failing("INVALID_FUNCTION_ARGUMENT: Percentile must be between 0 and 1", value.type)
    missing = null_of(value.type)
    if arguments[-1].type.base == "array":
        missing = failing("INVALID_FUNCTION_ARGUMENT: Percentile cannot be null", value.type)

    def made(parts: list[Sql]) -> Sql:
        place = sql(PLACE, share, problem, parts[0], missing)
        each = sql("list_transform({}, {})", parts[1], lambda_of((share,), place))
        return sql("CASE WHEN {} IS NOT NULL THEN {} END", parts[0], each)

    return once_each([known, shares], made)


def _weighted(context: Context, arguments: list[Typed], shares: Sql, clauses: Clauses) -> Sql:
    value, weight = arguments[0], arguments[1]
    pair = _paired(cast(context, value, DOUBLE), weight)
    rows = listed(pair, clauses.where(sql("{} IS NOT NULL AND {} IS NOT NULL", value, weight)))
    given = [rows, Typed(shares, array(DOUBLE))]
    found = context.call("percentile", percentiles.weighted, given, array(DOUBLE))
    share = ident(context.alias("p"))
    whole = sql("floor({} + 0.5)", share) if value.type == BIGINT else share
    return sql("list_transform({}, {})", found, lambda_of((share,), cast_as(whole, value.type)))


PERCENTILES = tuple(
    f"{kind}, {weight}{share} -> {result}"
    for kind in ("bigint", "double", "real")
    for weight in ("", "double, ")
    for share, result in (("double", kind), ("array(double)", f"array({kind})"))
)


def _most_frequent(context: Context, arguments: list[Typed], clauses: Clauses) -> Typed:
    buckets, value, _ = arguments
    many = Typed(clauses.plain().call("any_value", buckets), BIGINT)
    known = listed(value, clauses.where(sql("{} IS NOT NULL", value)))
    key = VARCHAR if value.type.base == "varchar" else BIGINT
    return context.call("frequent", gathered.most_frequent, [known, many], map_of(key, BIGINT))


def _numeric_histogram(context: Context, arguments: list[Typed], clauses: Clauses) -> Typed:
    """numeric_histogram(buckets, x [, weight]); of no value, NULL."""
    many = Typed(clauses.plain().call("any_value", arguments[0]), BIGINT)
    value, single = cast(context, arguments[1], DOUBLE), arguments[1].type == REAL
    weight = cast(context, arguments[2], DOUBLE) if len(arguments) == 3 else Typed(sql("1e0"), DOUBLE)
    known = clauses.where(sql("{} IS NOT NULL AND {} IS NOT NULL", value, weight))
    rows = listed(Typed(_paired(value, weight).sql, row(DOUBLE, DOUBLE)), known)
    made = context.call(
        "numeric_histogram", histograms.numeric_histogram, [rows, many], map_of(DOUBLE, DOUBLE)
    )
    return cast(context, made, map_of(REAL, REAL)) if single else made


WORDS = {
    "decimal": 18, "timestamp": 6, "timestamp with time zone": 3, "time with time zone": 9, "time": 12,
}  # fmt: skip
"""The precision up to which a type fits a machine word, as what Trino keeps for a state must."""


def _is_state(type_: TrinoType) -> bool:
    if type_.base in WORDS:
        return type_.precision <= WORDS[type_.base]
    return not type_.parts and type_.base not in ("varchar", "char", "varbinary", "json", "uuid", "ipaddress")


def _reduce_agg(context: Context, arguments: list[Typed], clauses: Clauses) -> Typed:
    """reduce_agg(x, initial, step, combine), with one state from the first value to the last."""
    value, initial, step, _ = arguments
    if not _is_state(initial.type):
        raise not_supported(f"State type not supported for reduce_agg: {initial.type}")
    if value.type.base == "unknown":
        return Typed(null_of(initial.type), initial.type)
    if any(isinstance(part, Name) for part in walked(initial.sql)):
        initial = Typed(clauses.plain().call("any_value", initial), initial.type)
    kept = Typed(clauses.where(sql("{} IS NOT NULL", value)).call("list", struct(v=value)), value.type)
    return fold(context, kept, initial, step)


ENTRIES: tuple[Entry, ...] = (
    aggregate("array_agg", "T -> array(T)", _array_agg),
    aggregate("map_agg", "K, V -> map(K, V)", _by_key("map_agg", collections.first_by_key, map_of)),
    aggregate(
        "multimap_agg",
        "K, V -> map(K, array(V))",
        _by_key("multimap_agg", gathered.multimap_agg, _multimap_of),
    ),
    aggregate("map_union", "map(K, V) -> map(K, V)", _map_union),
    aggregate("histogram", "T -> map(T, bigint)", _histogram),
    aggregate("checksum", "T -> varbinary", _checksum),
    aggregate("approx_percentile", PERCENTILES, _percentile),
    aggregate(
        "approx_most_frequent",
        ("bigint, bigint, bigint -> map(bigint, bigint)", "bigint, varchar, bigint -> map(varchar, bigint)"),
        _most_frequent,
    ),
    aggregate(
        "numeric_histogram",
        (
            "bigint, double -> map(double, double)",
            "bigint, double, double -> map(double, double)",
            "bigint, real -> map(real, real)",
            "bigint, real, double -> map(real, real)",
        ),
        _numeric_histogram,
    ),
    aggregate("reduce_agg", "T, S, function(S, T, S), function(S, S, S) -> S", _reduce_agg),
)
