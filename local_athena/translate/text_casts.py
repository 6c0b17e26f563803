"""Casts to and from text: a text must be a number to become one, and what does not fit fails.

A text is cut to `varchar(n)`, anything else must fit; a char is carried without the blanks at its end.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from local_athena.errors import QueryFailed
from local_athena.translate.context import Caster, Context
from local_athena.translate.sql import fail
from local_athena.translate.time_literals import date_literal
from local_athena.translate.typed import Typed
from local_athena.types.duckdb import carrier
from local_athena.types.trino import INTEGERS, UNBOUNDED, VARCHAR, TrinoType
from local_athena.values import stamps, texts

BLANKS = r"E' \t\n\r\f\v'"


def _text_to_integer(_: Context, value: Typed, target: TrinoType) -> str:
    v = f"trim({value.sql}, {BLANKS})"
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


def _text_to_uuid(_: Context, value: Typed, target: TrinoType) -> str:
    v, digits = value.sql, "[0-9a-fA-F]"
    shape = "-".join(f"{digits}{{{many}}}" for many in (8, 4, 4, 4, 12))
    problem = fail(f"'INVALID_CAST_ARGUMENT: Cannot cast value to UUID: ' || {v}", target)
    is_one = f"{v} IS NULL OR regexp_full_match({v}, '{shape}')"
    return f"CASE WHEN {is_one} THEN CAST({v} AS UUID) ELSE {problem} END"


def _text_to_decimal(context: Context, value: Typed, target: TrinoType) -> str:
    return context.call("decimal", texts.parse_decimal(target), [value], target).sql


def _decimal_text(_: Context, value: Typed, target: TrinoType) -> str:
    text = f"CAST({value.sql} AS VARCHAR)"
    if value.type.precision == value.type.scale:  # DuckDB leaves out the 0 before the point
        text = f"replace({text}, '.', '0.')"
    return fit_text(text, value, target)


def _to_text(_: Context, value: Typed, target: TrinoType) -> str:
    return fit_text(f"CAST({value.sql} AS VARCHAR)", value, target)


def fit_text(text: str, value: Typed, target: TrinoType) -> str:
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
    return fit_text(padded, value, target)


def _python_text(function: Callable[..., str]) -> Caster:
    def caster(context: Context, value: Typed, target: TrinoType) -> str:
        return fit_text(context.call("text", function, [value], VARCHAR).sql, value, target)

    return caster


def _python_value(function: Callable[..., object]) -> Caster:
    def caster(context: Context, value: Typed, target: TrinoType) -> str:
        return context.call("parse", function, [value], target).sql

    return caster


def _text_to_date(context: Context, value: Typed, target: TrinoType) -> str:
    # A literal's day is written out, so that DuckDB sees it when it decides what to read.
    if isinstance(value.constant, str) and stamps.DATE.fullmatch(value.constant.strip()):
        with suppress(QueryFailed):
            return date_literal(value.constant).sql
    return context.call("parse", stamps.parse_date, [value], target).sql


def _same(_: Context, value: Typed, target: TrinoType) -> str:
    return value.sql


def _to_bytes(_: Context, value: Typed, target: TrinoType) -> str:
    return f"encode({value.sql})"


def _bytes_uuid(_: Context, value: Typed, target: TrinoType) -> str:
    return (
        f"CAST(lower(hex({value.sql})) AS UUID)"
        if target.base == "uuid"
        else f"unhex(replace(CAST({value.sql} AS VARCHAR), '-', ''))"
    )


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
    "ipaddress": texts.parse_ip,
}


def _of_text(text: str) -> dict[tuple[str, str], Caster]:
    """The casts to and from one of the two types of text."""
    return {
        **{(text, target): _text_to_integer for target in INTEGERS},
        **{(source, text): _to_text for source in (*INTEGERS, "boolean", "uuid")},
        ("decimal", text): _decimal_text,
        **{(text, target): _text_to_text for target in ("varchar", "char")},
        **{(source, text): _python_text(function) for source, function in TEXT_FUNCTIONS.items()},
        **{(text, target): _python_value(function) for target, function in PARSERS.items()},
        (text, "boolean"): _text_to_boolean,
        (text, "date"): _text_to_date,
        (text, "decimal"): _text_to_decimal,
        (text, "uuid"): _text_to_uuid,
    }


CASTS: dict[tuple[str, str], Caster] = {
    **_of_text("varchar"),
    **_of_text("char"),
    ("varchar", "varbinary"): _to_bytes,
    ("varbinary", "uuid"): _bytes_uuid,
    ("uuid", "varbinary"): _bytes_uuid,
    ("varbinary", "ipaddress"): _python_value(texts.ip_of_bytes),
    ("ipaddress", "varbinary"): _same,
}
