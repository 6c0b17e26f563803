"""Windows with a row pattern: steps that run before the query, and its rows beside what they found.

Each step takes the rows that the one before it left, and the SELECT reads those of the last. So a window
sees what every window does: the rows after WHERE, or the groups after HAVING.
https://trino.io/docs/current/sql/pattern-recognition-in-window.html
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from sqlglot import exp

from local_athena.errors import not_supported
from local_athena.parse.pattern_window import PatternWindow
from local_athena.parse.row_pattern import variable_name
from local_athena.patterns.program import compile_pattern
from local_athena.patterns.step import PatternStep
from local_athena.patterns.windowing import Frame
from local_athena.sql.build import commas, ident, sql
from local_athena.sql.typed import Field, Typed
from local_athena.translate.pattern_clauses import (
    Closed,
    definitions,
    labels,
    meanings,
    reads_unfinished,
    skip,
    use,
)
from local_athena.translate.pattern_expressions import PatternExpressions, Variables, from_sheet
from local_athena.translate.pattern_groups import is_grouped, over_groups
from local_athena.translate.pattern_window_checks import check_frame
from local_athena.translate.scope import PatternFrame, Scope
from local_athena.translate.translating import Source, Translator
from local_athena.translate.window_checks import windows_in
from local_athena.translate.windows import frame_reach, partition_and_order
from local_athena.types.trino import BIGINT

DEPENDENT = "Given correlated subquery is not supported: row pattern recognition in it reads '{}'"
OUTSIDE = "Reference to column '{}' from outer scope not allowed in this context"


def has_patterns(node: exp.Expr) -> bool:
    """Whether a SELECT has a window with a row pattern."""
    return bool(_inline(node)) or any(isinstance(w, PatternWindow) for w in node.args.get("windows") or ())


def closed(scope: Scope) -> Scope:
    """The place of the FROM and WHERE of such a SELECT, which run before the query around it."""
    return Scope([], Closed(DEPENDENT, scope), scope.ctes)


def with_patterns(t: Translator, node: exp.Expr, scope: Scope, rows: Source) -> tuple[exp.Expr, Source]:
    """A SELECT over its rows beside what its windows found, without its groups; `scope` gets what they found.

    Args:
        t: the translator.
        node: the SELECT.
        scope: where the names of the query around mean something; its windows and patterns are set.
        rows: ` FROM ... WHERE ...` and its fields.

    Raises:
        QueryFailed: a window says something that cannot be.
    """
    if reads_unfinished(t, rows[0], scope):
        raise not_supported("Row pattern recognition in the step of a recursive query is not supported")
    if is_grouped(node):
        node, rows = over_groups(t, node, closed(scope).beside(rows[1]), rows[0])
    named = {window.name.lower(): window for window in node.args.get("windows") or ()}
    bases = [window.args.get("alias") for window in _windows(node)]
    used = {base.name.lower() for base in bases if base is not None}
    unused = {id(window) for name, window in named.items() if name not in used}
    width, places = len(rows[1]), {}
    patterns = [window for window in named.values() if isinstance(window, PatternWindow)]
    for window in [*patterns, *_inline(node)]:
        stage = _stage(scope, named, rows[1])
        made = _recognized(t, window, stage, rows, width)
        if id(window) in unused:
            continue  # only looked at
        places[id(window)] = (len(rows[1]), [_measure_name(m) for m in window.args["measures"]])
        rows = made
    scope.fields = rows[1]
    scope.windows = {name: (window, scope) for name, window in named.items()}
    scope.patterns = {key: _frame(rows[1], first, names) for key, (first, names) in places.items()}
    return node, rows


def _windows(node: exp.Expr) -> list[exp.Expr]:
    """The windows that the select list and ORDER BY use, not those of subqueries."""
    order = node.args.get("order")
    return windows_in([*node.expressions, *([order] if order is not None else [])])


def _inline(node: exp.Expr) -> list[exp.Expr]:
    return [window for window in _windows(node) if isinstance(window, PatternWindow)]


def _stage(scope: Scope, named: dict[str, exp.Expr], fields: list[Field]) -> Scope:
    """Where the expressions of a window mean something."""
    stage = closed(scope).beside(fields)
    stage.windows = {name: (window, stage) for name, window in named.items()}
    return stage


def _measure_name(measure: exp.Expr) -> str:
    alias = measure.args["alias"]
    return variable_name(alias.name, quoted=bool(alias.args.get("quoted")))


def _frame(fields: list[Field], first: int, names: list[str]) -> PatternFrame:
    measures = tuple(zip(names, fields[first + 3 :], strict=False))
    return PatternFrame(fields[first], fields[first + 1], fields[first + 2], measures)


def _recognized(t: Translator, node: exp.Expr, stage: Scope, rows: Source, width: int) -> Source:
    """The rows beside the place, the distances and the measures of a window; the first `width` fields are the
    SELECT's own.
    """
    source, fields = rows
    check_frame(t, node)
    names = labels(t, node)
    known = Variables(meanings(t, node, names), fields[:width])
    keys, order = partition_and_order(t, node, stage)
    outside = Scope([], Closed(OUTSIDE, stage.parent or Scope()))
    plans = definitions(t, node, stage, known, names, outside)
    expressions = PatternExpressions(t, known, stage, defining=False, around=outside)
    measures = [expressions.translate(item.this) for item in node.args["measures"]]
    step = PatternStep(
        name=t.context.alias("p"),
        source=source,
        fields=[field.value.sql for field in fields],
        partition=list(keys),
        order=list(order),
        labels=names,
        program=compile_pattern(node.args["pattern"], {name: i for i, name in enumerate(names)}),
        definitions=plans,
        measures=expressions.computation,
        rows="ONE",
        skip=skip(t, node, known),
        frame=Frame(frame_reach(t, node.args["spec"], stage), seek=node.args["search"] == "SEEK"),
    )
    t.context.patterns.append(step)
    return _beside(t, step, fields, measures)


def _beside(t: Translator, step: PatternStep, fields: list[Field], measures: list[Typed]) -> Source:
    """The sheet of a step as a relation; measures are NULL where nothing was found."""
    name = t.context.alias()
    shown = [
        sql("CASE WHEN m.number IS NOT NULL THEN {} END AS {}", value, ident(f"x{i}"))
        for i, value in enumerate(measures)
    ]
    columns = commas([sql("m.*"), *shown])
    rows = sql("(SELECT {} FROM {} WHERE m.shown)", columns, step.measures.source(ident(step.name)))
    heads = [Field(None, Typed(ident(name, n), BIGINT), hidden=True) for n in ("source", "first", "last")]
    found = [
        Field(None, Typed(ident(name, f"x{i}"), value.type), hidden=True) for i, value in enumerate(measures)
    ]
    own = [_carried(step, field, i, name) for i, field in enumerate(fields)]
    return sql(" FROM {} AS {}", rows, ident(name)), [*own, *heads, *found]


def _carried(step: PatternStep, field: Field, index: int, name: str) -> Field:
    """An input column in the sheet, under the names that it had."""
    value = Typed(from_sheet(ident(name, f"f{index}"), field.value.type), field.value.type)
    return replace(field, value=value, on_use=partial(use, step, field, index))
