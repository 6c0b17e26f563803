"""Joins: which rows meet, and the fields of both sides.

DuckDB takes no subquery in the condition of an outer join. Such a part of it is computed beside the rows
of the side that it reads, and the condition reads the result.
https://trino.io/docs/current/sql/select.html#joins
"""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from local_athena.errors import QueryFailed, not_supported
from local_athena.sql.build import TRUE, ident, joined, sql, word
from local_athena.sql.casts import cast
from local_athena.sql.fragment import Sql
from local_athena.sql.operators import compare
from local_athena.sql.reads import relations_read
from local_athena.sql.typed import Field, Typed
from local_athena.translate.scope import Scope
from local_athena.translate.spatial_joins import is_spatial, narrowed
from local_athena.translate.subqueries import parts_with_queries
from local_athena.translate.translating import Source, Translator
from local_athena.types.coercion import common_type
from local_athena.types.trino import array


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
        return sql("{} CROSS JOIN {}", left[0], right[0]), [*left[1], *right[1]]
    if isinstance(node.this, exp.Unnest | exp.Lateral):
        condition = t.filter(on, scope.beside([*left[1], *right[1]]))
        return _dependent_join(t, left, right, side, condition, node)
    return _conditional(t, left, right, side, on, scope)


def _conditional(t: Translator, left: Source, right: Source, side: str, on: exp.Expr, scope: Scope) -> Source:
    fields = [*left[1], *right[1]]
    boxes: list[Sql] = []
    if side and on.find(exp.Query, exp.Values) is not None:
        lifting = _Lifting(t, scope, left, right)
        on = lifting.lifted(on)
        left, right = lifting.sides
    if any(map(is_spatial, on.find_all(exp.Anonymous))):
        lifting = _Lifting(t, scope, left, right)
        on, boxes = narrowed(t.context, lifting, on)
        left, right = lifting.sides
    condition = t.filter(on, scope.beside([*left[1], *right[1]]))
    if boxes:
        condition = sql("{} AND ({})", joined(" AND ", boxes), condition)
    return sql("{} {} JOIN {} ON {}", left[0], word(side or "INNER"), right[0], condition), fields


class _Lifting:
    """Takes parts out of the condition of one join and computes them beside the rows that they read."""

    def __init__(self, t: Translator, scope: Scope, left: Source, right: Source) -> None:
        self._t, self._scope = t, scope
        self._both = scope.beside([*left[1], *right[1]])
        self._names = [_names(side) for side in (left, right)]
        self.sides = [left, right]

    def lifted(self, on: exp.Expr) -> exp.Expr:
        """The condition of an outer join without subqueries."""
        made = exp.Paren(this=on.copy())
        self._t.expression(made.this, self._both)
        self._check_subqueries(made.this)
        for part in parts_with_queries(made.this):
            part.replace(self._computed(part))
        return made.this

    def _check_subqueries(self, on: exp.Expr) -> None:
        """Refuse a subquery that reads the joined tables, as Trino does."""
        for query in on.walk(prune=lambda node: isinstance(node, exp.Query | exp.Values)):
            if not isinstance(query, exp.Query | exp.Values):
                continue
            inner = query.this if isinstance(query, exp.Subquery) else query
            if relations_read(self._t.translated(inner).sql) & (self._names[0] | self._names[1]):
                where = self._t.context.where(query)
                raise not_supported(f"{where}Correlated subquery in given context is not supported")

    def _computed(self, part: exp.Expr) -> exp.Expr:
        for at in (0, 1):
            value = self.alone(part, at)
            if value is not None:
                return self.beside(at, value)
        if not isinstance(part, exp.In):
            where = self._t.context.where(part)
            problem = "A subquery compared with columns of both sides of an outer join is not supported"
            raise not_supported(f"{where}{problem}")
        return self._among(part, part.args.get("query") or part.expressions[0])

    def alone(self, part: exp.Expr, at: int) -> Typed | None:
        """A part as it is computed from one side, None when it reads the other too."""
        value = self._t.expression(part, self._both)
        return None if relations_read(value.sql) & self._names[1 - at] else value

    def beside(self, at: int, value: Typed) -> exp.Expr:
        """A column that has the value for each row of a side."""
        name = self._t.context.alias("j")
        rows, fields = self.sides[at]
        field = Field(f"${name}", Typed(ident(name, "c0"), value.type))
        beside = sql("{} CROSS JOIN LATERAL (SELECT {} AS c0) AS {}", rows, value, ident(name))
        self.sides[at] = (sql("({})", beside) if at else beside, [*fields, field])
        return exp.column(f"${name}", quoted=True)

    def latest(self, at: int) -> Typed:
        """What was last computed beside the rows of a side."""
        return self.sides[at][1][-1].value

    def _among(self, part: exp.Expr, query: exp.Expr) -> exp.Expr:
        """`value IN (query)` of a value of both sides: the query's values become an array."""
        made = self._t.translated(query.this if isinstance(query, exp.Subquery) else query)
        name = self._t.context.alias("q")
        values = sql("(SELECT coalesce(list({}), []) FROM ({}) AS {})", ident(name, "c0"), made, ident(name))
        column = self.beside(0, Typed(values, array(made.columns[0].type)))
        return exp.Anonymous(this="contains", expressions=[column, part.this.copy()])


def _names(side: Source) -> set[str]:
    """The relations that one side of a join is made of."""
    return set().union(*(relations_read(field.value.sql) for field in side[1]))


def _dependent_join(
    t: Translator, left: Source, right: Source, side: str, condition: Sql, node: exp.Expr
) -> Source:
    """A join whose right side is made anew for each row of the left, so that no right row stands alone."""
    what = "UNNEST" if isinstance(node.this, exp.Unnest) else "LATERAL relation"
    if condition != TRUE and (what == "UNNEST" or side == "FULL"):
        where, kind = t.context.where(node.this), side or "INNER"
        raise not_supported(f"{where}{kind} JOIN involving {what} is only supported with condition ON TRUE")
    if side == "RIGHT":
        kept = [
            replace(f, value=Typed(sql("CASE WHEN {} THEN {} END", condition, f.value), f.value.type))
            for f in left[1]
        ]
        return sql("{} CROSS JOIN {}", left[0], right[0]), [*kept, *right[1]]
    kind = {"": "INNER", "FULL": "LEFT"}.get(side, side)
    return sql("{} {} JOIN {} ON {}", left[0], word(kind), right[0], condition), [*left[1], *right[1]]


def _using(t: Translator, left: Source, right: Source, names: list[str], side: str) -> Source:
    tests, shared = [], []
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
        value = a if side in ("", "LEFT") else Typed(sql("coalesce({}, {})", a, b), common)
        shared.append(Field(first.name, value))
    lowered = {name.lower() for name in names}
    rest = [f for f in (*left[1], *right[1]) if (f.name or "").lower() not in lowered]
    made = sql("{} {} JOIN {} ON {}", left[0], word(side or "INNER"), right[0], joined(" AND ", tests))
    return made, [*shared, *rest]
