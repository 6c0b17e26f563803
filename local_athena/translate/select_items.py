"""The select list: its stars expanded, each item with its name and the expression it came from."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.sql.build import sql
from local_athena.sql.typed import Typed
from local_athena.translate import aggregation
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Translator

Item = tuple[str | None, Typed, exp.Expr | None]


def select_items(t: Translator, node: exp.Expr, scope: Scope) -> list[Item]:
    """The select list with its stars expanded: name, value, and the expression it came from."""
    items: list[Item] = []
    for item in node.expressions:
        if (starred := _starred(t, item, scope)) is not None:
            items += starred
            continue
        inner = (item.this if isinstance(item, exp.Alias) else item).unnest()
        items.append((_name(item), t.expression(inner, scope), inner))
    return items


def of_one_group(node: exp.Expr, scope: Scope, items: list[Item]) -> list[Item]:
    """Constants beside aggregates of one group, tied to that group where the query may be correlated.

    DuckDB would otherwise answer NULL for them when the group is empty.
    """
    aggregates = [value is not None and bool(aggregation.aggregates(value)) for _, _, value in items]
    if not scope.is_nested or node.args.get("group") is not None or not any(aggregates):
        return items
    return [
        item
        if has
        else (item[0], replace(item[1], sql=sql("CASE WHEN count(*) >= 0 THEN {} END", item[1])), item[2])
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
    return [(name, Typed(sql("({}).f{}", value, i), part), None) for i, (name, part) in enumerate(parts)]


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


def by_name(items: list[Item]) -> dict[str, list[Typed]]:
    """The values of each output name, in lower case."""
    named: dict[str, list[Typed]] = {}
    for name, value, _ in items:
        if name is not None:
            named.setdefault(name.lower(), []).append(value)
    return named
