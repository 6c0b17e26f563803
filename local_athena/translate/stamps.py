"""SQL around the carriers of times: the numbers in them, and the same value with another moment."""

from __future__ import annotations

from collections.abc import Callable

from local_athena.translate.sql import once
from local_athena.translate.typed import Typed
from local_athena.types.trino import BIGINT, INTEGER, VARCHAR, TrinoType


def is_struct(type_: TrinoType) -> bool:
    """Whether a time's carrier is a struct with the moment in `t`."""
    return type_.base.endswith("zone") or type_.is_fine


def moment(value: Typed) -> str:
    """The TIMESTAMP or TIME in a time's carrier."""
    return f"({value.sql}).t" if is_struct(value.type) else value.sql


def places(type_: TrinoType) -> dict[str, TrinoType]:
    """The fields of a carrier beside its moment."""
    fields = {"p": INTEGER} if type_.is_fine else {}
    if type_.base == "timestamp with time zone":
        fields["z"] = VARCHAR
    if type_.base == "time with time zone":
        fields["o"] = INTEGER
    return fields


def numbers(value: Typed) -> Typed:
    """A time as `functions.python.stamps` takes it: microseconds, or a carrier that has more."""
    return value if is_struct(value.type) else Typed(f"epoch_us({value.sql})", BIGINT)


def moved(value: Typed, to: Callable[[str], str], type_: TrinoType | None = None) -> Typed:
    """The same value with another moment, `to` of its own; of another precision when `type_` says so."""
    wanted = type_ or value.type
    if not is_struct(value.type) and not is_struct(wanted):
        return Typed(to(value.sql), wanted)
    return Typed(once(value.sql, lambda v: _rebuilt(Typed(v, value.type), to, wanted)), wanted)


def _rebuilt(value: Typed, to: Callable[[str], str], wanted: TrinoType) -> str:
    if not is_struct(wanted):
        return to(moment(value))
    known = places(value.type)
    fields = [f"t := {to(moment(value))}"]
    fields += [f"{n} := ({value.sql}).{n}" if n in known else f"{n} := 0::INTEGER" for n in places(wanted)]
    return f"CASE WHEN {value.sql} IS NOT NULL THEN struct_pack({', '.join(fields)}) END"


def coarse(value: Typed) -> Typed:
    """A time cut to the microsecond, which DuckDB's own functions can work on; another value as it is."""
    if not value.type.is_fine:
        return value
    return moved(value, str, TrinoType(value.type.base, (6,)))
