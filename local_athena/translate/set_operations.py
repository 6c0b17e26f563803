"""UNION, INTERSECT and EXCEPT: both sides cast to the types in which their columns meet."""

from __future__ import annotations

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.sql.build import NOTHING, commas, ident, joined, sql, word
from local_athena.sql.casts import cast
from local_athena.sql.fragment import Sql
from local_athena.sql.keys import canonical, check_comparable, distinct_key, has_map, is_zoned
from local_athena.sql.typed import Column, Relation, Typed
from local_athena.translate.chains import chained, operands
from local_athena.translate.ordering import distinct_clause
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Translator
from local_athena.types.coercion import common_type

SET_WORDS = {exp.Union: "UNION", exp.Intersect: "INTERSECT", exp.Except: "EXCEPT"}


def set_operation(t: Translator, node: exp.Expr, scope: Scope) -> Relation:
    """Queries put together, without the ORDER BY and LIMIT that follow.

    Raises:
        QueryFailed: TYPE_MISMATCH; NOT_SUPPORTED for a zoned time inside an array, map or row.
    """
    kind, distinct = SET_WORDS[type(node)], _is_distinct(node)
    sides = [t.query(side, scope) for side in _sides(node)]
    columns = sides[0].columns
    for side in sides[1:]:
        columns = _met(columns, side.columns, kind, distinct=distinct)
    fit = [fitted(t, side, columns) for side in sides]
    if kind == "UNION":
        return Relation(_union(t, fit, columns, distinct=distinct), columns)
    if any(is_zoned(c.type) for c in columns):
        return Relation(_by_instants(t, kind, fit, columns, distinct=distinct), columns)
    first, second = (_comparable(t, side, columns) for side in fit)
    every = NOTHING if distinct else sql(" ALL")
    return Relation(sql("({}) {}{} ({})", first, word(kind), every, second), columns)


def _sides(node: exp.Expr) -> list[exp.Expr]:
    """The queries of an operation; a chain of UNIONs of one kind is one operation."""
    if not isinstance(node, exp.Union):
        return [node.this, node.expression]
    return operands(node, lambda inner: _is_distinct(inner) == _is_distinct(node) and _is_bare(inner))


def _is_distinct(operation: exp.Expr) -> bool:
    return bool(operation.args.get("distinct", True))


def _is_bare(union: exp.Expr) -> bool:
    """Whether nothing stands around a UNION but its sides."""
    return not any(union.args.get(key) for key in ("with_", "order", "limit", "offset"))


def _met(
    left: tuple[Column, ...], right: tuple[Column, ...], kind: str, *, distinct: bool
) -> tuple[Column, ...]:
    """The columns in which those of two sides meet."""
    if len(left) != len(right):
        raise QueryFailed(
            "TYPE_MISMATCH",
            f"line 1:1: {kind} query has different number of fields: {len(left)}, {len(right)}",
        )
    columns = []
    for i, (a, b) in enumerate(zip(left, right, strict=True)):
        common = common_type(a.type, b.type)
        if common is None:
            raise QueryFailed(
                "TYPE_MISMATCH",
                f"line 1:1: column {i + 1} in {kind} query has incompatible types: {a.type}, {b.type}",
            )
        if kind != "UNION" or distinct:
            check_comparable(common, "line 1:1: ", f"{kind} DISTINCT")
        columns.append(Column(a.name, common))
    return tuple(columns)


def _union(t: Translator, sides: list[Sql], columns: tuple[Column, ...], *, distinct: bool) -> Sql:
    inside = [sql("({})", side) for side in sides]
    if not distinct:
        return chained(" UNION ALL ", inside)
    if not any(is_zoned(c.type) or has_map(c.type) for c in columns):
        return chained(" UNION ", inside)
    alias = t.context.alias("u")
    keys = distinct_clause([Typed(ident(alias, f"c{i}"), c.type) for i, c in enumerate(columns)])
    return sql("SELECT {}* FROM ({}) AS {}", keys, chained(" UNION ALL ", inside), ident(alias))


def _by_instants(
    t: Translator, kind: str, sides: list[Sql], columns: tuple[Column, ...], *, distinct: bool
) -> Sql:
    """INTERSECT and EXCEPT where equal rows may look different: the n-th of a kind meets the n-th of it."""
    left, right = t.context.alias("u"), t.context.alias("u")
    keys = [_keys(name, columns) for name in (left, right)]
    rows = [_numbered(t, side, columns) for side in sides]
    same = [sql("{} IS NOT DISTINCT FROM {}", a, b) for a, b in zip(*keys, strict=True)]
    same.append(sql("{} = {}", ident(left, "n"), ident(right, "n")))
    met = sql("EXISTS (SELECT 1 FROM ({}) AS {} WHERE {})", rows[1], ident(right), joined(" AND ", same))
    kept = met if kind == "INTERSECT" else sql("NOT {}", met)
    once = sql("{} = 1 AND ", ident(left, "n")) if distinct else NOTHING
    listed = commas(ident(left, f"c{i}") for i in range(len(columns)))
    return sql("SELECT {} FROM ({}) AS {} WHERE {}{}", listed, rows[0], ident(left), once, kept)


def _keys(alias: str, columns: tuple[Column, ...]) -> list[Sql]:
    return [distinct_key(Typed(ident(alias, f"c{i}"), c.type)) for i, c in enumerate(columns)]


def _numbered(t: Translator, side: Sql, columns: tuple[Column, ...]) -> Sql:
    """A side, with how many rows like it have come."""
    alias = t.context.alias("u")
    number = sql("row_number() OVER (PARTITION BY {})", commas(_keys(alias, columns)))
    return sql("SELECT *, {} AS {} FROM ({}) AS {}", number, ident("n"), side, ident(alias))


def _comparable(t: Translator, side: Sql, columns: tuple[Column, ...]) -> Sql:
    """The query with the entries of its maps in one order."""
    if not any(has_map(c.type) for c in columns):
        return side
    alias = t.context.alias("u")
    made = [canonical(Typed(ident(alias, f"c{i}"), c.type)) for i, c in enumerate(columns)]
    listed = commas(sql("{} AS {}", value, ident(f"c{i}")) for i, value in enumerate(made))
    return sql("SELECT {} FROM ({}) AS {}", listed, side, ident(alias))


def fitted(t: Translator, made: Relation, wanted: tuple[Column, ...]) -> Sql:
    """The query with its columns cast to the types of others."""
    if [c.type for c in made.columns] == [c.type for c in wanted]:
        return made.sql
    alias = t.context.alias("u")
    items = [
        sql("{} AS {}", cast(t.context, Typed(ident(alias, f"c{i}"), a.type), b.type), ident(f"c{i}"))
        for i, (a, b) in enumerate(zip(made.columns, wanted, strict=True))
    ]
    return sql("SELECT {} FROM ({}) AS {}", commas(items), made, ident(alias))
