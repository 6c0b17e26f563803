"""OVER (...): partitions, order and frames, with the names of the WINDOW clause.

https://trino.io/docs/current/functions/window.html
"""

from __future__ import annotations

from sqlglot import exp

from local_athena.errors import QueryFailed, not_supported
from local_athena.sql.build import call, commas, failing, joined, sql, word
from local_athena.sql.fragment import Sql
from local_athena.sql.keys import distinct_key
from local_athena.sql.time_arithmetic import DAY_MILLIS
from local_athena.sql.typed import Typed
from local_athena.translate.constant_terms import as_term
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Translator
from local_athena.translate.window_checks import check_base
from local_athena.translate.window_frames import Term, check_count, check_frame
from local_athena.types.coercion import NUMERIC
from local_athena.types.trino import DATE, INTERVAL_DAY, INTERVAL_YEAR, TrinoType

Part = tuple[exp.Expr, Scope]
"""A window, and the place where its names mean something."""


def window_clause(t: Translator, node: exp.Expr, scope: Scope) -> Sql:
    """What follows OVER, in parentheses.

    Raises:
        QueryFailed: INVALID_WINDOW_REFERENCE, or an expression does not fit.
    """
    parts = _window_parts(t, node, scope)
    terms = [(o, s) for w, s in parts if w.args.get("order") for o in w.args["order"].expressions]
    for w, s in parts:
        if w.args.get("spec") is not None:
            check_frame(t, w.args["spec"], s, terms)
    keys, orders = _partition_and_order(t, parts)
    clauses = [sql("PARTITION BY {}", commas(keys))] if keys else []
    if orders:
        clauses.append(sql("ORDER BY {}", commas(orders)))
    sorted_by = _sorted_by(t, terms) if _count_distances(parts) else None
    frames = [_frame(t, w.args["spec"], s, sorted_by) for w, s in parts if w.args.get("spec") is not None]
    return sql("({})", joined(" ", [*clauses, *frames[-1:]]))


def partition_and_order(
    t: Translator, node: exp.Expr, scope: Scope
) -> tuple[tuple[Sql, ...], tuple[Sql, ...]]:
    """The keys of PARTITION BY and the terms of ORDER BY, also those of the window that this one starts from.

    Raises:
        QueryFailed: INVALID_WINDOW_REFERENCE, or an expression does not fit.
    """
    return _partition_and_order(t, _window_parts(t, node, scope))


def _partition_and_order(t: Translator, parts: list[Part]) -> tuple[tuple[Sql, ...], tuple[Sql, ...]]:
    single = _count_distances(parts)  # for which DuckDB takes one sort term
    keys = [distinct_key(t.expression(k, s)) for w, s in parts for k in w.args.get("partition_by") or ()]
    orders = [
        term
        for w, s in parts
        if w.args.get("order") is not None
        for term in sort_clause_terms(t, w.args["order"].expressions, s, single=single)
    ]
    return tuple(keys), tuple(orders)


def frame_reach(t: Translator, spec: exp.Expr, scope: Scope) -> Sql | None:
    """How many rows after the current one a ROWS frame ends; None for the end of the partition.

    Raises:
        QueryFailed: TYPE_MISMATCH.
    """
    end = spec.args["end"]
    if not isinstance(end, exp.Expr):
        return sql("0") if end == "CURRENT ROW" else None
    check_count(t, "ROWS", "end", end, scope)
    value = t.expression(end, scope)
    return sql("CAST(least({}, {}) AS BIGINT)", _offset(value, None, "FOLLOWING"), FARTHEST)


def sort_clause_terms(
    t: Translator, terms: list[exp.Expr], scope: Scope, *, single: bool = False
) -> tuple[Sql, ...]:
    """The terms of an ORDER BY inside a call or a window."""
    from local_athena.translate.ordering import order_term

    inner = [(term.this.unnest(), term) for term in terms]
    return tuple(
        order_term(as_term(t.expression(value, scope), value, single=single), term, single=single)
        for value, term in inner
    )


