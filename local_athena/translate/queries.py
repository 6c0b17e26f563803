"""SELECT, set operations, VALUES and WITH. Each query becomes one whose columns are c0, c1, ...

DuckDB sees only names made here, so its own rules for names, case and scopes never apply.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from local_athena.errors import QueryFailed, not_supported
from local_athena.parse.dialect import Athena
from local_athena.translate import aggregation, grouping
from local_athena.translate.casts import cast
from local_athena.translate.operators import distinct_key, is_zoned, order_key
from local_athena.translate.relations import from_clause
from local_athena.translate.scope import Scope
from local_athena.translate.sql import fail, quoted
from local_athena.translate.typed import Column, Field, Relation, Typed
from local_athena.types.coercion import common_type
from local_athena.types.trino import BIGINT

if TYPE_CHECKING:
    from local_athena.translate.translator import Translator

SET_WORDS = {exp.Union: "UNION", exp.Intersect: "INTERSECT", exp.Except: "EXCEPT"}


def translate_query(t: Translator, node: exp.Expr, outer: Scope) -> Relation:
    """A query expression of any kind.

    Raises:
        QueryFailed: it cannot be answered.
    """
    scope = outer.child()
    with_sql = _with(t, node, scope)
    made = _body(t, node, scope)
    return Relation(f"{with_sql}{made.sql}", made.columns)


def _body(t: Translator, node: exp.Expr, scope: Scope) -> Relation:
    if isinstance(node, exp.Select):
        return _select(t, node, scope)
    if isinstance(node, exp.Subquery | exp.Paren):
        return _wrapped(t, node, scope)
    if type(node) in SET_WORDS:
        return _set_operation(t, node, scope)
    if isinstance(node, exp.Values):
        return _trailing(t, node, values(t, node, scope), scope)
    if isinstance(node, exp.Table):
        return _select(t, exp.select("*").from_(node.copy()), scope)
    raise not_supported(f"Unsupported query: {node.sql(dialect=Athena)[:100]}")


def _wrapped(t: Translator, node: exp.Expr, scope: Scope) -> Relation:
    inner = translate_query(t, node.this, scope)
    return _trailing(t, node, inner, scope)


def _with(t: Translator, node: exp.Expr, scope: Scope) -> str:
    clause = node.args.get("with_")
    if clause is None:
        return ""
    recursive = bool(clause.args.get("recursive"))
    parts = []
    for cte in clause.expressions:
        name = t.context.alias("w")
        made = _recursive(t, cte, name, scope) if recursive and _mentions(cte) else None
        made = made or translate_query(t, cte.this, scope)
        columns = renamed(made.columns, cte.args.get("alias"), cte.alias)
        parts += t.context.ctes
        t.context.ctes = []
        scope.ctes[cte.alias.lower()] = (name, columns)
        names = ", ".join(f"c{i}" for i in range(len(columns)))
        parts.append(f"{name}({names}) AS ({made.sql})")
    return f"WITH {'RECURSIVE ' if recursive else ''}{', '.join(parts)} "


def _mentions(cte: exp.Expr) -> bool:
    return isinstance(cte.this, exp.Union) and any(
        table.name.lower() == cte.alias.lower() and not table.db for table in cte.this.find_all(exp.Table)
    )


MOST_STEPS = 10
"""Trino's max_recursion_depth, which Athena lets nobody change; the last step must find nothing."""


