"""Casts of dates, times and timestamps: of any precision, with and without a zone, rounded half up.

What DuckDB can do by itself is done there; the rest is `values.stamp_casts`, on whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from local_athena.sql.build import once, sql
from local_athena.sql.context import Caster, Context
from local_athena.sql.fragment import Sql
from local_athena.sql.stamps import coarse, moved, numbers, same
from local_athena.sql.text_casts import fit_text
from local_athena.sql.typed import Typed
from local_athena.types.trino import BIGINT, TIMED, VARCHAR, TrinoType
from local_athena.values import stamps
from local_athena.values.stamp_casts import converter

ZONED = "timestamp with time zone"


def _time_text(context: Context, value: Typed, target: TrinoType) -> Sql:
    made = context.call("text", stamps.writer(value.type), [numbers(value)], VARCHAR)
    return fit_text(made.sql, value, target)


def _text_to_time(context: Context, value: Typed, target: TrinoType) -> Sql:
    return context.call("parse", stamps.parser(target), [value], target).sql


def _time_to_time(context: Context, value: Typed, target: TrinoType) -> Sql:
    """A timestamp or a time as another, or in another precision, rounded half up."""
    source = value.type
    keeps = source.precision <= target.precision
    if keeps and source.base == target.base:
        return value.sql if source.is_fine == target.is_fine else moved(value, same, target).sql
    if keeps and not target.is_fine and (source.base, target.base) == ("timestamp", ZONED):
        return once(value.sql, _in_utc)
    if not keeps or target.is_fine or (source.base, target.base) != (ZONED, "timestamp"):
        return _converted(context, value, target)

    def shown(v: Sql) -> Sql:
        elsewhere = _converted(context, Typed(v, source), target)
        return sql("CASE WHEN ({0}).z = 'UTC' THEN ({0}).t ELSE {1} END", v, elsewhere)

    return once(value, shown)


def _in_utc(v: Sql) -> Sql:
    return sql("CASE WHEN {0} IS NOT NULL THEN struct_pack(t := {0}, z := 'UTC') END", v)


def _converted(context: Context, value: Typed, target: TrinoType) -> Sql:
    """A time of another type by Python; one that lacks a day gets the query's own."""
    source = value.type
    if source.base.startswith("timestamp") or not target.base.startswith("timestamp"):
        return context.call("time", converter(source, target, 0), [numbers(value)], target).sql
    today = context.now.toordinal() * stamps.DAY - stamps.EPOCH.toordinal() * stamps.DAY
    day = Typed(sql("CAST({} AS BIGINT)", today), BIGINT)
    return context.call("time", _on_a_day(source, target), [numbers(value), day], target).sql


@cache
def _on_a_day(source: TrinoType, target: TrinoType) -> Callable[..., Any]:
    """A function from a time of the day and the midnight before it."""

    def convert(value: Any, today: int) -> Any:
        return converter(source, target, today)(value)

    return convert


def local(context: Context, value: Typed) -> Sql:
    """The wall-clock TIMESTAMP of a date, a timestamp or a zoned timestamp, to the microsecond."""
    if value.type.base == "date":
        return sql("CAST({} AS TIMESTAMP)", value)
    plain = coarse(value)
    return _time_to_time(context, plain, TrinoType("timestamp", (6,)))


def _to_date(context: Context, value: Typed, target: TrinoType) -> Sql:
    return sql("CAST({} AS DATE)", local(context, value))


def _date_to_time(context: Context, value: Typed, target: TrinoType) -> Sql:
    midnight = Typed(sql("CAST({} AS TIMESTAMP)", value), TrinoType("timestamp", (0,)))
    return _time_to_time(context, midnight, target)


def _date_text(context: Context, value: Typed, target: TrinoType) -> Sql:
    def shown(v: Sql) -> Sql:
        days = Typed(sql("({} - DATE '1970-01-01')", v), BIGINT)
        odd = context.call("day", stamps.day_text, [days], VARCHAR).sql
        usual = sql("{} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'", v)
        return sql("CASE WHEN {} THEN CAST({} AS VARCHAR) ELSE {} END", usual, v, odd)

    return fit_text(once(value.sql, shown), value, target)


CASTS: dict[tuple[str, str], Caster] = {
    **{(base, text): _time_text for base in TIMED for text in ("varchar", "char")},
    **{(text, base): _text_to_time for base in TIMED for text in ("varchar", "char")},
    **{(source, target): _time_to_time for source in TIMED for target in TIMED},
    **{("date", text): _date_text for text in ("varchar", "char")},
    **{("date", base): _date_to_time for base in ("timestamp", ZONED)},
    **{(base, "date"): _to_date for base in ("timestamp", ZONED)},
}
