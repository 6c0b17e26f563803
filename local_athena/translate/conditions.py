"""Conditions: comparison, AND, OR, NOT, BETWEEN, IN, LIKE, IS NULL and CASE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from local_athena.errors import not_supported
from local_athena.translate.casts import cast
from local_athena.translate.operators import compare, distinct_from, equal_to_any, mismatch
from local_athena.translate.scope import Handler, Scope
from local_athena.translate.sql import null_of
from local_athena.translate.typed import Typed
from local_athena.types.trino import BOOLEAN, UNKNOWN, VARCHAR
from local_athena.values import regular

if TYPE_CHECKING:
    from local_athena.translate.translator import Translator


def _comparison(operator: str) -> Handler:
    def handler(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
        if isinstance(node.expression, exp.All | exp.Any):
            return t.quantified(operator, node, scope)
        left, right = t.expression(node.this, scope), t.expression(node.expression, scope)
        return compare(t.context, operator, left, right, t.context.where_operator(node))

    return handler


def _distinct(negated: bool) -> Handler:
    def handler(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
        left, right = t.expression(node.this, scope), t.expression(node.expression, scope)
        made = distinct_from(t.context, left, right, t.context.where(node))
        return Typed(f"(NOT {made.sql})", BOOLEAN) if negated else made

    return handler


def _logic(operator: str) -> Handler:
    def handler(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
        sides = [t.boolean(side, scope).sql for side in (node.this, node.expression)]
        return Typed(f"({sides[0]} {operator} {sides[1]})", BOOLEAN)

    return handler


def _not(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    return Typed(f"(NOT {t.boolean(node.this, scope).sql})", BOOLEAN)


def _is(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    if not isinstance(node.expression, exp.Null):
        raise not_supported(f"{t.context.where(node)}IS is supported with NULL only")
    return Typed(f"({t.expression(node.this, scope).sql} IS NULL)", BOOLEAN)


def _between(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    value, where = t.expression(node.this, scope), t.context.where(node)
    low, high = t.expression(node.args["low"], scope), t.expression(node.args["high"], scope)
    above = compare(t.context, ">=", value, low, where)
    below = compare(t.context, "<=", value, high, where)
    inside = f"({above.sql} AND {below.sql})"
    if node.args.get("symmetric"):
        flipped = (compare(t.context, "<=", value, low, where), compare(t.context, ">=", value, high, where))
        inside = f"({inside} OR ({flipped[0].sql} AND {flipped[1].sql}))"
    return Typed(inside, BOOLEAN)


def _in(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    if node.args.get("query") is not None or isinstance(next(iter(node.expressions), None), exp.Values):
        return t.in_query(node, scope)
    value, where = t.expression(node.this, scope), t.context.where(node)
    options = [t.expression(item, scope) for item in node.expressions]
    found = equal_to_any(t.context, value, options, where).sql
    fails = [
        option.sql
        for option, item in zip(options, node.expressions, strict=True)
        if item.find(exp.Div, exp.Mod, exp.Cast, exp.Anonymous) and not item.find(exp.Column)
    ]
    if not fails:
        return Typed(found, BOOLEAN)
    # Trino computes constants before it compares, so that one that fails always does.
    return Typed(f"CASE WHEN hash({', '.join(fails)}) IS NULL THEN NULL ELSE {found} END", BOOLEAN)


def _case(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    subject = t.expression(node.this, scope) if node.args.get("this") is not None else None
    conditions = []
    for branch in node.args["ifs"]:
        if subject is None:
            conditions.append(t.boolean(branch.this, scope).sql)
        else:
            option = t.expression(branch.this, scope)
            conditions.append(compare(t.context, "=", subject, option, t.context.where(branch)).sql)
    results = [t.expression(branch.args["true"], scope) for branch in node.args["ifs"]]
    default = node.args.get("default")
    results.append(t.expression(default, scope) if default is not None else Typed(null_of(UNKNOWN), UNKNOWN))
    results = t.unified(results, t.context.where(node), "All CASE results must be the same type")
    arms = "".join(f" WHEN {c} THEN {r.sql}" for c, r in zip(conditions, results, strict=False))
    return Typed(f"CASE{arms} ELSE {results[-1].sql} END", results[-1].type)


def _like(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    return _matched(t, node, scope, None)


def _negated(node: exp.Expr, made: str) -> Typed:
    return Typed(f"(NOT {made})" if node.args.get("negate") else made, BOOLEAN)


def _matched(t: Translator, node: exp.Expr, scope: Scope, escape: exp.Expr | None) -> Typed:
    value, pattern = t.expression(node.this, scope), t.expression(node.expression, scope)
    if {value.type.base, pattern.type.base} - {"varchar", "char", "unknown"}:
        raise mismatch(t.context.where(node), "LIKE", value, pattern)
    text, like = cast(t.context, value, VARCHAR), cast(t.context, pattern, VARCHAR)
    if escape is None:
        return _negated(node, f"({text.sql} LIKE {like.sql})")
    character = cast(t.context, t.expression(escape, scope), VARCHAR)
    return _negated(node, t.context.call("like", regular.like, [text, like, character], BOOLEAN).sql)


def _escape(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    return _matched(t, node.this, scope, node.expression)


HANDLERS: dict[type, Handler] = {
    exp.EQ: _comparison("="),
    exp.NEQ: _comparison("<>"),
    exp.LT: _comparison("<"),
    exp.LTE: _comparison("<="),
    exp.GT: _comparison(">"),
    exp.GTE: _comparison(">="),
    exp.NullSafeEQ: _distinct(True),
    exp.NullSafeNEQ: _distinct(False),
    exp.And: _logic("AND"),
    exp.Or: _logic("OR"),
    exp.Not: _not,
    exp.Is: _is,
    exp.Between: _between,
    exp.In: _in,
    exp.Case: _case,
    exp.Like: _like,
    exp.Escape: _escape,
    exp.Exists: lambda t, n, s: t.exists(n, s),
}
