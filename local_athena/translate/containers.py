"""Arrays and rows as they are written, and what `[...]` picks out of arrays, maps and rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.translate.casts import cast
from local_athena.translate.operators import mismatch
from local_athena.translate.scope import Handler, Scope
from local_athena.translate.sql import fail, quoted
from local_athena.translate.typed import Typed
from local_athena.types.trino import BIGINT, INTEGERS, UNKNOWN, array, row

if TYPE_CHECKING:
    from local_athena.translate.translator import Translator


def _array(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    items = [t.expression(item, scope) for item in node.expressions]
    if not items:
        return Typed("CAST([] AS INTEGER[])", array(UNKNOWN))
    items = t.unified(items, t.context.where(node), "All ARRAY elements must be the same type")
    return Typed(f"[{', '.join(item.sql for item in items)}]", array(items[0].type))


def make_row(items: list[Typed], names: tuple[str | None, ...] | None = None) -> Typed:
    """ROW(items)."""
    packed = ", ".join(f"f{i} := {item.sql}" for i, item in enumerate(items))
    return Typed(f"struct_pack({packed})", row(*(item.type for item in items), names=names))


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
    i, v, element = cast(t.context, index, BIGINT).sql, value.sql, value.type.element
    checks = (
        (f"{i} = 0", "SQL array indices start at 1"),
        (f"{i} < 0", "Array subscript is negative"),
        (f"{i} > len({v})", "Array subscript must be less than or equal to array length"),
    )
    arms = " ".join(
        f"WHEN {test} THEN {fail(quoted('INVALID_FUNCTION_ARGUMENT: ' + message), element)}"
        for test, message in checks
    )
    return Typed(f"CASE {arms} ELSE {v}[{i}] END", element)


def _row_subscript(value: Typed, index: Typed) -> Typed:
    if not isinstance(index.constant, int) or not 1 <= index.constant <= len(value.type.parts):
        raise QueryFailed("INVALID_FUNCTION_ARGUMENT", f"line 1:8: Invalid subscript for {value.type}")
    return Typed(f"({value.sql}).f{index.constant - 1}", value.type.parts[index.constant - 1])


def _map_subscript(t: Translator, value: Typed, index: Typed) -> Typed:
    key = cast(t.context, index, value.type.element)
    missing = fail("'INVALID_FUNCTION_ARGUMENT: Key not present in map'", value.type.value)
    has = f"map_contains({value.sql}, {key.sql})"
    guarded = f"CASE WHEN {has} THEN {value.sql}[{key.sql}] WHEN {has} IS NULL THEN NULL ELSE {missing} END"
    return Typed(guarded, value.type.value)


HANDLERS: dict[type, Handler] = {
    exp.Array: _array,
    exp.Tuple: _tuple,
    exp.Bracket: _subscript,
}
