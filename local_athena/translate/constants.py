"""What a query writes out: literals of every type, NULL, and the values of its parameters."""

from __future__ import annotations

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.parse.dialect import TypedLiteral
from local_athena.sql import literals
from local_athena.sql.build import FALSE, TRUE, null_of
from local_athena.sql.interval_literals import interval
from local_athena.sql.typed import Typed
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Handler, Translator
from local_athena.types.trino import BOOLEAN, UNKNOWN
from local_athena.values import regular


def _literal(_: Translator, node: exp.Expr, __: Scope) -> Typed:
    return literals.literal(node)


def _typed_literal(t: Translator, node: exp.Expr, _: Scope) -> Typed:
    return literals.typed_literal(t.context, node)


def _null(_: Translator, __: exp.Expr, ___: Scope) -> Typed:
    return Typed(null_of(UNKNOWN), UNKNOWN)


def _boolean(_: Translator, node: exp.Expr, __: Scope) -> Typed:
    return Typed(TRUE if node.this else FALSE, BOOLEAN)


def _parameter(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    raise QueryFailed("INVALID_PARAMETER_USAGE", "Incorrect number of parameters: no value for a parameter")


def _unicode(_: Translator, node: exp.Expr, __: Scope) -> Typed:
    escape = node.args.get("escape")
    return literals.text(
        regular.unescape(str(node.this), escape.name if isinstance(escape, exp.Expr) else "\\")
    )


HANDLERS: dict[type, Handler] = {
    exp.Literal: _literal,
    TypedLiteral: _typed_literal,
    exp.HexString: lambda t, n, s: literals.hexadecimal(n),
    exp.UnicodeString: _unicode,
    exp.ParseJSON: lambda t, n, s: literals.json_literal(str(n.this.this)),
    exp.Interval: lambda t, n, s: interval(n),
    exp.Null: _null,
    exp.Boolean: _boolean,
    exp.Placeholder: _parameter,
}
