"""Literals and the type of each: a bare `1.5` is a double on Athena, `'abc'` a varchar(3), `1` an integer."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.functions.python import json_values
from local_athena.translate.casts import cast
from local_athena.translate.context import Context
from local_athena.translate.sql import quoted
from local_athena.translate.time_literals import clock_literal, date_literal, stamp_literal
from local_athena.translate.type_names import type_of
from local_athena.translate.typed import Typed
from local_athena.types.duckdb import carrier
from local_athena.types.trino import (
    BIGINT,
    DOUBLE,
    INTEGER,
    INTERVAL_DAY,
    INTERVAL_YEAR,
    JSON,
    VARBINARY,
    char,
    decimal,
    varchar,
)


def text(value: str) -> Typed:
    """A text literal."""
    return Typed(quoted(value), varchar(len(value)), value)


def integer(value: int) -> Typed:
    """A bigint literal, for functions that want one."""
    return Typed(f"CAST({value} AS BIGINT)", BIGINT, value)


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
        return Typed(f"CAST({value} AS {carrier(type_)})", type_, value)
    try:
        return Typed(f"CAST('{written}' AS DOUBLE)", DOUBLE, float(written))
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
    if type_.base == "varchar":
        return text(written)
    return cast(context, text(written), type_)


def _decimal(written: str) -> Typed:
    found = re.fullmatch(r"\s*([+-]?)(\d*)(?:\.(\d*))?\s*", written)
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
    return Typed(f"CAST('{value}' AS DECIMAL({precision},{len(part)}))", decimal(precision, len(part)))


def _char(written: str) -> Typed:
    return Typed(quoted(written.rstrip(" ")), char(max(1, len(written))))


def json_literal(written: str) -> Typed:
    """`JSON '...'`."""
    return Typed(quoted(json_values.json_parse(written)), JSON)


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
    return Typed(f"unhex('{digits}')", VARBINARY) if re.fullmatch(r"([0-9A-Fa-f]{2})*", digits) else _odd()


def _odd() -> Typed:
    raise QueryFailed("SYNTAX_ERROR", "line 1:8: Binary literal must contain an even number of digits")


def _check_span(first: str, unit: exp.Expr | None, written: str) -> None:
    """A span goes from a larger unit to a smaller one of the same kind."""
    if isinstance(unit, exp.IntervalSpan):
        last = str(unit.expression.this).upper().removesuffix("S")
        kind = next((k for k in (("YEAR", "MONTH"), DAY_PARTS) if first in k and last in k), None)
        if kind is None or kind.index(first) >= kind.index(last):
            raise QueryFailed(
                "INVALID_LITERAL", f"line 1:8: Invalid INTERVAL literal: {written}", error_type=1006
            )


MILLIS = {"SECOND": 1000, "MINUTE": 60000, "HOUR": 3600000, "DAY": 86400000, "WEEK": 604800000}
DAY_PARTS = ("DAY", "HOUR", "MINUTE", "SECOND")


def interval(node: exp.Interval) -> Typed:
    """`INTERVAL '1' DAY`, `INTERVAL '1-2' YEAR TO MONTH`, `INTERVAL '1 02:03:04.5' DAY TO SECOND`."""
    written = str(node.this.this if isinstance(node.this, exp.Literal) else node.this.sql())
    unit = node.args.get("unit")
    first = str(unit.this if unit is not None else "SECOND").upper().removesuffix("S")
    _check_span(first, unit, written)
    sign = -1 if written.lstrip().startswith("-") else 1
    numbers = re.findall(r"\d+(?:\.\d+)?", written)
    if first in ("YEAR", "MONTH"):
        months = int(numbers[0]) * (12 if first == "YEAR" else 1) + (
            int(numbers[1]) if len(numbers) > 1 else 0
        )
        return Typed(f"CAST({sign * months} AS INTEGER)", INTERVAL_YEAR)
    if first not in MILLIS or not numbers:
        raise QueryFailed(
            "INVALID_LITERAL", f"line 1:8: Invalid INTERVAL literal: {written}", error_type=1006
        )
    units = DAY_PARTS[DAY_PARTS.index(first) :] if first in DAY_PARTS else (first,)
    millis = sum(round(float(n) * MILLIS[u]) for n, u in zip(numbers, units, strict=False))
    return Typed(f"CAST({sign * millis} AS BIGINT)", INTERVAL_DAY)
