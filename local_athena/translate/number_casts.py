"""Casts between numbers and booleans: half up, and failing where a value does not fit."""

from __future__ import annotations

from local_athena.translate.context import Caster, Context
from local_athena.translate.typed import Typed
from local_athena.types.coercion import NUMERIC
from local_athena.types.duckdb import carrier
from local_athena.types.trino import INTEGERS, TrinoType
from local_athena.values import texts


def _plain(_: Context, value: Typed, target: TrinoType) -> str:
    return f"CAST({value.sql} AS {carrier(target)})"


def _rounded(_: Context, value: Typed, target: TrinoType) -> str:
    return f"CAST(round({value.sql}) AS {carrier(target)})"


EXACT = 15
"""Digits that a double always holds."""


def _decimal_to_double(_: Context, value: Typed, target: TrinoType) -> str:
    # DuckDB divides by a power of ten: the nearest double while both are exact. Beyond, through text.
    if value.type.precision <= EXACT and target.base == "double":
        return _plain(_, value, target)
    return f"CAST(CAST({value.sql} AS VARCHAR) AS {carrier(target)})"


def _double_to_real(_: Context, value: Typed, target: TrinoType) -> str:
    """What is too large for a real is infinite, where DuckDB fails."""
    v, most = value.sql, "CAST('3.4028235677973366e38' AS DOUBLE)"
    return (
        f"CASE WHEN {v} >= {most} AND NOT isnan({v}) THEN CAST('Infinity' AS FLOAT) "
        f"WHEN {v} <= -{most} THEN CAST('-Infinity' AS FLOAT) ELSE CAST({v} AS FLOAT) END"
    )


def _to_decimal(context: Context, value: Typed, target: TrinoType) -> str:
    return context.call("decimal", texts.to_decimal(target, value.type.base == "real"), [value], target).sql


def _boolean_to_decimal(_: Context, value: Typed, target: TrinoType) -> str:
    # DuckDB does not check that 1 fits the decimal when it comes from a boolean.
    return f"CAST(CAST({value.sql} AS INTEGER) AS {carrier(target)})"


def _integer_to_decimal(_: Context, value: Typed, target: TrinoType) -> str:
    written = value.sql if value.constant is None else value.constant
    return f"CAST({written} AS {carrier(target)})"


CASTS: dict[tuple[str, str], Caster] = {
    **{(source, target): _plain for source in (*INTEGERS, "boolean") for target in (*NUMERIC, "boolean")},
    **{(source, "decimal"): _integer_to_decimal for source in INTEGERS},
    ("boolean", "decimal"): _boolean_to_decimal,
    **{(source, target): _rounded for source in ("real", "double") for target in INTEGERS},
    **{(source, target): _plain for source in ("real", "double") for target in ("real", "double", "boolean")},
    ("double", "real"): _double_to_real,
    ("real", "decimal"): _to_decimal,
    ("double", "decimal"): _to_decimal,
    **{("decimal", target): _plain for target in (*INTEGERS, "decimal", "boolean")},
    **{("decimal", target): _decimal_to_double for target in ("real", "double")},
}
