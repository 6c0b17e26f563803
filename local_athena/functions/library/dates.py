"""Dates, times, zones and intervals. https://trino.io/docs/current/functions/datetime.html"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from local_athena.functions.entry import Entry, function
from local_athena.functions.library.date_units import UNIT_ENTRIES, in_millis
from local_athena.sql.build import call, cast_as, once, sql, template
from local_athena.sql.casts import cast
from local_athena.sql.fragment import Sql
from local_athena.sql.stamps import coarse, moment, moved, numbers
from local_athena.sql.time_casts import local
from local_athena.sql.typed import Typed
from local_athena.sql.zones import at_zone
from local_athena.types.coercion import common_type
from local_athena.types.trino import BIGINT, DATE, DOUBLE, VARCHAR, TrinoType, array, timestamp_tz, varchar
from local_athena.values import calendar_parts, date_formats, iso_times, stamp_casts

if TYPE_CHECKING:
    from local_athena.sql.context import Context

WHEN = ("date", "timestamp", "timestamptz")


PARTS = {
    "year": "year",
    "quarter": "quarter",
    "month": "month",
    "week": "week",
    "week_of_year": "week",
    "day": "day",
    "day_of_month": "day",
    "day_of_week": "isodow",
    "dow": "isodow",
    "day_of_year": "dayofyear",
    "doy": "dayofyear",
    "year_of_week": "isoyear",
    "yow": "isoyear",
    "hour": "hour",
    "minute": "minute",
    "second": "second",
    "millisecond": "millisecond",
}
"""DuckDB's name of each part; its own millisecond counts the seconds too."""


def _part(name: str, native: str) -> Entry:
    def rewrite(context: Context, arguments: list[Typed]) -> Typed:
        value = arguments[0]
        if value.type.base.startswith("interval"):
            return context.call(name, calendar_parts.interval_part(name, value.type.base), arguments, BIGINT)
        if value.type.base.startswith("time") and not value.type.base.startswith("timestamp"):
            return context.call(name, calendar_parts.time_part(name), [coarse(value)], BIGINT)
        wall = local(context, value)
        if name == "millisecond":
            return Typed(sql("CAST(millisecond({}) % 1000 AS BIGINT)", wall), BIGINT)
        return Typed(cast_as(call(native, wall), BIGINT), BIGINT)

    signatures = [f"{when} -> bigint" for when in WHEN]
    if name in ("hour", "minute", "second", "millisecond"):
        signatures += ["time -> bigint", "timetz -> bigint", "interval_day -> bigint"]
    if name in ("day", "day_of_month"):
        signatures.append("interval_day -> bigint")
    if name in ("year", "month"):
        signatures.append("interval_year -> bigint")
    return function(name, tuple(signatures), rewrite=rewrite)


def _from_unixtime(context: Context, arguments: list[Typed]) -> Typed:
    if len(arguments) == 3:
        return context.call("unixtime", calendar_parts.from_unixtime_offset, arguments, timestamp_tz(3))
    if len(arguments) == 2:
        return context.call("unixtime", calendar_parts.from_unixtime_zone, arguments, timestamp_tz(3))
    return context.call("unixtime", calendar_parts.from_unixtime, arguments, timestamp_tz(3))


def _from_unixtime_nanos(context: Context, arguments: list[Typed]) -> Typed:
    return context.call("nanos", calendar_parts.from_unixtime_nanos, arguments, timestamp_tz(9))


def _to_unixtime(context: Context, arguments: list[Typed]) -> Typed:
    value = arguments[0]
    if value.type.base == "date":
        value = cast(context, value, TrinoType("timestamp", (0,)))
    if not value.type.is_fine:
        return Typed(sql("(epoch_us({}) / CAST(1000000 AS DOUBLE))", moment(value)), DOUBLE)

    def exact(v: Sql) -> Sql:
        micros = moment(Typed(v, value.type))
        return sql("(epoch_us({}) / CAST(1000000 AS DOUBLE) + ({}).p / CAST(1e12 AS DOUBLE))", micros, v)

    return Typed(once(value, exact), DOUBLE)


HALF = 500
"""Half of a millisecond."""


def _formatter(name: str, maker: Callable[..., Any]) -> Entry:
    """Formats know milliseconds, to which a moment is rounded."""

    def rewrite(context: Context, arguments: list[Typed]) -> Typed:
        value = coarse(arguments[0])
        if value.type.base in ("date", "timestamp"):
            wall = Typed(
                sql("date_trunc('millisecond', {} + to_microseconds({}))", local(context, value), HALF),
                TrinoType("timestamp", (3,)),
            )
            return context.call(name, date_formats.in_utc(maker), [wall, arguments[1]], VARCHAR)
        digits = value.type.precision if value.type.numbers else 0
        zoned = cast(context, value, timestamp_tz(digits))
        half = sql("to_microseconds({})", HALF)
        cut = in_millis(moved(zoned, lambda t: sql("{} + {}", t, half))) if digits > 3 else zoned
        return context.call(name, maker, [cut, arguments[1]], VARCHAR)

    return function(name, tuple(f"{when}, varchar -> varchar" for when in WHEN), rewrite=rewrite)


