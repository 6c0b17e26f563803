"""date_trunc, date_add and date_diff: what a unit of time does to each kind of value.

https://trino.io/docs/current/functions/datetime.html#truncation-function
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_athena.errors import QueryFailed
from local_athena.functions.entry import Entry, Rewrite, function
from local_athena.sql.build import call, commas, fail, joined, once, once_each, sql, string
from local_athena.sql.casts import cast
from local_athena.sql.fragment import Sql
from local_athena.sql.stamps import coarse, moment, moved, same
from local_athena.sql.time_arithmetic import utc_micros
from local_athena.sql.typed import Typed
from local_athena.types.coercion import common_type
from local_athena.types.trino import BIGINT, VARCHAR, TrinoType
from local_athena.values import calendar_parts

if TYPE_CHECKING:
    from local_athena.sql.context import Context

TIMES = ("date", "timestamp", "timestamptz", "time", "timetz")
INVALID = "INVALID_FUNCTION_ARGUMENT: '"
UNITS = ("millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year")


def _units(type_: TrinoType) -> tuple[str, tuple[str, ...]]:
    """How Trino calls the fields of a type, and which they are."""
    if type_.base.startswith("timestamp"):
        return "TIMESTAMP", UNITS
    return ("DATE", UNITS[4:]) if type_.base == "date" else ("TIME", UNITS[:4])


def _unit(value: Typed, type_: TrinoType) -> str:
    kind, allowed = _units(type_)
    unit = str(value.constant).lower()
    if unit not in allowed:
        raise QueryFailed("INVALID_FUNCTION_ARGUMENT", f"'{value.constant}' is not a valid {kind} field")
    return unit


def _by_unit(name: str, signatures: tuple[str, ...], rewrite: Rewrite) -> Entry:
    """A function of a unit, which may differ from row to row; a wrong one fails where all else is known."""

    def choose(context: Context, arguments: list[Typed]) -> Typed:
        unit, *rest = arguments
        common = common_type(rest[0].type, rest[-1].type) if name == "date_diff" else rest[-1].type
        kind, allowed = _units(common or rest[-1].type)
        if str(unit.constant).lower() in allowed:
            return rewrite(context, arguments)
        type_ = rewrite(context, [_named(allowed[0]), *rest]).type

        def made(values: list[Sql]) -> Sql:
            given = [Typed(value, known.type) for value, known in zip(values[1:], rest, strict=True)]
            cases = [
                sql("WHEN {} THEN {}", string(u), cast(context, rewrite(context, [_named(u), *given]), type_))
                for u in allowed
            ]
            after = string(f"' is not a valid {kind} field")
            problem = fail(sql("{} || {} || {}", string(INVALID), values[0], after), type_)
            known = joined(" AND ", (sql("{} IS NOT NULL", value) for value in values))
            return sql(BY_UNIT, values[0], commas(map(string, allowed)), joined(" ", cases), problem, known)

        return Typed(once_each([unit, *rest], made), type_)

    return function(name, signatures, rewrite=choose)


def _named(unit: str) -> Typed:
    return Typed(string(unit), VARCHAR, unit)


BY_UNIT = """CASE WHEN lower({0}) IN ({1}) THEN CASE lower({0}) {2} END WHEN {4} THEN {3} END"""


def _trunc(context: Context, arguments: list[Typed]) -> Typed:
    unit, value = _unit(arguments[0], arguments[1].type), coarse(arguments[1])
    if value.type.base == "date":
        return Typed(sql("CAST(date_trunc({}, {}) AS DATE)", string(unit), value), value.type)
    if value.type.base == "timestamp":
        cut = Typed(sql("CAST(date_trunc({}, {}) AS TIMESTAMP)", string(unit), value), value.type)
    else:
        cut = context.call("trunc", calendar_parts.truncate(unit), [value], value.type)
    wanted = arguments[1].type
    return moved(cut, same, wanted) if wanted.is_fine else Typed(cut.sql, wanted)


MICROS = {unit: size * 1000 for unit, size in calendar_parts.MILLIS.items()}


def _add(context: Context, arguments: list[Typed]) -> Typed:
    amount, value = arguments[1], arguments[2]
    if amount.constant is None:
        # A moment with its zone would stay a struct around a NULL.
        return Typed(once(amount, lambda n: _unless_null(n, _added(context, arguments, n))), value.type)
    return _added(context, arguments, amount.sql)


def _unless_null(amount: Sql, added: Typed) -> Sql:
    return sql("CASE WHEN {} IS NOT NULL THEN {} END", amount, added)


def _added(context: Context, arguments: list[Typed], by: Sql) -> Typed:
    amount, value = Typed(by, BIGINT), arguments[2]
    unit = _unit(arguments[0], value.type)
    if unit in UNITS[:4]:
        step = sql("to_microseconds({} * {})", amount, MICROS[unit])
        added = moved(value, lambda t: sql("{} + {}", t, step))
        if unit != "millisecond" or value.type.precision >= 3:
            return added
        exact = Typed(added.sql, TrinoType(value.type.base, (3,)))
        return cast(context, exact, value.type)
    step = call(f"to_{unit}s", sql("CAST({} AS INTEGER)", amount))
    if value.type.base == "date":
        return Typed(sql("CAST(({} + {}) AS DATE)", value, step), value.type)
    if value.type.base == "timestamp":
        return moved(value, lambda t: sql("{} + {}", t, step))
    return context.call("add", calendar_parts.add(unit), [value, amount], value.type)


def _diff(context: Context, arguments: list[Typed]) -> Typed:
    common = common_type(arguments[1].type, arguments[2].type)
    if common is None:
        raise QueryFailed("FUNCTION_NOT_FOUND", "Unexpected parameters for function date_diff")
    unit = _unit(arguments[0], common)
    first, second = (cast(context, a, common) for a in arguments[1:])
    if common.base == "date":
        return Typed(sql("CAST(date_sub({}, {}, {}) AS BIGINT)", string(unit), first, second), BIGINT)
    if not common.base.startswith("timestamp"):
        gap = sql("({} - {})", _day_micros(second), _day_micros(first))
        return Typed(sql("CAST({} // {} AS BIGINT)", gap, MICROS[unit]), BIGINT)
    # Trino cuts to milliseconds before it subtracts.
    first, second = (in_millis(coarse(value)) for value in (first, second))
    if common.base == "timestamp":
        return Typed(sql("CAST(date_sub({}, {}, {}) AS BIGINT)", string(unit), first, second), BIGINT)
    return context.call("diff", calendar_parts.difference(unit), [first, second], BIGINT)


def in_millis(value: Typed) -> Typed:
    """A time cut to milliseconds."""
    return moved(value, lambda t: sql("date_trunc('millisecond', CAST({} AS TIMESTAMP))", t))


def _day_micros(value: Typed) -> Sql:
    return (
        utc_micros(value) if value.type.base == "time with time zone" else sql("epoch_us({})", moment(value))
    )


UNIT_ENTRIES: tuple[Entry, ...] = (
    _by_unit("date_trunc", tuple(f"varchar, {w} -> T" for w in TIMES), _trunc),
    _by_unit("date_add", tuple(f"varchar, bigint, {w} -> T" for w in TIMES), _add),
    _by_unit("date_diff", tuple(f"varchar, {w}, {w} -> bigint" for w in TIMES), _diff),
)
