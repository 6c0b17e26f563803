"""UNION, INTERSECT and EXCEPT: both sides cast to the types in which their columns meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from local_athena.errors import QueryFailed, not_supported
from local_athena.translate.casts import cast
from local_athena.translate.keys import canonical, check_comparable, has_map, is_zoned
from local_athena.translate.ordering import distinct_clause
from local_athena.translate.scope import Scope
from local_athena.translate.typed import Column, Relation, Typed
from local_athena.types.coercion import common_type

if TYPE_CHECKING:
    from local_athena.translate.translator import Translator


SET_WORDS = {exp.Union: "UNION", exp.Intersect: "INTERSECT", exp.Except: "EXCEPT"}


def set_operation(t: Translator, node: exp.Expr, scope: Scope) -> Relation:
    """Two queries put together, without the ORDER BY and LIMIT that follow.

    Raises:
        QueryFailed: TYPE_MISMATCH, or NOT_SUPPORTED for what cannot be told apart by its instant.
    """
    left, right = (t.query(side, scope) for side in (node.this, node.expression))
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
        if word != "UNION" or node.args.get("distinct", True):
            check_comparable(common, "line 1:1: ", f"{word} DISTINCT")
        columns.append(Column(a.name, common))
    types: list[object] = [c.type for c in columns]
    first, second = fitted(t, left, types), fitted(t, right, types)
    everything = "" if node.args.get("distinct", True) else " ALL"
    if word == "UNION":
        return Relation(_union(t, first, second, everything, columns), tuple(columns))
    if not everything and any(is_zoned(c.type) for c in columns):
        raise not_supported(f"{word} of columns with time zone is not supported")
    first, second = (_comparable(t, side, columns) for side in (first, second))
    return Relation(f"({first}) {word}{everything} ({second})", tuple(columns))


def _union(t: Translator, first: str, second: str, everything: str, columns: list[Column]) -> str:
    if everything or not any(is_zoned(c.type) or has_map(c.type) for c in columns):
        return f"({first}) UNION{everything} ({second})"
    alias = t.context.alias("u")
    keys = distinct_clause([Typed(f"{alias}.c{i}", c.type) for i, c in enumerate(columns)])
    return f"SELECT {keys}* FROM (({first}) UNION ALL ({second})) AS {alias}"  # noqa: S608


def _comparable(t: Translator, sql: str, columns: list[Column]) -> str:
    """The query with the entries of its maps in one order."""
    if not any(has_map(c.type) for c in columns):
        return sql
    alias = t.context.alias("u")
    made = [canonical(Typed(f"{alias}.c{i}", c.type)).sql for i, c in enumerate(columns)]
    listed = ", ".join(f"{value} AS c{i}" for i, value in enumerate(made))
    return f"SELECT {listed} FROM ({sql}) AS {alias}"  # noqa: S608


def fitted(t: Translator, made: Relation, types: list[object]) -> str:
    """The query with its columns cast to `types`."""
    if [c.type for c in made.columns] == types:
        return made.sql
    alias = t.context.alias("u")
    items = [
        f"{cast(t.context, Typed(f'{alias}.c{i}', c.type), type_).sql} AS c{i}"  # type: ignore[arg-type]
        for i, (c, type_) in enumerate(zip(made.columns, types, strict=True))
    ]
    return f"SELECT {', '.join(items)} FROM ({made.sql}) AS {alias}"  # noqa: S608
