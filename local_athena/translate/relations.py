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
from local_athena.sql.build import NOTHING, call, commas, ident, joined, sql
from local_athena.sql.fragment import Sql
from local_athena.sql.typed import Column, Field, Scan, Typed
from local_athena.translate import pruning, versions
from local_athena.translate.joins import join
from local_athena.translate.match_recognize import match_recognize
from local_athena.translate.scope import Scope
from local_athena.translate.spatial_joins import with_where
from local_athena.translate.table_functions import table_function
from local_athena.translate.translating import Source, Translator
from local_athena.translate.value_rows import values
from local_athena.translate.view_columns import as_stored
from local_athena.translate.with_columns import renamed
from local_athena.types.coercion import NUMERIC
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
        made = sql("{} TABLESAMPLE bernoulli({}%)", made, _number(_percent(t, node.args["sample"])))
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
        made = sql("{} TABLESAMPLE bernoulli({}%)", made, _number(_percent(t, node.args["sample"])))
    if any(node.args.get(key) for key in ("pivots", "match_recognize")):
        raise not_supported(f"{t.context.where(node)}Unsupported clause after a table")
    return made, fields


def _percent(t: Translator, sample: exp.Expr) -> float:
    """TABLESAMPLE BERNOULLI (percent): each row by chance; SYSTEM takes rows too, as Trino allows."""
    percent = sample.args.get("percent")
    method = sample.args.get("method")
    if percent is None or str(method).upper() not in ("BERNOULLI", "SYSTEM"):
        raise not_supported("TABLESAMPLE takes BERNOULLI or SYSTEM and a percentage")
    share = t.expression(percent, Scope())
    if share.type.base not in NUMERIC or not isinstance(share.constant, int | float):
        raise QueryFailed("TYPE_MISMATCH", f"{t.context.where(percent)}Sample percentage should be a number")
    if not 0 <= share.constant <= 100:
        raise QueryFailed(
            "INVALID_ARGUMENTS", f"{t.context.where(percent)}Sample percentage must be between 0 and 100"
        )
    t.context.copies.changing += 1
    return share.constant


def _by_chance(t: Translator, sample: exp.Expr | None, rows: Sql) -> Sql:
    """What follows LATERAL, with its TABLESAMPLE: DuckDB has none there."""
    if sample is None:
        return rows
    return sql("SELECT * FROM ({}) WHERE random() * 100 < {}", rows, _number(_percent(t, sample)))


def _beside(scope: Scope, sample: exp.Expr | None) -> Scope:
    """What a relation sees that may see its neighbours; a sample of it does not."""
    return scope if sample is None else Scope(parent=scope.parent, ctes=scope.ctes)


def _number(value: float) -> Sql:
    """A number as it is written after TABLESAMPLE, where DuckDB takes no expression."""
    millionths = round(value * 1_000_000)
    digits = joined("", [millionths // 10**place % 10 for place in range(5, -1, -1)])
    return sql("{}.{}", millionths // 1_000_000, digits)


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
    made = t.query(inner, _beside(scope, sample))
    rows = sql("LATERAL ({})", _by_chance(t, sample, sql("{}", made)))
    return _named(t, rows, made.columns, node.args.get("alias"), ())


def _unnest(t: Translator, node: exp.Expr, scope: Scope) -> Source:
    """UNNEST(a, b) WITH ORDINALITY: side by side, the shorter filled with NULL; a map gives two columns,
    rows their fields.
    """
    sample = node.args.get("sample")
    values = [t.expression(item, _beside(scope, sample)) for item in node.expressions]
    ordinality = node.args.get("offset")
    alias = node.args.get("alias")
    name = t.context.alias()
    lists: list[Typed] = []
    items: list[tuple[str | None, Typed]] = []
    for value in values:
        items += _unnested(value, lists, t.context.where(node))
    if ordinality:
        length = sql("greatest({}, 0)", commas(sql("coalesce(len({}), 0)", item) for item in lists))
        items.append((None, Typed(ident(f"u{len(lists)}"), BIGINT)))
        lists.append(Typed(sql("range(1, {} + 1)", length), BIGINT))
    selected = commas(sql("{} AS {}", value, ident(f"c{i}")) for i, (_, value) in enumerate(items))
    # DuckDB unnests lists side by side; only this form works at any depth of correlation.
    side_by_side = commas(sql("unnest({}) AS {}", item, ident(f"u{i}")) for i, item in enumerate(lists))
    made = sql("SELECT {} FROM (SELECT {})", selected, side_by_side)
    rows = sql("LATERAL ({})", _by_chance(t, sample, made))
    columns = tuple(Column(n, v.type) for n, v in items)
    if isinstance(alias, exp.TableAlias) and alias.args.get("columns"):
        names = [c.name for c in alias.args["columns"]]
        if len(names) != len(columns):
            raise QueryFailed(
                "MISMATCHED_COLUMN_ALIASES",
                f"line 1:1: Column alias list has {len(names)} entries but '{alias.name}' has "
                f"{len(columns)} columns available",
            )
        columns = tuple(Column(n, c.type) for n, c in zip(names, columns, strict=True))
    qualifier = (alias.name.lower(),) if alias is not None and alias.this is not None else ()
    fields = [Field(c.name, Typed(ident(name, f"c{i}"), c.type), qualifier) for i, c in enumerate(columns)]
    return sql("{} AS {}", rows, ident(name)), fields


def _unnested(value: Typed, lists: list[Typed], where: str) -> list[tuple[str | None, Typed]]:
    """The columns an unnested value brings; its lists are added to `lists` and called u0, u1, ..."""
    at = len(lists)
    if value.type.base == "map":
        lists += [Typed(call(f"map_{part}", value), value.type) for part in ("keys", "values")]
        parts = (value.type.element, value.type.value)
        return [(None, Typed(ident(f"u{at + i}"), part)) for i, part in enumerate(parts)]
    if value.type.base != "array":
        raise QueryFailed("TYPE_MISMATCH", f"{where}Cannot unnest type: {value.type}")
    lists.append(value)
    item = Typed(ident(f"u{at}"), value.type.element)
    if item.type.base != "row":
        return [(None, item)]
    return [
        (n, Typed(sql("({}).f{}", item, i), p))
        for i, (n, p) in enumerate(zip(item.type.names, item.type.parts, strict=True))
    ]


SOURCES: dict[type, Callable[..., Source]] = {
    RowPatternRecognition: match_recognize,
    exp.Table: _table,
    exp.Subquery: _subquery,
    exp.Values: _values,
    exp.Lateral: _lateral,
    exp.Unnest: _unnest,
}
