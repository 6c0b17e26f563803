"""A query of any kind. Each becomes one whose columns are c0, c1, ...

DuckDB sees only names made here, so its own rules for names, case and scopes never apply.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlglot import exp

from local_athena.errors import not_supported
from local_athena.parse.dialect import Athena
from local_athena.sql.build import NOTHING, commas, ident, sql
from local_athena.sql.fragment import Sql
from local_athena.sql.query import with_query
from local_athena.sql.typed import Column, Field, Relation, Typed
from local_athena.translate import aggregation
from local_athena.translate.grouping import UNGROUPED, Grouping, grouping, with_canonical_maps
from local_athena.translate.limits import limit_clause, ties_test
from local_athena.translate.ordering import distinct_clause, order_terms
from local_athena.translate.pattern_windows import closed, has_patterns, with_patterns
from local_athena.translate.relations import from_clause
from local_athena.translate.scope import Scope
from local_athena.translate.select_items import by_name, of_one_group, select_items
from local_athena.translate.set_operations import SET_WORDS, set_operation
from local_athena.translate.translating import Translator
from local_athena.translate.value_rows import values
from local_athena.translate.window_checks import check_places
from local_athena.translate.with_queries import with_tables


@dataclass(frozen=True, slots=True, kw_only=True)
class _Select:
    """The clauses of a SELECT; what it does not have is nothing."""

    distinct: Sql = NOTHING
    outputs: Sql
    source: Sql = NOTHING
    where: Sql | None = None
    grouping: Grouping = UNGROUPED
    order: Sql | None = None
    limits: Sql = NOTHING

    @property
    def sql(self) -> Sql:
        """The query."""
        where = sql(" WHERE {}", self.where) if self.where is not None else NOTHING
        order = sql(" ORDER BY {}", self.order) if self.order is not None else NOTHING
        return sql(
            "SELECT {}{}{}{}{}{}{}",
            self.distinct, self.outputs, self.source, where, self.grouping, order, self.limits,
        )  # fmt: skip


def translate_query(t: Translator, node: exp.Expr, outer: Scope) -> Relation:
    """A query expression of any kind.

    Raises:
        QueryFailed: it cannot be answered.
    """
    scope = outer.child()
    tables, recursive = with_tables(t, node, scope)
    made = _body(t, node, scope)
    return Relation(with_query(tables, made.sql, recursive=recursive), made.columns)


def _body(t: Translator, node: exp.Expr, scope: Scope) -> Relation:
    if isinstance(node, exp.Select):
        return _select(t, node, scope)
    if isinstance(node, exp.Subquery | exp.Paren):
        return _trailing(t, node, t.query(node.this, scope), scope)
    if type(node) in SET_WORDS:
        return _trailing(t, node, set_operation(t, node, scope), scope)
    if isinstance(node, exp.Values):
        return _trailing(t, node, values(t, node, scope), scope)
    if isinstance(node, exp.Table):
        return _select(t, exp.select("*").from_(node.copy()), scope)
    raise not_supported(f"Unsupported query: {node.sql(dialect=Athena)[:100]}")


def _trailing(t: Translator, node: exp.Expr, made: Relation, scope: Scope) -> Relation:
    """ORDER BY, OFFSET and LIMIT of a query that is not a SELECT; they see its columns only."""
    order, limits = node.args.get("order"), limit_clause(t, node)
    if order is None and limits == NOTHING:
        return made
    alias = t.context.alias("o")
    fields = [Field(c.name, Typed(ident(alias, f"c{i}"), c.type)) for i, c in enumerate(made.columns)]
    outputs = [f.value for f in fields]
    terms = order_terms(t, order, scope.beside(fields), outputs, {}) if order is not None else None
    selected = _Select(
        outputs=_numbered(outputs),
        source=sql(" FROM ({}) AS {}", made, ident(alias)),
        grouping=Grouping(qualify=ties_test(t, node, terms)),
        order=terms,
        limits=limits,
    )
    return Relation(selected.sql, made.columns)


def _numbered(outputs: list[Typed]) -> Sql:
    return commas(sql("{} AS {}", value, ident(f"c{i}")) for i, value in enumerate(outputs))


def _select(t: Translator, node: exp.Expr, scope: Scope) -> Relation:
    check_places(t, node)
    if has_patterns(node):
        return _selected(t, *_recognized(t, node, scope), grouped=False)
    source, fields = from_clause(t, node, scope)
    inner = scope.beside(fields)
    inner.windows = {w.name.lower(): (w, inner) for w in node.args.get("windows") or ()}
    return _selected(t, node, inner, source, _where(t, node, inner))


def _where(t: Translator, node: exp.Expr, inner: Scope) -> Sql | None:
    where = node.args.get("where")
    if where is None:
        return None
    aggregation.check_where(t, where.this)
    return t.filter(where.this, inner)


def _recognized(t: Translator, node: exp.Expr, scope: Scope) -> tuple[exp.Expr, Scope, Sql, Sql | None]:
    """A SELECT over what its windows with a row pattern found, which has no WHERE and no groups any more."""
    apart = closed(scope)
    source, fields = from_clause(t, node, apart)
    kept = _where(t, node, apart.beside(fields))
    rows = source if kept is None else sql("{} WHERE {}", source, kept)
    inner = scope.beside(fields)
    node, (source, _) = with_patterns(t, node, inner, (rows, fields))
    return node, inner, source, None


def _selected(
    t: Translator, node: exp.Expr, inner: Scope, source: Sql, kept: Sql | None, *, grouped: bool = True
) -> Relation:
    """A SELECT of rows whose names mean something in `inner`; `grouped`: it may have groups."""
    inner = with_canonical_maps(t, node, inner) if grouped else inner
    items = select_items(t, node, inner)
    groups = UNGROUPED
    if grouped:
        groups = grouping(t, node, inner, items)
        items = of_one_group(node, inner, items)
    outputs = [value for _, value, _ in items]
    distinct = distinct_clause(outputs) if node.args.get("distinct") is not None else NOTHING
    order, unique = node.args.get("order"), distinct != NOTHING
    named = by_name(items)
    terms = order_terms(t, order, inner, outputs, named, distinct=unique) if order is not None else None
    selected = _Select(
        distinct=distinct,
        outputs=_numbered(outputs),
        source=source,
        where=kept,
        grouping=_with_ties(t, node, groups, terms, distinct=unique),
        order=terms,
        limits=limit_clause(t, node),
    )
    return Relation(selected.sql, tuple(Column(name, value.type) for name, value, _ in items))


def _with_ties(
    t: Translator, node: exp.Expr, groups: Grouping, terms: Sql | None, *, distinct: bool
) -> Grouping:
    """The grouping with the test of FETCH FIRST WITH TIES."""
    ties = ties_test(t, node, terms)
    if ties is None:
        return groups
    if distinct or groups.qualify is not None:
        raise not_supported("FETCH FIRST WITH TIES of DISTINCT rows or zoned groups is not supported")
    return replace(groups, qualify=ties)
