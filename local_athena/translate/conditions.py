"""Conditions: comparison, AND, OR, NOT, BETWEEN, IN, LIKE, IS NULL and CASE."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from local_athena.errors import not_supported
from local_athena.sql.build import commas, null_of, sql
from local_athena.sql.casts import cast
from local_athena.sql.fragment import Sql
from local_athena.sql.operators import compare, distinct_from, equal_to_any, mismatch
from local_athena.sql.typed import Typed
from local_athena.translate.forms import case, reused
from local_athena.translate.logic import condition, logic
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Handler, Translator
from local_athena.types.trino import BOOLEAN, UNKNOWN, VARCHAR
from local_athena.values import regular


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
        return Typed(sql("(NOT {})", made), BOOLEAN) if negated else made

    return handler


def _not(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    return Typed(sql("(NOT {})", t.boolean(node.this, scope)), BOOLEAN)


def _is(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    if not isinstance(node.expression, exp.Null):
        raise not_supported(f"{t.context.where(node)}IS is supported with NULL only")
    return Typed(sql("({} IS NULL)", t.expression(node.this, scope)), BOOLEAN)


def _between(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    value, where = t.expression(node.this, scope), t.context.where(node)
    low, high = t.expression(node.args["low"], scope), t.expression(node.args["high"], scope)

    def inside(given: Sql) -> Sql:
        tested = replace(value, sql=given)
        above = compare(t.context, ">=", tested, low, where)
        below = compare(t.context, "<=", tested, high, where)
        if not node.args.get("symmetric"):
            return sql("({} AND {})", above, below)
        under = compare(t.context, "<=", tested, low, where)
        over = compare(t.context, ">=", tested, high, where)
        return sql("(({} AND {}) OR ({} AND {}))", above, below, under, over)

    return Typed(reused(value, (low, high), inside), BOOLEAN)


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
    return Typed(sql("CASE WHEN hash({}) IS NULL THEN NULL ELSE {} END", commas(fails), found), BOOLEAN)


def _case(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    branches, default = node.args["ifs"], node.args.get("default")
    subject = t.expression(node.this, scope) if node.args.get("this") is not None else None
    tests = [
        Typed(condition(t, test, scope), BOOLEAN) if subject is None else t.expression(test, scope)
        for test in (branch.this for branch in branches)
    ]
    results = [t.expression(branch.args["true"], scope) for branch in branches]
    results.append(t.expression(default, scope) if default is not None else Typed(null_of(UNKNOWN), UNKNOWN))
    results = t.unified(results, t.context.where(node), "All CASE results must be the same type")
    if subject is None:
        return Typed(case(zip(tests, results, strict=False), results[-1]), results[-1].type)
    places = [t.context.where(branch) for branch in branches]
    compared = subject

    def chosen(given: Sql) -> Sql:
        tested = replace(compared, sql=given)
        found = (compare(t.context, "=", tested, *at) for at in zip(tests, places, strict=True))
        return case(zip(found, results, strict=False), results[-1])

    return Typed(reused(subject, (*tests, *results), chosen), results[-1].type)


def _like(t: Translator, node: exp.Expr, scope: Scope) -> Typed:
    return _matched(t, node, scope, None)


def _negated(node: exp.Expr, made: Sql) -> Typed:
    return Typed(sql("(NOT {})", made) if node.args.get("negate") else made, BOOLEAN)


def _matched(t: Translator, node: exp.Expr, scope: Scope, escape: exp.Expr | None) -> Typed:
    value, pattern = t.expression(node.this, scope), t.expression(node.expression, scope)
    if {value.type.base, pattern.type.base} - {"varchar", "char", "unknown"}:
        raise mismatch(t.context.where(node), "LIKE", value, pattern)
    text, like = cast(t.context, value, VARCHAR), cast(t.context, pattern, VARCHAR)
    if escape is None:
        return _negated(node, sql("({} LIKE {})", text, like))
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
    exp.And: logic,
    exp.Or: logic,
    exp.Not: _not,
    exp.Is: _is,
    exp.Between: _between,
    exp.In: _in,
    exp.Case: _case,
    exp.Like: _like,
    exp.Escape: _escape,
    exp.Exists: lambda t, n, s: t.exists(n, s),
}
