"""LIMIT, OFFSET and FETCH FIRST, with ties or without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from local_athena.errors import QueryFailed

if TYPE_CHECKING:
    from local_athena.translate.translator import Translator


def limit_clause(t: Translator, node: exp.Expr) -> str:
    """` LIMIT ... OFFSET ...`, or nothing; a FETCH FIRST WITH TIES is left to `ties_clause`."""
    limit, offset = node.args.get("limit"), node.args.get("offset")
    sql = ""
    if isinstance(limit, exp.Fetch) and _with_ties(limit):
        pass  # QUALIFY has counted the rows
    elif isinstance(limit, exp.Fetch):
        sql += f" LIMIT {_first(t, limit)}"
    elif limit is not None and not _everything(limit):
        sql += f" LIMIT {_count(t, limit.expression)}"
    if offset is not None:
        sql += f" OFFSET {_count(t, offset.expression)}"
    return sql


def _with_ties(limit: exp.Expr | None) -> bool:
    options = limit.args.get("limit_options") if isinstance(limit, exp.Fetch) else None
    return options is not None and bool(options.args.get("with_ties"))


def ties_clause(t: Translator, node: exp.Expr, terms: str) -> str:
    """` QUALIFY ...` that keeps the first rows and those that sort equal to the last of them."""
    limit, offset = node.args.get("limit"), node.args.get("offset")
    if not _with_ties(limit):
        return ""
    if not terms:
        raise QueryFailed("MISSING_ORDER_BY", "line 1:1: FETCH FIRST WITH TIES clause requires ORDER BY")
    last = _first(t, limit)
    if offset is not None:
        last += _count(t, offset.expression)
    return f" QUALIFY rank() OVER ({terms.strip()}) <= {last}"


def _everything(limit: exp.Expr) -> bool:
    return isinstance(limit.expression, exp.Column | exp.Var) and limit.expression.name.upper() == "ALL"


def _first(t: Translator, fetch: exp.Expr) -> int:
    """How many rows FETCH FIRST takes, which is one unless it says."""
    count = _count(t, fetch.args.get("count"))
    if count == 0:
        raise QueryFailed(
            "NUMERIC_VALUE_OUT_OF_RANGE",
            "line 1:1: FETCH FIRST row count must be positive (actual value: 0)",
            error_type=1006,
        )
    return count


def _count(t: Translator, node: exp.Expr | None) -> int:
    if node is None:
        return 1
    if not isinstance(node, exp.Literal) or node.is_string or not str(node.this).isdigit():
        raise QueryFailed("TYPE_MISMATCH", "line 1:1: LIMIT and OFFSET take a whole number", error_type=1006)
    return int(node.this)
