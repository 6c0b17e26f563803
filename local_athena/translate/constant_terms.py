"""Constants in ORDER BY and GROUP BY: whole numbers count the columns, all others order and group nothing.

DuckDB refuses to order by a literal, so one becomes a subquery, which still fails as its expression would.
"""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from local_athena.parse.dialect import TypedLiteral
from local_athena.sql.build import sql
from local_athena.sql.fragment import Text
from local_athena.sql.typed import Typed

PLAIN = (
    exp.Literal, exp.Null, exp.Boolean, TypedLiteral, exp.Interval, exp.IntervalSpan, exp.Var, exp.HexString,
    exp.Cast, exp.TryCast, exp.DataType, exp.DataTypeParam, exp.ColumnDef, exp.Identifier, exp.Binary,
    exp.Unary, exp.Paren, exp.Tuple, exp.Array, exp.Between, exp.In,
)  # fmt: skip
"""What an expression without columns and calls consists of."""


def ordinal(node: exp.Expr) -> int | None:
    """The column that a term counts, None for any other term."""
    inner = node.unnest()
    negative = isinstance(inner, exp.Neg)
    if negative:
        inner = inner.this
    if not isinstance(inner, exp.Literal) or inner.is_string or not str(inner.this).isdigit():
        return None
    return -int(inner.this) if negative else int(inner.this)


def counted(value: Typed) -> Typed:
    """The value of a column that a term counts, which may be selected as a bare text."""
    return replace(value, sql=sql("(SELECT {})", value)) if isinstance(value.sql, Text) else value


def as_term(value: Typed, node: exp.Expr, *, single: bool = False) -> Typed:
    """The value of a term, written so that DuckDB orders by it; a `single` one, too, that it counts from."""
    if not all(isinstance(part, PLAIN) for part in node.walk()):
        return counted(value)
    if single:
        # It adds a frame's distances to a copy of the term, and copies no subquery.
        return replace(value, sql=sql("CASE WHEN random() >= 0 THEN {} END", value), constant=None)
    return replace(value, sql=sql("(SELECT {})", value))