def _to_iso8601(context: Context, arguments: list[Typed]) -> Typed:
    value = arguments[0]
    length = ISO_LENGTHS[value.type.base] + (value.type.precision and value.type.precision + 1)
    return context.call("iso", date_formats.to_iso8601(value.type), [numbers(value)], varchar(length))


ISO_LENGTHS = {"timestamp": 22, "timestamp with time zone": 28}
"""How long a moment without a fraction is at most."""


def _date(context: Context, arguments: list[Typed]) -> Typed:
    return cast(context, arguments[0], DATE)


def _last_day(context: Context, arguments: list[Typed]) -> Typed:
    return Typed(sql("last_day({})", local(context, arguments[0])), DATE)


def _with_timezone(context: Context, arguments: list[Typed]) -> Typed:
    value, name = arguments
    type_ = timestamp_tz(value.type.precision)
    return context.call("with_zone", stamp_casts.with_zone(type_), [numbers(value), name], type_)


def _sequence(step: str) -> Entry:
    def rewrite(context: Context, arguments: list[Typed]) -> Typed:
        start, stop, by = arguments
        common = common_type(start.type, stop.type)
        assert common is not None
        first, last = cast(context, start, common), cast(context, stop, common)
        if common.base == "date":
            first, last = (cast(context, v, TrinoType("timestamp", (0,))) for v in (first, last))
        maker = stamp_casts.sequence(common, step == "interval_year")
        return context.call("sequence", maker, [numbers(first), numbers(last), by], array(common))

    signatures = [f"timestamp, timestamp, {step} -> array(timestamp)"]
    if step == "interval_year":
        signatures.append("date, date, interval_year -> array(date)")
    return function("sequence", tuple(signatures), rewrite=rewrite)


ENTRIES: tuple[Entry, ...] = (
    *(_part(name, native) for name, native in PARTS.items()),
    function("timezone_hour", ("timestamptz -> bigint", "timetz -> bigint"), python=calendar_parts.zone_hour),
    function(
        "timezone_minute", ("timestamptz -> bigint", "timetz -> bigint"), python=calendar_parts.zone_minute
    ),
    *UNIT_ENTRIES,
    function("date", ("varchar -> date", *(f"{w} -> date" for w in WHEN)), rewrite=_date),
    function("last_day_of_month", tuple(f"{w} -> date" for w in WHEN), rewrite=_last_day),
    function(
        "from_unixtime",
        ("double -> timestamptz", "double, varchar -> timestamptz", "double, bigint, bigint -> timestamptz"),
        rewrite=_from_unixtime,
    ),
    function("to_unixtime", tuple(f"{w} -> double" for w in WHEN), rewrite=_to_unixtime),
    function("from_iso8601_timestamp", "varchar -> timestamptz(3)", python=iso_times.from_iso8601_timestamp),
    function("from_iso8601_date", "varchar -> date", python=iso_times.from_iso8601_date),
    function("to_iso8601", "date -> varchar(16)", template("strftime({0}, '%Y-%m-%d')")),
    function("to_iso8601", ("timestamp -> varchar", "timestamptz -> varchar"), rewrite=_to_iso8601),
    function(
        "from_iso8601_timestamp_nanos",
        "varchar -> timestamptz(9)",
        python=iso_times.from_iso8601_timestamp_nanos,
    ),
    function(
        "from_unixtime_nanos",
        ("bigint -> timestamptz", "decimal -> timestamptz"),
        rewrite=_from_unixtime_nanos,
    ),
    _formatter("date_format", date_formats.date_format),
    _formatter("format_datetime", date_formats.format_datetime),
    function("date_parse", "varchar, varchar -> timestamp(3)", python=date_formats.date_parse),
    function("parse_datetime", "varchar, varchar -> timestamptz(3)", python=date_formats.parse_datetime),
    function("with_timezone", "timestamp, varchar -> timestamptz", rewrite=_with_timezone),
    function(
        "at_timezone",
        tuple(f"{w}, {z} -> T" for w in ("timestamptz", "timetz") for z in ("varchar", "interval_day")),
        rewrite=lambda context, a: at_zone(context, *a),
    ),
    _sequence("interval_day"),
    _sequence("interval_year"),
    function("current_timezone", " -> varchar", template("'UTC'")),
    function("to_milliseconds", "interval_day -> bigint", template("{0}")),
    function("parse_duration", "varchar -> interval_day", python=calendar_parts.parse_duration),
    function("human_readable_seconds", "double -> varchar", python=calendar_parts.human_readable_seconds),
)
