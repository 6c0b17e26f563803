"""Forms of SQL that several kinds of expressions are written in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from local_athena.sql.build import Hole, commas, fragment, joined, once, sql
from local_athena.sql.fragment import Name, Sql, function
from local_athena.sql.typed import Typed
from local_athena.types.duckdb import carrier


def case(arms: Iterable[tuple[Hole, Hole]], otherwise: Hole) -> Sql:
    """`CASE WHEN test THEN result ... ELSE otherwise END`."""
    return sql("CASE {} ELSE {} END", joined(" ", (sql("WHEN {} THEN {}", *arm) for arm in arms)), otherwise)


def reused(value: Hole, others: Iterable[Hole], make: Callable[[Sql], Sql]) -> Sql:
    """SQL that uses a value several times and computes it once, where what stands beside it allows that.

    DuckDB takes no subquery in the body of a lambda, which is where `others` come to stand.
    """
    if any(fragment(other).has_query for other in others):
        return make(fragment(value))
    return once(value, make)


def bound(name: Name, value: Hole, body: Hole) -> Sql:
    """SQL in which a name stands for a value that is computed once."""
    return sql("list_transform([{}], {})[1]", value, function((name,), fragment(body)))


def first_known(values: Sequence[Typed]) -> Sql:
    """The first of some values of one type that is not NULL.

    DuckDB's COALESCE of structs, lists and maps reads memory that is not its own when a TRY around it
    computes single rows.
    """
    if not carrier(values[0].type).startswith(("STRUCT", "MAP")) and not values[0].type.parts:
        return sql("COALESCE({})", commas(values))
    *before, made = (value.sql for value in values)
    for value in reversed(before):
        made = reused(value, (made,), partial(_or_else, made))
    return made


def _or_else(rest: Sql, value: Sql) -> Sql:
    return case([(sql("{} IS NOT NULL", value), value)], rest)
