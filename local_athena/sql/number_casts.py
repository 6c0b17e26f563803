"""Casts between numbers and booleans: half up, and failing where a value does not fit."""

from __future__ import annotations

from local_athena.sql.build import carrier_sql, once, sql
from local_athena.sql.context import Caster, Context
from local_athena.sql.fragment import Sql
from local_athena.sql.typed import Typed
from local_athena.types.coercion import NUMERIC
from local_athena.types.trino import INTEGERS, TrinoType
from local_athena.values import texts


def _plain(_: Context, value: Typed, target: TrinoType) -> Sql:
    return sql("CAST({} AS {})", value, carrier_sql(target))


def _rounded(_: Context, value: Typed, target: TrinoType) -> Sql:
    return sql("CAST(round({}) AS {})", value, carrier_sql(target))


SHORT = 18
"""As many digits as a decimal has in one machine word."""
EXACT = 15
"""Digits that a double always holds."""


def _decimal_to_double(_: Context, value: Typed, target: TrinoType) -> Sql:
    # DuckDB divides by a power of ten: the nearest double while both are exact.
    if value.type.precision <= EXACT and target.base == "double":
        return _plain(_, value, target)
    kind = carrier_sql(target)
    if value.type.precision > SHORT:
        return sql("CAST(CAST({} AS VARCHAR) AS {})", value, kind)
    # Trino divides too, after it has rounded the digits to the type.
    digits = sql("CAST(replace(CAST({} AS VARCHAR), '.', '') AS BIGINT)", value)
    return sql("(CAST({} AS {}) / CAST({} AS {}))", digits, kind, 10**value.type.scale, kind)


def _double_to_real(_: Context, value: Typed, target: TrinoType) -> Sql:
    """What is too large for a real is infinite, where DuckDB fails."""
    most = sql("CAST('3.4028235677973366e38' AS DOUBLE)")
    return once(
        value,
        lambda v: sql(
            "CASE WHEN {0} >= {1} AND NOT isnan({0}) THEN CAST('Infinity' AS FLOAT) WHEN {0} <= "
            "-{1} THEN CAST('-Infinity' AS FLOAT) ELSE CAST({0} AS FLOAT) END",
            v,
            most,
        ),
    )


def _to_decimal(context: Context, value: Typed, target: TrinoType) -> Sql:
    return context.call("decimal", texts.to_decimal(target, value.type.base == "real"), [value], target).sql


def _boolean_to_decimal(_: Context, value: Typed, target: TrinoType) -> Sql:
    # DuckDB does not check that 1 fits the decimal when it comes from a boolean.
    return sql("CAST(CAST({} AS INTEGER) AS {})", value, carrier_sql(target))


def _integer_to_decimal(_: Context, value: Typed, target: TrinoType) -> Sql:
    written = value.constant if isinstance(value.constant, int) else value
    return sql("CAST({} AS {})", written, carrier_sql(target))


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
