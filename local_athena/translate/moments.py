"""The query's own moment (`current_timestamp` and its sisters) and AT TIME ZONE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from local_athena.errors import not_supported
from local_athena.functions.python import regular, zones
from local_athena.translate.casts import cast
from local_athena.translate.scope import Handler, Scope
from local_athena.translate.sql import quoted
from local_athena.translate.typed import Typed
from local_athena.types.trino import DATE, VARCHAR, TrinoType, timestamp, timestamp_tz

if TYPE_CHECKING:
    from local_athena.translate.translator import Translator


def _current(precision: int, kind: str) -> Handler:
    def handler(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
        given = node.args.get("this")
        digits = int(given.this) if isinstance(given, exp.Literal) else precision
        return now_value(t, kind, digits)

    return handler


def now_value(t: Translator, kind: str, digits: int) -> Typed:
    """The query's moment as a date, time or timestamp."""
    wall = t.context.now.replace(tzinfo=None)
    stamp = f"TIMESTAMP {quoted(zones.stamp_text(wall, min(digits, 6)))}"
    if kind == "date":
        return Typed(f"CAST({stamp} AS DATE)", DATE)
    if kind == "zoned":
        return Typed(f"struct_pack(t := {stamp}, z := 'UTC')", timestamp_tz(digits))
    if kind == "time":
        return Typed(f"CAST({stamp} AS TIME)", TrinoType("time", (digits,)))
    if kind == "zoned time":
        made = f"struct_pack(t := CAST({stamp} AS TIME), o := CAST(0 AS INTEGER))"
        return Typed(made, TrinoType("time with time zone", (digits,)))
    return Typed(stamp, timestamp(digits))


def _at_time_zone(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    value, name = t.expression(node.this, scope), t.expression(node.args["zone"], scope)
    if value.type.base in ("timestamp", "date"):
        value = cast(t.context, value, timestamp_tz(value.type.precision if value.type.numbers else 3))
    if value.type.base != "timestamp with time zone":
        raise not_supported(f"AT TIME ZONE of {value.type}")
    return t.context.call("at_zone", regular.at_zone, [value, cast(t.context, name, VARCHAR)], value.type)


MOMENTS: dict[str, Handler] = {
    "current_timestamp": _current(3, "zoned"),
    "current_date": _current(3, "date"),
    "current_time": _current(3, "zoned time"),
    "localtimestamp": _current(3, "stamp"),
    "localtime": _current(3, "time"),
}
HANDLERS: dict[type, Handler] = {
    exp.CurrentDate: MOMENTS["current_date"],
    exp.CurrentTimestamp: MOMENTS["current_timestamp"],
    exp.CurrentTime: MOMENTS["current_time"],
    exp.Localtimestamp: MOMENTS["localtimestamp"],
    exp.Localtime: MOMENTS["localtime"],
    exp.AtTimeZone: _at_time_zone,
}
