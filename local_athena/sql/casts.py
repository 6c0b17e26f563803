"""Casts, explicit and implied, from each Trino type to each other.

https://trino.io/docs/current/functions/conversion.html. Those of scalars stand in files of their own; here
are the table of all, and arrays, maps, rows and json, which go by the types inside.
"""

from __future__ import annotations

from local_athena.errors import QueryFailed
from local_athena.sql import number_casts, text_casts, time_casts
from local_athena.sql.build import commas, ident, null_of, once, sql
from local_athena.sql.context import Caster, Context
from local_athena.sql.fragment import Sql, function
from local_athena.sql.typed import Typed
from local_athena.types.coercion import NUMERIC
from local_athena.types.trino import INTEGERS, TrinoType
from local_athena.values import json_values


def cast(context: Context, value: Typed, target: TrinoType) -> Typed:
    """`value` as `target`.

    Raises:
        QueryFailed: Trino has no such cast.
    """
    if value.type == target:
        return value
    if value.type.base == "unknown":
        return Typed(null_of(target), target)
    caster = CASTS.get((value.type.base, target.base))
    if caster is None:
        raise _no_cast(value, target)
    finite = target.base in ("double", "real") and value.type.base in (*INTEGERS, "decimal")
    # What fails inside an array, a map or a row fails as a whole, so that nothing in it may become NULL.
    with context.within_try(context.forgiving and not target.parts):
        return Typed(caster(context, value, target), target, finite=finite)


def _elements(context: Context, value: Typed, target: TrinoType) -> Sql:
    name = ident(context.alias("e"))
    inner = cast(context, Typed(name, value.type.element), target.element)
    return (
        value.sql if inner.sql == name else sql("list_transform({}, {})", value, function((name,), inner.sql))
    )


def _entries(context: Context, value: Typed, target: TrinoType) -> Sql:
    name = ident(context.alias("e"))
    key = cast(context, Typed(sql("({}).key", name), value.type.element), target.element)
    item = cast(context, Typed(sql("({}).value", name), value.type.value), target.value)
    entry = sql("struct_pack(key := {}, value := {})", key, item)
    return sql("map_from_entries(list_transform(map_entries({}), {}))", value, function((name,), entry))


def _fields(context: Context, value: Typed, target: TrinoType) -> Sql:
    if len(value.type.parts) != len(target.parts):
        raise _no_cast(value, target)
    if value.type.parts == target.parts:
        return value.sql

    def rebuilt(v: Sql) -> Sql:
        items = [
            sql("f{} := {}", i, cast(context, Typed(sql("({}).f{}", v, i), a), b))
            for i, (a, b) in enumerate(zip(value.type.parts, target.parts, strict=True))
        ]
        return sql("CASE WHEN {} IS NOT NULL THEN struct_pack({}) END", v, commas(items))

    return once(value, rebuilt)


def _no_cast(value: Typed, target: TrinoType) -> QueryFailed:
    return QueryFailed("TYPE_MISMATCH", f"line 1:8: Cannot cast {value.type} to {target}")


def _to_json(context: Context, value: Typed, target: TrinoType) -> Sql:
    if not json_values.can_be_json(value.type):
        raise _no_cast(value, target)
    return context.call("to_json", json_values.writer(value.type), [value], target).sql


def _from_json(context: Context, value: Typed, target: TrinoType) -> Sql:
    if not json_values.can_come_from_json(target):
        raise _no_cast(value, target)
    return context.call("from_json", json_values.reader(target), [value], target).sql


JSON_SOURCES = (*NUMERIC, "boolean", "varchar", "date", "timestamp", "array", "map", "row")
JSON_TARGETS = (*NUMERIC, "boolean", "varchar", "array", "map", "row")
CASTS: dict[tuple[str, str], Caster] = {
    **number_casts.CASTS,
    **text_casts.CASTS,
    **time_casts.CASTS,
    ("array", "array"): _elements,
    ("map", "map"): _entries,
    ("row", "row"): _fields,
    **{(source, "json"): _to_json for source in JSON_SOURCES},
    **{("json", target): _from_json for target in JSON_TARGETS},
}
