"""Chains of one operator, which tools write thousands long: `a OR b OR c` is read as one list.

The parser makes a tree of them that leans to the left and is as deep as the chain is long.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlglot import exp

from local_athena.sql.build import Hole, joined, sql
from local_athena.sql.fragment import Sql


def operands(node: exp.Expr, also: Callable[[exp.Expr], bool] = lambda node: True) -> list[exp.Expr]:
    """What the operators of one kind stand between, from left to right.

    A node below is another operand where `also` says so.
    """
    found = []
    while True:
        found.append(node.expression)
        inner = node.this
        if type(inner) is not type(node) or not also(inner):
            found.append(inner)
            return found[::-1]
        node = inner


def chained(separator: str, items: Sequence[Hole]) -> Sql:
    """All items with a constant of the code between them, in a tree flat enough for DuckDB's parser."""
    left: Sequence[Hole] = items
    while len(left) > WIDTH:
        left = [sql("({})", joined(separator, left[i : i + WIDTH])) for i in range(0, len(left), WIDTH)]
    return joined(separator, left)


WIDTH = 64
