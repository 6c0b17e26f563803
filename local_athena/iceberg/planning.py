"""Which files of a snapshot may hold rows that a query wants, as the manifests' statistics tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pyiceberg.expressions import (
    AlwaysTrue,
    And,
    BooleanExpression,
    EqualTo,
    GreaterThan,
    GreaterThanOrEqual,
    In,
    LessThan,
    LessThanOrEqual,
)
from pyiceberg.expressions.literals import Literal, literal
from pyiceberg.manifest import FileFormat
from pyiceberg.schema import Schema
from pyiceberg.table import FileScanTask, Table
from pyiceberg.types import PrimitiveType, TimestampType, TimestamptzType

from local_athena.errors import not_supported
from local_athena.iceberg.damage import reading
from local_athena.sql.typed import PartitionTest

TESTS: dict[str, Callable[..., BooleanExpression]] = {
    "=": EqualTo,
    "<": LessThan,
    "<=": LessThanOrEqual,
    ">": GreaterThan,
    ">=": GreaterThanOrEqual,
    "IN": lambda name, *values: In(name, set(values)),  # type: ignore[call-arg,arg-type]
    "BETWEEN": lambda name, low, high: And(TESTS[">="](name, low), TESTS["<="](name, high)),
}


def schema_of(table: Table, snapshot_id: int | None) -> Schema:
    """The schema of a snapshot; the current one for the current snapshot."""
    snapshot = table.snapshot_by_id(snapshot_id) if snapshot_id is not None else None
    if snapshot is None or snapshot.schema_id is None:
        return table.schema()
    return table.schemas()[snapshot.schema_id]


def planned(table: Table, snapshot_id: int | None, tests: Iterable[PartitionTest] = ()) -> list[FileScanTask]:
    """The files that may hold rows that pass the tests, each with its deletes.

    Raises:
        QueryFailed: the table has equality deletes, which only streaming writers make.
    """
    schema = schema_of(table, snapshot_id)
    condition: BooleanExpression = AlwaysTrue()
    for test in tests:
        condition = And(condition, _condition(schema, test))
    name = ".".join(table.name())
    try:
        with reading(name):
            tasks = list(table.scan(row_filter=condition, snapshot_id=snapshot_id).plan_files())
    except (ValueError, NotImplementedError) as error:
        raise not_supported(f"Cannot read Iceberg table {name}: {error}") from error
    for file in (f for task in tasks for f in (task.file, *task.delete_files)):
        if file.file_format != FileFormat.PARQUET:
            raise not_supported(f"Iceberg data files of format {file.file_format.name} are not supported")
    return tasks


def _condition(schema: Schema, test: PartitionTest) -> BooleanExpression:
    """A test of the query as Iceberg's; AlwaysTrue where it cannot be said."""
    field = schema.find_field(test.column, case_sensitive=False)
    if not isinstance(field.field_type, PrimitiveType) or isinstance(field.field_type, TimestamptzType):
        return AlwaysTrue()
    try:
        values = [_literal(value, field.field_type) for value in test.values]
    except (ValueError, TypeError):
        return AlwaysTrue()
    made = TESTS.get(test.operator)
    return AlwaysTrue() if made is None else made(field.name, *values)


def _literal(text: str, type_: PrimitiveType) -> Literal[Any]:
    # Iceberg's literals of timestamps have a time, a date alone is midnight.
    is_day = isinstance(type_, TimestampType) and len(text) == len("yyyy-mm-dd")
    moment = f"{text}T00:00:00" if is_day else text
    return literal(moment).to(type_)
