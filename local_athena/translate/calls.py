"""A call by name: find the entry and signature that fit, coerce the arguments, write the DuckDB SQL."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from local_athena.errors import QueryFailed, not_supported
from local_athena.functions.catalogue import CHANGING, KNOWN
from local_athena.functions.choosing import Chosen, choose
from local_athena.functions.entry import Entry
from local_athena.functions.library import LIBRARY
from local_athena.functions.signatures import Bindings
from local_athena.parse.dialect import Athena
from local_athena.sql.aggregate import Clauses
from local_athena.sql.build import failing, sql, string
from local_athena.sql.casts import cast
from local_athena.sql.keys import canonical, check_comparable, is_zoned
from local_athena.sql.typed import Field, Typed
from local_athena.translate.arguments import coerced, translate_lambda
from local_athena.translate.clause_checks import check_clauses, check_distinct, check_window
from local_athena.translate.pattern_frames import pattern_clause
from local_athena.translate.scope import Scope
from local_athena.translate.special_forms import SPECIAL
from local_athena.translate.translating import Translator
from local_athena.translate.window_checks import check_nesting
from local_athena.translate.windows import sort_clause_terms, window_clause
from local_athena.types.coercion import common_type
from local_athena.types.trino import VARCHAR

LISTAGG_BYTES = 1048576
_TOO_LONG = failing(
    "INVALID_FUNCTION_ARGUMENT: Concatenated string has the length in bytes larger than the maximum "
    f"output length {LISTAGG_BYTES}",
    VARCHAR,
)


class Calls:
    """Translates calls, with the clauses that may stand around one (FILTER, OVER, ORDER BY inside)."""

    def __init__(self) -> None:
        self._widened: dict[tuple[int, int], tuple[exp.Expr, list[Field], Bindings]] = {}
        """What lambdas made of a call's types. A lambda that is translated again, since one around it
        widened a type, begins there: types only widen, and else each level would double the work.
        """

    def call(self, t: Translator, name: str, nodes: list[exp.Expr], scope: Scope, node: exp.Expr) -> Typed:
        """A plain call.

        Raises:
            QueryFailed: FUNCTION_NOT_FOUND, or what is wrong with its arguments.
        """
        return self._call(t, name.lower(), nodes, scope, node, Clauses())

    def filtered(self, t: Translator, node: exp.Expr, scope: Scope) -> Typed:
        """`aggregate(...) FILTER (WHERE ...)`."""
        condition = t.boolean(node.expression.this, scope).sql
        return self._around(t, node.this, scope, Clauses(filter=condition))

    def window(self, t: Translator, node: exp.Expr, scope: Scope, *, in_pattern: bool = False) -> Typed:
        """`function(...) OVER (...)`; an aggregate of a row pattern may be of distinct values."""
        inner, clauses = node.this, Clauses()
        if isinstance(inner, exp.Filter):
            inner, clauses = inner.this, Clauses(filter=t.boolean(inner.expression.this, scope).sql)
        check_window(t, node, in_pattern=in_pattern)
        check_nesting(t, node)
        name = inner.this.name if isinstance(inner, exp.IgnoreNulls | exp.RespectNulls) else inner.name
        over = pattern_clause(t, node, scope, name.lower()) or window_clause(t, node, scope)
        return self._around(t, inner, scope, replace(clauses, over=over))

    def within_group(self, t: Translator, node: exp.Expr, scope: Scope) -> Typed:
        """`f(...) WITHIN GROUP (ORDER BY ...)`: only listagg has it."""
        raise not_supported("WITHIN GROUP is supported with LISTAGG only")

    def listagg(self, t: Translator, node: exp.Expr, scope: Scope) -> Typed:
        """LISTAGG(value, separator) WITHIN GROUP (ORDER BY ...)."""
        return self._listagg(t, node, scope, Clauses())

    def _listagg(self, t: Translator, node: exp.Expr, scope: Scope, around: Clauses) -> Typed:
        order, item = node.this, node.this.this
        distinct = isinstance(item, exp.Distinct)
        given = t.expression(item.expressions[0] if distinct else item, scope)
        if given.type.base == "char":
            wrong = f"Expected expression of varchar, but '{item.sql(dialect=Athena)}' has {given.type} type"
            raise QueryFailed("TYPE_MISMATCH", t.context.where(node) + wrong)
        if given.type.base != "varchar":
            wrong = f"Unexpected parameters ({given.type}) for function listagg. Expected: listagg(varchar)"
            raise QueryFailed("FUNCTION_NOT_FOUND", f"{t.context.where(node)}{wrong}")
        value = cast(t.context, given, VARCHAR)
        separator = node.args.get("separator")
        between = t.expression(separator, scope).sql if separator is not None else string("")
        terms = sort_clause_terms(t, order.expressions, scope)
        clauses = replace(around.ordered_by(*terms), distinct=distinct)
        made = clauses.call("string_agg", value, between)
        bounded = sql("CASE WHEN strlen({0}) > {1} THEN {2} ELSE {0} END", made, LISTAGG_BYTES, _TOO_LONG)
        return Typed(bounded, VARCHAR)

    def _around(self, t: Translator, inner: exp.Expr, scope: Scope, clauses: Clauses) -> Typed:
        if isinstance(inner, exp.IgnoreNulls | exp.RespectNulls):
            clauses = replace(clauses, ignore_nulls=isinstance(inner, exp.IgnoreNulls))
            inner = inner.this
        if isinstance(inner, exp.GroupConcat):
            return self._listagg(t, inner, scope, clauses)
        if not isinstance(inner, exp.Anonymous):
            raise not_supported(f"Unsupported window function: {inner.sql(dialect=Athena)[:80]}")
        return self._call(t, inner.name.lower(), inner.expressions, scope, inner, clauses)

    def _call(
        self,
        t: Translator,
        name: str,
        nodes: list[exp.Expr],
        scope: Scope,
        node: exp.Expr,
        around: Clauses,
    ) -> Typed:
        special = SPECIAL.get(name)
        if special is not None:
            return special(t, nodes, scope, node)
        where = t.context.where(node)
        entries = _entries(name, where)
        t.context.copies.changing += name in CHANGING
        clauses, nodes = self._modifiers(t, nodes, scope, around)
        check_clauses(name, entries[0].kind, clauses, where)
        given = [None if isinstance(n, exp.Lambda) else t.expression(n, scope) for n in nodes]
        types = [
            len(n.expressions) if value is None else value.type for n, value in zip(nodes, given, strict=True)
        ]
        chosen = choose(name, entries, types, where)
        arguments = self._arguments(t, chosen, given, nodes, scope)
        if clauses.distinct or name in GROUPING:
            arguments = _told_apart(name, arguments, where)
        result = chosen.result([argument.type for argument in arguments])
        if chosen.entry.kind == "scalar":
            return chosen.entry.scalar(t.context, arguments, result)
        return chosen.entry.grouped(t.context, arguments, result, clauses)

    def _modifiers(
        self, t: Translator, nodes: list[exp.Expr], scope: Scope, around: Clauses
    ) -> tuple[Clauses, list[exp.Expr]]:
        """DISTINCT and ORDER BY inside a call, and the arguments without them."""
        clauses, plain, order = around, list(nodes), None
        if plain and isinstance(plain[-1], exp.Order):
            order = plain[-1]
            plain[-1] = order.this
        if plain and isinstance(plain[0], exp.Distinct):
            clauses, plain = replace(clauses, distinct=True), [*plain[0].expressions, *plain[1:]]
            check_distinct(t, plain, order)
        if order is not None:
            clauses = clauses.ordered_by(*sort_clause_terms(t, order.expressions, scope))
        if len(plain) == 1 and isinstance(plain[0], exp.Star):
            plain = []
        return clauses, plain

    def _arguments(
        self, t: Translator, chosen: Chosen, given: list[Typed | None], nodes: list[exp.Expr], scope: Scope
    ) -> list[Typed]:
        bound = chosen.bound
        lambdas = [node for value, node in zip(given, nodes, strict=True) if value is None]
        place = (id(lambdas[0]), id(scope.fields)) if lambdas else None
        if place in self._widened:
            _widen(bound, self._widened[place][2])
        while True:
            known = dict(bound)
            made = [
                translate_lambda(t, pattern, node, bound, scope)
                if value is None
                else coerced(t.context, value, pattern, bound)
                for pattern, value, node in zip(chosen.patterns, given, nodes, strict=True)
            ]
            # A lambda may have widened a type that arguments before it were given.
            if all(bound[name] == type_ for name, type_ in known.items()):
                break
        if place is not None:
            self._widened[place] = (lambdas[0], scope.fields, dict(bound))
        return made


def _widen(bound: Bindings, before: Bindings) -> None:
    """Begin with what was bound before, where that is no less."""
    for name, type_ in bound.items():
        known = before.get(name, type_)
        if common_type(type_, known) == known:
            bound[name] = known


def _entries(name: str, where: str) -> list[Entry]:
    entries = LIBRARY.get(name)
    if entries is None and name in KNOWN:
        raise not_supported(f"{where}Function '{name}' is not supported by this engine")
    if entries is None:
        raise QueryFailed("FUNCTION_NOT_FOUND", f"{where}Function '{name}' not registered")
    return entries


def is_strict(name: str) -> bool:
    """Whether a function is NULL when an argument is: one in Python that is handed no NULLs."""
    entries = [] if name in SPECIAL else LIBRARY.get(name, [])
    return bool(entries) and all(e.python is not None and not e.takes_null for e in entries)


GROUPING = frozenset(("histogram", "approx_distinct"))
"""Aggregates that group the values of an argument without being told to."""

GATHERING = frozenset(("array_agg", "histogram", "map_agg", "multimap_agg"))
"""Aggregates that tell values apart themselves."""

BY_KEY = frozenset(("count", "approx_distinct", "min", "max"))
"""Aggregates that compare instants, not their zones."""


def _told_apart(name: str, arguments: list[Typed], where: str) -> list[Typed]:
    """Arguments of which equal ones are equal to DuckDB too; one instant in two zones cannot be made so."""
    for argument in arguments:
        check_comparable(argument.type, where, f"DISTINCT of {name}")
        if not is_zoned(argument.type) or name in GATHERING:
            continue
        if name not in BY_KEY or argument.type.parts:
            raise not_supported(f"{name} of distinct {argument.type} values is not supported")
    return list(map(canonical, arguments))
