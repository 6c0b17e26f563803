"""date_trunc, date_add and date_diff: what a unit of time does to each kind of value.

https://trino.io/docs/current/functions/datetime.html#truncation-function
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_athena.errors import QueryFailed
from local_athena.functions.entry import Entry, Rewrite, function
from local_athena.translate.casts import cast
from local_athena.translate.sql import fail, quoted
from local_athena.translate.stamps import coarse, moment, moved
from local_athena.translate.time_arithmetic import utc_micros
from local_athena.translate.typed import Typed
from local_athena.types.coercion import common_type
from local_athena.types.trino import BIGINT, VARCHAR, TrinoType
from local_athena.values import calendar_parts

if TYPE_CHECKING:
    from local_athena.translate.translator import Translator

TIMES = ("date", "timestamp", "timestamptz", "time", "timetz")
INVALID = "INVALID_FUNCTION_ARGUMENT: '"
UNITS = ("millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year")


def _units(type_: TrinoType) -> tuple[str, tuple[str, ...]]:
    """How Trino calls the fields of a type, and which they are."""
    if type_.base.startswith("timestamp"):
        return "Timestamp", UNITS
    return ("DATE", UNITS[4:]) if type_.base == "date" else ("Time", UNITS[:4])


def _unit(value: Typed, type_: TrinoType) -> str:
    kind, allowed = _units(type_)
    unit = str(value.constant).lower()
    if unit not in allowed:
        raise QueryFailed("INVALID_FUNCTION_ARGUMENT", f"'{value.constant}' is not a valid {kind} field")
    return unit


def _by_unit(name: str, signature: str, rewrite: Rewrite) -> Entry:
    """A function of a unit, which may differ from row to row; `{w}` in its signature is a kind of time."""

    def choose(t: Translator, arguments: list[Typed]) -> Typed:
        unit, *rest = arguments
        if unit.constant is not None:
            return rewrite(t, arguments)
        common = common_type(rest[0].type, rest[-1].type) if name == "date_diff" else rest[-1].type
        kind, allowed = _units(common or rest[-1].type)
        made = [(u, rewrite(t, [Typed(quoted(u), VARCHAR, u), *rest])) for u in allowed]
        type_ = made[0][1].type
        cases = " ".join(f"WHEN {quoted(u)} THEN {cast(t.context, value, type_).sql}" for u, value in made)
        after = f"' is not a valid {kind} field"
        said = f"{quoted(INVALID)} || {unit.sql} || {quoted(after)}"
        otherwise = f"WHEN {unit.sql} IS NOT NULL THEN {fail(said, type_)}"
        return Typed(f"CASE WHEN lower({unit.sql}) IN ({', '.join(map(quoted, allowed))}) "
                     f"THEN CASE lower({unit.sql}) {cases} END {otherwise} END", type_)  # fmt: skip

    return function(name, tuple(signature.format(w=w) for w in TIMES), rewrite=choose)


def _trunc(t: Translator, arguments: list[Typed]) -> Typed:
    unit, value = _unit(arguments[0], arguments[1].type), coarse(arguments[1])
    if value.type.base == "date":
        return Typed(f"CAST(date_trunc('{unit}', {value.sql}) AS DATE)", value.type)
    if value.type.base == "timestamp":
        cut = Typed(f"CAST(date_trunc('{unit}', {value.sql}) AS TIMESTAMP)", value.type)
    else:
        cut = t.context.call("trunc", calendar_parts.truncate(unit), [value], value.type)
    wanted = arguments[1].type
    return moved(cut, str, wanted) if wanted.is_fine else Typed(cut.sql, wanted)


MICROS = {unit: size * 1000 for unit, size in calendar_parts.MILLIS.items()}


def _add(t: Translator, arguments: list[Typed]) -> Typed:
    amount, value = arguments[1], arguments[2]
    unit = _unit(arguments[0], value.type)
    if unit in UNITS[:4]:
        step = f"to_microseconds({amount.sql} * {MICROS[unit]})"
        added = moved(value, lambda t: f"{t} + {step}")
        if unit != "millisecond" or value.type.precision >= 3:
            return added
        exact = Typed(added.sql, TrinoType(value.type.base, (3,)))
        return cast(t.context, exact, value.type)
    step = f"to_{unit}s(CAST({amount.sql} AS INTEGER))"
    if value.type.base == "date":
        return Typed(f"CAST(({value.sql} + {step}) AS DATE)", value.type)
    if value.type.base == "timestamp":
        return moved(value, lambda t: f"{t} + {step}")
    return t.context.call("add", calendar_parts.add(unit), [value, amount], value.type)


def _diff(t: Translator, arguments: list[Typed]) -> Typed:
    common = common_type(arguments[1].type, arguments[2].type)
    if common is None:
        raise QueryFailed("FUNCTION_NOT_FOUND", "Unexpected parameters for function date_diff")
    unit = _unit(arguments[0], common)
    first, second = (cast(t.context, a, common) for a in arguments[1:])
    if common.base == "date":
        return Typed(f"CAST(date_sub('{unit}', {first.sql}, {second.sql}) AS BIGINT)", BIGINT)
    if not common.base.startswith("timestamp"):
        gap = f"({_day_micros(second)} - {_day_micros(first)})"
        return Typed(f"CAST({gap} // {MICROS[unit]} AS BIGINT)", BIGINT)
    # Trino cuts to milliseconds before it subtracts.
    first, second = (in_millis(coarse(value)) for value in (first, second))
    if common.base == "timestamp":
        return Typed(f"CAST(date_sub('{unit}', {first.sql}, {second.sql}) AS BIGINT)", BIGINT)
    return t.context.call("diff", calendar_parts.difference(unit), [first, second], BIGINT)


def in_millis(value: Typed) -> Typed:
    """A time cut to milliseconds."""
    return moved(value, lambda t: f"date_trunc('millisecond', {t})")


def _day_micros(value: Typed) -> str:
    return utc_micros(value) if value.type.base == "time with time zone" else f"epoch_us({moment(value)})"


UNIT_ENTRIES: tuple[Entry, ...] = (
    _by_unit("date_trunc", "varchar, {w} -> T", _trunc),
    _by_unit("date_add", "varchar, bigint, {w} -> T", _add),
    _by_unit("date_diff", "varchar, {w}, {w} -> bigint", _diff),
)
