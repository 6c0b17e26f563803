"""Joins: which rows meet, and the fields of both sides.

DuckDB takes no subquery in the condition of an outer join. Such a part of it is computed beside the rows
of the side that it reads, and the condition reads the result.
https://trino.io/docs/current/sql/select.html#joins
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from local_athena.errors import QueryFailed, not_supported
from local_athena.translate.casts import cast
from local_athena.translate.operators import compare
from local_athena.translate.scope import Scope
from local_athena.translate.spatial_joins import is_spatial, narrowed
from local_athena.translate.typed import Field, Typed
from local_athena.types.coercion import common_type
from local_athena.types.trino import array

if TYPE_CHECKING:
    from local_athena.translate.translator import Translator

Source = tuple[str, list[Field]]
"""Part of a FROM clause, and the fields it brings."""


def join(t: Translator, left: Source, node: exp.Expr, scope: Scope) -> Source:
    """`left` joined with what `node` says.

    Raises:
        QueryFailed: NOT_SUPPORTED, or the condition does not fit.
    """
    visible = scope.child()
    visible.parent, visible.fields, visible.ctes = scope.parent, left[1], scope.ctes
    right = t.source(node.this, visible)
    for item in node.this.args.get("joins") or ():
        if not isinstance(node.this, exp.Subquery):
            right = join(t, right, item, scope)
    side, kind = str(node.side or "").upper(), str(node.kind or "").upper()
    if node.args.get("method"):
        raise not_supported("Natural join not supported")
    using, on = node.args.get("using"), node.args.get("on")
    if using:
        return _using(t, left, right, [u.name for u in using], side)
    if on is None:
        if side or kind not in ("CROSS", ""):
            raise not_supported("A join needs ON or USING")
        return f"{left[0]} CROSS JOIN {right[0]}", [*left[1], *right[1]]
    if isinstance(node.this, exp.Unnest | exp.Lateral):
        condition = t.boolean(on, scope.beside([*left[1], *right[1]])).sql
        return _dependent_join(t, left, right, side, condition, node)
    return _conditional(t, left, right, side, on, scope)


def _conditional(t: Translator, left: Source, right: Source, side: str, on: exp.Expr, scope: Scope) -> Source:
    fields = [*left[1], *right[1]]
    if side and on.find(exp.Query, exp.Values) is not None:
        _check_subqueries(t, on, scope)
        on, left, right = _Lifting(t, scope, left, right).lifted(on)
    boxes: list[str] = []
    if any(map(is_spatial, on.find_all(exp.Anonymous))):
        lifting = _Lifting(t, scope, left, right)
        lifting.check(on)
        on, boxes = narrowed(t.context, lifting, on)
        left, right = lifting.sides
    condition = t.boolean(on, scope.beside([*left[1], *right[1]])).sql
    if boxes:
        condition = f"{' AND '.join(boxes)} AND ({condition})"
    return f"{left[0]} {side or 'INNER'} JOIN {right[0]} ON {condition}", fields


def _check_subqueries(t: Translator, on: exp.Expr, scope: Scope) -> None:
    """Refuse a subquery in the condition of an outer join that reads the joined tables, as Trino does."""
    outside = Scope(parent=scope.parent, ctes=scope.ctes)
    for query in on.walk(prune=lambda node: isinstance(node, exp.Query | exp.Values)):
        if not isinstance(query, exp.Query | exp.Values):
            continue
        first = len(t.context.scans)
        try:
            t.query(query, outside)
        except QueryFailed as error:
            if error.name == "COLUMN_NOT_FOUND":
                where = t.context.where(query)
                raise not_supported(
                    f"{where}Correlated subquery in given context is not supported"
                ) from error
        del t.context.scans[first:]


class _Lifting:
    """Takes the parts with subqueries out of the condition of one outer join."""

    def __init__(self, t: Translator, scope: Scope, left: Source, right: Source) -> None:
        self._t, self._scope = t, scope
        self.sides = [left, right]

    def lifted(self, on: exp.Expr) -> tuple[exp.Expr, Source, Source]:
        """The condition without subqueries, and the sides with what it reads instead."""
        made = exp.Paren(this=on.copy())
        for part in _parts_with_queries(made.this):
            part.replace(self._computed(part))
        return made.this, self.sides[0], self.sides[1]

    def _computed(self, part: exp.Expr) -> exp.Expr:
        self.check(part)
        for at in (0, 1):
            value = self.alone(part, at)
            if value is not None:
                return self.beside(at, value)
        if not isinstance(part, exp.In):
            where = self._t.context.where(part)
            problem = "A subquery compared with columns of both sides of an outer join is not supported"
            raise not_supported(f"{where}{problem}")
        return self._among(part, part.args.get("query") or part.expressions[0])

    def check(self, part: exp.Expr) -> None:
        """Translate a part with both sides in reach, whose errors say what is wrong."""
        first = len(self._t.context.scans)
        self._t.expression(part, self._scope.beside([*self.sides[0][1], *self.sides[1][1]]))
        del self._t.context.scans[first:]

    def alone(self, part: exp.Expr, at: int) -> Typed | None:
        """A part as it is computed from one side, None when it reads the other too."""
        first = len(self._t.context.scans)
        try:
            return self._t.expression(part, self._scope.beside(self.sides[at][1]))
        except QueryFailed as error:
            if error.name != "COLUMN_NOT_FOUND":
                raise
            del self._t.context.scans[first:]
            return None

    def beside(self, at: int, value: Typed) -> exp.Expr:
        """A column that has the value for each row of a side."""
        name = self._t.context.alias("j")
        sql, fields = self.sides[at]
        field = Field(f"${name}", Typed(f"{name}.c0", value.type))
        beside = f"{sql} CROSS JOIN LATERAL (SELECT {value.sql} AS c0) AS {name}"
        self.sides[at] = (f"({beside})" if at else beside, [*fields, field])
        return exp.column(f"${name}", quoted=True)

    def latest(self, at: int) -> Typed:
        """What was last computed beside the rows of a side."""
        return self.sides[at][1][-1].value

    def _among(self, part: exp.Expr, query: exp.Expr) -> exp.Expr:
        """`value IN (query)` of a value of both sides: the query's values become an array."""
        made = self._t.query(query.this if isinstance(query, exp.Subquery) else query, self._scope)
        name = self._t.context.alias("q")
        values = f"(SELECT coalesce(list({name}.c0), []) FROM ({made.sql}) AS {name})"  # noqa: S608
        column = self.beside(0, Typed(values, array(made.columns[0].type)))
        return exp.Anonymous(this="contains", expressions=[column, part.this.copy()])


