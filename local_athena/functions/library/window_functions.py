"""Functions that need a window. https://trino.io/docs/current/functions/window.html"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_athena.functions.entry import Entry, aggregate
from local_athena.functions.library.aggregates import within
from local_athena.sql.build import cast_as, failing, sql
from local_athena.sql.typed import Typed
from local_athena.types.trino import BIGINT

if TYPE_CHECKING:
    from local_athena.functions.entry import Aggregate
    from local_athena.sql.aggregate import Clauses
    from local_athena.sql.context import Context

_NO_BUCKETS = failing("INVALID_FUNCTION_ARGUMENT: Buckets must be greater than 0", BIGINT)

_NO_OFFSET = failing("INVALID_FUNCTION_ARGUMENT: Offset must not be null", BIGINT)


def _window(name: str, signatures: str | tuple[str, ...], made: str | Aggregate) -> Entry:
    return aggregate(name, signatures, made, kind="window")


def _ntile(context: Context, arguments: list[Typed], clauses: Clauses) -> Typed:
    buckets = sql("CASE WHEN {0} <= 0 THEN {1} ELSE {0} END", arguments[0], _NO_BUCKETS)
    return Typed(clauses.call("ntile", buckets), BIGINT)


def _at(name: str, least: int) -> Aggregate:
    """A function whose second argument says how far away its value is."""

    def made(context: Context, arguments: list[Typed], clauses: Clauses) -> Typed:
        value, *rest = arguments
        away = [within(offset, least, 2**63 - 1, f"Offset must be at least {least}") for offset in rest[:1]]
        if name != "nth_value":
            away = [sql("CASE WHEN {} IS NULL THEN {} ELSE {} END", rest[0], _NO_OFFSET, a) for a in away]
        # What is NULL always has the type of NULL in DuckDB, which would cast the default to it.
        shown = cast_as(value, value.type) if rest[1:] else value
        return Typed(clauses.call(name, shown, *away, *rest[1:]), value.type)

    return made


AWAY = ("T -> T", "T, bigint -> T", "T, bigint, T -> T")
ENTRIES: tuple[Entry, ...] = (
    *(_window(name, " -> bigint", name) for name in ("row_number", "rank", "dense_rank")),
    *(_window(name, " -> double", name) for name in ("percent_rank", "cume_dist")),
    _window("ntile", "bigint -> bigint", _ntile),
    _window("first_value", "T -> T", "first_value"),
    _window("last_value", "T -> T", "last_value"),
    _window("nth_value", "T, bigint -> T", _at("nth_value", 1)),
    _window("lag", AWAY, _at("lag", 0)),
    _window("lead", AWAY, _at("lead", 0)),
)
