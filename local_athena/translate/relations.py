"""FROM: tables, views, subqueries, joins, UNNEST, LATERAL, VALUES, and the fields each brings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from sqlglot import exp

from local_athena.errors import QueryFailed, not_supported
from local_athena.parse.dialect import Athena
from local_athena.parse.match_recognize import RowPatternRecognition
from local_athena.sql.build import NOTHING, ident, sql
from local_athena.sql.fragment import Sql
from local_athena.sql.typed import Column, Field, Scan, Typed
from local_athena.translate import pruning, versions
from local_athena.translate.joins import join
from local_athena.translate.match_recognize import match_recognize
from local_athena.translate.sampling import beside, by_chance, percentage
from local_athena.translate.scope import Scope
from local_athena.translate.spatial_joins import with_where
from local_athena.translate.table_functions import table_function
from local_athena.translate.translating import Source, Translator
from local_athena.translate.unnesting import unnest
from local_athena.translate.value_rows import values
from local_athena.translate.view_columns import as_stored
from local_athena.translate.with_columns import renamed
from local_athena.types.trino import BIGINT, VARCHAR, TrinoType, timestamp_tz

HIDDEN = {"$path": VARCHAR, "$file_size": BIGINT}
OF_FILES = {"$file_modified_time": timestamp_tz(3), "$partition": VARCHAR}
"""Hidden columns of tables that a SerDe reads."""
ROW_POSITION = {"$row_position": BIGINT}


def from_clause(t: Translator, node: exp.Expr, scope: Scope) -> Source:
    """` FROM ...` of a SELECT and its fields; nothing and none without FROM."""
    start = node.args.get("from_")
    if start is None:
        return NOTHING, []
    first = len(t.context.scans)
    made, fields = source(t, start.this, scope)
    if isinstance(start.this, exp.Unnest) and scope.is_nested:
        # Beside nothing, DuckDB loses the outer columns that the query reads too.
        made = sql("(SELECT 1) AS {} CROSS JOIN {}", ident(t.context.alias()), made)
    for item in start.this.args.get("joins") or ():
        made, fields = join(t, (made, fields), item, scope)
    for item in node.args.get("joins") or ():
        met = item if scope.is_nested else with_where(node, item)
        made, fields = join(t, (made, fields), met, scope)
    if node.args.get("sample") is not None:
        made = sql("{} TABLESAMPLE bernoulli({}%)", made, percentage(t, node.args["sample"]))
    where = node.args.get("where")
    if where is not None:
        pruning.collect(t, t.context.scans[first:], where.this, scope.beside(fields))
    return sql(" FROM {}", made), fields


def source(t: Translator, node: exp.Expr, scope: Scope) -> Source:
    """One relation of FROM: its SQL and its fields.

    Raises:
        QueryFailed: it cannot be read.
    """
    maker = SOURCES.get(type(node))
    if maker is None:
        raise not_supported(f"{t.context.where(node)}Unsupported relation: {node.sql(dialect=Athena)[:100]}")
    made, fields = maker(t, node, scope)
    if node.args.get("sample") is not None and not isinstance(node, exp.Unnest):
        made = sql("{} TABLESAMPLE bernoulli({}%)", made, percentage(t, node.args["sample"]))
    if any(node.args.get(key) for key in ("pivots", "match_recognize")):
        raise not_supported(f"{t.context.where(node)}Unsupported clause after a table")
    return made, fields


def _table(t: Translator, node: exp.Expr, scope: Scope) -> Source:
    if isinstance(node.this, exp.Values):
        return _values(t, node, scope)
    if isinstance(node.this, exp.Anonymous | exp.Func):
        made = table_function(t, node)
        return _named(t, sql("({})", made), made.columns, node.args.get("alias"), ())
    parts = tuple(part.name.lower() for part in node.parts)
    alias = node.args.get("alias")
    if len(parts) == 1 and parts[0] in scope.ctes:
        name, columns = scope.ctes[parts[0]]
        t.context.copies.read(name)
        return _named(t, ident(name), columns, alias, parts[-1:])
    bound = t.context.tables.resolve(parts, t.context.where(node), versions.moment(t, node))
    qualifier = (
        (alias.name.lower(),)
        if alias is not None and alias.this is not None
        else ("awsdatacatalog", bound.database, bound.name)
    )
    if bound.view_sql is not None:
        return _view(t, bound, alias, qualifier, t.context.where(node))
    return _scan(t, bound, alias, qualifier)


def _named(
    t: Translator, rows: Sql, columns: tuple[Column, ...], alias: Any, qualifier: tuple[str, ...]
) -> Source:
    name = t.context.alias()
    if isinstance(alias, exp.TableAlias) and alias.this is not None:
        qualifier = (alias.name.lower(),)
    # Wider qualifiers stay visible for `db.table.column`.
    columns = _aliased(columns, alias)
    fields = [Field(c.name, Typed(ident(name, f"c{i}"), c.type), qualifier) for i, c in enumerate(columns)]
    return sql("{} AS {}", rows, ident(name)), fields


def _aliased(columns: tuple[Column, ...], alias: Any) -> tuple[Column, ...]:
    return renamed(columns, alias, alias.name if alias is not None else "")


def _view(t: Translator, bound: Any, alias: Any, qualifier: tuple[str, ...], where: str) -> Source:
    if bound.full_name in t.context.views:
        raise QueryFailed(
            "VIEW_IS_RECURSIVE", f"line 1:1: View '{bound.full_name}' is recursive", error_type=1107
        )
    inner = t.context.views
    database, t.context.views = t.context.database, (*inner, bound.full_name)
    t.context.tables, kept = bound.tables_inside, t.context.tables
    try:
        made = t.query(bound.view_tree(), Scope())
    finally:
        t.context.views, t.context.tables, t.context.database = inner, kept, database
    made = as_stored(t.context, made, bound, where)
    return _named(t, sql("({})", made), made.columns, alias, qualifier)


def _scan(t: Translator, bound: Any, alias: Any, qualifier: tuple[str, ...]) -> Source:
    scan = Scan(t.context.alias("scan"), bound)
    t.context.scans.append(scan)
    name = t.context.alias()
    columns = _aliased(tuple(Column(c.name, c.type) for c in bound.columns), alias)
    fields = [
        Field(
            shown.name,
            Typed(ident(name, c.name), c.type),
            qualifier,
            on_use=partial(scan.used.add, c.name),
        )
        for shown, c in zip(columns, bound.columns, strict=True)
    ]
    fields += [
        Field(n, Typed(ident(name, n), type_), qualifier, hidden=True, on_use=partial(scan.used.add, n))
        for n, type_ in _hidden(bound).items()
    ]
    return sql("{} AS {}", ident(scan.name), ident(name)), fields


def _hidden(bound: Any) -> dict[str, TrinoType]:
    more = ROW_POSITION if bound.row_positions else OF_FILES if bound.read is None else {}
    return HIDDEN | more


def _is_relation(node: exp.Expr) -> bool:
    """Whether parentheses hold a table or a join, not a query."""
    if isinstance(node, exp.Subquery):
        return bool(node.args.get("joins") or node.args.get("alias")) or _is_relation(node.this)
    return isinstance(node, exp.Table | exp.Unnest | exp.Lateral | RowPatternRecognition)


def _subquery(t: Translator, node: exp.Expr, scope: Scope) -> Source:
    inner = node.this
    if _is_relation(inner):
        joins = inner.args.get("joins") or ()
        rows, fields = source(t, inner, scope)
        for item in joins:
            rows, fields = join(t, (rows, fields), item, scope)
        # DuckDB reads parentheses round a join, not round a single table.
        return (sql("({})", rows) if joins else rows), _qualified(fields, node.args.get("alias"))
    # A subquery in FROM sees the outer query, not its neighbours.
    made = t.query(inner, Scope(parent=scope.parent, ctes=scope.ctes))
    return _named(t, sql("({})", made), made.columns, node.args.get("alias"), ())


def _qualified(fields: list[Field], alias: Any) -> list[Field]:
    """The fields of a relation in parentheses under the name that follows them."""
    if alias is None or alias.this is None:
        return fields
    shown = [field for field in fields if not field.hidden]
    names = _aliased(tuple(Column(field.name, field.value.type) for field in shown), alias)
    qualifier = (alias.name.lower(),)
    return [
        replace(field, name=column.name, qualifier=qualifier)
        for field, column in zip(shown, names, strict=True)
    ]


def _values(t: Translator, node: exp.Expr, scope: Scope) -> Source:
    inner = node.this if isinstance(node, exp.Table) else node
    made = values(t, inner, Scope(parent=scope.parent, ctes=scope.ctes))
    return _named(t, sql("({})", made), made.columns, node.args.get("alias"), ())


def _lateral(t: Translator, node: exp.Expr, scope: Scope) -> Source:
    inner = node.this.this if isinstance(node.this, exp.Subquery) else node.this
    sample = node.this.args.get("sample")
    made = t.query(inner, beside(scope, sample))
    rows = sql("LATERAL ({})", by_chance(t, sample, sql("{}", made)))
    return _named(t, rows, made.columns, node.args.get("alias"), ())


SOURCES: dict[type, Callable[..., Source]] = {
    RowPatternRecognition: match_recognize,
    exp.Table: _table,
    exp.Subquery: _subquery,
    exp.Values: _values,
    exp.Lateral: _lateral,
    exp.Unnest: unnest,
}
