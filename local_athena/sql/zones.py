"""A zoned time on the clock of another zone: AT TIME ZONE, at_timezone."""

from __future__ import annotations

from local_athena.sql.build import sql
from local_athena.sql.casts import cast
from local_athena.sql.context import Context
from local_athena.sql.stamps import numbers
from local_athena.sql.typed import Typed
from local_athena.types.trino import BIGINT, INTEGER, INTERVAL_DAY, VARCHAR
from local_athena.values import regular, stamp_casts, stamps


def at_zone(context: Context, value: Typed, zone: Typed) -> Typed:
    """A zoned value with the clock of another zone, which is a name or an interval."""
    if zone.type == INTERVAL_DAY:
        minutes = context.call("offset", stamp_casts.offset_of_interval, [zone], INTEGER)
    elif value.type.base == "timestamp with time zone":
        return context.call("at_zone", regular.at_zone, [value, cast(context, zone, VARCHAR)], value.type)
    else:
        now = sql("CAST({} AS BIGINT)", stamps.micros_of(context.now.replace(tzinfo=None)))
        names = [cast(context, zone, VARCHAR), Typed(now, BIGINT)]
        minutes = context.call("offset", stamp_casts.offset_at, names, INTEGER)
    return context.call("at_offset", stamp_casts.at_offset(value.type), [numbers(value), minutes], value.type)
