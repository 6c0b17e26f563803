"""Casts, explicit and implied, from each Trino type to each other.

https://trino.io/docs/current/functions/conversion.html. Rounding is half up (DuckDB rounds doubles half to
even), a text must be a whole number to become one, and what does not fit fails with INVALID_CAST_ARGUMENT.
"""

from __future__ import annotations

from collections.abc import Callable

from local_athena.errors import QueryFailed
from local_athena.functions.python import json_values, stamps, texts
from local_athena.functions.python.stamp_casts import converter
from local_athena.translate.context import Context
from local_athena.translate.sql import fail, null_of, quoted
from local_athena.translate.stamps import coarse, moment, moved, pieces
from local_athena.translate.typed import Typed
from local_athena.types.coercion import NUMERIC
from local_athena.types.duckdb import carrier
from local_athena.types.trino import BIGINT, INTEGERS, TIMED, UNBOUNDED, VARCHAR, TrinoType

Caster = Callable[[Context, Typed, TrinoType], str]


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
    return Typed(caster(context, value, target), target)


def _plain(_: Context, value: Typed, target: TrinoType) -> str:
    return f"CAST({value.sql} AS {carrier(target)})"


def _rounded(_: Context, value: Typed, target: TrinoType) -> str:
    return f"CAST(round({value.sql}) AS {carrier(target)})"


def _same(_: Context, value: Typed, target: TrinoType) -> str:
    return value.sql


def _text_to_integer(_: Context, value: Typed, target: TrinoType) -> str:
    v = f"trim({value.sql})"
    name = {"integer": "INT"}.get(target.base, target.base.upper())
    problem = fail(f"'INVALID_CAST_ARGUMENT: Cannot cast ''' || {value.sql} || ''' to {name}'", target)
    matches = f"regexp_full_match({v}, '[+-]?[0-9]+')"
    return f"CASE WHEN {value.sql} IS NULL THEN NULL WHEN {matches} THEN CAST({v} AS {carrier(target)}) ELSE {problem} END"  # noqa: E501


def _text_to_boolean(_: Context, value: Typed, target: TrinoType) -> str:
    v = f"lower({value.sql})"
    problem = fail(f"'INVALID_CAST_ARGUMENT: Cannot cast ''' || {value.sql} || ''' to BOOLEAN'", target)
    return (
        f"CASE WHEN {v} IN ('true','t','1') THEN true WHEN {v} IN ('false','f','0') THEN false "
        f"WHEN {v} IS NULL THEN NULL ELSE {problem} END"
    )


def _decimal_text(_: Context, value: Typed, target: TrinoType) -> str:
    text = f"CAST({value.sql} AS VARCHAR)"
    if value.type.precision == value.type.scale:  # DuckDB leaves out the 0 before the point
        text = f"replace({text}, '.', '0.')"
    return _cut(text, value, target)


def _to_text(_: Context, value: Typed, target: TrinoType) -> str:
    return _cut(f"CAST({value.sql} AS VARCHAR)", value, target)


def _cut(text: str, value: Typed, target: TrinoType) -> str:
    """Text of a value in a bounded type: text is truncated, anything else must fit."""
    if target.base == "char":
        return f"rtrim(left({text}, {target.precision}), ' ')"
    if target.precision == UNBOUNDED:
        return text
    if value.type.base in ("varchar", "char"):
        fits = value.type.precision <= target.precision
        return text if fits else f"left({text}, {target.precision})"
    problem = fail(
        f"'INVALID_CAST_ARGUMENT: Value ' || {text} || ' cannot be represented as {target}'", VARCHAR
    )
    return f"CASE WHEN length({text}) <= {target.precision} THEN {text} WHEN {text} IS NULL THEN NULL ELSE {problem} END"  # noqa: E501


def _text_to_text(_: Context, value: Typed, target: TrinoType) -> str:
    padded = value.sql
    if value.type.base == "char" and target.base == "varchar":
        padded = f"rpad({value.sql}, {value.type.precision}, ' ')"
    return _cut(padded, value, target)


def _python_text(function: Callable[..., str]) -> Caster:
    def caster(context: Context, value: Typed, target: TrinoType) -> str:
        return _cut(context.call("text", function, [value], VARCHAR).sql, value, target)

    return caster


def _python_value(function: Callable[..., object]) -> Caster:
    def caster(context: Context, value: Typed, target: TrinoType) -> str:
        return context.call("parse", function, [value], target).sql

    return caster


def _time_text(context: Context, value: Typed, target: TrinoType) -> str:
    made = context.call("text", stamps.text_writer(value.type), pieces(value), VARCHAR)
    return _cut(made.sql, value, target)


def _text_to_time(context: Context, value: Typed, target: TrinoType) -> str:
    return context.call("parse", stamps.parser(target), [value], target).sql


def _time_to_time(context: Context, value: Typed, target: TrinoType) -> str:
    """A timestamp or a time as another, or in another precision, rounded half up."""
    source = value.type
    keeps = source.precision <= target.precision
    if keeps and source.base == target.base:
        return value.sql if source.is_fine == target.is_fine else moved(value, moment(value), target).sql
    if keeps and not target.is_fine and (source.base, target.base) == ("timestamp", ZONED):
        return f"CASE WHEN {value.sql} IS NOT NULL THEN struct_pack(t := {value.sql}, z := 'UTC') END"
    made = context.call("time", converter(source, target, _today(context)), pieces(value), target).sql
    if keeps and not target.is_fine and (source.base, target.base) == (ZONED, "timestamp"):
        return f"CASE WHEN ({value.sql}).z = 'UTC' THEN ({value.sql}).t ELSE {made} END"
    return made


