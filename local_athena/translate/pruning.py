"""Which conditions of WHERE are about partition columns only, so that the catalog can leave partitions out.

What is collected may be less than what WHERE says, never more: WHERE itself still runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.parse.dialect import TypedLiteral
from local_athena.translate.scope import Scope
from local_athena.translate.typed import PartitionTest, Scan

OPERATORS: dict[type, str] = {exp.EQ: "=", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">="}
FLIPPED = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def collect(scans: Iterable[Scan], condition: exp.Expr, scope: Scope) -> None:
    """Give each scan the conjuncts of `condition` on its partition columns."""
    for part in _conjuncts(condition):
        for column, test in _tests(part):
            try:
                found = scope.find(tuple(p.name.lower() for p in column.parts), "")
            except QueryFailed:
                continue
            for scan in scans:
                if found is not None and _is_key(scan, found.on_use, test.column):
                    scan.conjuncts.append(test)


def _is_key(scan: Scan, on_use: object, name: str) -> bool:
    owner = getattr(getattr(on_use, "func", None), "__self__", None)
    actual = (getattr(on_use, "args", None) or ("",))[0]
    keys = {c.name for c in scan.table.partition_columns} | scan.table.pruned
    return owner is scan.used and actual == name and name in keys


def _conjuncts(node: exp.Expr) -> Iterator[exp.Expr]:
    while isinstance(node, exp.Paren):
        node = node.this
    if isinstance(node, exp.And):
        yield from _conjuncts(node.this)
        yield from _conjuncts(node.expression)
    else:
        yield node


def _tests(node: exp.Expr) -> Iterator[tuple[exp.Expr, PartitionTest]]:
    operator = OPERATORS.get(type(node))
    if operator is not None:
        yield from _one(node.this, operator, node.expression)
        yield from _one(node.expression, FLIPPED[operator], node.this)
    elif isinstance(node, exp.In) and isinstance(node.this, exp.Column) and node.expressions:
        values = [_constant(item) for item in node.expressions]
        if all(v is not None for v in values):
            yield (
                node.this,
                PartitionTest(node.this.name.lower(), "IN", tuple(v for v in values if v is not None)),
            )
    elif (
        isinstance(node, exp.Between) and isinstance(node.this, exp.Column) and not node.args.get("symmetric")
    ):
        low, high = _constant(node.args["low"]), _constant(node.args["high"])
        if low is not None and high is not None:
            yield node.this, PartitionTest(node.this.name.lower(), "BETWEEN", (low, high))


def _one(column: exp.Expr, operator: str, value: exp.Expr) -> Iterator[tuple[exp.Expr, PartitionTest]]:
    constant = _constant(value)
    if isinstance(column, exp.Column) and constant is not None:
        yield column, PartitionTest(column.name.lower(), operator, (constant,))


def _constant(node: exp.Expr) -> str | None:
    if isinstance(node, exp.Literal):
        return str(node.this)
    if isinstance(node, TypedLiteral) and node.args["to"].sql().upper() == "DATE":
        return str(node.this.this)
    return None
