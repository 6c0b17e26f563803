"""A call by name: find the entry and signature that fit, coerce the arguments, write the DuckDB SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from local_athena.errors import QueryFailed, not_supported
from local_athena.functions.catalogue import KNOWN
from local_athena.functions.comparing import can_compare
from local_athena.functions.entry import Bindings, Entry, Pattern, Signature, instance, match
from local_athena.functions.library import LIBRARY, SPECIAL
from local_athena.functions.windows import sort_clause_terms, window_clause
from local_athena.parse.dialect import Athena
from local_athena.translate.casts import cast
from local_athena.translate.keys import canonical, check_comparable, is_zoned
from local_athena.translate.scope import Scope
from local_athena.translate.sql import fail, quoted
from local_athena.translate.typed import Typed
from local_athena.types.coercion import can_coerce, common_type
from local_athena.types.duckdb import carrier
from local_athena.types.trino import BOOLEAN, INTEGER, UNKNOWN, VARCHAR, TrinoType

if TYPE_CHECKING:
    from local_athena.translate.translator import Translator

LISTAGG_BYTES = 1048576
_TOO_LONG = fail(
    quoted(
        "INVALID_FUNCTION_ARGUMENT: Concatenated string has the length in bytes larger than the maximum "
        f"output length {LISTAGG_BYTES}"
    ),
    VARCHAR,
)
Chosen = tuple[Entry, Signature, Bindings]


class Calls:
    """Translates calls, with the clauses that may stand around one (FILTER, OVER, ORDER BY inside)."""

    def call(self, t: Translator, name: str, nodes: list[exp.Expr], scope: Scope, node: exp.Expr) -> Typed:
        """A plain call.

        Raises:
            QueryFailed: FUNCTION_NOT_FOUND, or what is wrong with its arguments.
        """
        return self._call(t, name.lower(), nodes, scope, node, "", "")

    def filtered(self, t: Translator, node: exp.Expr, scope: Scope) -> Typed:
        """`aggregate(...) FILTER (WHERE ...)`."""
        condition = t.boolean(node.expression.this, scope).sql
        return self._around(t, node.this, scope, f" FILTER (WHERE {condition})", "")

    def window(self, t: Translator, node: exp.Expr, scope: Scope) -> Typed:
        """`function(...) OVER (...)`."""
        inner, suffix = node.this, ""
        if isinstance(inner, exp.Filter):
            suffix, inner = f" FILTER (WHERE {t.boolean(inner.expression.this, scope).sql})", inner.this
        return self._around(t, inner, scope, suffix, f" OVER {window_clause(t, node, scope)}")

    def within_group(self, t: Translator, node: exp.Expr, scope: Scope) -> Typed:
        """`f(...) WITHIN GROUP (ORDER BY ...)`: only listagg has it."""
        raise not_supported("WITHIN GROUP is supported with LISTAGG only")

    def listagg(self, t: Translator, node: exp.Expr, scope: Scope) -> Typed:
        """LISTAGG(value, separator) WITHIN GROUP (ORDER BY ...)."""
        return self._listagg(t, node, scope, "")

    def _listagg(self, t: Translator, node: exp.Expr, scope: Scope, around: str) -> Typed:
        order, word, item = node.this, "", node.this.this
        if isinstance(item, exp.Distinct):
            word, item = "DISTINCT ", item.expressions[0]
        given = t.expression(item, scope)
        if given.type.base not in ("varchar", "char", "unknown"):
            wrong = f"Unexpected parameters ({given.type}) for function listagg. Expected: listagg(varchar)"
            raise QueryFailed("FUNCTION_NOT_FOUND", f"{t.context.where(node)}{wrong}")
        value = cast(t.context, given, VARCHAR)
        separator = node.args.get("separator")
        between = t.expression(separator, scope).sql if separator is not None else "''"
        terms = f" ORDER BY {sort_clause_terms(t, order.expressions, scope)}"
        made = f"string_agg({word}{value.sql}, {between}{terms}){around}"
        return Typed(f"CASE WHEN strlen({made}) > {LISTAGG_BYTES} THEN {_TOO_LONG} ELSE {made} END", VARCHAR)

    def _around(self, t: Translator, inner: exp.Expr, scope: Scope, suffix: str, over: str) -> Typed:
        nulls = ""
        if isinstance(inner, exp.IgnoreNulls | exp.RespectNulls):
            nulls = " IGNORE NULLS" if isinstance(inner, exp.IgnoreNulls) else ""
            inner = inner.this
        if isinstance(inner, exp.GroupConcat):
            return self._listagg(t, inner, scope, suffix + over)
        if not isinstance(inner, exp.Anonymous):
            raise not_supported(f"Unsupported window function: {inner.sql(dialect=Athena)[:80]}")
        return self._call(t, inner.name.lower(), inner.expressions, scope, inner, nulls, suffix + over)

    def _call(
        self,
        t: Translator,
        name: str,
        nodes: list[exp.Expr],
        scope: Scope,
        node: exp.Expr,
        nulls: str,
        around: str,
    ) -> Typed:
        special = SPECIAL.get(name)
        if special is not None:
            formed: Typed = special(t, nodes, scope, node)
            return formed
        where = t.context.where(node)
        entries = LIBRARY.get(name)
        if entries is None and name in KNOWN:
            raise not_supported(f"{where}Function '{name}' is not supported by this engine")
        if entries is None:
            raise QueryFailed("FUNCTION_NOT_FOUND", f"{where}Function '{name}' not registered")
        distinct, order, nodes = self._modifiers(t, nodes, scope)
        if entries[0].kind == "scalar" and (around or distinct or order):
            raise QueryFailed("FUNCTION_NOT_AGGREGATE", f"{where}'{name}' is not an aggregation function")
        if len(nodes) == 1 and isinstance(nodes[0], exp.Star):
            nodes = []
        given = [None if isinstance(n, exp.Lambda) else t.expression(n, scope) for n in nodes]
        entry, signature, bound = self._choose(name, entries, given, nodes, where)
        arguments = self._arguments(t, signature, bound, given, nodes, scope)
        if distinct or name in GROUPING:
            _check_zones(name, arguments)
            for argument in arguments:
                check_comparable(argument.type, where, f"DISTINCT of {name}")
            arguments = list(map(canonical, arguments))
        return self._write(t, entry, signature, bound, arguments, (distinct, order + nulls, around))

    def _modifiers(
        self, t: Translator, nodes: list[exp.Expr], scope: Scope
    ) -> tuple[str, str, list[exp.Expr]]:
        """DISTINCT and ORDER BY inside a call, and the arguments without them."""
        distinct, order, plain = "", "", list(nodes)
        if plain and isinstance(plain[-1], exp.Order):
            order = f" ORDER BY {sort_clause_terms(t, plain[-1].expressions, scope)}"
            plain[-1] = plain[-1].this
        if plain and isinstance(plain[0], exp.Distinct):
            distinct, plain = "DISTINCT ", [*plain[0].expressions, *plain[1:]]
        return distinct, order, plain

    def _choose(
        self, name: str, entries: list[Entry], given: list[Typed | None], nodes: list[exp.Expr], where: str
    ) -> Chosen:
        best: tuple[int, Chosen] | None = None
        for entry in entries:
            for signature in entry.signatures:
                bound: Bindings = {}
                cost = self._cost(signature, given, nodes, bound)
                if cost is not None and can_compare(name, bound) and (best is None or cost < best[0]):
                    best = (cost, (entry, signature, bound))
        if best is None:
            types = ", ".join("function" if g is None else str(g.type) for g in given)
            expected = ", ".join(
                f"{name}({s.text.rpartition('->')[0].strip()})" for e in entries for s in e.signatures
            )
            raise QueryFailed(
                "FUNCTION_NOT_FOUND",
                f"{where}Unexpected parameters ({types}) for function {name}. Expected: {expected}",
            )
        return best[1]

    def _cost(
        self, signature: Signature, given: list[Typed | None], nodes: list[exp.Expr], bound: Bindings
    ) -> int | None:
        patterns = expand(signature, len(given))
        if patterns is None:
            return None
        total = 0
        for pattern, value, node in zip(patterns, given, nodes, strict=True):
            if value is None:
                if pattern.name != "function" or len(pattern.parts) - 1 != len(node.expressions):
                    return None
                continue
            cost = match(pattern, value.type, bound) if pattern.name != "function" else None
            if cost is None:
                return None
            total += cost
        return total

    def _arguments(
        self, t: Translator, signature: Signature, bound: Bindings, given: list[Typed | None],
        nodes: list[exp.Expr], scope: Scope,
    ) -> list[Typed]:  # fmt: skip
        patterns = expand(signature, len(given)) or ()
        while True:
            known = dict(bound)
            made = [
                self._lambda(t, pattern, node, bound, scope)
                if value is None
                else _coerced(t, value, instance(pattern, value.type, bound))
                for pattern, value, node in zip(patterns, given, nodes, strict=True)
            ]
            # A lambda may have widened a type that arguments before it were given.
            if all(bound[name] == type_ for name, type_ in known.items()):
                return made

    def _lambda(
        self, t: Translator, pattern: Pattern, node: exp.Expr, bound: Bindings, scope: Scope
    ) -> Typed:
        parameters: dict[str, Typed] = {}
        names = []
        depth = len(scope.lambdas)
        for i, (identifier, part) in enumerate(zip(node.expressions, pattern.parts, strict=False)):
            names.append(f"l{depth + i}")
            parameters[identifier.name.lower()] = Typed(names[-1], instance(part, None, bound))
        inner = scope.with_lambda(parameters)
        while len(inner.lambdas) < depth + len(names):  # a shadowed name still takes a level
            inner.lambdas[f" {len(inner.lambdas)}"] = Typed("NULL", UNKNOWN)
        body = t.expression(node.this, inner)
        result = pattern.parts[-1]
        if result.is_variable:
            known = bound.get(result.name)
            if match(result, body.type, bound) is None or _narrows(body.type, known):
                raise QueryFailed(
                    "TYPE_MISMATCH", f"{t.context.where(node)}Unexpected lambda result: {body.type}"
                )
            wanted = bound[result.name]
        else:
            wanted = instance(result, body.type, bound)
            if body.type != wanted and not can_coerce(body.type, wanted):
                raise QueryFailed(
                    "TYPE_MISMATCH", f"{t.context.where(node)}Unexpected lambda result: {body.type}"
                )
        body = _coerced(t, body, wanted)
        return Typed(f"lambda {', '.join(names)}: {body.sql}", body.type)

    def _write(
        self, t: Translator, entry: Entry, signature: Signature, bound: Bindings, arguments: list[Typed],
        clauses: tuple[str, str, str],
    ) -> Typed:  # fmt: skip
        result = instance(signature.result, arguments[0].type if arguments else None, bound)
        if result.base == "varchar":
            result = VARCHAR  # a function's text has no known length
        rewrite = entry.over if entry.over is not None and " OVER " in clauses[2] else entry.rewrite
        if rewrite is not None:
            made = rewrite(t, arguments)
            return Typed(_with_clauses(made.sql, clauses), made.type)
        if entry.python is not None:
            return t.context.call(entry.name, entry.python, arguments, result, takes_null=entry.takes_null)
        assert entry.sql is not None
        texts = [a.sql for a in arguments]
        written = entry.sql.format(*texts, all=", ".join(texts), carrier=carrier(result))
        return Typed(_with_clauses(written, clauses) if entry.kind != "scalar" else written, result)


def is_strict(name: str) -> bool:
    """Whether a function is NULL when an argument is: one in Python that is handed no NULLs."""
    entries = [] if name in SPECIAL else LIBRARY.get(name, [])
    return bool(entries) and all(e.python is not None and not e.takes_null for e in entries)


def _narrows(given: TrinoType, known: TrinoType | None) -> bool:
    """Whether a lambda gives a smaller kind of number than it must: Trino does not widen what it gives."""
    return (
        known is not None
        and common_type(given, known) == known
        and given.base != known.base != "unknown"
        and (given.base != "unknown")
    )


GROUPING = frozenset(("histogram", "approx_distinct"))
"""Aggregates that group the values of an argument without being told to."""

BY_KEY = frozenset(("count", "approx_distinct", "min", "max"))
"""Aggregates that compare instants, not their zones."""


def _check_zones(name: str, arguments: list[Typed]) -> None:
    """Refuse to tell values apart that are one instant in two zones."""
    for argument in arguments[:1]:
        if is_zoned(argument.type) and (name not in BY_KEY or argument.type.parts):
            raise not_supported(f"{name} of distinct {argument.type} values is not supported")


def _with_clauses(sql: str, clauses: tuple[str, str, str]) -> str:
    distinct, order, around = clauses
    return sql.replace("<d>", distinct).replace("<o>", order).replace("<w>", around)


def _coerced(t: Translator, value: Typed, wanted: TrinoType) -> Typed:
    if wanted == UNKNOWN or value.type == wanted:
        return value
    made = cast(t.context, value, wanted)
    return Typed(made.sql, made.type, value.constant)


def expand(signature: Signature, count: int) -> tuple[Pattern, ...] | None:
    """The pattern of each of `count` arguments, None when there are too many or too few."""
    parameters = signature.parameters
    if signature.variadic:
        if count < len(parameters) - 1:
            return None
        return parameters[: min(count, len(parameters))] + (parameters[-1],) * (count - len(parameters))
    return parameters if len(parameters) == count else None


__all__ = ["BOOLEAN", "INTEGER", "Calls", "expand", "is_strict"]
