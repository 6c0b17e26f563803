"""Where aggregates may stand, and what may stand beside them: refused in Trino's words before DuckDB sees it.

https://trino.io/docs/current/sql/select.html#group-by-clause
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.functions.library import LIBRARY
from local_athena.parse.dialect import Athena
from local_athena.translate.scope import Scope

if TYPE_CHECKING:
    from local_athena.translate.translator import Translator

_PLAIN = re.compile(r'[\w.$"]+')


def is_aggregate(node: exp.Expr) -> bool:
    """Whether a call is of an aggregate function."""
    if isinstance(node, exp.GroupConcat):
        return True
    if isinstance(node, exp.Filter | exp.IgnoreNulls | exp.RespectNulls):
        return is_aggregate(node.this)
    name = node.name.lower() if isinstance(node, exp.Anonymous) else ""
    return any(entry.kind == "aggregate" for entry in LIBRARY.get(name, ()))


def aggregates(node: exp.Expr) -> list[exp.Expr]:
    """The aggregate calls of an expression, not those of its subqueries and windows, nor nested ones."""
    if is_aggregate(node):
        return [node]
    if isinstance(node, exp.Query):
        return []
    inner = node.this.iter_expressions() if isinstance(node, exp.Window) else node.iter_expressions()
    return [found for child in inner for found in aggregates(child)]


def check_where(t: Translator, condition: exp.Expr) -> None:
    """Refuse aggregates and windows in WHERE.

    Raises:
        QueryFailed: EXPRESSION_NOT_SCALAR.
    """
    windows = [
        n for n in condition.walk(prune=lambda n: isinstance(n, exp.Query)) if isinstance(n, exp.Window)
    ]
    wrong = windows or aggregates(condition)
    if wrong:
        shown = ", ".join(_text(node) for node in wrong)
        raise QueryFailed(
            "EXPRESSION_NOT_SCALAR",
            f"{t.context.where(condition)}WHERE clause cannot contain aggregations, window functions or "
            f"grouping operations: [{shown}]",
            error_type=1006,
        )


def check_grouped(t: Translator, nodes: list[exp.Expr], scope: Scope, keys: set[str]) -> None:
    """Refuse an expression of a grouped SELECT that reads a column which is neither a key nor aggregated.

    Raises:
        QueryFailed: EXPRESSION_NOT_AGGREGATE, NESTED_AGGREGATION.
    """
    for node in nodes:
        _check(t, node, node, scope, keys)


def _check(t: Translator, node: exp.Expr, whole: exp.Expr, scope: Scope, keys: set[str]) -> None:
    if isinstance(node, exp.Query | exp.Lambda):
        return  # DuckDB looks at what these read
    if is_aggregate(node):
        call = node.this if isinstance(node, exp.Filter) else node
        nested = [found for child in call.iter_expressions() for found in aggregates(child)]
        if nested:
            shown = ", ".join(map(_text, nested))
            raise QueryFailed(
                "NESTED_AGGREGATION",
                f"{t.context.where(node)}Cannot nest aggregations inside aggregation '{_name(call)}': "
                f"[{shown}]",
                error_type=1006,
            )
        return
    if isinstance(node, exp.Column):
        if (len(node.parts) == 1 or not _is_key(t, node, scope, keys)) and _reads(node, scope, keys):
            raise QueryFailed(
                "EXPRESSION_NOT_AGGREGATE",
                f"{t.context.where(whole)}'{_text(whole)}' must be an aggregate expression or appear in "
                "GROUP BY clause",
                error_type=1006,
            )
        return
    if keys and _is_key(t, node, scope, keys):
        return
    if isinstance(node, exp.Anonymous) and node.name.lower() == "grouping":
        return
    for child in node.iter_expressions():
        # The function of a window is none that groups: what it reads is looked at.
        inner = child.iter_expressions() if isinstance(node, exp.Window) and child is node.this else (child,)
        for part in inner:
            _check(t, part, whole, scope, keys)


def _reads(node: exp.Expr, scope: Scope, keys: set[str]) -> bool:
    """Whether a column is one of this SELECT's own and no key, nor part of one."""
    parts = tuple(part.name.lower() for part in node.parts)
    for length in range(len(parts), 0, -1):
        found = scope.find(parts[:length], "")
        if found is not None:
            return any(found is own for own in scope.fields) and found.value.sql not in keys
    return False


def _is_key(t: Translator, node: exp.Expr, scope: Scope, keys: set[str]) -> bool:
    if isinstance(
        node, exp.Literal | exp.Order | exp.Ordered | exp.WindowSpec | exp.Distinct | exp.Star | exp.If
    ):
        return False
    if all(map(_PLAIN.fullmatch, keys)):
        return False  # only columns are keys
    if any(isinstance(n, exp.Window) or is_aggregate(n) for n in node.walk()):
        return False
    try:
        return t.expression(node, scope).sql in keys
    except QueryFailed:
        return False


def _name(node: exp.Expr) -> str:
    return "listagg" if isinstance(node, exp.GroupConcat) else str(node.name).lower()


def _text(node: exp.Expr) -> str:
    """An expression as Trino writes it in messages: small letters but for texts."""
    return str(node.sql(dialect=Athena, normalize_functions="lower"))
