"""Casts, explicit and implied, from each Trino type to each other.

https://trino.io/docs/current/functions/conversion.html. Those of scalars stand in files of their own; here
are the table of all, and arrays, maps, rows and json, which go by the types inside.
"""

from __future__ import annotations

from local_athena.errors import QueryFailed
from local_athena.translate import number_casts, text_casts, time_casts
from local_athena.translate.context import Caster, Context
from local_athena.translate.sql import null_of
from local_athena.translate.typed import Typed
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


def _elements(context: Context, value: Typed, target: TrinoType) -> str:
    name = context.alias("e")
    inner = cast(context, Typed(name, value.type.element), target.element)
    return value.sql if inner.sql == name else f"list_transform({value.sql}, lambda {name}: {inner.sql})"


def _entries(context: Context, value: Typed, target: TrinoType) -> str:
    name = context.alias("e")
    key = cast(context, Typed(f"{name}.key", value.type.element), target.element)
    item = cast(context, Typed(f"{name}.value", value.type.value), target.value)
    entry = f"struct_pack(key := {key.sql}, value := {item.sql})"
    return f"map_from_entries(list_transform(map_entries({value.sql}), lambda {name}: {entry}))"


def _fields(context: Context, value: Typed, target: TrinoType) -> str:
    if len(value.type.parts) != len(target.parts):
        raise _no_cast(value, target)
    items = [
        f"f{i} := {cast(context, Typed(f'({value.sql}).f{i}', a), b).sql}"
        for i, (a, b) in enumerate(zip(value.type.parts, target.parts, strict=True))
    ]
    if value.type.parts == target.parts:
        return value.sql
    return f"CASE WHEN {value.sql} IS NULL THEN NULL ELSE struct_pack({', '.join(items)}) END"


def _no_cast(value: Typed, target: TrinoType) -> QueryFailed:
    return QueryFailed("TYPE_MISMATCH", f"line 1:8: Cannot cast {value.type} to {target}")


def _to_json(context: Context, value: Typed, target: TrinoType) -> str:
    if not json_values.can_be_json(value.type):
        raise _no_cast(value, target)
    return context.call("to_json", json_values.writer(value.type), [value], target).sql


def _from_json(context: Context, value: Typed, target: TrinoType) -> str:
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
