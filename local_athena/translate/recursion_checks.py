"""Where a query of WITH RECURSIVE may name itself, refused elsewhere in Trino's words."""

from __future__ import annotations

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.translate.context import QueryContext

IMMEDIATE = (
    ("with_", "WITH", "NOT_SUPPORTED", "immediate WITH clause in recursive query"),
    ("order", "ORDER", "NOT_SUPPORTED", "immediate ORDER BY clause in recursive query"),
    ("offset", "OFFSET", "NOT_SUPPORTED", "immediate OFFSET clause in recursive query"),
    ("limit", "LIMIT", "INVALID_LIMIT_CLAUSE", "immediate FETCH FIRST / LIMIT clause in recursive query"),
)
"""Clauses around the UNION that it may not have."""


def references(node: exp.Expr, name: str) -> list[exp.Expr]:
    """The tables inside that a name means, which no WITH inside means otherwise."""
    clause = node.args.get("with_")
    if clause is not None and any(cte.alias.lower() == name.lower() for cte in clause.expressions):
        return []
    if isinstance(node, exp.Table) and node.name.lower() == name.lower() and not node.db:
        return [node]
    return [found for child in node.iter_expressions() for found in references(child, name)]


def check_shape(context: QueryContext, cte: exp.Expr) -> None:
    """Refuse a query that has no column names, or a recursion inside.

    Raises:
        QueryFailed: MISSING_COLUMN_ALIASES, NESTED_RECURSIVE.
    """
    alias = cte.args["alias"]
    if not alias.args.get("columns"):
        where = context.where(alias)
        raise _refused("MISSING_COLUMN_ALIASES", f"{where}missing column aliases in recursive WITH query")
    for inner in cte.this.find_all(exp.With):
        if inner.args.get("recursive"):
            where = context.where_word("WITH", inner)
            raise _refused("NESTED_RECURSIVE", f"{where}nested recursive WITH query")


def check_place(context: QueryContext, cte: exp.Expr, found: list[exp.Expr]) -> None:
    """Refuse a query whose references to itself, `found`, are not one in FROM of the step of a UNION.

    Raises:
        QueryFailed: INVALID_RECURSIVE_REFERENCE, NOT_SUPPORTED, INVALID_LIMIT_CLAUSE.
    """
    union = cte.this
    if not isinstance(union, exp.Union):
        raise _wrong(context, found[0], "recursive reference not allowed in this context")
    base = references(union.this, cte.alias)
    if base:
        raise _wrong(context, base[0], "WITH table name is referenced in the base relation of recursion")
    step = references(union.expression, cte.alias)
    if len(step) > 1:
        raise _wrong(context, step[1], "multiple recursive references in the step relation of recursion")
    for key, word, error, problem in IMMEDIATE:
        if union.args.get(key) is not None:
            raise _refused(error, context.where_word(word, union.args[key]) + problem)
    for reference in step:
        _check_from(context, reference, union.expression)


def _check_from(context: QueryContext, reference: exp.Expr, step: exp.Expr) -> None:
    """Look at the way from the step to its reference: through FROM, on no side that a join fills up."""
    node = reference
    while node is not step and node.parent is not None:
        above, key = node.parent, node.arg_key
        if isinstance(above, exp.Select):
            if key not in ("from_", "joins"):
                problem = "recursive reference outside of FROM clause of the step relation of recursion"
                raise _wrong(context, reference, problem)
            _check_joins(context, reference, above, node)
        node = above


def _check_joins(context: QueryContext, reference: exp.Expr, select: exp.Expr, holder: exp.Expr) -> None:
    joins = select.args.get("joins") or []
    own = next((i for i, join in enumerate(joins) if join is holder), -1)
    sides = [str(join.side or "").upper() for join in joins]
    if own >= 0 and sides[own] in ("LEFT", "FULL"):
        raise _wrong(context, reference, f"recursive reference in right source of {sides[own]} join")
    for side in sides[own + 1 :]:
        if side in ("RIGHT", "FULL"):
            raise _wrong(context, reference, f"recursive reference in left source of {side} join")


def _wrong(context: QueryContext, reference: exp.Expr, problem: str) -> QueryFailed:
    return _refused("INVALID_RECURSIVE_REFERENCE", context.where(reference) + problem)


def _refused(name: str, message: str) -> QueryFailed:
    return QueryFailed(name, message, error_type=1006)
