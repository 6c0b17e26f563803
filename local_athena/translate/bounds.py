"""`x < ALL (query)` and its kin by the least and the greatest value of the query, as Trino computes them.

So a NaN of the query, which is neither, does not count while it has other values, and a NULL is not equal to
all of two different values. Where both ways give one answer, DuckDB's own quantifiers are left to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_athena.sql.build import FALSE, NOTHING, TRUE, ident, sql
from local_athena.sql.fragment import Sql
from local_athena.sql.operators import compare
from local_athena.sql.typed import Relation, Typed
from local_athena.types.trino import BOOLEAN, DOUBLE, REAL, TrinoType

if TYPE_CHECKING:
    from local_athena.sql.context import Context

LEAST = {("<", "ALL"), ("<=", "ALL"), (">", "ANY"), (">=", "ANY")}
"""What is compared with the least value; the other orders are compared with the greatest."""
EQUAL = {("=", "ALL"), ("<>", "ANY")}


def by_bounds(operator: str, quantifier: str, type_: TrinoType) -> bool:
    """Whether bounds answer what DuckDB's quantifier would not."""
    if (operator, quantifier) in EQUAL:
        return type_.is_orderable
    return type_ in (DOUBLE, REAL) and operator not in ("=", "<>")


def against_bounds(
    context: Context,
    value: Typed,
    operator: str,
    quantifier: str,
    column: Typed,
    rows: tuple[Relation, str],
    where: str,
) -> Typed:
    """A value compared with all or any of a query's."""
    alias = context.alias("b")
    least, greatest = (Typed(ident(alias, name), column.type) for name in ("least", "greatest"))
    if (operator, quantifier) in EQUAL:
        one = compare(context, "=", least, greatest, where).sql
        test = sql("({} AND {})", one, compare(context, "=", value, greatest, where))
        return _settled(test, "ALL", alias, _bounds(column, *rows), denied=operator == "<>")
    bound = least if (operator, quantifier) in LEAST else greatest
    test = compare(context, operator, value, bound, where).sql
    return _settled(test, quantifier, alias, _bounds(column, *rows), denied=False)


def _bounds(column: Typed, made: Relation, alias: str) -> Sql:
    """A row: the least and the greatest value, how many there are, and how many are known."""
    least, greatest = (_bound(name, column) for name in ("min", "max"))
    return sql(
        "SELECT {} AS least, {} AS greatest, count(*) AS every, count({}) AS known FROM ({}) AS {}",
        least, greatest, column, made, ident(alias),
    )  # fmt: skip


def _bound(name: str, column: Typed) -> Sql:
    """The least or greatest value; NaN only where there is nothing else."""
    if column.type in (DOUBLE, REAL):
        return sql("coalesce({0}({1}) FILTER (WHERE NOT isnan({1})), {0}({1}))", ident(name), column)
    return sql("{}({})", ident(name), column)


def _settled(test: Sql, quantifier: str, alias: str, bounds: Sql, *, denied: bool) -> Typed:
    every, known = ident(alias, "every"), ident(alias, "known")
    empty = TRUE if quantifier == "ALL" else FALSE
    unknown = sql("CASE WHEN {} <> {} THEN NULL ELSE {} END", every, known, empty)
    joint = sql("{} AND {}", test, unknown) if quantifier == "ALL" else sql("{} OR {}", test, unknown)
    answer = sql("CASE WHEN {} = 0 THEN {} ELSE {} END", every, empty, joint)
    whole = sql("(SELECT {} FROM ({}) AS {})", answer, bounds, ident(alias))
    return Typed(sql("({}{})", sql("NOT ") if denied else NOTHING, whole), BOOLEAN)
