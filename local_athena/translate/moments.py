"""The query's own moment (`current_timestamp` and its sisters) and AT TIME ZONE."""

from __future__ import annotations

from sqlglot import exp

from local_athena.errors import not_supported
from local_athena.sql.build import sql, string
from local_athena.sql.casts import cast
from local_athena.sql.time_literals import carried
from local_athena.sql.typed import Typed
from local_athena.sql.zones import at_zone
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Handler, Translator
from local_athena.types.trino import DATE, TrinoType
from local_athena.values import stamps


def _current(precision: int, kind: str) -> Handler:
    def handler(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
        given = node.args.get("this")
        digits = int(given.this) if isinstance(given, exp.Literal) else precision
        return now_value(t, kind, digits)

    return handler


def now_value(t: Translator, kind: str, digits: int) -> Typed:
    """The query's moment as a date, time or timestamp."""
    micros = stamps.micros_of(t.context.now.replace(tzinfo=None))
    if kind == "date":
        return Typed(sql("DATE {}", string(t.context.now.date().isoformat())), DATE)
    type_ = TrinoType(NOW_TYPES[kind], (digits,))
    if type_.base.startswith("time ") or type_.base == "time":
        micros %= stamps.DAY
    unit = 10 ** max(0, 6 - digits)
    place = {"zoned": "UTC", "zoned time": 0}.get(kind)
    return Typed(carried(stamps.pack(type_, micros // unit * unit, 0, place), type_), type_)


NOW_TYPES = {
    "zoned": "timestamp with time zone",
    "stamp": "timestamp",
    "time": "time",
    "zoned time": "time with time zone",
}


def _at_time_zone(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    value, zone = t.expression(node.this, scope), t.expression(node.args["zone"], scope)
    zoned = {"time": "time with time zone"}.get(value.type.base, "timestamp with time zone")
    if value.type.base in ("timestamp", "date", "time"):
        digits = value.type.precision if value.type.numbers else 3
        value = cast(t.context, value, TrinoType(zoned, (digits,)))
    if not value.type.base.endswith("zone"):
        raise not_supported(f"AT TIME ZONE of {value.type}")
    return at_zone(t.context, value, zone)


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
