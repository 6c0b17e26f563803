"""Every kind of expression to a typed one: a table of node classes, each with its function.

A kind belongs to the file of its idea; arithmetic, casts and subqueries are short enough to stand here.
"""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from local_athena.errors import QueryFailed, not_supported
from local_athena.parse.dialect import Athena
from local_athena.sql.build import ident, sql
from local_athena.sql.casts import cast
from local_athena.sql.fragment import Sql
from local_athena.sql.operators import arithmetic_of
from local_athena.sql.type_names import type_of
from local_athena.sql.typed import Typed
from local_athena.sql.unknown_sides import AMBIGUOUS
from local_athena.translate import (
    call_forms,
    conditions,
    constants,
    containers,
    json_forms,
    moments,
    names,
)
from local_athena.translate.calls import is_strict
from local_athena.translate.forms import bound
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Handler, Translator
from local_athena.types.trino import BIGINT


def translate_expression(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    """One expression.

    Raises:
        QueryFailed: a name, a type or a function does not fit.
    """
    handler = HANDLERS.get(type(node))
    if isinstance(node, exp.Lambda | exp.JSONExtract):
        # The parser reads an arrow outside a call as another database's operator.
        problem = "Lambda expression should always be used inside a function"
        raise QueryFailed("TYPE_MISMATCH", t.context.where(node) + problem)
    if handler is None:
        raise not_supported(
            f"{t.context.where(node)}Unsupported expression: {node.sql(dialect=Athena)[:200]}"
        )
    with t.context.within_try(t.context.forgiving and _passes_null(node)):
        return handler(t, node, scope)


def _passes_null(node: exp.Expr) -> bool:
    """Whether it is NULL when what it is made of is."""
    return is_strict(node.name.lower()) if isinstance(node, exp.Anonymous) else type(node) in STRICT


def _negative(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    if isinstance(node.this, exp.Literal) and not node.this.is_string and str(node.this.this) == str(2**63):
        return Typed(sql("CAST({} AS BIGINT)", -(2**63)), BIGINT, -(2**63))
    value = t.expression(node.this, scope)
    if value.type.base == "unknown":
        raise QueryFailed("AMBIGUOUS_FUNCTION_CALL", t.context.where(node) + AMBIGUOUS)
    constant = -value.constant if isinstance(value.constant, int | float) else None
    return Typed(sql("(-{})", value), value.type, constant)


def _arithmetic(operator: str) -> Handler:
    def handler(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
        left, right = t.expression(node.this, scope), t.expression(node.expression, scope)
        return arithmetic_of(t.context, operator, left, right, t.context.where_operator(node))

    return handler


def _paren(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    inner = t.expression(node.this, scope)
    return Typed(sql("({})", inner), inner.type)


def _cast(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    return cast(t.context, t.expression(node.this, scope), type_of(node.args["to"]))


def _try_cast(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    """TRY_CAST, which forgives a cast that fails, not what it casts."""
    value, target = t.expression(node.this, scope), type_of(node.args["to"])

    def tried(given: Sql) -> Sql:
        with t.context.within_try(True):
            return sql("TRY({})", cast(t.context, replace(value, sql=given), target))

    if not value.sql.has_query and not t.may_fail(node.this, scope):
        return Typed(tried(value.sql), target)
    name = ident(f"q{value.sql.digest.hex()[:12]}")
    return Typed(bound(name, value, tried(name)), target)


HANDLERS: dict[type, Handler] = {
    **names.HANDLERS,
    **constants.HANDLERS,
    **conditions.HANDLERS,
    **containers.HANDLERS,
    **moments.HANDLERS,
    **json_forms.HANDLERS,
    **call_forms.HANDLERS,
    exp.Neg: _negative,
    exp.Add: _arithmetic("+"),
    exp.Sub: _arithmetic("-"),
    exp.Mul: _arithmetic("*"),
    exp.Div: _arithmetic("/"),
    exp.Mod: _arithmetic("%"),
    exp.Paren: _paren,
    exp.Cast: _cast,
    exp.TryCast: _try_cast,
    exp.Subquery: lambda t, n, s: t.scalar_query(n, s),
    exp.Select: lambda t, n, s: t.scalar_query(n, s),
    exp.Values: lambda t, n, s: t.scalar_query(n, s),
}

STRICT = frozenset((exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg, exp.Paren, exp.Cast))
