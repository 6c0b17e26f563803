"""GROUP BY: expressions, output positions, ROLLUP, CUBE and GROUPING SETS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.translate.scope import Scope
from local_athena.translate.typed import Typed

if TYPE_CHECKING:
    from local_athena.translate.translator import Translator

Item = tuple[str | None, Typed, exp.Expr | None]


def group_clause(t: Translator, node: exp.Expr, scope: Scope, items: list[Item]) -> str:
    """` GROUP BY ...` of a SELECT, or nothing."""
    group = node.args.get("group")
    if group is None:
        return ""
    parts = [_nested(t, item, scope, items) for item in group.expressions]
    for key, word in (("rollup", "ROLLUP"), ("cube", "CUBE")):
        for clause in group.args.get(key) or ():
            terms = [_set(t, item, scope, items) for item in clause.expressions]
            parts.append(f"{word} ({', '.join(terms)})")
    for clause in group.args.get("grouping_sets") or ():
        parts.append(
            f"GROUPING SETS ({', '.join(_nested(t, item, scope, items) for item in clause.expressions)})"
        )
    return f" GROUP BY {', '.join(parts)}" if parts else ""


def _nested(t: Translator, item: exp.Expr, scope: Scope, items: list[Item]) -> str:
    word = {exp.Rollup: "ROLLUP", exp.Cube: "CUBE", exp.GroupingSets: "GROUPING SETS"}.get(type(item))
    if word is None:
        return _set(t, item, scope, items)
    return f"{word} ({', '.join(_set(t, inner, scope, items) for inner in item.expressions)})"


def _set(t: Translator, item: exp.Expr, scope: Scope, items: list[Item]) -> str:
    if isinstance(item, exp.Tuple):
        return f"({', '.join(_term(t, inner, scope, items) for inner in item.expressions)})"
    return _term(t, item.this if isinstance(item, exp.Paren) else item, scope, items)


def _term(t: Translator, item: exp.Expr, scope: Scope, items: list[Item]) -> str:
    if isinstance(item, exp.Tuple) and not item.expressions:
        return "()"
    if isinstance(item, exp.Literal) and not item.is_string:
        at = int(item.this)
        if not 1 <= at <= len(items):
            raise QueryFailed(
                "INVALID_COLUMN_REFERENCE",
                f"{t.context.where(item)}GROUP BY position {at} is not in select list",
            )
        return items[at - 1][1].sql
    return t.expression(item, scope).sql
