"""LIMIT, OFFSET and FETCH FIRST, with ties or without."""

from __future__ import annotations

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.sql.build import NOTHING, joined, sql
from local_athena.sql.fragment import Sql
from local_athena.translate.translating import Translator


def limit_clause(t: Translator, node: exp.Expr) -> Sql:
    """` LIMIT ... OFFSET ...`, or nothing; a FETCH FIRST WITH TIES is left to `ties_test`."""
    limit, offset = node.args.get("limit"), node.args.get("offset")
    parts = []
    if isinstance(limit, exp.Fetch):
        parts += [] if _with_ties(limit) else [sql(" LIMIT {}", _first(t, limit))]
    elif limit is not None and not _everything(limit):
        parts.append(sql(" LIMIT {}", _count(t, limit.expression)))
    if offset is not None:
        parts.append(sql(" OFFSET {}", _count(t, offset.expression)))
    return joined("", parts) if parts else NOTHING


def _with_ties(limit: exp.Expr | None) -> bool:
    options = limit.args.get("limit_options") if isinstance(limit, exp.Fetch) else None
    return options is not None and bool(options.args.get("with_ties"))


def ties_test(t: Translator, node: exp.Expr, terms: Sql | None) -> Sql | None:
    """What is true of the first rows and of those that sort equal to the last of them."""
    limit, offset = node.args.get("limit"), node.args.get("offset")
    if not isinstance(limit, exp.Fetch) or not _with_ties(limit):
        return None
    if terms is None:
        raise QueryFailed("MISSING_ORDER_BY", "line 1:1: FETCH FIRST WITH TIES clause requires ORDER BY")
    last = _first(t, limit)
    if offset is not None:
        last += _count(t, offset.expression)
    return sql("rank() OVER (ORDER BY {}) <= {}", terms, last)


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
