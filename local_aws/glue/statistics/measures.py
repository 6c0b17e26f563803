"""What is computed of a column, by its type, and how the answer becomes a `ColumnStatistics`.

Pure. Names enter the query as identifiers of a syntax tree, never as text. Columns of complex types have no
statistics, as on AWS. https://docs.aws.amazon.com/glue/latest/dg/column-statistics.html (November 2026).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlglot import exp

Column = dict[str, Any]
Read = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Measure:
    """One member of a kind of statistics: its name, its Trino expression, and how its text is read."""

    member: str
    expression: Callable[[exp.Expr], exp.Expr]
    read: Read


def _call(name: str, *arguments: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=list(arguments))


def _count_if(condition: exp.Expr) -> exp.Expr:
    return _call("count_if", condition)


def _decimal(text: str) -> dict[str, Any]:
    value = Decimal(text)
    exponent = value.as_tuple().exponent
    scale = max(0, -exponent) if isinstance(exponent, int) else 0
    unscaled = int(value.scaleb(scale))
    size = unscaled.bit_length() // 8 + 1
    return {"UnscaledValue": unscaled.to_bytes(size, "big", signed=True), "Scale": scale}


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _extremes(read: Read, of: Callable[[exp.Expr], exp.Expr] = lambda column: column) -> tuple[Measure, ...]:
    return (
        Measure("MinimumValue", lambda column: _call("min", of(column)), read),
        Measure("MaximumValue", lambda column: _call("max", of(column)), read),
    )


def _seconds(column: exp.Expr) -> exp.Expr:
    return exp.cast(_call("floor", _call("to_unixtime", column)), exp.DataType.Type.BIGINT)


NULLS = Measure("NumberOfNulls", lambda column: _count_if(exp.Is(this=column, expression=exp.Null())), int)
DISTINCT = Measure("NumberOfDistinctValues", lambda column: _call("approx_distinct", column), int)
LENGTHS = (
    Measure("MaximumLength", lambda column: _call("max", _call("length", column)), int),
    Measure("AverageLength", lambda column: _call("avg", _call("length", column)), float),
)
MEASURES: dict[str, tuple[Measure, ...]] = {
    "BOOLEAN": (
        Measure("NumberOfTrues", _count_if, int),
        Measure("NumberOfFalses", lambda column: _count_if(exp.Not(this=column)), int),
        NULLS,
    ),
    "LONG": (*_extremes(int), NULLS, DISTINCT),
    "TIME": (*_extremes(int, _seconds), NULLS, DISTINCT),
    "DOUBLE": (*_extremes(float), NULLS, DISTINCT),
    "DECIMAL": (*_extremes(_decimal), NULLS, DISTINCT),
    "DATE": (*_extremes(_day), NULLS, DISTINCT),
    "STRING": (*LENGTHS, NULLS, DISTINCT),
    "BINARY": (*LENGTHS, NULLS),
}
KINDS = {
    "boolean": "BOOLEAN", "tinyint": "LONG", "smallint": "LONG", "int": "LONG", "integer": "LONG",
    "bigint": "LONG", "timestamp": "TIME", "float": "DOUBLE", "double": "DOUBLE", "decimal": "DECIMAL",
    "date": "DATE", "string": "STRING", "char": "STRING", "varchar": "STRING", "binary": "BINARY",
}  # fmt: skip
"""The kind of statistics of a column of a Hive type. Times are LONG, in seconds since 1970, as to Hive."""
SHOWN = {"TIME": "LONG"}
WHEN_EMPTY = {"MaximumLength": 0, "AverageLength": 0.0}
"""These are required, also when each value is NULL; the least and the greatest value are then left out."""


def kind_of(column: Column) -> str | None:
    """The kind of a column's statistics, or None for a type that has none."""
    return KINDS.get(column["Type"].lower().partition("(")[0].strip())


def query_of(database: str, table: str, columns: Sequence[Column], sample: float | None) -> str:
    """The Trino SQL whose one row has the measures of `columns`; `sample` is a percentage of the rows."""
    measured = [
        measure.expression(exp.column(column["Name"], quoted=True))
        for column in columns
        for measure in MEASURES[kind_of(column) or ""]
    ]
    named = [exp.alias_(expression, f"m{number}") for number, expression in enumerate(measured)]
    source: exp.Expr = exp.table_(table, db=database, quoted=True)
    if sample is not None:
        percent = exp.Literal.number(repr(float(sample)))
        source.set("sample", exp.TableSample(method=exp.Var(this="BERNOULLI"), percent=percent))
    return str(exp.select(*named).from_(source).sql(dialect="trino"))


def statistics_of(columns: Sequence[Column], row: Sequence[str], at: datetime) -> list[dict[str, Any]]:
    """The `ColumnStatistics` of columns, from the row that the query answers with."""
    cells = iter(row)
    found = []
    for column in columns:
        kind = kind_of(column) or ""
        data: dict[str, Any] = {}
        for measure in MEASURES[kind]:
            text = next(cells)
            if text:
                data[measure.member] = measure.read(text)
            elif measure.member in WHEN_EMPTY:
                data[measure.member] = WHEN_EMPTY[measure.member]
        shown = SHOWN.get(kind, kind)
        member = f"{shown.capitalize()}ColumnStatisticsData"
        found.append(
            {
                "ColumnName": column["Name"],
                "ColumnType": column["Type"],
                "AnalyzedTime": at,
                "StatisticsData": {"Type": shown, member: data},
            }
        )
    return found
