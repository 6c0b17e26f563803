"""Arrays and rows as they are written, and what `[...]` picks out of arrays, maps and rows."""

from __future__ import annotations

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.sql.build import commas, failing, sql, struct
from local_athena.sql.casts import cast
from local_athena.sql.fragment import Sql
from local_athena.sql.operators import mismatch
from local_athena.sql.typed import Typed
from local_athena.translate.forms import case, reused
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Handler, Translator
from local_athena.types.trino import BIGINT, INTEGERS, UNKNOWN, TrinoType, array, row


def _array(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    items = [t.expression(item, scope) for item in node.expressions]
    if not items:
        return Typed(sql("CAST([] AS INTEGER[])"), array(UNKNOWN))
    items = t.unified(items, t.context.where(node), "All ARRAY elements must be the same type")
    return Typed(sql("[{}]", commas(items)), array(items[0].type))


def make_row(items: list[Typed], names: tuple[str | None, ...] | None = None) -> Typed:
    """ROW(items)."""
    packed = struct(**{f"f{i}": item for i, item in enumerate(items)})
    return Typed(packed, row(*(item.type for item in items), names=names))


def _tuple(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    return make_row([t.expression(item, scope) for item in node.expressions])


def _subscript(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    value, index = t.expression(node.this, scope), t.expression(node.expressions[0], scope)
    if value.type.base == "row":
        return _row_subscript(value, index)
    if value.type.base == "map":
        return _map_subscript(t, value, index)
    if value.type.base != "array" or index.type.base not in INTEGERS:
        raise mismatch(t.context.where(node), "[]", value, index)
    at, of = cast(t.context, index, BIGINT), value.type.element
    found = reused(at, (value,), lambda i: reused(value, (i,), lambda v: _element(v, i, of)))
    return Typed(found, of)


def _element(v: Sql, i: Sql, of: TrinoType) -> Sql:
    """The element of a list at a place from 1 on."""
    checks = (
        (sql("{} = 0", i), "SQL array indices start at 1"),
        (sql("{} < 0", i), "Array subscript is negative"),
        (sql("{} > len({})", i, v), "Array subscript must be less than or equal to array length"),
    )
    arms = ((test, failing(f"INVALID_FUNCTION_ARGUMENT: {message}", of)) for test, message in checks)
    return case(arms, sql("{}[{}]", v, i))


def _row_subscript(value: Typed, index: Typed) -> Typed:
    if not isinstance(index.constant, int) or not 1 <= index.constant <= len(value.type.parts):
        raise QueryFailed("INVALID_FUNCTION_ARGUMENT", f"line 1:8: Invalid subscript for {value.type}")
    return Typed(sql("({}).f{}", value, index.constant - 1), value.type.parts[index.constant - 1])


def _map_subscript(t: Translator, value: Typed, index: Typed) -> Typed:
    key, of = cast(t.context, index, value.type.element), value.type.value
    missing = failing("INVALID_FUNCTION_ARGUMENT: Key not present in map", of)

    def found(v: Sql, k: Sql) -> Sql:
        has = sql("map_contains({}, {})", v, k)
        return sql("CASE WHEN {0} THEN {1}[{2}] WHEN {0} IS NULL THEN NULL ELSE {3} END", has, v, k, missing)

    return Typed(reused(key, (value,), lambda k: reused(value, (k,), lambda v: found(v, k))), of)


HANDLERS: dict[type, Handler] = {
    exp.Array: _array,
    exp.Tuple: _tuple,
    exp.Bracket: _subscript,
}