def _sorted_by(t: Translator, terms: list[Term]) -> TrinoType | None:
    """The type of the one sort term that a frame counts distances of.

    Raises:
        QueryFailed: NOT_SUPPORTED for times that DuckDB adds no interval to.
    """
    type_ = t.expression(terms[0][0].this, terms[0][1]).type if terms else None
    if type_ is not None and type_.is_fine:
        raise not_supported(f"A frame of distances between values of {type_} is not supported")
    return type_


def _frame(t: Translator, spec: exp.Expr, scope: Scope, sorted_by: TrinoType | None) -> Sql:
    def bound(value: exp.Expr | str, side: str | None) -> Sql:
        if not isinstance(value, exp.Expr):
            return sql("{} {}", word(value), word(side)) if side else word(value)
        reach = _offset(t.expression(value, scope), sorted_by, side or "")
        return sql("{} {}", reach, word(side)) if side else reach

    start = bound(spec.args["start"], spec.args.get("start_side"))
    end = bound(spec.args.get("end") or "CURRENT ROW", spec.args.get("end_side"))
    return sql("{} BETWEEN {} AND {}", word(spec.args["kind"]), start, end)


def _window_parts(t: Translator, node: exp.Expr, scope: Scope) -> list[Part]:
    """A window after those of the WINDOW clause that it starts from, each with the place of its names.

    Raises:
        QueryFailed: INVALID_WINDOW_REFERENCE.
    """
    named = node.args.get("alias")
    if named is None:
        return [(node, scope)]
    base = scope.windows.get(named.name.lower())
    if base is None:
        problem = f"Cannot resolve WINDOW name {named.name}"
        raise QueryFailed("INVALID_WINDOW_REFERENCE", t.context.where(named) + problem)
    before = _window_parts(t, *base)
    if node.meta.get("in_parentheses"):
        check_base(t, node, base[0], [window for window, _ in before])
    return [*before, (node, scope)]


def _count_distances(parts: list[Part]) -> bool:
    """Whether a frame of a window reaches as far as a difference of values."""
    specs = [w.args["spec"] for w, _ in parts if w.args.get("spec") is not None]
    return any(
        str(spec.args.get("kind")).upper() == "RANGE"
        and any(isinstance(spec.args.get(end), exp.Expr) for end in ("start", "end"))
        for spec in specs
    )


def _offset(value: Typed, sorted_by: TrinoType | None, side: str) -> Sql:
    """How far a frame reaches, which is a known number or interval from 0 on; of dates, whole days."""
    if isinstance(value.constant, int | float) and value.constant >= 0:
        return value.sql
    problem = "INVALID_WINDOW_FRAME: Window frame offset value must not be negative or null"
    bad = sql("{} IS NULL", value)
    if value.type.base in NUMERIC or value.type in INTERVALS:
        bad = sql("{} OR {} < 0", bad, value)
    reach = sql("(CASE WHEN {} THEN {} ELSE {} END)", bad, failing(problem, value.type), value)
    if sorted_by == DATE and value.type == INTERVAL_DAY:
        action = "subtract {} from" if side.upper() == "PRECEDING" else "add {} to"
        refused = f"INVALID_FUNCTION_ARGUMENT: Cannot {action.format('hour, minutes or seconds')} a date"
        odd = failing(refused, value.type)
        reach = sql("(CASE WHEN {} % {} <> 0 THEN {} ELSE {} END)", value, DAY_MILLIS, odd, reach)
    if value.type not in INTERVALS or sorted_by in INTERVALS:
        return reach
    return call(INTERVALS[value.type], reach)


INTERVALS = {INTERVAL_DAY: "to_milliseconds", INTERVAL_YEAR: "to_months"}
"""The functions that make intervals of DuckDB's out of numbers, which Trino's are here."""
FARTHEST = 2**62
"""As many rows as no partition has."""
