"""Names as values: columns, fields of rows by name, and the words that stand for a moment or a user.

A dotted name is tried as long as it goes (`catalog.schema.table.column`), what is left names fields of a row.
"""

from __future__ import annotations

from sqlglot import exp

from local_athena.errors import QueryFailed, not_supported
from local_athena.sql import literals
from local_athena.sql.build import sql
from local_athena.sql.typed import Typed
from local_athena.translate.moments import MOMENTS
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Handler, Translator


def _column(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    names = [part.name for part in node.parts]
    parts = tuple(name.lower() for name in names)
    if isinstance(node.this, exp.Star):
        raise not_supported("Unsupported expression: *")
    if parts[0] in scope.lambdas:
        return _dereference(t, scope.lambdas[parts[0]], names[1:], node)
    where = t.context.where(node)
    for length in range(len(parts), 0, -1):
        found = scope.find(parts[:length], where)
        if found is not None:
            if found.on_use is not None:
                found.on_use()
            return _dereference(t, found.value, names[length:], node)
    if len(parts) == 1 and parts[0] in BARE and not node.this.quoted:
        return BARE[parts[0]](t, node, scope)
    raise QueryFailed(
        "COLUMN_NOT_FOUND",
        f"{where}Column '{'.'.join(parts)}' cannot be resolved or requester is not authorized "
        "to access requested resources",
    )


def _dereference(t: Translator, value: Typed, names: list[str], node: exp.Expr) -> Typed:
    for name in names:
        value = field_of(value, name, t.context.where(node))
    return value


def field_of(value: Typed, name: str, where: str) -> Typed:
    """A field of a row by name."""
    if value.type.base != "row":
        raise QueryFailed("TYPE_MISMATCH", f"{where}Expression is not of type ROW")
    wanted = name.lower()
    found = [i for i, known in enumerate(value.type.names) if known is not None and known.lower() == wanted]
    if not found:
        raise QueryFailed("COLUMN_NOT_FOUND", f"{where}Column '{wanted}' cannot be resolved")
    if len(found) > 1:
        problem = f"Ambiguous row field reference: {wanted}"
        raise QueryFailed("AMBIGUOUS_NAME", where + problem, error_type=1006)
    return Typed(sql("({}).f{}", value, found[0]), value.type.parts[found[0]])


def _identifier(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    return _column(t, exp.column(node.copy()), scope)


def _dot(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    return field_of(t.expression(node.this, scope), node.expression.name, t.context.where(node))


BARE: dict[str, Handler] = {
    **MOMENTS,
    "current_user": lambda t, n, s: literals.text(t.context.user),
    "current_catalog": lambda t, n, s: literals.text("awsdatacatalog"),
    "current_schema": lambda t, n, s: literals.text(t.context.database),
}
HANDLERS: dict[type, Handler] = {
    exp.Column: _column,
    exp.Identifier: _identifier,
    exp.Dot: _dot,
    exp.CurrentUser: BARE["current_user"],
    exp.CurrentCatalog: BARE["current_catalog"],
}
