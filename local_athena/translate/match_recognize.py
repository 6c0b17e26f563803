"""MATCH_RECOGNIZE in FROM: a step that runs before the query, and a relation over the sheet that it leaves.

https://trino.io/docs/current/sql/match-recognize.html
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from sqlglot import exp

from local_athena.errors import QueryFailed, not_supported
from local_athena.patterns.program import compile_pattern
from local_athena.patterns.step import PatternStep
from local_athena.sql.build import NOTHING, commas, ident, sql
from local_athena.sql.fragment import Sql
from local_athena.sql.keys import distinct_key
from local_athena.sql.typed import Column, Field, Typed
from local_athena.translate.ordering import order_term
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
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Source, Translator
from local_athena.translate.with_columns import renamed

Measure = tuple[str, Typed]


def match_recognize(t: Translator, node: exp.Expr, scope: Scope) -> Source:
    """The relation that MATCH_RECOGNIZE makes of another.

    Raises:
        QueryFailed: it says something that cannot be.
    """
    problem = "MATCH_RECOGNIZE over rows that depend on '{}' is not supported"
    around = Scope([], Closed(problem, scope), scope.ctes)
    source, fields = t.source(node.this, around)
    _check_input(t, node, source, fields, scope)
    names = labels(t, node)
    known = Variables(meanings(t, node, names), fields)
    partition = [_input_column(t, item, fields) for item in node.args.get("partition_by") or ()]
    order = node.args.get("order")
    terms = [(_input_column(t, o.this, fields), o) for o in (order.expressions if order is not None else ())]
    plans = definitions(t, node, scope, known, names)
    expressions = PatternExpressions(t, known, scope, defining=False)
    measures = [
        (str(item.alias), expressions.translate(item.this)) for item in node.args.get("measures") or ()
    ]
    step = PatternStep(
        name=t.context.alias("p"),
        source=sql(" FROM {}", source),
        fields=[field.value.sql for field in fields],
        partition=[distinct_key(fields[i].value) for i in partition],
        order=[order_term(fields[i].value, term) for i, term in terms],
        labels=names,
        program=compile_pattern(node.args["pattern"], {name: i for i, name in enumerate(names)}),
        definitions=plans,
        measures=expressions.computation,
        rows=node.args["rows"],
        skip=skip(t, node, known),
    )
    t.context.patterns.append(step)
    kept = [*partition, *(i for i, _ in terms)]
    return _relation(t, node, step, fields, (partition, kept), measures)


def _check_input(t: Translator, node: exp.Expr, source: Sql, fields: list[Field], scope: Scope) -> None:
    where = t.context.where(node.this)
    seen = set()
    for field in fields:
        name = (field.name or "").lower()
        if name and name in seen:
            problem = f"ambiguous column: {name} in row pattern input relation"
            raise QueryFailed("AMBIGUOUS_NAME", where + problem, error_type=1006)
        seen.add(name)
    if reads_unfinished(t, source, scope):
        raise not_supported(f"{where}MATCH_RECOGNIZE in the step of a recursive query is not supported")
    if node.args.get("search"):
        problem = f"Pattern search modifier: {node.args['search']} is not allowed in MATCH_RECOGNIZE clause"
        raise not_supported(where + problem)


def _input_column(t: Translator, node: exp.Expr, fields: list[Field]) -> int:
    """The place of an input column that PARTITION BY or ORDER BY names."""
    where = t.context.where(node)
    if not isinstance(node, exp.Column):
        problem = "Expected column reference in MATCH_RECOGNIZE"
        raise QueryFailed("INVALID_COLUMN_REFERENCE", where + problem, error_type=1006)
    parts = tuple(part.name.lower() for part in node.parts)
    found = Scope(fields).find(parts, where)
    if found is None:
        problem = f"Column {'.'.join(parts)} is not present in the input relation"
        raise QueryFailed("COLUMN_NOT_FOUND", where + problem)
    if found.on_use is not None:
        found.on_use()
    return next(i for i, field in enumerate(fields) if field is found)


def _relation(
    t: Translator, node: exp.Expr, step: PatternStep, fields: list[Field], kept: tuple[list[int], list[int]],
    measures: list[Measure],
) -> Source:  # fmt: skip
    """The sheet as a relation: columns of partition and order, measures, then, with all rows, the others."""
    alias, name = node.args.get("alias"), t.context.alias()
    one = node.args["rows"] == "ONE"
    first = kept[0] if one else kept[1]
    rest = [] if one else [i for i in range(len(fields)) if i not in first]
    made = [
        *(replace(_output(step, fields, i, name), hidden=False) for i in first),
        *(Field(n, Typed(ident(name, f"x{i}"), value.type)) for i, (n, value) in enumerate(measures)),
        *(_output(step, fields, i, name) for i in rest),
    ]
    if not made:
        where = t.context.where(node.this)
        problem = "pattern recognition output table has no columns"
        raise QueryFailed("TABLE_HAS_NO_COLUMNS", where + problem, error_type=1006)
    shown = (sql("{} AS {}", _measured(node, value), ident(f"x{i}")) for i, (_, value) in enumerate(measures))
    order = sql(" ORDER BY m.grp, m.pos") if step.measures.aggregates else NOTHING
    sheet = step.measures.source(ident(step.name))
    rows = sql("(SELECT {} FROM {} WHERE m.shown{})", commas([sql("m.*"), *shown]), sheet, order)
    return sql("{} AS {}", rows, ident(name)), _named(made, alias)


def _measured(node: exp.Expr, value: Typed) -> Sql:
    """A measure, which is NULL in rows that are part of no match."""
    return (
        sql("CASE WHEN m.number IS NOT NULL THEN {} END", value)
        if node.args["rows"] == "UNMATCHED"
        else value.sql
    )


def _output(step: PatternStep, fields: list[Field], index: int, name: str) -> Field:
    """An input column in the output, where it has no qualifier."""
    field = fields[index]
    value = Typed(from_sheet(ident(name, f"f{index}"), field.value.type), field.value.type)
    return Field(field.name, value, hidden=field.hidden, on_use=partial(use, step, field, index))


def _named(fields: list[Field], alias: exp.Expr | None) -> list[Field]:
    """The fields under the alias of the relation."""
    if not isinstance(alias, exp.TableAlias) or alias.this is None:
        return fields
    qualifier = (alias.name.lower(),)
    if alias.args.get("columns"):
        fields = [field for field in fields if not field.hidden]
        columns = renamed(tuple(Column(f.name, f.value.type) for f in fields), alias, alias.name)
        fields = [replace(f, name=c.name) for f, c in zip(fields, columns, strict=True)]
    return [replace(field, qualifier=qualifier) for field in fields]
