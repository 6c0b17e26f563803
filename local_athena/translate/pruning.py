"""Which conditions of WHERE compare a column with a constant, so that partitions and files can be left out.

What is collected may be less than what WHERE says, never more: WHERE itself still runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any

from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.functions.catalogue import CHANGING
from local_athena.sql.typed import Field, PartitionTest, Scan
from local_athena.translate.scope import Scope
from local_athena.translate.translating import Translator
from local_athena.types.trino import INTEGERS, TrinoType

OPERATORS: dict[type, str] = {exp.EQ: "=", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">="}
FLIPPED = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
Comparison = tuple[exp.Column, str, list[exp.Expr]]
"""A column, an operator of `PartitionTest`, and what it is compared with."""

NOT_CONSTANT = (exp.Column, exp.Query, exp.Placeholder, exp.Star, exp.AggFunc, exp.Window, exp.Rand, exp.Uuid)


def collect(t: Translator, scans: Iterable[Scan], condition: exp.Expr, scope: Scope) -> None:
    """Give each scan the conjuncts of `condition` on columns that can leave something out."""
    for column, operator, nodes in (made for part in _conjuncts(condition) for made in _comparisons(part)):
        try:
            found = scope.find(tuple(p.name.lower() for p in column.parts), "")
        except QueryFailed:
            continue
        for scan in scans:
            if found is None or not _is_key(scan, found, column.name.lower()):
                continue
            values = [_text(t, node, found.value.type) for node in nodes]
            if all(v is not None for v in values):
                kept = tuple(v for v in values if v is not None)
                scan.conjuncts.append(PartitionTest(column.name.lower(), operator, kept))


def _is_key(scan: Scan, found: Field, name: str) -> bool:
    owner = getattr(getattr(found.on_use, "func", None), "__self__", None)
    actual = (getattr(found.on_use, "args", None) or ("",))[0]
    # These have several texts, and a partition's value is one of them: only statistics compare with them.
    keys = {c.name for c in scan.table.partition_columns if c.type.base not in ("timestamp", "boolean")}
    keys |= scan.table.pruned
    return owner is scan.used and actual == name and name in keys


def _conjuncts(node: exp.Expr) -> Iterator[exp.Expr]:
    while isinstance(node, exp.Paren):
        node = node.this
    if isinstance(node, exp.And):
        yield from _conjuncts(node.this)
        yield from _conjuncts(node.expression)
    else:
        yield node


def _comparisons(node: exp.Expr) -> Iterator[Comparison]:
    operator = OPERATORS.get(type(node))
    if operator is not None:
        if isinstance(node.this, exp.Column):
            yield node.this, operator, [node.expression]
        if isinstance(node.expression, exp.Column):
            yield node.expression, FLIPPED[operator], [node.this]
    elif isinstance(node, exp.In) and isinstance(node.this, exp.Column) and node.expressions:
        yield node.this, "IN", node.expressions
    elif (
        isinstance(node, exp.Between) and isinstance(node.this, exp.Column) and not node.args.get("symmetric")
    ):
        yield node.this, "BETWEEN", [node.args["low"], node.args["high"]]


def _text(t: Translator, node: exp.Expr, wanted: TrinoType) -> str | None:
    """A constant as a test's text, None for what is none or is of another kind than its column."""
    if isinstance(node, exp.Literal):
        return str(node.this)
    if t.context.fold is None or any(map(_varies, node.walk())):
        return None
    try:
        made = t.expression(node, Scope())
    except QueryFailed:
        return None
    forms = TEXTS.get((_kind(wanted), _kind(made.type)))
    value = t.context.fold(made) if forms is not None else None
    return None if value is None or forms is None else forms(value)


def _varies(node: exp.Expr) -> bool:
    return isinstance(node, NOT_CONSTANT) or (
        isinstance(node, exp.Anonymous) and node.name.lower() in CHANGING
    )


def _kind(type_: TrinoType) -> str:
    if type_.base in INTEGERS:
        return "integer"
    return "number" if type_.base in ("real", "double", "decimal") else type_.base + "+" * type_.is_fine


def _moment(value: Any) -> str | None:
    """A timestamp, a date, or a zoned timestamp by its instant in UTC."""
    moment = value.get("t") if isinstance(value, dict) else value
    return moment.isoformat() if isinstance(moment, date | datetime) else None


TEXTS: dict[tuple[str, str], Callable[[Any], str | None]] = {
    ("boolean", "boolean"): lambda value: str(value).lower(),
    ("integer", "integer"): str,
    ("number", "integer"): str,
    ("varchar", "varchar"): str,
    ("date", "date"): _moment,
    ("timestamp", "date"): _moment,
    ("timestamp", "timestamp"): _moment,
    ("timestamp", "timestamp with time zone"): _moment,
}
"""How a test says a value, by the kinds of the column and the value, where these compare as they are."""