ZONED = "timestamp with time zone"


def _today(context: Context) -> int:
    return context.now.toordinal() * stamps.DAY - stamps.EPOCH.toordinal() * stamps.DAY


def local(context: Context, value: Typed) -> str:
    """The wall-clock TIMESTAMP of a date, a timestamp or a zoned timestamp, to the microsecond."""
    if value.type.base == "date":
        return f"CAST({value.sql} AS TIMESTAMP)"
    plain = coarse(value)
    return _time_to_time(context, plain, TrinoType("timestamp", (6,)))


def _to_date(context: Context, value: Typed, target: TrinoType) -> str:
    return f"CAST({local(context, value)} AS DATE)"


def _date_to_time(context: Context, value: Typed, target: TrinoType) -> str:
    midnight = Typed(f"CAST({value.sql} AS TIMESTAMP)", TrinoType("timestamp", (0,)))
    return _time_to_time(context, midnight, target)


def _date_text(context: Context, value: Typed, target: TrinoType) -> str:
    days = Typed(f"({value.sql} - DATE '1970-01-01')", BIGINT)
    odd = context.call("day", stamps.day_text, [days], VARCHAR).sql
    usual = f"{value.sql} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'"
    return _cut(f"CASE WHEN {usual} THEN CAST({value.sql} AS VARCHAR) ELSE {odd} END", value, target)


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


def _decimal_to_double(_: Context, value: Typed, target: TrinoType) -> str:
    # Through text, as the nearest double to the decimal: DuckDB divides by a power of ten instead.
    return f"CAST(CAST({value.sql} AS VARCHAR) AS {carrier(target)})"


def _bytes_uuid(_: Context, value: Typed, target: TrinoType) -> str:
    return (
        f"CAST(lower(hex({value.sql})) AS UUID)"
        if target.base == "uuid"
        else f"unhex(replace(CAST({value.sql} AS VARCHAR), '-', ''))"
    )


def _table() -> dict[tuple[str, str], Caster]:
    table: dict[tuple[str, str], Caster] = {}
    for source in (*INTEGERS, "boolean"):
        for target in (*NUMERIC, "boolean"):
            table[source, target] = _plain
    # DuckDB does not check that 1 fits the decimal when it comes from a boolean.
    table["boolean", "decimal"] = lambda _, v, t: f"CAST(CAST({v.sql} AS INTEGER) AS {carrier(t)})"
    for source in ("real", "double"):
        table.update({(source, target): _rounded for target in INTEGERS})
        table.update({(source, target): _plain for target in ("real", "double", "boolean")})
        table[source, "decimal"] = lambda c, v, t: c.call("decimal", texts.to_decimal(t), [v], t).sql
    table.update({("decimal", target): _plain for target in (*INTEGERS, "decimal", "boolean")})
    table.update({("decimal", target): _decimal_to_double for target in ("real", "double")})
    for text in ("varchar", "char"):
        table.update({(text, target): _text_to_integer for target in INTEGERS})
        table.update({(source, text): _to_text for source in (*INTEGERS, "boolean", "uuid")})
        table["date", text] = _date_text
        table["decimal", text] = _decimal_text
        table.update({(text, target): _text_to_text for target in ("varchar", "char")})
        table.update({(source, text): _python_text(function) for source, function in TEXT_FUNCTIONS.items()})
        table.update({(text, target): _python_value(function) for target, function in PARSERS.items()})
        table[text, "boolean"] = _text_to_boolean
        table[text, "decimal"] = lambda c, v, t: c.call("decimal", texts.parse_decimal(t), [v], t).sql
        table[text, "uuid"] = _plain
        for base in TIMED:
            table[base, text], table[text, base] = _time_text, _text_to_time
    table["varchar", "varbinary"] = lambda c, v, t: f"encode({v.sql})"
    table.update({(source, target): _time_to_time for source in TIMED for target in TIMED})
    for base in ("timestamp", "timestamp with time zone"):
        table["date", base], table[base, "date"] = _date_to_time, _to_date
    table["array", "array"], table["map", "map"], table["row", "row"] = _elements, _entries, _fields
    for source in (*NUMERIC, "boolean", "varchar", "date", "timestamp", "array", "map", "row"):
        table[source, "json"] = _to_json
    for target in (*NUMERIC, "boolean", "varchar", "array", "map", "row"):
        table["json", target] = _from_json
    table["varbinary", "uuid"] = table["uuid", "varbinary"] = _bytes_uuid
    table["varbinary", "ipaddress"] = table["ipaddress", "varbinary"] = _same
    for same in ("varbinary", "date", "boolean", "json", "uuid"):
        table[same, same] = _same
    return table


TEXT_FUNCTIONS: dict[str, Callable[..., str]] = {
    "real": texts.real_as_varchar,
    "double": texts.double_as_varchar,
    "interval day to second": texts.day_interval_text,
    "interval year to month": texts.year_interval_text,
    "ipaddress": texts.ip_text,
}
PARSERS: dict[str, Callable[..., object]] = {
    "real": texts.parse_real,
    "double": texts.parse_double,
    "date": stamps.parse_date,
    "ipaddress": texts.parse_ip,
}
CASTS = _table()
__all__ = ["CASTS", "cast", "local", "quoted"]
