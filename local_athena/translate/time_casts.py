"""Casts of dates, times and timestamps: of any precision, with and without a zone, rounded half up.

What DuckDB can do by itself is done there; the rest is `functions.python.stamp_casts`, on whole numbers.
"""

from __future__ import annotations

from local_athena.translate.context import Caster, Context
from local_athena.translate.sql import SHORT, once
from local_athena.translate.stamps import coarse, moved, numbers
from local_athena.translate.text_casts import fit_text
from local_athena.translate.typed import Typed
from local_athena.types.trino import BIGINT, TIMED, VARCHAR, TrinoType
from local_athena.values import stamps
from local_athena.values.stamp_casts import converter

ZONED = "timestamp with time zone"


def _time_text(context: Context, value: Typed, target: TrinoType) -> str:
    made = context.call("text", stamps.writer(value.type), [numbers(value)], VARCHAR)
    return fit_text(made.sql, value, target)


def _text_to_time(context: Context, value: Typed, target: TrinoType) -> str:
    return context.call("parse", stamps.parser(target), [value], target).sql


def _time_to_time(context: Context, value: Typed, target: TrinoType) -> str:
    """A timestamp or a time as another, or in another precision, rounded half up."""
    source = value.type
    keeps = source.precision <= target.precision
    if keeps and source.base == target.base:
        return value.sql if source.is_fine == target.is_fine else moved(value, str, target).sql
    if keeps and not target.is_fine and (source.base, target.base) == ("timestamp", ZONED):
        return once(value.sql, _in_utc)
    made = context.call("time", converter(source, target, _today(context)), [numbers(value)], target).sql
    if keeps and not target.is_fine and (source.base, target.base) == (ZONED, "timestamp"):
        utc = f"CASE WHEN ({value.sql}).z = 'UTC' THEN ({value.sql}).t ELSE {made} END"
        return utc if len(value.sql) <= SHORT else made
    return made


def _in_utc(v: str) -> str:
    return f"CASE WHEN {v} IS NOT NULL THEN struct_pack(t := {v}, z := 'UTC') END"


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
    def shown(v: str) -> str:
        days = Typed(f"({v} - DATE '1970-01-01')", BIGINT)
        odd = context.call("day", stamps.day_text, [days], VARCHAR).sql
        usual = f"{v} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'"
        return f"CASE WHEN {usual} THEN CAST({v} AS VARCHAR) ELSE {odd} END"

    return fit_text(once(value.sql, shown), value, target)


CASTS: dict[tuple[str, str], Caster] = {
    **{(base, text): _time_text for base in TIMED for text in ("varchar", "char")},
    **{(text, base): _text_to_time for base in TIMED for text in ("varchar", "char")},
    **{(source, target): _time_to_time for source in TIMED for target in TIMED},
    **{("date", text): _date_text for text in ("varchar", "char")},
    **{("date", base): _date_to_time for base in ("timestamp", ZONED)},
    **{(base, "date"): _to_date for base in ("timestamp", ZONED)},
}
