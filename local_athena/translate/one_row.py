"""Refuse the scalar subqueries whose one row DuckDB loses.

An aggregation without GROUP BY has one row even of nothing. Under a correlated scalar subquery DuckDB
finds that row again by the aggregate that the subquery returns; one that returns something else, or
filters, is NULL instead.
"""

from __future__ import annotations

from sqlglot import exp

from local_athena.errors import not_supported
from local_athena.sql.reads import relations_read
from local_athena.translate import aggregation
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Translator


def check_one_row(t: Translator, query: exp.Expr, scope: Scope) -> None:
    """Look at a scalar subquery that stands where `scope` is, after it was translated.

    Raises:
        QueryFailed: NOT_SUPPORTED.
    """
    if not scope.fields and not scope.is_nested:
        return
    if _loses(query) and any(_is_correlated(t, inner, scope) for inner in _sources(query)):
        problem = "A correlated subquery that selects from an aggregation and returns none of its values"
        raise not_supported(f"{t.context.where(query)}{problem} is not supported")


def _sources(query: exp.Select) -> list[exp.Select]:
    """The queries in FROM that have one row."""
    start = query.args.get("from_")
    items = [start, *(query.args.get("joins") or ())] if start is not None else []
    inner = [item.this.this for item in items if isinstance(item.this, exp.Subquery)]
    return [found for found in inner if isinstance(found, exp.Select) and _has_one_row(found)]


def _loses(query: exp.Expr) -> bool:
    if not isinstance(query, exp.Select) or _is_aggregated(query):
        return False
    inner = _sources(query)
    if not inner:
        return False
    if query.args.get("joins") or query.args.get("where") is not None or any(map(_loses, inner)):
        return True
    names = {name.lower() for name in (*inner[0].named_selects, *_column_aliases(query.args["from_"].this))}
    return not all(_reads(item, names) for item in query.expressions)


def _has_one_row(query: exp.Select) -> bool:
    return query.args.get("group") is None if _is_aggregated(query) else bool(_sources(query))


def _is_aggregated(query: exp.Select) -> bool:
    return query.args.get("group") is not None or any(map(aggregation.aggregates, query.expressions))


def _column_aliases(source: exp.Expr) -> list[str]:
    alias = source.args.get("alias")
    return [column.name for column in (alias.args.get("columns") or ())] if alias is not None else []


def _reads(item: exp.Expr, names: set[str]) -> bool:
    return isinstance(item, exp.Star) or any(
        isinstance(column.this, exp.Star) or column.name.lower() in names
        for column in item.find_all(exp.Column)
    )


def _is_correlated(t: Translator, query: exp.Expr, scope: Scope) -> bool:
    """Whether a query that was translated reads a column of those around it."""
    reads = relations_read(t.translated(query).sql)
    around: Scope | None = scope
    while around is not None:
        if any(reads & relations_read(field.value.sql) for field in around.fields):
            return True
        around = around.parent
    return False
