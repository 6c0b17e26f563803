"""Joins by how geometries lie: each geometry is made once a row, and boxes are compared before shapes.

DuckDB would compute `ST_Contains(ST_GeometryFromText(p.wkt), ST_Point(q.x, q.y))` for every pair of rows,
from the text on. So the sides are computed beside the rows that they read, as Trino does too, with the boxes
around them. What DuckDB compares for each pair is four numbers; only pairs whose boxes meet reach the shapes.
"""

from __future__ import annotations

from typing import Protocol

from sqlglot import exp

from local_athena.sql.build import sql
from local_athena.sql.context import Context
from local_athena.sql.fragment import Sql
from local_athena.sql.typed import Typed
from local_athena.translate import aggregation
from local_athena.types.trino import DOUBLE, GEOMETRY, row
from local_athena.values import geo_parts

MEETING = frozenset(
    ("st_contains", "st_crosses", "st_equals", "st_intersects", "st_overlaps", "st_touches", "st_within")
)
"""What is true only of geometries whose boxes meet."""
BOX = row(DOUBLE, DOUBLE, DOUBLE, DOUBLE)


class Lifting(Protocol):
    """Computes parts of a join's condition beside the rows of one side, 0 or 1."""

    def alone(self, part: exp.Expr, at: int) -> Typed | None:
        """A part as it is computed from one side; None when it reads the other too."""
        ...

    def beside(self, at: int, value: Typed) -> exp.Expr:
        """A column that has the value for each row of a side."""
        ...

    def latest(self, at: int) -> Typed:
        """What was last computed beside the rows of a side."""
        ...


def is_spatial(node: exp.Expr) -> bool:
    """Whether a condition asks how two geometries lie to one another."""
    return isinstance(node, exp.Anonymous) and node.name.lower() in MEETING and len(node.expressions) == 2


def with_where(select: exp.Expr, join: exp.Expr) -> exp.Expr:
    """The last join of a SELECT, on what WHERE asks of geometries when it has no condition of its own."""
    where, plain = select.args.get("where"), not join.side and str(join.kind or "CROSS").upper() == "CROSS"
    if where is None or not plain or any(join.args.get(key) for key in ("on", "using", "method")):
        return join
    if join is not select.args["joins"][-1] or isinstance(join.this, exp.Unnest | exp.Lateral):
        return join
    asked = [
        part
        for part in where.find_all(exp.Anonymous)
        if is_spatial(part) and _is_conjunct(part, where) and not _needs_groups(part)
    ]
    if not asked:
        return join
    made = join.copy()
    made.set("kind", None)
    made.set("on", exp.and_(*(part.copy() for part in asked)))
    return made


def _needs_groups(part: exp.Expr) -> bool:
    return part.find(exp.Query, exp.Window) is not None or bool(aggregation.aggregates(part))


def narrowed(context: Context, lifting: Lifting, on: exp.Expr) -> tuple[exp.Expr, list[Sql]]:
    """The condition with its geometries computed beside the rows, and the tests of their boxes."""
    made = exp.Paren(this=on.copy())
    tests: list[Sql] = []
    for part in list(made.find_all(exp.Anonymous)):
        if is_spatial(part) and _is_conjunct(part, made):
            tests += _lifted(context, lifting, part)
    return made.this, tests


def _is_conjunct(part: exp.Expr, whole: exp.Expr) -> bool:
    above = part.parent
    while above is not whole and isinstance(above, exp.And | exp.Paren):
        above = above.parent
    return above is whole


def _lifted(context: Context, lifting: Lifting, part: exp.Expr) -> list[Sql]:
    for sides in ((0, 1), (1, 0)):
        values = [lifting.alone(value, at) for value, at in zip(part.expressions, sides, strict=True)]
        first, second = values
        if first is None or second is None or first.type != GEOMETRY or second.type != GEOMETRY:
            continue
        boxes = []
        for value, at, argument in zip((first, second), sides, list(part.expressions), strict=True):
            argument.replace(lifting.beside(at, value))
            geometry = lifting.latest(at)
            box = context.call("geometry_box", geo_parts.box, [geometry], BOX)
            lifting.beside(at, box)
            boxes.append(lifting.latest(at).sql)
        return [sql("{0}.f{2} <= {1}.f{3} AND {0}.f{3} >= {1}.f{2}", *boxes, low, low + 2) for low in (0, 1)]
    return []