def _recursive(t: Translator, cte: exp.Expr, name: str, scope: Scope) -> Relation:
    """A recursive WITH query: DuckDB's recursion with the number of the step beside each row.

    Trino's UNION drops equal rows at the end only, and a recursion of too many steps fails.
    """
    union = cte.this
    base = translate_query(t, union.this, scope)
    columns = renamed(base.columns, cte.args.get("alias"), cte.alias)
    inner, steps = scope.child(), t.context.alias("w")
    inner.ctes[cte.alias.lower()] = (steps, columns)
    step = translate_query(t, union.expression, inner)
    if not re.search(rf"\b{steps}\b", step.sql):
        return translate_query(t, union, scope)  # an inner WITH has taken the name
    fitted = _fitted(t, step, [c.type for c in columns])
    names = ", ".join(f"c{i}" for i in range(len(columns)))
    message = (
        f"NOT_SUPPORTED: Recursion depth limit exceeded ({MOST_STEPS}). Use 'max_recursion_depth' session "
    )
    deep = fail(quoted(message + "property to modify the limit."), BIGINT)
    number = f"CASE WHEN last >= {MOST_STEPS - 1} THEN {deep} ELSE last + 1 END"
    before = f"(SELECT max(step) AS last FROM {steps})"  # noqa: S608
    rows = (
        f"(SELECT *, CAST(0 AS BIGINT) FROM ({base.sql})) UNION ALL "  # noqa: S608
        f"(SELECT s.*, {number} FROM ({fitted}) AS s, {before})"
    )
    t.context.ctes.append(f"{steps}({names}, step) AS ({rows})")
    distinct = "DISTINCT " if union.args.get("distinct", True) else ""
    return Relation(f"SELECT {distinct}{names} FROM {steps}", columns)  # noqa: S608


def renamed(columns: tuple[Column, ...], alias: exp.Expr | None, name: str) -> tuple[Column, ...]:
    """Columns under the names of a column alias list, if there is one.

    Raises:
        QueryFailed: the list has another length.
    """
    names = alias.args.get("columns") if isinstance(alias, exp.TableAlias) else None
    if not names:
        return columns
    if len(names) != len(columns):
        raise QueryFailed(
            "MISMATCHED_COLUMN_ALIASES",
            f"line 1:1: Column alias list has {len(names)} entries but '{name}' has {len(columns)} "
            "columns available",
        )
    return tuple(Column(n.name, c.type) for n, c in zip(names, columns, strict=True))


def _fitted(t: Translator, made: Relation, types: list[object]) -> str:
    """The query with its columns cast to `types`."""
    if [c.type for c in made.columns] == types:
        return made.sql
    alias = t.context.alias("u")
    items = [
        f"{cast(t.context, Typed(f'{alias}.c{i}', c.type), type_).sql} AS c{i}"  # type: ignore[arg-type]
        for i, (c, type_) in enumerate(zip(made.columns, types, strict=True))
    ]
    return f"SELECT {', '.join(items)} FROM ({made.sql}) AS {alias}"  # noqa: S608


def _set_operation(t: Translator, node: exp.Expr, scope: Scope) -> Relation:
    left, right = (translate_query(t, side, scope) for side in (node.this, node.expression))
    word = SET_WORDS[type(node)]
    if len(left.columns) != len(right.columns):
        raise QueryFailed(
            "TYPE_MISMATCH",
            f"line 1:1: {word} query has different number of fields: {len(left.columns)}, "
            f"{len(right.columns)}",
        )
    columns = []
    for i, (a, b) in enumerate(zip(left.columns, right.columns, strict=True)):
        common = common_type(a.type, b.type)
        if common is None:
            raise QueryFailed(
                "TYPE_MISMATCH",
                f"line 1:1: column {i + 1} in {word} query has incompatible types: {a.type}, {b.type}",
            )
        columns.append(Column(a.name, common))
    types: list[object] = [c.type for c in columns]
    everything = "" if node.args.get("distinct", True) else " ALL"
    first, second = _fitted(t, left, types), _fitted(t, right, types)
    sql = f"({first}) {word}{everything} ({second})"
    if not everything and any(is_zoned(c.type) for c in columns):
        if word != "UNION":
            raise not_supported(f"{word} of columns with time zone is not supported")
        alias = t.context.alias("u")
        keys = _distinct([Typed(f"{alias}.c{i}", c.type) for i, c in enumerate(columns)])
        sql = f"SELECT {keys}* FROM (({first}) UNION ALL ({second})) AS {alias}"  # noqa: S608
    return _trailing(t, node, Relation(sql, tuple(columns)), scope)


