"""Recursive WITH queries: DuckDB's recursion, with the number of its step beside each row.

https://trino.io/docs/current/sql/select.html#with-recursive-clause
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.sql.aggregate import DISTINCT
from local_athena.sql.build import commas, failing, ident, sql
from local_athena.sql.fragment import Sql
from local_athena.sql.query import table_of
from local_athena.sql.reads import names_in
from local_athena.sql.typed import Column, Relation
from local_athena.translate.recursion_checks import check_place, check_shape, references
from local_athena.translate.scope import Scope
from local_athena.translate.set_operations import fitted
from local_athena.translate.translating import Translator
from local_athena.translate.with_columns import head, renamed
from local_athena.types.coercion import can_coerce
from local_athena.types.trino import BIGINT

MOST_STEPS = 10
"""Trino's max_recursion_depth, which Athena lets nobody change: the step after the last must find nothing."""


@dataclass(frozen=True, slots=True)
class Recursion:
    """The rows of a recursive query, and the table that they are read from."""

    rows: Relation
    steps: str
    definition: Sql


def recursion(t: Translator, cte: exp.Expr, scope: Scope) -> Recursion | None:
    """A query of WITH RECURSIVE that reads itself; None for one that does not.

    Trino's UNION drops equal rows at the end only, and a recursion of too many steps fails.

    Raises:
        QueryFailed: it may not read itself there, or its step does not fit its base.
    """
    check_shape(t.context, cte)
    found = references(cte.this, cte.alias)
    if not found:
        return None
    union = cte.this
    check_place(t.context, cte, found)
    base = t.query(union.this, scope)
    columns = renamed(base.columns, cte.args.get("alias"), cte.alias)
    inner, steps = scope.child(), t.context.alias("w")
    inner.ctes[cte.alias.lower()] = (steps, columns)
    step = t.query(union.expression, inner)
    if steps not in names_in(step.sql):
        return None  # an inner WITH has taken the name
    _check_types(t, union.expression, base, step)
    definition = table_of(head(steps, columns, "step"), _rows(base, fitted(t, step, columns), steps))
    names = commas(ident(f"c{i}") for i in range(len(columns)))
    if union.args.get("distinct", True):
        found_rows = sql("SELECT {}{} FROM {}", DISTINCT, names, ident(steps))
    else:
        # Counted, so that a LIMIT around it does not hide an endless recursion.
        counted = sql("(SELECT *, count(*) OVER () AS n FROM {})", ident(steps))
        found_rows = sql("SELECT {} FROM {} WHERE n > 0", names, counted)
    return Recursion(Relation(found_rows, columns), steps, definition)


def _rows(base: Relation, stepped: Sql, steps: str) -> Sql:
    before = sql("(SELECT max(step) AS last FROM {})", ident(steps))
    first = sql("(SELECT *, CAST(0 AS BIGINT) FROM ({}))", base)
    return sql("{} UNION ALL (SELECT s.*, {} FROM ({}) AS s, {})", first, _next_step(), stepped, before)


def _next_step() -> Sql:
    """The number of the step after the last, which fails when there were too many."""
    message = (
        f"NOT_SUPPORTED: Recursion depth limit exceeded ({MOST_STEPS}). Use 'max_recursion_depth' session "
        "property to modify the limit."
    )
    return sql("CASE WHEN last >= {} THEN {} ELSE last + 1 END", MOST_STEPS, failing(message, BIGINT))


def _check_types(t: Translator, node: exp.Expr, base: Relation, step: Relation) -> None:
    """Refuse a step whose columns are not those of the base, or of types that become theirs."""
    where = t.context.where_word("SELECT", node)
    if len(base.columns) != len(step.columns):
        counts = f"{len(base.columns)}, {len(step.columns)}"
        problem = f"base and step relations of recursion have different number of fields: {counts}"
        raise QueryFailed("TYPE_MISMATCH", where + problem)
    for i, (a, b) in enumerate(zip(base.columns, step.columns, strict=True), start=1):
        if not _becomes(b, a):
            problem = (
                f"recursion step relation output type ({b.type}) is not coercible to recursion base relation "
                f"output type ({a.type}) at column {i}"
            )
            raise QueryFailed("TYPE_MISMATCH", where + problem)


def _becomes(step: Column, base: Column) -> bool:
    source, target = step.type, base.type
    if source.base == target.base == "varchar":
        return not target.numbers or (bool(source.numbers) and source.precision <= target.precision)
    return source == target or can_coerce(source, target)
