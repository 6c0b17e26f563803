"""ORDER BY and DISTINCT: what the terms mean, and in which order DuckDB must put the rows."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.sql.aggregate import DISTINCT
from local_athena.sql.build import commas, sql
from local_athena.sql.fragment import Sql
from local_athena.sql.keys import distinct_key, has_map, is_zoned, sort_terms
from local_athena.sql.typed import Field, Typed
from local_athena.translate.constant_terms import as_term, counted, ordinal
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Translator


def distinct_clause(outputs: list[Typed]) -> Sql:
    """DISTINCT; of one instant in several zones, or one map in several orders, one stays.

    Raises:
        QueryFailed: TYPE_MISMATCH.
    """
    for value in outputs:
        if not value.type.is_comparable:
            problem = f"DISTINCT can only be applied to comparable types (actual: {value.type})"
            raise QueryFailed("TYPE_MISMATCH", f"line 1:8: {problem}")
    if not any(is_zoned(value.type) or has_map(value.type) for value in outputs):
        return DISTINCT
    return sql("DISTINCT ON ({}) ", commas(map(distinct_key, outputs)))


def order_terms(
    t: Translator,
    order: exp.Expr,
    scope: Scope,
    outputs: list[Typed],
    named: dict[str, list[Typed]],
    *,
    distinct: bool = False,
) -> Sql:
    """What follows ORDER BY of a query: output names come before input columns, numbers count outputs."""
    values = [_sort_value(t, term.this, scope, outputs, named) for term in order.expressions]
    shown = {value.sql for value in outputs}
    for value, term in zip(values, order.expressions, strict=True):
        if distinct and value.sql not in shown:
            raise QueryFailed(
                "EXPRESSION_NOT_IN_DISTINCT",
                f"{t.context.where(term)}For SELECT DISTINCT, ORDER BY expressions must appear in "
                "select list",
                error_type=1006,
            )
    terms = order.expressions
    written = [
        counted(v) if ordinal(n.this) else as_term(v, n.this) for v, n in zip(values, terms, strict=True)
    ]
    return commas(map(order_term, written, terms))


def order_term(value: Typed, term: exp.Expr, *, single: bool = False) -> Sql:
    """One term of ORDER BY; NULLs come last unless the query says otherwise."""
    direction = "DESC" if term.args.get("desc") else "ASC"
    nulls = "FIRST" if term.args.get("nulls_first") else "LAST"
    return sort_terms(value, direction, nulls, single=single)


def _sort_value(
    t: Translator, node: exp.Expr, scope: Scope, outputs: list[Typed], named: dict[str, list[Typed]]
) -> Typed:
    if (at := ordinal(node)) is not None:
        if not 1 <= at <= len(outputs):
            where = t.context.where(node)
            raise QueryFailed(
                "INVALID_COLUMN_REFERENCE", f"{where}ORDER BY position {at} is not in select list"
            )
        return outputs[at - 1]
    if isinstance(node, exp.Column) and len(node.parts) == 1 and node.name.lower() in named:
        found = named[node.name.lower()]
        if len(found) > 1:
            raise QueryFailed(
                "AMBIGUOUS_NAME", f"{t.context.where(node)}Column '{node.name.lower()}' is ambiguous"
            )
        return found[0]
    aliases = [Field(name, value) for name, found in named.items() for value in found]
    # An output name hides the input column of that name, unless the column is qualified.
    hidden = [replace(f, qualified_only=(f.name or "").lower() in named) for f in scope.fields]
    return t.expression(node, scope.beside([*aliases, *hidden]))
