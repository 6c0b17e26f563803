"""Casts to and from text: a text must be a number to become one, and what does not fit fails.

A text is cut to `varchar(n)`, anything else must fit; a char is carried without the blanks at its end.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from local_athena.errors import QueryFailed
from local_athena.sql.build import carrier_sql, fail, once, sql, string
from local_athena.sql.context import Caster, Context
from local_athena.sql.fragment import Sql
from local_athena.sql.time_literals import date_literal
from local_athena.sql.typed import Typed
from local_athena.types.trino import INTEGERS, UNBOUNDED, VARCHAR, TrinoType
from local_athena.values import stamps, texts

BLANKS = string(" \t\n\r\f\v")
TO_INTEGER = """CASE WHEN {0} IS NULL THEN NULL WHEN regexp_full_match(trim({0}, {1}), '[+-]?[0-9]+')
    THEN CAST(trim({0}, {1}) AS {2}) ELSE {3} END"""


def _no_cast(value: Sql, name: str, target: TrinoType) -> Sql:
    before, after = string("INVALID_CAST_ARGUMENT: Cannot cast '"), string(f"' to {name}")
    return fail(sql("{} || {} || {}", before, value, after), target)


def _text_to_integer(_: Context, value: Typed, target: TrinoType) -> Sql:
    name = {"integer": "INT"}.get(target.base, target.base.upper())
    return once(value, lambda v: sql(TO_INTEGER, v, BLANKS, carrier_sql(target), _no_cast(v, name, target)))


def _text_to_boolean(_: Context, value: Typed, target: TrinoType) -> Sql:
    return once(
        value,
        lambda v: sql(
            "CASE WHEN lower({0}) IN ('true','t','1') THEN true WHEN lower({0}) IN ('false','f','0') THEN "
            "false WHEN {0} IS NULL THEN NULL ELSE {1} END",
            v,
            _no_cast(v, "BOOLEAN", target),
        ),
    )


def _text_to_uuid(_: Context, value: Typed, target: TrinoType) -> Sql:
    shape = string("-".join(f"[0-9a-fA-F]{{{many}}}" for many in (8, 4, 4, 4, 12)))

    def made(v: Sql) -> Sql:
        problem = fail(sql("'INVALID_CAST_ARGUMENT: Cannot cast value to UUID: ' || {}", v), target)
        is_one = sql("{0} IS NULL OR regexp_full_match({0}, {1})", v, shape)
        return sql("CASE WHEN {} THEN CAST({} AS UUID) ELSE {} END", is_one, v, problem)

    return once(value, made)


def _text_to_decimal(context: Context, value: Typed, target: TrinoType) -> Sql:
    return context.call("decimal", texts.parse_decimal(target), [value], target).sql


def _decimal_text(_: Context, value: Typed, target: TrinoType) -> Sql:
    text = sql("CAST({} AS VARCHAR)", value)
    if value.type.precision == value.type.scale:  # DuckDB leaves out the 0 before the point
        text = sql("replace({}, '.', '0.')", text)
    return fit_text(text, value, target)


def _to_text(_: Context, value: Typed, target: TrinoType) -> Sql:
    return fit_text(sql("CAST({} AS VARCHAR)", value), value, target)


FITTING = "CASE WHEN length({0}) <= {1} THEN {0} WHEN {0} IS NULL THEN NULL ELSE {2} END"


def fit_text(text: Sql, value: Typed, target: TrinoType) -> Sql:
    """Text of a value in a bounded type: text is truncated, anything else must fit."""
    if target.base == "char":
        return sql("rtrim(left({}, {}), ' ')", text, target.precision)
    if target.precision == UNBOUNDED:
        return text
    if value.type.base in ("varchar", "char"):
        fits = value.type.precision <= target.precision
        return text if fits else sql("left({}, {})", text, target.precision)

    def checked(v: Sql) -> Sql:
        after = string(f" cannot be represented as {target}")
        problem = fail(sql("'INVALID_CAST_ARGUMENT: Value ' || {} || {}", v, after), VARCHAR)
        return sql(FITTING, v, target.precision, problem)

    return once(text, checked)


def _text_to_text(_: Context, value: Typed, target: TrinoType) -> Sql:
    padded = value.sql
    if value.type.base == "char" and target.base == "varchar":
        padded = sql("rpad({}, {}, ' ')", value, value.type.precision)
    return fit_text(padded, value, target)


def _python_text(function: Callable[..., str]) -> Caster:
    def caster(context: Context, value: Typed, target: TrinoType) -> Sql:
        return fit_text(context.call("text", function, [value], VARCHAR).sql, value, target)

    return caster


def _python_value(function: Callable[..., object]) -> Caster:
    def caster(context: Context, value: Typed, target: TrinoType) -> Sql:
        return context.call("parse", function, [value], target).sql

    return caster


def _text_to_date(context: Context, value: Typed, target: TrinoType) -> Sql:
    # A literal's day is written out, so that DuckDB sees it when it decides what to read.
    if isinstance(value.constant, str) and stamps.DATE.fullmatch(value.constant.strip()):
        with suppress(QueryFailed):
            return date_literal(value.constant).sql
    return context.call("parse", stamps.parse_date, [value], target).sql


def _same(_: Context, value: Typed, target: TrinoType) -> Sql:
    return value.sql


def _to_bytes(_: Context, value: Typed, target: TrinoType) -> Sql:
    return sql("encode({})", value)


def _bytes_uuid(_: Context, value: Typed, target: TrinoType) -> Sql:
    return (
        sql("CAST(lower(hex({})) AS UUID)", value)
        if target.base == "uuid"
        else sql("unhex(replace(CAST({} AS VARCHAR), '-', ''))", value)
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
