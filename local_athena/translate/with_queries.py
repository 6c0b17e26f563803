"""WITH: each query becomes a common table of DuckDB; a recursive one counts its steps.

https://trino.io/docs/current/sql/select.html#with-recursive-clause
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.sql.aggregate import DISTINCT
from local_athena.sql.build import NOTHING, commas, failing, ident, sql
from local_athena.sql.fragment import Sql
from local_athena.sql.query import names_in, table_of
from local_athena.sql.typed import Column, Relation
from local_athena.translate.scope import Scope
from local_athena.translate.set_operations import fitted
from local_athena.translate.translating import Translator
from local_athena.types.trino import BIGINT

MOST_STEPS = 10
"""Trino's max_recursion_depth, which Athena lets nobody change; the last step must find nothing."""


def with_tables(t: Translator, node: exp.Expr, scope: Scope) -> tuple[list[Sql], bool]:
    """The tables of a query's WITH, whose names come into `scope`, and whether they may be recursive."""
    clause = node.args.get("with_")
    if clause is None:
        return [], False
    recursive = bool(clause.args.get("recursive"))
    tables: list[Sql] = []
    for cte in clause.expressions:
        name = t.context.alias("w")
        made = _recursive(t, cte, scope) if recursive and _mentions(cte) else None
        if made is None:
            made = _Recursion(t.query(cte.this, scope))
        columns = renamed(made.rows.columns, cte.args.get("alias"), cte.alias)
        scope.ctes[cte.alias.lower()] = (name, columns)
        for table, definition in (*made.steps, (name, table_of(_head(name, columns), made.rows))):
            tables.append(definition)
            t.context.with_parts[table] = definition
    return tables, recursive


def _head(name: str, columns: tuple[Column, ...], *more: str) -> Sql:
    """A table's name with those of its columns."""
    return sql("{}({})", ident(name), commas(map(ident, [*(f"c{i}" for i in range(len(columns))), *more])))


def _mentions(cte: exp.Expr) -> bool:
    return isinstance(cte.this, exp.Union) and any(
        table.name.lower() == cte.alias.lower() and not table.db for table in cte.this.find_all(exp.Table)
    )


@dataclass(frozen=True, slots=True)
class _Recursion:
    """The rows of a WITH query, and the tables that they are read from: each its name and definition."""

    rows: Relation
    steps: tuple[tuple[str, Sql], ...] = ()


def _recursive(t: Translator, cte: exp.Expr, scope: Scope) -> _Recursion | None:
    """A recursive WITH query: DuckDB's recursion with the number of the step beside each row.

    Trino's UNION drops equal rows at the end only, and a recursion of too many steps fails.
    """
    union = cte.this
    base = t.query(union.this, scope)
    columns = renamed(base.columns, cte.args.get("alias"), cte.alias)
    inner, steps = scope.child(), t.context.alias("w")
    inner.ctes[cte.alias.lower()] = (steps, columns)
    step = t.query(union.expression, inner)
    if steps not in names_in(step.sql):
        return None  # an inner WITH has taken the name
    stepped = fitted(t, step, columns)
    rows = sql(
        "(SELECT *, CAST(0 AS BIGINT) FROM ({})) UNION ALL (SELECT s.*, {} FROM ({}) AS s, {})",
        base,
        _next_step(),
        stepped,
        sql("(SELECT max(step) AS last FROM {})", ident(steps)),
    )
    definition = table_of(_head(steps, columns, "step"), rows)
    distinct = DISTINCT if union.args.get("distinct", True) else NOTHING
    names = commas(ident(f"c{i}") for i in range(len(columns)))
    found = sql("SELECT {}{} FROM {}", distinct, names, ident(steps))
    return _Recursion(Relation(found, columns), ((steps, definition),))


def _next_step() -> Sql:
    """The number of the step after the last, which fails when there were too many."""
    message = (
        f"NOT_SUPPORTED: Recursion depth limit exceeded ({MOST_STEPS}). Use 'max_recursion_depth' session "
        "property to modify the limit."
    )
    return sql("CASE WHEN last >= {} THEN {} ELSE last + 1 END", MOST_STEPS - 1, failing(message, BIGINT))


def renamed(columns: tuple[Column, ...], alias: exp.Expr | None, name: str) -> tuple[Column, ...]:
    """Columns under the names of a column alias list, if there is one.

    Raises:
        QueryFailed: the list has another length.
    """
    names = alias.args.get("columns") if isinstance(alias, exp.TableAlias) else None
    if not names:
        return columns
    if len(names) != len(columns):
        raise QueryFailed(
            "MISMATCHED_COLUMN_ALIASES",
            f"line 1:1: Column alias list has {len(names)} entries but '{name}' has {len(columns)} "
            "columns available",
        )
    return tuple(Column(n.name, c.type) for n, c in zip(names, columns, strict=True))
