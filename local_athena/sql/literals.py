"""Literals and the type of each: a bare `1.5` is a double on Athena, `'abc'` a varchar(3), `1` an integer."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.sql.build import carrier_sql, cast_as, sql, string
from local_athena.sql.casts import cast
from local_athena.sql.context import Context
from local_athena.sql.time_literals import clock_literal, date_literal, stamp_literal
from local_athena.sql.type_names import type_of
from local_athena.sql.typed import Typed
from local_athena.types.trino import (
    BIGINT,
    DOUBLE,
    INTEGER,
    JSON,
    VARBINARY,
    VARCHAR,
    char,
    decimal,
    varchar,
)
from local_athena.values import json_values


def text(value: str) -> Typed:
    """A text literal."""
    return Typed(string(value), varchar(len(value)), value)


def integer(value: int) -> Typed:
    """A bigint literal, for functions that want one."""
    return Typed(sql("CAST({} AS BIGINT)", value), BIGINT, value)


def literal(node: exp.Literal) -> Typed:
    """A text or a number."""
    if node.is_string:
        return text(str(node.this))
    written = str(node.this).replace("_", "")
    if re.fullmatch(r"\d+", written):
        value = int(written)
        if value > 2**63 - 1:
            raise QueryFailed(
                "INVALID_LITERAL", f"line 1:8: Invalid numeric literal: {written}", error_type=1006
            )
        type_ = INTEGER if value <= 2**31 - 1 else BIGINT
        return Typed(sql("CAST({} AS {})", value, carrier_sql(type_)), type_, value)
    try:
        return Typed(sql("CAST({} AS DOUBLE)", string(written)), DOUBLE, float(written))
    except ValueError as error:
        text_ = f"line 1:8: Invalid numeric literal: {written}"
        raise QueryFailed("INVALID_LITERAL", text_, error_type=1006) from error


def typed_literal(context: Context, node: exp.Expr) -> Typed:
    """`TYPE 'text'`."""
    written = str(node.this.this)
    type_ = type_of(node.args["to"])
    maker = LITERALS.get(type_.base)
    if maker is not None:
        return maker(written)
    if type_ == VARCHAR:
        return Typed(string(written), type_, written)
    return cast(context, text(written), type_)


def _decimal(written: str) -> Typed:
    plain = re.sub(r"(?<=\d)_(?=\d)", "", written)
    found = re.fullmatch(r"\s*([+-]?)(\d*)(?:\.(\d*))?\s*", plain)
    if found is None or not (found[2] or found[3]):
        raise QueryFailed(
            "INVALID_LITERAL", f"line 1:8: '{written}' is not a valid decimal literal", error_type=1006
        )
    whole, part = found[2].lstrip("0"), found[3] or ""
    precision = max(1, len(whole) + len(part))
    if precision > 38:
        raise QueryFailed(
            "INVALID_LITERAL", f"line 1:8: '{written}' is not a valid decimal literal", error_type=1006
        )
    value = f"{found[1]}{whole or '0'}.{part or '0'}"
    type_ = decimal(precision, len(part))
    return Typed(cast_as(string(value), type_), type_)


def _char(written: str) -> Typed:
    return Typed(string(written.rstrip(" ")), char(max(1, len(written))))


def json_literal(written: str) -> Typed:
    """`JSON '...'`."""
    return Typed(string(json_values.json_parse(written)), JSON)


LITERALS: dict[str, Callable[[str], Typed]] = {
    "timestamp": stamp_literal,
    "timestamp with time zone": stamp_literal,
    "time": clock_literal,
    "time with time zone": clock_literal,
    "decimal": _decimal,
    "date": date_literal,
    "char": _char,
    "json": json_literal,
}


def hexadecimal(node: exp.Expr) -> Typed:
    """`X'00ff'`."""
    digits = re.sub(r"\s", "", str(node.this))
    return (
        Typed(sql("unhex({})", string(digits)), VARBINARY)
        if re.fullmatch(r"([0-9A-Fa-f]{2})*", digits)
        else _odd()
    )


def _odd() -> Typed:
    raise QueryFailed("SYNTAX_ERROR", "line 1:8: Binary literal must contain an even number of digits")