def values(t: Translator, node: exp.Expr, scope: Scope) -> Relation:
    """VALUES rows; their columns have no names."""
    rows = []
    for item in node.expressions:
        made = [t.expression(e, scope) for e in _cells(item)]
        if len(made) == 1 and made[0].type.base == "row" and isinstance(item, exp.Anonymous | exp.Tuple):
            cell = made[0]
            made = [Typed(f"({cell.sql}).f{i}", part) for i, part in enumerate(cell.type.parts)]
        rows.append(made)
    if len({len(row) for row in rows}) != 1:
        raise QueryFailed("TYPE_MISMATCH", "line 1:1: Values rows have mismatched sizes", error_type=1006)
    fitted = [
        t.unified(list(column), "line 1:1: ", "Values rows have mismatched types")
        for column in zip(*rows, strict=True)
    ]
    lines = ", ".join(f"({', '.join(cell.sql for cell in row)})" for row in zip(*fitted, strict=True))
    names = ", ".join(f"c{i}" for i in range(len(fitted)))
    alias = t.context.alias("v")
    sql = f"SELECT {names} FROM (VALUES {lines}) AS {alias}({names})"  # noqa: S608
    return Relation(sql, tuple(Column(None, column[0].type) for column in fitted))


def _cells(item: exp.Expr) -> list[exp.Expr]:
    if isinstance(item, exp.Tuple):
        return list(item.expressions)
    if isinstance(item, exp.Paren):
        return [item.this]
    if isinstance(item, exp.Anonymous) and item.name.lower() == "row":
        return list(item.expressions)
    return [item]


def _trailing(t: Translator, node: exp.Expr, made: Relation, scope: Scope) -> Relation:
    """ORDER BY, OFFSET and LIMIT of a query that is not a SELECT; they see its columns only."""
    order, rest = node.args.get("order"), _limits(t, node)
    if order is None and not rest:
        return made
    alias = t.context.alias("o")
    fields = [Field(c.name, Typed(f"{alias}.c{i}", c.type)) for i, c in enumerate(made.columns)]
    terms = _order_terms(t, order, scope.beside(fields), [f.value for f in fields], {}) if order else ""
    names = ", ".join(f"{alias}.c{i} AS c{i}" for i in range(len(made.columns)))
    rest = _ties(t, node, terms) + terms + rest
    return Relation(f"SELECT {names} FROM ({made.sql}) AS {alias}{rest}", made.columns)  # noqa: S608


def _select(t: Translator, node: exp.Expr, scope: Scope) -> Relation:
    if node.args.get("match") is not None:
        raise not_supported("MATCH_RECOGNIZE is not supported")
    from_sql, fields = from_clause(t, node, scope)
    inner = scope.beside(fields)
    inner.windows = {w.name.lower(): w for w in node.args.get("windows") or ()}
    where = node.args.get("where")
    if where is not None:
        aggregation.check_where(t, where.this)
    where_sql = f" WHERE {t.boolean(where.this, inner).sql}" if where is not None else ""
    items = _items(t, node, inner)
    group_sql = grouping.group_clause(t, node, inner, items)
    items = _of_one_group(node, scope, items)
    columns = tuple(Column(name, value.type) for name, value, _ in items)
    outputs = [value for _, value, _ in items]
    selected = ", ".join(f"{value.sql} AS c{i}" for i, value in enumerate(outputs))
    distinct = _distinct(outputs) if node.args.get("distinct") is not None else ""
    order = node.args.get("order")
    terms = _order_terms(t, order, inner, outputs, _by_name(items), distinct) if order is not None else ""
    limits, ties = _limits(t, node), _ties(t, node, terms)
    if ties and (distinct or " QUALIFY " in group_sql):
        raise not_supported("FETCH FIRST WITH TIES of DISTINCT rows or zoned groups is not supported")
    sql = f"SELECT {distinct}{selected}{from_sql}{where_sql}{group_sql}{ties}{terms}"
    return Relation(sql + limits, columns)


def _distinct(outputs: list[Typed]) -> str:
    """DISTINCT; of one instant in several zones, one stays."""
    if not any(is_zoned(value.type) for value in outputs):
        return "DISTINCT "
    return f"DISTINCT ON ({', '.join(map(distinct_key, outputs))}) "


Item = tuple[str | None, Typed, exp.Expr | None]


def _items(t: Translator, node: exp.Expr, scope: Scope) -> list[Item]:
    """The select list with its stars expanded: name, value, and the expression it came from."""
    items: list[Item] = []
    for item in node.expressions:
        if (starred := _starred(t, item, scope)) is not None:
            items += starred
            continue
        inner = (item.this if isinstance(item, exp.Alias) else item).unnest()
        items.append((_name(item), t.expression(inner, scope), inner))
    return items


