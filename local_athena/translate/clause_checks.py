"""Which clauses may stand inside and around a call, refused in Trino's words.

https://trino.io/docs/current/functions/window.html and aggregate.html
"""

from __future__ import annotations

from sqlglot import exp

from local_athena.errors import QueryFailed, not_supported
from local_athena.functions.library import LIBRARY
from local_athena.sql.aggregate import Clauses
from local_athena.translate.translating import Translator

BY_VALUE = frozenset(("first_value", "last_value", "nth_value", "lag", "lead"))
"""Window functions that may leave NULLs out."""
BY_PLACE = frozenset(("lag", "lead"))
"""Window functions that need an order, and have no frame."""


def check_clauses(name: str, kind: str, clauses: Clauses, where: str) -> None:
    """Refuse what only an aggregate may have, and a window function without a window.

    Raises:
        QueryFailed: FUNCTION_NOT_AGGREGATE, FUNCTION_NOT_WINDOW, MISSING_OVER, NOT_SUPPORTED.
    """
    if kind == "window" and clauses.over is None:
        problem = f"Window function system.builtin.{name} requires an OVER clause"
        raise QueryFailed("MISSING_OVER", where + problem)
    if kind == "window" and clauses.filter is not None:
        raise not_supported(f"{where}FILTER is not yet supported for window functions")
    if kind != "scalar":
        return
    if clauses.over is not None:
        raise QueryFailed("FUNCTION_NOT_WINDOW", f"{where}Not a window function: {name}")
    for given, problem in (
        (clauses.distinct, "DISTINCT is not supported for non-aggregation functions"),
        (clauses.order, "ORDER BY is only valid for aggregation functions"),
        (clauses.filter is not None, "Filter is only valid for aggregation functions"),
    ):
        if given:
            raise QueryFailed("FUNCTION_NOT_AGGREGATE", where + problem)


def check_distinct(t: Translator, arguments: list[exp.Expr], order: exp.Expr | None) -> None:
    """Refuse DISTINCT of all columns, or in an order of something else.

    Raises:
        QueryFailed: SYNTAX_ERROR, EXPRESSION_NOT_IN_DISTINCT.
    """
    if isinstance(arguments[0], exp.Star):
        where = t.context.where(arguments[0])
        raise QueryFailed("SYNTAX_ERROR", f"{where}mismatched input '*'. Expecting: <expression>")
    for term in order.expressions if order is not None else ():
        if term.this not in arguments:
            problem = "For aggregate function with DISTINCT, ORDER BY expressions must appear in arguments"
            raise QueryFailed("EXPRESSION_NOT_IN_DISTINCT", t.context.where(term) + problem)


def check_window(t: Translator, node: exp.Expr, *, in_pattern: bool) -> None:
    """Refuse what a function may not have over a window; one of a row pattern may be of distinct values.

    Raises:
        QueryFailed: NOT_SUPPORTED, NULL_TREATMENT_NOT_ALLOWED, MISSING_ORDER_BY, INVALID_WINDOW_FRAME.
    """
    if isinstance(node.this, exp.Filter) and not in_pattern:
        raise not_supported(f"{t.context.where(node)}FILTER is not yet supported for window functions")
    call = node.this.this if isinstance(node.this, exp.Filter) else node.this
    has_nulls = isinstance(call, exp.IgnoreNulls | exp.RespectNulls)
    inner = call.this if has_nulls else call
    if not isinstance(inner, exp.Anonymous):
        return
    name, where = inner.name.lower(), t.context.where(inner)
    if has_nulls and name not in BY_VALUE and name in LIBRARY:
        problem = f"Cannot specify null treatment clause for {name} function"
        raise QueryFailed("NULL_TREATMENT_NOT_ALLOWED", where + problem)
    if name in BY_PLACE and node.args.get("alias") is None:
        _check_place(t, name, node)


def _check_place(t: Translator, name: str, node: exp.Expr) -> None:
    where = t.context.where(node)
    if node.args.get("order") is None:
        raise QueryFailed("MISSING_ORDER_BY", f"{where}{name} function requires an ORDER BY window clause")
    if node.args.get("spec") is not None:
        raise QueryFailed("INVALID_WINDOW_FRAME", f"{where}Cannot specify window frame for {name} function")
