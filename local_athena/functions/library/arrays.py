"""Arrays, maps and lambdas. https://trino.io/docs/current/functions/array.html and map.html"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_athena.errors import QueryFailed
from local_athena.functions.entry import Entry, function
from local_athena.functions.library.folding import fold
from local_athena.translate.casts import cast
from local_athena.translate.sql import fail, null_of
from local_athena.translate.typed import Typed
from local_athena.types.duckdb import carrier
from local_athena.types.trino import BIGINT, UNKNOWN, TrinoType, array, map_of, row
from local_athena.values import collections

if TYPE_CHECKING:
    from local_athena.translate.translator import Translator


def _map(t: Translator, arguments: list[Typed]) -> Typed:
    if not arguments:
        return Typed(
            "CAST(MAP {{}} AS MAP(INTEGER, INTEGER))".replace("{{}}", "{}"), map_of(UNKNOWN, UNKNOWN)
        )
    keys, values = arguments
    type_ = map_of(keys.type.element, values.type.element)
    return t.context.call("map", collections.make_map, [keys, values], type_)


def _zip(t: Translator, arguments: list[Typed]) -> Typed:
    for a in arguments:
        if a.type.base != "array":
            raise QueryFailed("FUNCTION_NOT_FOUND", f"Unexpected parameters ({a.type}) for function zip")
    type_ = array(row(*(a.type.element for a in arguments)))
    return t.context.call("zip", collections.zip_arrays, arguments, type_)


def _element_at(t: Translator, arguments: list[Typed]) -> Typed:
    value, index = arguments
    element = value.type.element
    problem = fail("'INVALID_FUNCTION_ARGUMENT: SQL array indices start at 1'", element)
    return Typed(f"CASE WHEN {index.sql} = 0 THEN {problem} ELSE {value.sql}[{index.sql}] END", element)


def _sequence(t: Translator, arguments: list[Typed]) -> Typed:
    element = arguments[0].type if arguments[0].type.base == "date" else BIGINT
    values = [cast(t.context, a, BIGINT) if element == BIGINT else a for a in arguments]
    return t.context.call("sequence", collections.sequence, values, array(element))


def _flatten(t: Translator, arguments: list[Typed]) -> Typed:
    a = arguments[0]
    if a.type.element.base != "array":
        raise QueryFailed(
            "FUNCTION_NOT_FOUND",
            f"Unexpected parameters ({a.type}) for function flatten. Expected: flatten(array(array(E)))",
        )
    return Typed(f"flatten({a.sql})", a.type.element)


def _typed_call(name: str, signature: str) -> Entry:
    """A Python function that also wants to know the element type (for Trino's idea of equality)."""
    maker = getattr(collections, name)

    def rewrite(t: Translator, arguments: list[Typed]) -> Typed:
        from local_athena.functions.entry import instance, match
        from local_athena.functions.entry import signature as read

        wanted = read(signature)
        bound: dict[str, TrinoType] = {}
        for pattern, given in zip(wanted.parameters, arguments, strict=False):
            match(pattern, given.type, bound)
        result = instance(wanted.result, arguments[0].type, bound)
        return t.context.call(name, maker(arguments[0].type), arguments, result)

    return function(name, signature, rewrite=rewrite)


def _reduce(t: Translator, arguments: list[Typed]) -> Typed:
    """reduce(array, initial, (state, item) -> state, state -> result) as a list_reduce over states."""
    values, initial, step, finish = arguments
    body = step.sql.partition(": ")[2]
    names = step.sql.removeprefix("lambda ").partition(": ")[0].split(", ")
    folded = f"list_reduce({values.sql}, lambda {names[0]}, {names[1]}: {body}, {initial.sql})"
    if values.type.element != initial.type:
        e = t.context.alias("f")
        kept = f"list_transform({values.sql}, lambda {e}: struct_pack(v := {e}))"
        folded = fold(t, Typed(kept, values.type.element), initial, step).sql
    last, result = finish.sql.removeprefix("lambda ").split(": ", 1)
    made = f"list_transform([{folded}], lambda {last}: {result})[1]"
    guard = f"CASE WHEN {values.sql} IS NULL THEN {null_of(finish.type)} ELSE {made} END"
    return Typed(guard, finish.type)


def _map_lambda(name: str) -> Entry:
    """map_filter, transform_keys, transform_values over entries."""

    def rewrite(t: Translator, arguments: list[Typed]) -> Typed:
        value, function_ = arguments
        names, body = function_.sql.removeprefix("lambda ").split(": ", 1)
        key, item = names.split(", ")
        e = t.context.alias("m")
        # A lambda of two parameters over one list of entries: bind both names by nesting.
        inner = f"list_transform([{e}.key], lambda {key}: list_transform([{e}.value], lambda {item}: {body})[1])[1]"  # noqa: E501
        entries = f"map_entries({value.sql})"
        if name == "map_filter":
            return Typed(
                f"map_from_entries(list_filter({entries}, lambda {e}: coalesce({inner}, false)))", value.type
            )
        if name == "transform_values":
            made = f"struct_pack(key := {e}.key, value := {inner})"
            return Typed(
                f"map_from_entries(list_transform({entries}, lambda {e}: {made}))",
                map_of(value.type.element, function_.type),
            )
        made = f"struct_pack(key := {inner}, value := {e}.value)"
        return Typed(
            f"map_from_entries(list_transform({entries}, lambda {e}: {made}))",
            map_of(function_.type, value.type.value),
        )

    results = {"map_filter": "function(K, V, boolean) -> map(K, V)"}
    return function(
        name, f"map(K, V), {results.get(name, 'function(K, V, R) -> map(K, R)')}", rewrite=rewrite
    )


def _zip_with(t: Translator, arguments: list[Typed]) -> Typed:
    first, second, function_ = arguments
    names, body = function_.sql.removeprefix("lambda ").split(": ", 1)
    a, b = names.split(", ")
    i = t.context.alias("z")
    inner = f"list_transform([{first.sql}[{i}]], lambda {a}: list_transform([{second.sql}[{i}]], lambda {b}: {body})[1])[1]"  # noqa: E501
    size = f"greatest(len({first.sql}), len({second.sql}))"
    missing = f"{first.sql} IS NULL OR {second.sql} IS NULL"
    return Typed(
        f"CASE WHEN {missing} THEN NULL ELSE list_transform(range(1, {size} + 1), lambda {i}: {inner}) END",
        array(function_.type),
    )


def _map_zip_with(t: Translator, arguments: list[Typed]) -> Typed:
    first, second, function_ = arguments
    names, body = function_.sql.removeprefix("lambda ").split(": ", 1)
    k, a, b = names.split(", ")
    i = t.context.alias("z")
    inner = (
        f"list_transform([{i}], lambda {k}: list_transform([{first.sql}[{i}]], lambda {a}: "
        f"list_transform([{second.sql}[{i}]], lambda {b}: {body})[1])[1])[1]"
    )
    keys = f"list_distinct(list_concat(map_keys({first.sql}), map_keys({second.sql})))"
    made = f"list_transform({keys}, lambda {i}: struct_pack(key := {i}, value := {inner}))"
    return Typed(f"map_from_entries({made})", map_of(first.type.element, function_.type))


def _plain_keys(name: str, part: int) -> Entry:
    def rewrite(t: Translator, arguments: list[Typed]) -> Typed:
        return Typed(f"{name}({arguments[0].sql})", array(arguments[0].type.parts[part]))

    return function(name, "map(K, V) -> array(K)", rewrite=rewrite)


def _entries(t: Translator, arguments: list[Typed]) -> Typed:
    value = arguments[0]
    type_ = array(row(value.type.element, value.type.value))
    e = t.context.alias("m")
    return Typed(
        f"list_transform(map_entries({value.sql}), lambda {e}: struct_pack(f0 := {e}.key, f1 := {e}.value))",
        type_,
    )


def _from_entries(multi: bool) -> object:
    def rewrite(t: Translator, arguments: list[Typed]) -> Typed:
        pair = arguments[0].type.element
        if pair == UNKNOWN:
            nothing = map_of(UNKNOWN, array(UNKNOWN) if multi else UNKNOWN)
            empty = f"CAST(MAP {{}} AS {carrier(nothing)})"
            problem = fail("'INVALID_FUNCTION_ARGUMENT: map entry cannot be null'", nothing)
            made = f"CASE WHEN len({arguments[0].sql}) > 0 THEN {problem} ELSE {empty} END"
            return Typed(f"CASE WHEN {arguments[0].sql} IS NOT NULL THEN {made} END", nothing)
        if pair.base != "row" or len(pair.parts) != 2:
            raise QueryFailed(
                "FUNCTION_NOT_FOUND",
                f"Unexpected parameters ({arguments[0].type}) for function map_from_entries. Expected: "
                "map_from_entries(array(row(K,V)))",
            )
        key, value = pair.parts
        type_ = map_of(key, array(value) if multi else value)
        return t.context.call(
            "entries",
            collections.multimap_from_entries if multi else collections.map_from_entries,
            arguments,
            type_,
        )

    return rewrite


def _match(name: str) -> Entry:
    def rewrite(t: Translator, arguments: list[Typed]) -> Typed:
        value, function_ = arguments
        answers = Typed(f"list_transform({value.sql}, {function_.sql})", array(TrinoType("boolean")))
        return t.context.call(name, getattr(collections, name), [answers], TrinoType("boolean"))

    return function(name, "array(T), function(T, boolean) -> boolean", rewrite=rewrite)


ENTRIES: tuple[Entry, ...] = (
    function("cardinality", "array(T) -> bigint", "CAST(len({0}) AS BIGINT)"),
    function("cardinality", "map(K, V) -> bigint", "CAST(cardinality({0}) AS BIGINT)"),
    function("element_at", "array(T), bigint -> T", rewrite=_element_at),
    function("element_at", "map(K, V), K -> V", "{0}[{1}]"),
    function("transform", "array(T), function(T, U) -> array(U)", "list_transform({0}, {1})"),
    function("filter", "array(T), function(T, boolean) -> array(T)", "list_filter({0}, {1})"),
    function("reduce", "array(T), S, function(S, T, S), function(S, R) -> R", rewrite=_reduce),
    *(_match(name) for name in ("any_match", "all_match", "none_match")),
    *(_map_lambda(name) for name in ("map_filter", "transform_keys", "transform_values")),
    function("zip_with", "array(T), array(U), function(T, U, R) -> array(R)", rewrite=_zip_with),
    function(
        "map_zip_with", "map(K, V), map(K, W), function(K, V, W, R) -> map(K, R)", rewrite=_map_zip_with
    ),
    function("map", (" -> map(K, V)", "array(K), array(V) -> map(K, V)"), rewrite=_map),
    function("map_keys", "map(K, V) -> array(K)", "map_keys({0})"),
    _plain_keys("map_values", 1),
    function("map_entries", "map(K, V) -> array(K)", rewrite=_entries),
    function("map_from_entries", "array(T) -> T", rewrite=_from_entries(False)),  # type: ignore[arg-type]
    function("multimap_from_entries", "array(T) -> T", rewrite=_from_entries(True)),  # type: ignore[arg-type]
    function("map_concat", "map(K, V), map(K, V)... -> map(K, V)", python=collections.map_concat),
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
    function("flatten", "array(T) -> T", rewrite=_flatten),
    function("repeat", "T, bigint -> array(T)", python=collections.repeat, takes_null=True),
    function("slice", "array(T), bigint, bigint -> array(T)", python=collections.slice_),
    function("shuffle", "array(T) -> array(T)", python=collections.shuffle),
    function("array_join", "array(T), varchar -> varchar", rewrite=collections.join_call),
    function("array_join", "array(T), varchar, varchar -> varchar", rewrite=collections.join_call),
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
    function("combinations", "array(T), bigint -> array(array(T))", python=collections.combinations),
    function("ngrams", "array(T), bigint -> array(array(T))", python=collections.ngrams),
)