def _parts_with_queries(on: exp.Expr) -> list[exp.Expr]:
    """The smallest parts of a condition that are whole with their subqueries."""
    if isinstance(on, exp.Query | exp.Exists) or any(
        isinstance(child, exp.Query | exp.Values | exp.Any | exp.All) for child in on.iter_expressions()
    ):
        return [on]
    return [part for child in on.iter_expressions() for part in _parts_with_queries(child)]


def _dependent_join(
    t: Translator, left: Source, right: Source, side: str, condition: str, node: exp.Expr
) -> Source:
    """A join whose right side is made anew for each row of the left, so that no right row stands alone."""
    what = "UNNEST" if isinstance(node.this, exp.Unnest) else "LATERAL relation"
    if condition != "true" and (what == "UNNEST" or side == "FULL"):
        where, word = t.context.where(node.this), side or "INNER"
        raise not_supported(f"{where}{word} JOIN involving {what} is only supported with condition ON TRUE")
    if side == "RIGHT":
        kept = [
            replace(f, value=Typed(f"CASE WHEN {condition} THEN {f.value.sql} END", f.value.type))
            for f in left[1]
        ]
        return f"{left[0]} CROSS JOIN {right[0]}", [*kept, *right[1]]
    word = {"": "INNER", "FULL": "LEFT"}.get(side, side)
    return f"{left[0]} {word} JOIN {right[0]} ON {condition}", [*left[1], *right[1]]


def _using(t: Translator, left: Source, right: Source, names: list[str], side: str) -> Source:
    tests, joined = [], []
    for name in names:
        first, second = (Scope(list(fields)).find((name.lower(),), "") for _, fields in (left, right))
        if first is None or second is None:
            where = "left" if first is None else "right"
            raise QueryFailed(
                "COLUMN_NOT_FOUND", f"line 1:1: Column '{name}' is missing from {where} side of join"
            )
        for found in (first, second):
            if found.on_use is not None:
                found.on_use()
        tests.append(compare(t.context, "=", first.value, second.value, "line 1:1: ").sql)
        common = common_type(first.value.type, second.value.type)
        assert common is not None
        a, b = cast(t.context, first.value, common), cast(t.context, second.value, common)
        value = a if side in ("", "LEFT") else Typed(f"coalesce({a.sql}, {b.sql})", common)
        joined.append(Field(first.name, value))
    lowered = {name.lower() for name in names}
    rest = [f for f in (*left[1], *right[1]) if (f.name or "").lower() not in lowered]
    return f"{left[0]} {side or 'INNER'} JOIN {right[0]} ON {' AND '.join(tests)}", [*joined, *rest]
