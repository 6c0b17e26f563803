"""Arithmetic of dates, times and intervals: by calendar for months, by duration for the rest.

https://trino.io/docs/current/functions/datetime.html#date-and-time-operators. A zoned timestamp keeps its
zone; the difference of two times is to the millisecond, half up.
"""

from __future__ import annotations

from local_athena.sql.build import carrier_sql, failing, once, sql, word
from local_athena.sql.casts import cast
from local_athena.sql.context import Context
from local_athena.sql.fragment import Sql
from local_athena.sql.stamps import moment, moved
from local_athena.sql.typed import Typed
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
        return Typed(sql("({} {} {})", left, word(operator), right), a)
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
    kind = carrier_sql(interval.type)
    value = sql("CAST({} AS DOUBLE) {} CAST({} AS DOUBLE)", interval, word(operator), number)
    return Typed(sql("CAST(trunc({}) AS {})", value, kind), interval.type)


def _shifted(context: Context, operator: str, stamp: Typed, interval: Typed) -> Typed | None:
    amount = sql("({})", interval) if operator == "+" else sql("(-{})", interval)
    months = interval.type == INTERVAL_YEAR
    if stamp.type.base == "date":
        return _shifted_date(stamp, amount, months)
    if months and stamp.type.base.startswith("timestamp"):
        if stamp.type.base == "timestamp":
            return moved(stamp, lambda t: sql("{} + to_months({})", t, amount))
        step = Typed(amount, INTERVAL_YEAR)
        return context.call("add_months", arithmetic.add_months, [stamp, step], stamp.type)
    if months:
        return None
    finer = TrinoType(stamp.type.base, (max(3, stamp.type.precision),))
    return moved(stamp, lambda t: sql("{} + to_milliseconds({})", t, amount), finer)


def _shifted_date(date: Typed, amount: Sql, months: bool) -> Typed:
    if months:
        return Typed(sql("CAST(({} + to_months({})) AS DATE)", date, amount), date.type)
    whole = failing("INVALID_FUNCTION_ARGUMENT: Cannot add hour, minutes or seconds to a date", date.type)
    return Typed(
        once(
            amount,
            lambda millis: sql(
                "CASE WHEN {0} % {1} <> 0 THEN {2} ELSE ({3} + CAST({0} // {1} AS INTEGER)) END",
                millis,
                DAY_MILLIS,
                whole,
                date,
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
        return Typed(sql("(CAST({} - {} AS BIGINT) * {})", a, b, DAY_MILLIS), INTERVAL_DAY)
    gap, unit = sql("({} - {})", _micros(a), _micros(b)), 1000
    if common.is_fine:
        gap, unit = sql("(CAST({} AS HUGEINT) * 1000000 + ({}).p - ({}).p)", gap, a, b), 10**9

    def rounded(g: Sql) -> Sql:
        return sql(
            "CAST(({0} + CASE WHEN {0} >= 0 THEN {1} ELSE {2} END) // {3} AS BIGINT)",
            g,
            unit // 2,
            1 - unit // 2,
            unit,
        )

    return Typed(once(gap, rounded), INTERVAL_DAY)


def _micros(value: Typed) -> Sql:
    """What a difference counts: of a zoned time the microsecond of the day in UTC."""
    if value.type.base == "time with time zone":
        return utc_micros(value)
    return sql("epoch_us({})", moment(value))


def utc_micros(value: Typed) -> Sql:
    """The microsecond of the day in UTC of a time with time zone."""

    def counted(v: Sql) -> Sql:
        away = sql("CAST(({}).o AS BIGINT) * 60000000", v)
        time = sql("CAST(({}).t AS TIME)", v)  # a field of NULL has no type
        return sql("((epoch_us({}) - {} + 86400000000) % 86400000000)", time, away)

    return once(value, counted)


def order_key(value: Typed) -> Sql:
    """SQL that compares, groups and sorts as the Trino value does: zones do not count."""
    base, v = value.type.base, value.sql
    if base not in ("timestamp with time zone", "time with time zone"):
        return v
    if not value.type.is_fine:
        return _moment_key(value)
    return once(
        v,
        lambda fine: sql(
            "CASE WHEN {0} IS NOT NULL THEN struct_pack(t := {1}, p := ({0}).p) END",
            fine,
            _moment_key(Typed(fine, value.type)),
        ),
    )


def _moment_key(value: Typed) -> Sql:
    return sql("({}).t", value) if value.type.base.startswith("timestamp") else utc_micros(value)
