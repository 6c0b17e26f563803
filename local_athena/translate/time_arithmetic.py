"""Arithmetic of dates, times and intervals: by calendar for months, by duration for the rest.

https://trino.io/docs/current/functions/datetime.html#date-and-time-operators. A zoned timestamp keeps its
zone; the difference of two times is to the millisecond, half up.
"""

from __future__ import annotations

from local_athena.translate.casts import cast
from local_athena.translate.context import Context
from local_athena.translate.sql import fail, once
from local_athena.translate.stamps import moment, moved
from local_athena.translate.typed import Typed
from local_athena.types.coercion import NUMERIC, common_type
from local_athena.types.trino import INTERVAL_DAY, INTERVAL_YEAR, TIMED, TrinoType
from local_athena.values import arithmetic

DAY_MILLIS = 86400000
INTERVALS = (INTERVAL_DAY, INTERVAL_YEAR)
STAMPS = ("date", *TIMED)


def times(context: Context, operator: str, left: Typed, right: Typed) -> Typed | None:
    """`left operator right` with a date, a time or an interval; None when there is no such operator."""
    a, b = left.type, right.type
    if a in INTERVALS and a == b and operator in "+-":
        return Typed(f"({left.sql} {operator} {right.sql})", a)
    if a in INTERVALS and b.base in NUMERIC and operator in "*/":
        return _scaled(operator, left, right)
    if b in INTERVALS and a.base in NUMERIC and operator == "*":
        return _scaled(operator, right, left)
    if a.base in STAMPS and b in INTERVALS and operator in "+-":
        return _shifted(context, operator, left, right)
    if b.base in STAMPS and a in INTERVALS and operator == "+":
        return _shifted(context, operator, right, left)
    if operator == "-" and a.base in STAMPS and b.base in STAMPS:
        return _difference(context, left, right)
    return None


def _scaled(operator: str, interval: Typed, number: Typed) -> Typed:
    kind = "BIGINT" if interval.type == INTERVAL_DAY else "INTEGER"
    value = f"CAST({interval.sql} AS DOUBLE) {operator} CAST({number.sql} AS DOUBLE)"
    return Typed(f"CAST(trunc({value}) AS {kind})", interval.type)


def _shifted(context: Context, operator: str, stamp: Typed, interval: Typed) -> Typed | None:
    amount = f"({interval.sql})" if operator == "+" else f"(-{interval.sql})"
    months = interval.type == INTERVAL_YEAR
    if stamp.type.base == "date":
        return _shifted_date(stamp, amount, months)
    if months and stamp.type.base.startswith("timestamp"):
        if stamp.type.base == "timestamp":
            return moved(stamp, lambda t: f"{t} + to_months({amount})")
        step = Typed(amount, INTERVAL_YEAR)
        return context.call("add_months", arithmetic.add_months, [stamp, step], stamp.type)
    if months:
        return None
    finer = TrinoType(stamp.type.base, (max(3, stamp.type.precision),))
    return moved(stamp, lambda t: f"{t} + to_milliseconds({amount})", finer)


def _shifted_date(date: Typed, amount: str, months: bool) -> Typed:
    if months:
        return Typed(f"CAST(({date.sql} + to_months({amount})) AS DATE)", date.type)
    whole = fail("'INVALID_FUNCTION_ARGUMENT: Cannot add hour, minutes or seconds to a date'", date.type)
    return Typed(
        once(
            amount,
            lambda millis: (
                f"CASE WHEN {millis} % {DAY_MILLIS} <> 0 THEN {whole} "
                f"ELSE ({date.sql} + CAST({millis} // {DAY_MILLIS} AS INTEGER)) END"
            ),
        ),
        date.type,
    )


def _difference(context: Context, left: Typed, right: Typed) -> Typed | None:
    common = common_type(left.type, right.type)
    if common is None:
        return None
    a, b = (cast(context, side, common) for side in (left, right))
    if common.base == "date":
        return Typed(f"(CAST({a.sql} - {b.sql} AS BIGINT) * {DAY_MILLIS})", INTERVAL_DAY)
    gap, unit = f"({_micros(a)} - {_micros(b)})", 1000
    if common.is_fine:
        gap, unit = f"(CAST({gap} AS HUGEINT) * 1000000 + ({a.sql}).p - ({b.sql}).p)", 10**9

    def rounded(g: str) -> str:
        return (
            f"CAST(({g} + CASE WHEN {g} >= 0 THEN {unit // 2} ELSE {1 - unit // 2} END) // {unit} AS BIGINT)"
        )

    return Typed(once(gap, rounded), INTERVAL_DAY)


def _micros(value: Typed) -> str:
    """What a difference counts: of a zoned time the microsecond of the day in UTC."""
    if value.type.base == "time with time zone":
        return utc_micros(value)
    return f"epoch_us({moment(value)})"


def utc_micros(value: Typed) -> str:
    """The microsecond of the day in UTC of a time with time zone."""
    away = f"CAST(({value.sql}).o AS BIGINT) * 60000000"
    time = f"CAST(({value.sql}).t AS TIME)"  # a field of NULL has no type
    return f"((epoch_us({time}) - {away} + 86400000000) % 86400000000)"


def order_key(value: Typed) -> str:
    """SQL that compares, groups and sorts as the Trino value does: zones do not count."""
    base, v = value.type.base, value.sql
    if base not in ("timestamp with time zone", "time with time zone"):
        return v
    key = f"({v}).t" if base.startswith("timestamp") else utc_micros(value)
    if not value.type.is_fine:
        return key
    return f"CASE WHEN {v} IS NOT NULL THEN struct_pack(t := {key}, p := ({v}).p) END"
