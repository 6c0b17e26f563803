"""WITH: each query becomes a common table of DuckDB, which is computed once unless its rows change."""

from __future__ import annotations

from sqlglot import exp

from local_athena.sql.fragment import Sql
from local_athena.sql.query import table_of
from local_athena.translate.recursion import recursion
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Translator
from local_athena.translate.with_columns import head, renamed


def with_tables(t: Translator, node: exp.Expr, scope: Scope) -> tuple[list[Sql], bool]:
    """The tables of a query's WITH, whose names come into `scope`, and whether they may be recursive."""
    clause = node.args.get("with_")
    if clause is None:
        return [], False
    recursive = bool(clause.args.get("recursive"))
    tables: dict[str, Sql] = {}
    for cte in clause.expressions:
        name = t.context.alias("w")
        before = t.context.copies.state
        made = recursion(t, cte, scope) if recursive else None
        if made is not None:
            tables[made.steps] = made.definition
        rows = made.rows if made is not None else t.query(cte.this, scope)
        columns = renamed(rows.columns, cte.args.get("alias"), cte.alias)
        scope.ctes[cte.alias.lower()] = (name, columns)
        copied = t.context.copies.defined(name, before)
        tables[name] = table_of(head(name, columns), rows, copied=copied)
        t.context.with_parts |= tables
    return list(tables.values()), recursive