def _of_one_group(node: exp.Expr, scope: Scope, items: list[Item]) -> list[Item]:
    """Constants beside aggregates of one group, tied to that group where the query may be correlated.

    DuckDB would otherwise answer NULL for them when the group is empty.
    """
    nested, outer = False, scope.parent
    while outer is not None:
        nested, outer = nested or bool(outer.fields), outer.parent
    aggregates = [value is not None and bool(aggregation.aggregates(value)) for _, _, value in items]
    if not nested or node.args.get("group") is not None or not any(aggregates):
        return items
    return [
        item
        if has
        else (item[0], replace(item[1], sql=f"CASE WHEN count(*) >= 0 THEN {item[1].sql} END"), item[2])
        for item, has in zip(items, aggregates, strict=True)
    ]


def _starred(t: Translator, item: exp.Expr, scope: Scope) -> list[Item] | None:
    """The items of `*`, `t.*` or `row.*`, under the names that `AS (...)` gives; None for anything else."""
    inner = item.this if isinstance(item, exp.Aliases) else item
    if isinstance(inner, exp.Star) or (isinstance(inner, exp.Column) and isinstance(inner.this, exp.Star)):
        items = _star(t, inner, scope)
    elif isinstance(inner, exp.Dot) and isinstance(inner.expression, exp.Star):
        items = _fields_of(t, t.expression(inner.this, scope), inner)
    else:
        return None
    if inner is item:
        return items
    names = [name.name for name in item.expressions]
    if len(names) != len(items):
        where = t.context.where(item)
        raise QueryFailed(
            "MISMATCHED_COLUMN_ALIASES",
            f"{where}Column alias list has {len(names)} entries but relation has {len(items)} columns",
        )
    return [(name, value, node) for name, (_, value, node) in zip(names, items, strict=True)]


def _fields_of(t: Translator, value: Typed, node: exp.Expr) -> list[Item]:
    """`row.*`: the fields of a row."""
    if value.type.base != "row":
        raise QueryFailed("TYPE_MISMATCH", f"{t.context.where(node)}Expression is not of type ROW")
    parts = zip(value.type.names, value.type.parts, strict=True)
    return [(name, Typed(f"({value.sql}).f{i}", part), None) for i, (name, part) in enumerate(parts)]


def _name(item: exp.Expr) -> str | None:
    if isinstance(item, exp.Alias):
        return str(item.alias)
    plain = item.unnest()
    if isinstance(plain, exp.Column | exp.Dot):
        return str(plain.name) or None
    return None


def _star(t: Translator, item: exp.Expr, scope: Scope) -> list[Item]:
    prefix = tuple(part.name.lower() for part in item.parts[:-1]) if isinstance(item, exp.Column) else ()
    fields = [
        f for f in scope.fields if not f.hidden and (not prefix or f.qualifier[-len(prefix) :] == prefix)
    ]
    if not fields and any(scope.find(prefix[:n], "") for n in range(1, len(prefix) + 1)):
        named = ("this", "table", "db", "catalog")
        column = exp.Column(**dict(zip(named, reversed(item.parts[:-1]), strict=False)))
        return _fields_of(t, t.expression(column, scope), item)
    if not fields and prefix and scope.parent is not None:
        return _star(t, item, scope.parent)
    if not fields:
        where = t.context.where(item)
        what = (
            f"Unable to resolve reference {'.'.join(prefix)}"
            if prefix
            else "SELECT * not allowed in queries without FROM clause"
        )
        raise QueryFailed(
            "SYNTAX_ERROR" if not prefix else "TABLE_NOT_FOUND", f"{where}{what}", error_type=1006
        )
    for f in fields:
        if f.on_use is not None:
            f.on_use()
    return [(f.name, f.value, None) for f in fields]


def _by_name(items: list[Item]) -> dict[str, list[Typed]]:
    named: dict[str, list[Typed]] = {}
    for name, value, _ in items:
        if name is not None and value not in named.get(name.lower(), []):
            named.setdefault(name.lower(), []).append(value)
    return named


