"""VALUES: rows of expressions, whose columns meet in common types and have no names."""

from __future__ import annotations

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.sql.build import commas, ident, sql
from local_athena.sql.typed import Column, Relation, Typed
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Translator


def values(t: Translator, node: exp.Expr, scope: Scope) -> Relation:
    """VALUES rows; their columns have no names."""
    rows = []
    for item in node.expressions:
        made = [t.expression(e, scope) for e in _cells(item)]
        if len(made) == 1 and made[0].type.base == "row" and isinstance(item, exp.Anonymous | exp.Tuple):
            cell = made[0]
            made = [Typed(sql("({}).f{}", cell, i), part) for i, part in enumerate(cell.type.parts)]
        rows.append(made)
    if len({len(row) for row in rows}) != 1:
        raise QueryFailed("TYPE_MISMATCH", "line 1:1: Values rows have mismatched sizes", error_type=1006)
    fitted = [
        t.unified(list(column), "line 1:1: ", "Values rows have mismatched types")
        for column in zip(*rows, strict=True)
    ]
    lines = commas(sql("({})", commas(row)) for row in zip(*fitted, strict=True))
    names = commas(ident(f"c{i}") for i in range(len(fitted)))
    alias = t.context.alias("v")
    query = sql("SELECT {0} FROM (VALUES {1}) AS {2}({0})", names, lines, ident(alias))
    return Relation(query, tuple(Column(None, column[0].type) for column in fitted))


def _cells(item: exp.Expr) -> list[exp.Expr]:
    if isinstance(item, exp.Tuple):
        return list(item.expressions)
    if isinstance(item, exp.Paren):
        return [item.this]
    if isinstance(item, exp.Anonymous) and item.name.lower() == "row":
        return list(item.expressions)
    return [item]
