"""Arrays and maps. https://trino.io/docs/current/functions/array.html and map.html"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_athena.errors import QueryFailed
from local_athena.functions.entry import Entry, function
from local_athena.functions.library.lambdas import LAMBDA_ENTRIES
from local_athena.functions.signatures import Bindings, match, result_of
from local_athena.functions.signatures import signature as read
from local_athena.sql.build import carrier_sql, failing, ident, once, once_each, sql, struct, template
from local_athena.sql.casts import cast
from local_athena.sql.fragment import Sql
from local_athena.sql.fragment import function as lambda_of
from local_athena.sql.typed import Typed
from local_athena.types.trino import BIGINT, UNKNOWN, VARCHAR, array, map_of, row
from local_athena.values import collections

if TYPE_CHECKING:
    from local_athena.functions.entry import Rewrite
    from local_athena.sql.context import Context


def _map(context: Context, arguments: list[Typed]) -> Typed:
    if not arguments:
        type_ = map_of(UNKNOWN, UNKNOWN)
        return Typed(sql("CAST(MAP {{}} AS {})", carrier_sql(type_)), type_)
    keys, values = arguments
    type_ = map_of(keys.type.element, values.type.element)
    return context.call("map", collections.make_map, [keys, values], type_)


def _map_concat(context: Context, arguments: list[Typed]) -> Typed:
    if len(arguments) < 2:
        problem = "There must be two or more concatenation arguments to map_concat"
        raise QueryFailed("INVALID_FUNCTION_ARGUMENT", problem)
    return context.call("map_concat", collections.map_concat, arguments, arguments[0].type)


def _zip(context: Context, arguments: list[Typed]) -> Typed:
    nothing = array(UNKNOWN)
    arguments = [cast(context, a, nothing) if a.type.base == "unknown" else a for a in arguments]
    for a in arguments:
        if a.type.base != "array":
            raise QueryFailed("FUNCTION_NOT_FOUND", f"Unexpected parameters ({a.type}) for function zip")
    type_ = array(row(*(a.type.element for a in arguments)))
    return context.call("zip", collections.zip_arrays, arguments, type_)


def _element_at(context: Context, arguments: list[Typed]) -> Typed:
    value, index = arguments
    element = value.type.element
    problem = failing("INVALID_FUNCTION_ARGUMENT: SQL array indices start at 1", element)

    def made(parts: list[Sql]) -> Sql:
        return sql("CASE WHEN {1} = 0 AND {0} IS NOT NULL THEN {2} ELSE {0}[{1}] END", *parts, problem)

    return Typed(once_each([value, index], made), element)


def _sequence(context: Context, arguments: list[Typed]) -> Typed:
    element = arguments[0].type if arguments[0].type.base == "date" else BIGINT
    values = [cast(context, a, BIGINT) if element == BIGINT else a for a in arguments]
    return context.call("sequence", collections.sequence, values, array(element))


def _flatten(context: Context, arguments: list[Typed]) -> Typed:
    return Typed(sql("flatten({})", arguments[0]), arguments[0].type.element)


def _join(context: Context, arguments: list[Typed]) -> Typed:
    """array_join(array, delimiter, text for NULL): elements as text, NULLs left out or replaced."""
    texts = cast(context, arguments[0], array(VARCHAR))
    return context.call("array_join", collections.join, [texts, *arguments[1:]], VARCHAR)


def _typed_call(name: str, signature: str) -> Entry:
    """A Python function that also wants to know the element type (for Trino's idea of equality)."""
    maker, wanted = getattr(collections, name), read(signature)

    def rewrite(context: Context, arguments: list[Typed]) -> Typed:
        bound: Bindings = {}
        for pattern, given in zip(wanted.parameters, arguments, strict=False):
            match(pattern, given.type, bound)
        result = result_of(wanted.result, arguments[0].type, bound)
        return context.call(name, maker(arguments[0].type), arguments, result)

    return function(name, signature, rewrite=rewrite)


def _map_values(context: Context, arguments: list[Typed]) -> Typed:
    return Typed(sql("map_values({})", arguments[0]), array(arguments[0].type.value))


def _entries(context: Context, arguments: list[Typed]) -> Typed:
    value = arguments[0]
    type_ = array(row(value.type.element, value.type.value))
    e = ident(context.alias("m"))
    pair = struct(f0=sql("({}).key", e), f1=sql("({}).value", e))
    return Typed(sql("list_transform(map_entries({}), {})", value, lambda_of((e,), pair)), type_)


def _from_entries(*, multi: bool) -> Rewrite:
    def rewrite(context: Context, arguments: list[Typed]) -> Typed:
        pair = arguments[0].type.element
        if pair == UNKNOWN:
            return _from_nothing(arguments[0], multi=multi)
        if pair.base != "row" or len(pair.parts) != 2:
            raise QueryFailed(
                "FUNCTION_NOT_FOUND",
                f"Unexpected parameters ({arguments[0].type}) for function map_from_entries. Expected: "
                "map_from_entries(array(row(K,V)))",
            )
        key, value = pair.parts
        type_ = map_of(key, array(value) if multi else value)
        gather = collections.multimap_from_entries if multi else collections.map_from_entries
        return context.call("entries", gather, arguments, type_)

    return rewrite


def _from_nothing(entries: Typed, *, multi: bool) -> Typed:
    """The map of an array without entries."""
    nothing = map_of(UNKNOWN, array(UNKNOWN) if multi else UNKNOWN)
    empty = sql("CAST(MAP {{}} AS {})", carrier_sql(nothing))
    problem = failing("INVALID_FUNCTION_ARGUMENT: map entry cannot be null", nothing)

    def made(v: Sql) -> Sql:
        return sql("CASE WHEN len({0}) > 0 THEN {1} WHEN {0} IS NOT NULL THEN {2} END", v, problem, empty)

    return Typed(once(entries, made), nothing)


ENTRIES: tuple[Entry, ...] = (
    function("cardinality", "array(T) -> bigint", template("CAST(len({0}) AS BIGINT)")),
    function("cardinality", "map(K, V) -> bigint", template("CAST(cardinality({0}) AS BIGINT)")),
    function("element_at", "array(T), bigint -> T", rewrite=_element_at),
    function("element_at", "map(K, V), K -> V", template("{0}[{1}]")),
    *LAMBDA_ENTRIES,
    function("map", (" -> map(K, V)", "array(K), array(V) -> map(K, V)"), rewrite=_map),
    function("map_keys", "map(K, V) -> array(K)", native="map_keys"),
    function("map_values", "map(K, V) -> array(V)", rewrite=_map_values),
    function("map_entries", "map(K, V) -> array(K)", rewrite=_entries),
    function("map_from_entries", "array(T) -> T", rewrite=_from_entries(multi=False)),
    function("multimap_from_entries", "array(T) -> T", rewrite=_from_entries(multi=True)),
    function("map_concat", "map(K, V), map(K, V)... -> map(K, V)", rewrite=_map_concat),
    function("zip", "any, any, any... -> any", rewrite=_zip),
    function(
        "sequence",
        (
            "bigint, bigint -> array(bigint)",
            "bigint, bigint, bigint -> array(bigint)",
            "date, date -> array(date)",
            "date, date, interval_day -> array(date)",
        ),
        rewrite=_sequence,
    ),
    function("flatten", "array(array(T)) -> array(T)", rewrite=_flatten),
    function("repeat", "T, bigint -> array(T)", python=collections.repeat, takes_null=True),
    function("slice", "array(T), bigint, bigint -> array(T)", python=collections.slice_),
    function("shuffle", "array(T) -> array(T)", python=collections.shuffle),
    function("array_join", "array(T), varchar -> varchar", rewrite=_join),
    function("array_join", "array(T), varchar, varchar -> varchar", rewrite=_join),
    _typed_call("array_distinct", "array(T) -> array(T)"),
    _typed_call("array_sort", "array(T) -> array(T)"),
    _typed_call("array_min", "array(T) -> T"),
    _typed_call("array_max", "array(T) -> T"),
    _typed_call("array_position", "array(T), T -> bigint"),
    _typed_call("array_remove", "array(T), T -> array(T)"),
    _typed_call("contains", "array(T), T -> boolean"),
    _typed_call("array_union", "array(T), array(T) -> array(T)"),
    _typed_call("array_intersect", "array(T), array(T) -> array(T)"),
    _typed_call("array_except", "array(T), array(T) -> array(T)"),
    _typed_call("arrays_overlap", "array(T), array(T) -> boolean"),
    _typed_call("array_histogram", "array(T) -> map(T, bigint)"),
    _typed_call("contains_sequence", "array(T), array(T) -> boolean"),
    function("trim_array", "array(T), bigint -> array(T)", python=collections.trim_array),
    function("combinations", "array(T), integer -> array(array(T))", python=collections.combinations),
    function("ngrams", "array(T), integer -> array(array(T))", python=collections.ngrams),
)