def _order_terms(
    t: Translator,
    order: exp.Expr,
    scope: Scope,
    outputs: list[Typed],
    named: dict[str, list[Typed]],
    distinct: str = "",
) -> str:
    values = [_sort_value(t, term.this, scope, outputs, named) for term in order.expressions]
    shown = {value.sql for value in outputs}
    for value, term in zip(values, order.expressions, strict=True):
        if distinct and value.sql not in shown:
            raise QueryFailed(
                "EXPRESSION_NOT_IN_DISTINCT",
                f"{t.context.where(term)}For SELECT DISTINCT, ORDER BY expressions must appear in "
                "select list",
                error_type=1006,
            )
    return f" ORDER BY {', '.join(map(order_term, values, order.expressions))}"


def order_term(value: Typed, term: exp.Expr) -> str:
    """One term of ORDER BY; NULLs come last unless the query says otherwise."""
    direction = "DESC" if term.args.get("desc") else "ASC"
    nulls = "FIRST" if term.args.get("nulls_first") else "LAST"
    return f"{order_key(value)} {direction} NULLS {nulls}"


def _sort_value(
    t: Translator, node: exp.Expr, scope: Scope, outputs: list[Typed], named: dict[str, list[Typed]]
) -> Typed:
    if isinstance(node, exp.Literal) and not node.is_string:
        at = int(node.this)
        if not 1 <= at <= len(outputs):
            raise QueryFailed(
                "INVALID_COLUMN_REFERENCE", f"line 1:1: ORDER BY position {at} is not in select list"
            )
        return outputs[at - 1]
    if isinstance(node, exp.Column) and len(node.parts) == 1 and node.name.lower() in named:
        found = named[node.name.lower()]
        if len(found) > 1:
            raise QueryFailed(
                "AMBIGUOUS_NAME", f"{t.context.where(node)}Column '{node.name.lower()}' is ambiguous"
            )
        return found[0]
    aliases = [Field(name, found[0]) for name, found in named.items()]
    # An output name hides the input column of that name, unless the column is qualified.
    hidden = [replace(f, qualified_only=(f.name or "").lower() in named) for f in scope.fields]
    return t.expression(node, scope.beside([*aliases, *hidden]))


def _limits(t: Translator, node: exp.Expr) -> str:
    limit, offset = node.args.get("limit"), node.args.get("offset")
    sql = ""
    if isinstance(limit, exp.Fetch) and _with_ties(limit):
        pass  # QUALIFY has counted the rows
    elif isinstance(limit, exp.Fetch):
        sql += f" LIMIT {_count(t, limit.args.get('count'))}"
    elif limit is not None and not _everything(limit):
        sql += f" LIMIT {_count(t, limit.expression)}"
    if offset is not None:
        sql += f" OFFSET {_count(t, offset.expression)}"
    return sql


def _with_ties(limit: exp.Expr | None) -> bool:
    options = limit.args.get("limit_options") if isinstance(limit, exp.Fetch) else None
    return options is not None and bool(options.args.get("with_ties"))


def _ties(t: Translator, node: exp.Expr, terms: str) -> str:
    """` QUALIFY ...` that keeps the first rows and those that sort equal to the last of them."""
    limit, offset = node.args.get("limit"), node.args.get("offset")
    if not _with_ties(limit):
        return ""
    if not terms:
        raise QueryFailed("MISSING_ORDER_BY", "line 1:1: FETCH FIRST WITH TIES clause requires ORDER BY")
    last = _count(t, limit.args.get("count"))
    if offset is not None:
        last += _count(t, offset.expression)
    return f" QUALIFY rank() OVER ({terms.strip()}) <= {last}"


def _everything(limit: exp.Expr) -> bool:
    return isinstance(limit.expression, exp.Column | exp.Var) and limit.expression.name.upper() == "ALL"


def _count(t: Translator, node: exp.Expr | None) -> int:
    if node is None:
        return 1
    if not isinstance(node, exp.Literal) or node.is_string or not str(node.this).isdigit():
        raise QueryFailed("TYPE_MISMATCH", "line 1:1: LIMIT and OFFSET take a whole number", error_type=1006)
    return int(node.this)
