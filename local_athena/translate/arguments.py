"""Arguments as a signature wants them: coerced, and lambdas with the types that the other arguments set."""

from __future__ import annotations

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.functions.signatures import Bindings, Pattern, instance, match
from local_athena.sql.build import NULL, ident
from local_athena.sql.casts import cast
from local_athena.sql.context import Context
from local_athena.sql.fragment import Name, function
from local_athena.sql.typed import Typed
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Translator
from local_athena.types.coercion import can_coerce, common_type
from local_athena.types.trino import UNKNOWN, TrinoType


def coerced(context: Context, value: Typed, pattern: Pattern, bound: Bindings) -> Typed:
    """An argument as the type that its parameter has; a literal stays known as one."""
    return _as(context, value, instance(pattern, value.type, bound))


def _as(context: Context, value: Typed, wanted: TrinoType) -> Typed:
    if wanted == UNKNOWN or value.type == wanted:
        return value
    made = cast(context, value, wanted)
    return Typed(made.sql, made.type, value.constant)


def translate_lambda(t: Translator, pattern: Pattern, node: exp.Expr, bound: Bindings, scope: Scope) -> Typed:
    """A lambda whose parameters have the types that are bound; its result may bind another, or widen one.

    Raises:
        QueryFailed: TYPE_MISMATCH.
    """
    names, inner = _with_parameters(pattern, node, bound, scope)
    body = t.expression(node.this, inner)
    result = pattern.parts[-1]
    if result.is_variable:
        known = bound.get(result.name)
        fits = match(result, body.type, bound) is not None and not _narrows(body.type, known)
        wanted = bound.get(result.name, UNKNOWN)
    else:
        wanted = instance(result, body.type, bound)
        fits = body.type == wanted or can_coerce(body.type, wanted)
    if not fits:
        problem = f"Unexpected lambda result: {body.type}"
        raise QueryFailed("TYPE_MISMATCH", t.context.where(node) + problem)
    body = _as(t.context, body, wanted)
    return Typed(function(names, body.sql), body.type)


def _with_parameters(
    pattern: Pattern, node: exp.Expr, bound: Bindings, scope: Scope
) -> tuple[tuple[Name, ...], Scope]:
    depth = len(scope.lambdas)
    names = tuple(ident(f"l{depth + i}") for i in range(len(node.expressions)))
    parameters = {
        identifier.name.lower(): Typed(name, instance(part, None, bound))
        for identifier, part, name in zip(node.expressions, pattern.parts, names, strict=False)
    }
    inner = scope.with_lambda(parameters)
    while len(inner.lambdas) < depth + len(names):  # a shadowed name still takes a level
        inner.lambdas[f" {len(inner.lambdas)}"] = Typed(NULL, UNKNOWN)
    return names, inner


def _narrows(given: TrinoType, known: TrinoType | None) -> bool:
    """Whether a lambda gives a smaller kind of number than it must: Trino does not widen what it gives."""
    return (
        known is not None
        and common_type(given, known) == known
        and given.base != known.base != "unknown"
        and (given.base != "unknown")
    )
