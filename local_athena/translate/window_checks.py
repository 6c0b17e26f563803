"""Where windows may stand, and what may stand in them: refused in Trino's words before DuckDB sees it.

https://trino.io/docs/current/functions/window.html
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.parse.dialect import Athena
from local_athena.translate.translating import Translator


def windows_in(nodes: Iterable[exp.Expr]) -> list[exp.Expr]:
    """The windows of expressions, not those of their subqueries."""
    walked = (n for node in nodes for n in node.walk(prune=lambda n: isinstance(n, exp.Query)))
    return [found for found in walked if isinstance(found, exp.Window)]


def check_places(t: Translator, node: exp.Expr) -> None:
    """Refuse windows in GROUP BY and HAVING of a SELECT, and two of one name.

    Raises:
        QueryFailed: EXPRESSION_NOT_SCALAR, NESTED_WINDOW, DUPLICATE_WINDOW_NAME.
    """
    group, having = node.args.get("group"), node.args.get("having")
    found = windows_in([group] if group is not None else [])
    if found:
        shown = ", ".join(window.sql(dialect=Athena, normalize_functions="lower") for window in found)
        problem = "GROUP BY clause cannot contain aggregations, window functions or grouping operations"
        raise _refused(t, found[0], "EXPRESSION_NOT_SCALAR", f"{problem}: [{shown}]")
    if having is not None and windows_in([having]):
        problem = "HAVING clause cannot contain window functions or row pattern measures"
        raise _refused(t, having.this, "NESTED_WINDOW", problem)
    seen = set()
    for window in node.args.get("windows") or ():
        if window.name.lower() in seen:
            problem = f"WINDOW name '{window.name}' specified more than once"
            raise _refused(t, window.this, "DUPLICATE_WINDOW_NAME", problem)
        seen.add(window.name.lower())


def check_nesting(t: Translator, node: exp.Expr) -> None:
    """Refuse a window inside another.

    Raises:
        QueryFailed: NESTED_WINDOW.
    """
    parts = [*(node.args.get("partition_by") or ()), node.args.get("order"), node.args.get("spec")]
    inside = "Cannot nest window functions or row pattern measures inside window "
    for found, place in (
        (windows_in(node.this.iter_expressions()), "function arguments"),
        (windows_in(part for part in parts if part is not None), "specification"),
    ):
        if found:
            raise _refused(t, found[0], "NESTED_WINDOW", inside + place)


def check_base(t: Translator, node: exp.Expr, base: exp.Expr, bases: list[exp.Expr]) -> None:
    """Refuse what a window in parentheses may not say beside another that it starts from.

    Raises:
        QueryFailed: INVALID_WINDOW_REFERENCE, INVALID_PARTITION_BY, INVALID_ORDER_BY.
    """
    keys, order = node.args.get("partition_by"), node.args.get("order")
    if keys:
        problem = "WINDOW specification with named WINDOW reference cannot specify PARTITION BY"
        raise _refused(t, keys[0], "INVALID_PARTITION_BY", problem)
    if order is not None and any(known.args.get("order") is not None for known in bases):
        problem = "Cannot specify ORDER BY if referenced named WINDOW specifies ORDER BY"
        raise _refused(t, order, "INVALID_ORDER_BY", problem)
    if base.args.get("spec") is not None:
        problem = "Cannot reference named WINDOW containing frame specification"
        raise _refused(t, node.args["alias"], "INVALID_WINDOW_REFERENCE", problem)


def _refused(t: Translator, node: exp.Expr, name: str, problem: str) -> QueryFailed:
    return QueryFailed(name, t.context.where(node) + problem, error_type=1006)
