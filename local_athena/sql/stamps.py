"""SQL around the carriers of times: the numbers in them, and the same value with another moment."""

from __future__ import annotations

from collections.abc import Callable

from local_athena.sql.build import commas, ident, once, sql
from local_athena.sql.fragment import Sql
from local_athena.sql.typed import Typed
from local_athena.types.trino import BIGINT, INTEGER, VARCHAR, TrinoType


def is_struct(type_: TrinoType) -> bool:
    """Whether a time's carrier is a struct with the moment in `t`."""
    return type_.base.endswith("zone") or type_.is_fine


def moment(value: Typed) -> Sql:
    """The TIMESTAMP or TIME in a time's carrier. A field of a NULL has no type of its own in DuckDB."""
    if not is_struct(value.type):
        return value.sql
    if value.type.base.startswith("timestamp"):
        return sql("CAST(({}).t AS TIMESTAMP)", value)
    return sql("CAST(({}).t AS TIME)", value)


def places(type_: TrinoType) -> dict[str, TrinoType]:
    """The fields of a carrier beside its moment."""
    fields = {"p": INTEGER} if type_.is_fine else {}
    if type_.base == "timestamp with time zone":
        fields["z"] = VARCHAR
    if type_.base == "time with time zone":
        fields["o"] = INTEGER
    return fields


def numbers(value: Typed) -> Typed:
    """A time as `values.stamps` takes it: microseconds, or a carrier that has more."""
    return value if is_struct(value.type) else Typed(sql("epoch_us({})", value), BIGINT)


def moved(value: Typed, to: Callable[[Sql], Sql], type_: TrinoType | None = None) -> Typed:
    """The same value with another moment, `to` of its own; of another precision when `type_` says so."""
    wanted = type_ or value.type
    if not is_struct(value.type) and not is_struct(wanted):
        return Typed(to(value.sql), wanted)
    return Typed(once(value.sql, lambda v: _rebuilt(Typed(v, value.type), to, wanted)), wanted)


def _rebuilt(value: Typed, to: Callable[[Sql], Sql], wanted: TrinoType) -> Sql:
    if not is_struct(wanted):
        return to(moment(value))
    known = places(value.type)
    fields = [sql("t := {}", to(moment(value)))]
    fields += [
        sql("{0} := ({1}).{0}", ident(n), value) if n in known else sql("{} := 0::INTEGER", ident(n))
        for n in places(wanted)
    ]
    return sql("CASE WHEN {} IS NOT NULL THEN struct_pack({}) END", value, commas(fields))


def coarse(value: Typed) -> Typed:
    """A time cut to the microsecond, which DuckDB's own functions can work on; another value as it is."""
    if not value.type.is_fine:
        return value
    return moved(value, same, TrinoType(value.type.base, (6,)))


def same(moment: Sql) -> Sql:
    """The moment as it is."""
    return moment
