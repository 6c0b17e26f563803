"""A query of any kind. Each becomes one whose columns are c0, c1, ...

DuckDB sees only names made here, so its own rules for names, case and scopes never apply.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from local_athena.errors import not_supported
from local_athena.parse.dialect import Athena
from local_athena.parse.match_recognize import PatternWindow
from local_athena.translate import aggregation, grouping
from local_athena.translate.call_forms import PATTERN_WINDOW
from local_athena.translate.keys import has_map
from local_athena.translate.limits import limit_clause, ties_clause
from local_athena.translate.ordering import distinct_clause, order_terms
from local_athena.translate.relations import from_clause
from local_athena.translate.scope import Scope
from local_athena.translate.select_items import by_name, of_one_group, select_items
from local_athena.translate.set_operations import SET_WORDS, set_operation
from local_athena.translate.typed import Column, Field, Relation, Typed
from local_athena.translate.value_rows import values
from local_athena.translate.with_queries import with_clause

if TYPE_CHECKING:
    from local_athena.translate.translator import Translator


def translate_query(t: Translator, node: exp.Expr, outer: Scope) -> Relation:
    """A query expression of any kind.

    Raises:
        QueryFailed: it cannot be answered.
    """
    scope = outer.child()
    with_sql = with_clause(t, node, scope)
    made = _body(t, node, scope)
    return Relation(f"{with_sql}{made.sql}", made.columns)


def _body(t: Translator, node: exp.Expr, scope: Scope) -> Relation:
    if isinstance(node, exp.Select):
        return _select(t, node, scope)
    if isinstance(node, exp.Subquery | exp.Paren):
        return _wrapped(t, node, scope)
    if type(node) in SET_WORDS:
        return _trailing(t, node, set_operation(t, node, scope), scope)
    if isinstance(node, exp.Values):
        return _trailing(t, node, values(t, node, scope), scope)
    if isinstance(node, exp.Table):
        return _select(t, exp.select("*").from_(node.copy()), scope)
    raise not_supported(f"Unsupported query: {node.sql(dialect=Athena)[:100]}")


def _wrapped(t: Translator, node: exp.Expr, scope: Scope) -> Relation:
    return _trailing(t, node, translate_query(t, node.this, scope), scope)


def _trailing(t: Translator, node: exp.Expr, made: Relation, scope: Scope) -> Relation:
    """ORDER BY, OFFSET and LIMIT of a query that is not a SELECT; they see its columns only."""
    order, rest = node.args.get("order"), limit_clause(t, node)
    if order is None and not rest:
        return made
    alias = t.context.alias("o")
    fields = [Field(c.name, Typed(f"{alias}.c{i}", c.type)) for i, c in enumerate(made.columns)]
    terms = order_terms(t, order, scope.beside(fields), [f.value for f in fields], {}) if order else ""
    names = ", ".join(f"{alias}.c{i} AS c{i}" for i in range(len(made.columns)))
    rest = ties_clause(t, node, terms) + terms + rest
    return Relation(f"SELECT {names} FROM ({made.sql}) AS {alias}{rest}", made.columns)  # noqa: S608


def _select(t: Translator, node: exp.Expr, scope: Scope) -> Relation:
    if any(isinstance(window, PatternWindow) for window in node.args.get("windows") or ()):
        raise not_supported(PATTERN_WINDOW)
    from_sql, fields = from_clause(t, node, scope)
    inner = scope.beside(fields)
    inner.windows = {w.name.lower(): (w, inner) for w in node.args.get("windows") or ()}
    where = node.args.get("where")
    if where is not None:
        aggregation.check_where(t, where.this)
    where_sql = f" WHERE {t.boolean(where.this, inner).sql}" if where is not None else ""
    items = select_items(t, node, inner)
    if any(has_map(f.value.type) for f in inner.fields):
        inner = grouping.with_canonical_maps(t, node, inner, items)
        items = select_items(t, node, inner)
    group_sql = grouping.group_clause(t, node, inner, items)
    items = of_one_group(node, scope, items)
    columns = tuple(Column(name, value.type) for name, value, _ in items)
    outputs = [value for _, value, _ in items]
    selected = ", ".join(f"{value.sql} AS c{i}" for i, value in enumerate(outputs))
    distinct = distinct_clause(outputs) if node.args.get("distinct") is not None else ""
    order = node.args.get("order")
    terms = order_terms(t, order, inner, outputs, by_name(items), distinct) if order is not None else ""
    limits, ties = limit_clause(t, node), ties_clause(t, node, terms)
    if ties and (distinct or " QUALIFY " in group_sql):
        raise not_supported("FETCH FIRST WITH TIES of DISTINCT rows or zoned groups is not supported")
    sql = f"SELECT {distinct}{selected}{from_sql}{where_sql}{group_sql}{ties}{terms}"
    return Relation(sql + limits, columns)
