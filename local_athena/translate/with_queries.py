"""WITH: each query becomes a common table of DuckDB; a recursive one counts its steps.

https://trino.io/docs/current/sql/select.html#with-recursive-clause
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.translate.scope import Scope
from local_athena.translate.set_operations import fitted
from local_athena.translate.sql import fail, quoted
from local_athena.translate.typed import Column, Relation
from local_athena.types.trino import BIGINT

if TYPE_CHECKING:
    from local_athena.translate.translator import Translator


MOST_STEPS = 10
"""Trino's max_recursion_depth, which Athena lets nobody change; the last step must find nothing."""


def with_clause(t: Translator, node: exp.Expr, scope: Scope) -> str:
    """`WITH ...`, or nothing; its names come into `scope`."""
    clause = node.args.get("with_")
    if clause is None:
        return ""
    recursive = bool(clause.args.get("recursive"))
    parts = []
    for cte in clause.expressions:
        name = t.context.alias("w")
        made = _recursive(t, cte, name, scope) if recursive and _mentions(cte) else None
        made = made or t.query(cte.this, scope)
        columns = renamed(made.columns, cte.args.get("alias"), cte.alias)
        parts += t.context.ctes
        t.context.ctes = []
        scope.ctes[cte.alias.lower()] = (name, columns)
        names = ", ".join(f"c{i}" for i in range(len(columns)))
        parts.append(f"{name}({names}) AS ({made.sql})")
        t.context.with_parts |= {part.partition("(")[0]: part for part in parts}
    return f"WITH {'RECURSIVE ' if recursive else ''}{', '.join(parts)} "


def _mentions(cte: exp.Expr) -> bool:
    return isinstance(cte.this, exp.Union) and any(
        table.name.lower() == cte.alias.lower() and not table.db for table in cte.this.find_all(exp.Table)
    )


def _recursive(t: Translator, cte: exp.Expr, name: str, scope: Scope) -> Relation:
    """A recursive WITH query: DuckDB's recursion with the number of the step beside each row.

    Trino's UNION drops equal rows at the end only, and a recursion of too many steps fails.
    """
    union = cte.this
    base = t.query(union.this, scope)
    columns = renamed(base.columns, cte.args.get("alias"), cte.alias)
    inner, steps = scope.child(), t.context.alias("w")
    inner.ctes[cte.alias.lower()] = (steps, columns)
    step = t.query(union.expression, inner)
    if not re.search(rf"\b{steps}\b", step.sql):
        return t.query(union, scope)  # an inner WITH has taken the name
    stepped = fitted(t, step, [c.type for c in columns])
    names = ", ".join(f"c{i}" for i in range(len(columns)))
    message = (
        f"NOT_SUPPORTED: Recursion depth limit exceeded ({MOST_STEPS}). Use 'max_recursion_depth' session "
    )
    deep = fail(quoted(message + "property to modify the limit."), BIGINT)
    number = f"CASE WHEN last >= {MOST_STEPS - 1} THEN {deep} ELSE last + 1 END"
    before = f"(SELECT max(step) AS last FROM {steps})"  # noqa: S608
    rows = (
        f"(SELECT *, CAST(0 AS BIGINT) FROM ({base.sql})) UNION ALL "  # noqa: S608
        f"(SELECT s.*, {number} FROM ({stepped}) AS s, {before})"
    )
    t.context.ctes.append(f"{steps}({names}, step) AS ({rows})")
    distinct = "DISTINCT " if union.args.get("distinct", True) else ""
    return Relation(f"SELECT {distinct}{names} FROM {steps}", columns)  # noqa: S608


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
