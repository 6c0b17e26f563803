"""Dates, times, zones and intervals. https://trino.io/docs/current/functions/datetime.html"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from local_athena.errors import QueryFailed, not_supported
from local_athena.functions.entry import Entry, function
from local_athena.functions.python import calendar_parts, date_formats, zones
from local_athena.translate.casts import cast, local
from local_athena.translate.typed import Typed
from local_athena.types.trino import BIGINT, DOUBLE, VARCHAR, TrinoType, timestamp, timestamp_tz

if TYPE_CHECKING:
    from local_athena.translate.translator import Translator

WHEN = ("date", "timestamp", "timestamptz")


def _wall(t: Translator, value: Typed) -> str:
    """A date, timestamp or zoned timestamp as a local TIMESTAMP."""
    return (
        local(t.context, value)
        if value.type.base == "timestamp with time zone"
        else f"CAST({value.sql} AS TIMESTAMP)"
    )


PARTS = {
    "year": "year({0})", "quarter": "quarter({0})", "month": "month({0})", "week": "week({0})",
    "week_of_year": "week({0})", "day": "day({0})", "day_of_month": "day({0})", "day_of_week": "isodow({0})",
    "dow": "isodow({0})", "day_of_year": "dayofyear({0})", "doy": "dayofyear({0})", "year_of_week": "isoyear({0})",  # noqa: E501
    "yow": "isoyear({0})", "hour": "hour({0})", "minute": "minute({0})", "second": "second({0})",
    "millisecond": "(epoch_us({0}) // 1000 - epoch({0})::BIGINT * 1000)",
}  # fmt: skip


def _part(name: str, sql: str) -> Entry:
    def rewrite(t: Translator, arguments: list[Typed]) -> Typed:
        value = arguments[0]
        if value.type.base.startswith("interval"):
            return t.context.call(
                name, calendar_parts.interval_part(name, value.type.base), arguments, BIGINT
            )
        if value.type.base.startswith("time") and not value.type.base.startswith("timestamp"):
            return t.context.call(name, calendar_parts.time_part(name), arguments, BIGINT)
        wall = _wall(t, value)
        if name == "millisecond":
            return Typed(f"CAST((epoch_us({wall}) // 1000) % 1000 AS BIGINT)", BIGINT)
        return Typed(f"CAST({sql.format(wall)} AS BIGINT)", BIGINT)

    signatures = [f"{when} -> bigint" for when in WHEN]
    if name in ("hour", "minute", "second", "millisecond"):
        signatures += ["time -> bigint", "timetz -> bigint", "interval_day -> bigint"]
    if name in ("day", "day_of_month"):
        signatures.append("interval_day -> bigint")
    if name in ("year", "month"):
        signatures.append("interval_year -> bigint")
    return function(name, tuple(signatures), rewrite=rewrite)


UNITS = ("millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year")


def _unit(value: Typed, type_: TrinoType) -> str:
    unit = str(value.constant or "").lower()
    allowed = (
        UNITS if type_.base.startswith("timestamp") else UNITS[4:] if type_.base == "date" else UNITS[:4]
    )
    if unit not in allowed:
        kind = (
            "a valid Timestamp"
            if type_.base.startswith("timestamp")
            else "a valid DATE"
            if type_.base == "date"
            else "a valid Time"
        )
        raise QueryFailed("INVALID_FUNCTION_ARGUMENT", f"'{value.constant}' is not {kind} field")
    return unit


def _trunc(t: Translator, arguments: list[Typed]) -> Typed:
    value = arguments[1]
    unit = _unit(arguments[0], value.type)
    if value.type.base == "date":
        return Typed(f"CAST(date_trunc('{unit}', {value.sql}) AS DATE)", value.type)
    if value.type.base == "timestamp":
        return Typed(f"CAST(date_trunc('{unit}', {value.sql}) AS TIMESTAMP)", value.type)
    return t.context.call("trunc", calendar_parts.truncate(unit), [value], value.type)


def _add(t: Translator, arguments: list[Typed]) -> Typed:
    amount, value = arguments[1], arguments[2]
    unit = _unit(arguments[0], value.type)
    if value.type.base in ("date", "timestamp"):
        step = (
            f"to_{unit}s(CAST({amount.sql} AS INTEGER))"
            if unit not in ("millisecond", "second", "minute", "hour")
            else f"to_{unit}s({amount.sql})"
        )
        if unit == "second":
            step = f"to_milliseconds({amount.sql} * 1000)"
        type_ = (
            value.type
            if unit != "millisecond" or value.type.base == "date"
            else timestamp(max(3, value.type.precision))
        )
        return Typed(
            f"CAST(({value.sql} + {step}) AS {'DATE' if value.type.base == 'date' else 'TIMESTAMP'})", type_
        )
    return t.context.call("add", calendar_parts.add(unit), [value, amount], value.type)


def _diff(t: Translator, arguments: list[Typed]) -> Typed:
    from local_athena.types.coercion import common_type

    common = common_type(arguments[1].type, arguments[2].type)
    if common is None:
        raise QueryFailed("FUNCTION_NOT_FOUND", "Unexpected parameters for function date_diff")
    if common.base == "time with time zone":
        raise not_supported("date_diff of time with time zone is not supported")
    unit = _unit(arguments[0], common)
    first, second = cast(t.context, arguments[1], common), cast(t.context, arguments[2], common)
    if common.base in ("date", "timestamp"):
        return Typed(f"CAST(date_sub('{unit}', {first.sql}, {second.sql}) AS BIGINT)", BIGINT)
    return t.context.call("diff", calendar_parts.difference(unit), [first, second], BIGINT)


def _from_unixtime(t: Translator, arguments: list[Typed]) -> Typed:
    if len(arguments) == 3:
        return t.context.call("unixtime", calendar_parts.from_unixtime_offset, arguments, timestamp_tz(3))
    if len(arguments) == 2:
        return t.context.call("unixtime", calendar_parts.from_unixtime_zone, arguments, timestamp_tz(3))
    return t.context.call("unixtime", calendar_parts.from_unixtime, arguments, timestamp_tz(3))


def _to_unixtime(t: Translator, arguments: list[Typed]) -> Typed:
    value = arguments[0]
    instant = f"({value.sql}).t" if value.type.base == "timestamp with time zone" else value.sql
    return Typed(f"(epoch_us(CAST({instant} AS TIMESTAMP)) / CAST(1000000 AS DOUBLE))", DOUBLE)


def _formatter(name: str, maker: Callable[..., Any]) -> Entry:
    def rewrite(t: Translator, arguments: list[Typed]) -> Typed:
        return t.context.call(
            name,
            maker,
            [cast(t.context, arguments[0], timestamp_tz(_digits(arguments[0]))), arguments[1]],
            VARCHAR,
        )

    return function(name, tuple(f"{when}, varchar -> varchar" for when in WHEN), rewrite=rewrite)


def _digits(value: Typed) -> int:
    return value.type.precision if value.type.numbers else 0


def _date(t: Translator, arguments: list[Typed]) -> Typed:
    return cast(t.context, arguments[0], TrinoType("date"))


def _last_day(t: Translator, arguments: list[Typed]) -> Typed:
    return Typed(f"last_day({_wall(t, arguments[0])})", TrinoType("date"))


def _with_timezone(t: Translator, arguments: list[Typed]) -> Typed:
    return t.context.call("with_zone", zones.instant_of, arguments, timestamp_tz(arguments[0].type.precision))


def _at_timezone(t: Translator, arguments: list[Typed]) -> Typed:
    from local_athena.functions.python.regular import at_zone

    return t.context.call("at_zone", at_zone, arguments, arguments[0].type)


ENTRIES: tuple[Entry, ...] = (
    *(_part(name, sql) for name, sql in PARTS.items()),
    function("timezone_hour", ("timestamptz -> bigint", "timetz -> bigint"), python=calendar_parts.zone_hour),
    function(
        "timezone_minute", ("timestamptz -> bigint", "timetz -> bigint"), python=calendar_parts.zone_minute
    ),
    function("date_trunc", tuple(f"varchar, {w} -> T" for w in (*WHEN, "time", "timetz")), rewrite=_trunc),
    function(
        "date_add", tuple(f"varchar, bigint, {w} -> T" for w in (*WHEN, "time", "timetz")), rewrite=_add
    ),
    function(
        "date_diff", tuple(f"varchar, {w}, {w} -> bigint" for w in (*WHEN, "time", "timetz")), rewrite=_diff
    ),
    function("date", ("varchar -> date", *(f"{w} -> date" for w in WHEN)), rewrite=_date),
    function("last_day_of_month", tuple(f"{w} -> date" for w in WHEN), rewrite=_last_day),
    function(
        "from_unixtime",
        ("double -> timestamptz", "double, varchar -> timestamptz", "double, bigint, bigint -> timestamptz"),
        rewrite=_from_unixtime,
    ),
    function("to_unixtime", tuple(f"{w} -> double" for w in WHEN), rewrite=_to_unixtime),
    function(
        "from_iso8601_timestamp", "varchar -> timestamptz(3)", python=date_formats.from_iso8601_timestamp
    ),
    function("from_iso8601_date", "varchar -> date", python=date_formats.from_iso8601_date),
    function("to_iso8601", ("date -> varchar",), "strftime({0}, '%Y-%m-%d')"),
    function(
        "to_iso8601",
        "timestamp -> varchar",
        rewrite=lambda t, a: t.context.call("iso", date_formats.to_iso8601(a[0].type), a, VARCHAR),
    ),
    function(
        "to_iso8601",
        "timestamptz -> varchar",
        rewrite=lambda t, a: t.context.call("iso", date_formats.to_iso8601(a[0].type), a, VARCHAR),
    ),
    _formatter("date_format", date_formats.date_format),
    _formatter("format_datetime", date_formats.format_datetime),
    function("date_parse", "varchar, varchar -> timestamp(3)", python=date_formats.date_parse),
    function("parse_datetime", "varchar, varchar -> timestamptz(3)", python=date_formats.parse_datetime),
    function("with_timezone", "timestamp, varchar -> timestamptz", rewrite=_with_timezone),
    function("at_timezone", "timestamptz, varchar -> timestamptz", rewrite=_at_timezone),
    function("current_timezone", " -> varchar", "'UTC'"),
    function("to_milliseconds", "interval_day -> bigint", "{0}"),
    function("parse_duration", "varchar -> interval_day", python=calendar_parts.parse_duration),
    function("human_readable_seconds", "double -> varchar", python=calendar_parts.human_readable_seconds),
)
