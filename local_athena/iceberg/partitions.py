"""Hidden partitioning: the transforms that DDL can name, and which partition a row belongs to.

DuckDB groups rows into files by the transform's value; the value that the manifest tells is computed by
pyiceberg from a row of the file, so there is one definition of each transform.
https://iceberg.apache.org/spec/#partition-transforms
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from pyiceberg.partitioning import (
    PartitionField,
    PartitionFieldValue,
    PartitionKey,
    PartitionSpec,
    _to_partition_representation,
    partition_record_value,
)
from pyiceberg.schema import Schema
from pyiceberg.transforms import (
    BucketTransform,
    DayTransform,
    HourTransform,
    IdentityTransform,
    MonthTransform,
    Transform,
    TruncateTransform,
    YearTransform,
)
from pyiceberg.typedef import Record
from pyiceberg.types import PrimitiveType, TimestamptzType

from local_athena.engine.engine import Engine
from local_athena.errors import QueryFailed
from local_athena.iceberg.types import to_trino
from local_athena.sql.build import call, sql, string
from local_athena.sql.fragment import Sql
from local_athena.sql.typed import PythonFunction
from local_athena.types.trino import INTEGER, VARCHAR

TIMES: dict[str, Callable[[], Transform[Any, Any]]] = {
    "year": YearTransform, "years": YearTransform, "month": MonthTransform, "months": MonthTransform,
    "day": DayTransform, "days": DayTransform, "hour": HourTransform, "hours": HourTransform,
}  # fmt: skip
SUFFIXES = {YearTransform: "year", MonthTransform: "month", DayTransform: "day", HourTransform: "hour"}
CALL = re.compile(r"(\w+)\s*\(\s*([^,)]+?)\s*(?:,\s*([^)]+?)\s*)?\)")


def spec_of(schema: Schema, partitions: list[str]) -> PartitionSpec:
    """The partition spec of DDL's list: `category`, `day(ts)`, `bucket(16, id)`, `truncate(name, 4)`.

    Raises:
        QueryFailed: a column or transform is unknown, or does not fit the column's type.
    """
    fields = []
    for i, text in enumerate(partitions):
        name, transform, column = _parsed(text)
        try:
            source = schema.find_field(column, case_sensitive=False)
        except ValueError as error:
            raise QueryFailed(
                "COLUMN_NOT_FOUND", f"Column '{column}' in partition field '{text}' does not exist"
            ) from error
        if not isinstance(source.field_type, PrimitiveType) or not transform.can_transform(source.field_type):
            raise QueryFailed(
                "INVALID_TABLE_PROPERTY",
                f"Invalid partition field '{text}': cannot apply to type {source.field_type}",
            )
        fields.append(PartitionField(source.field_id, 1000 + i, transform, name.format(source.name)))
    _check_redundant(fields, partitions)
    return PartitionSpec(*fields)


def _check_redundant(fields: list[PartitionField], partitions: list[str]) -> None:
    """Refuse two transforms of one column of which one says all that the other does.

    Raises:
        QueryFailed: INVALID_TABLE_PROPERTY.
    """
    seen: dict[tuple[int, str], str] = {}
    for field, text in zip(fields, partitions, strict=True):
        timed = isinstance(field.transform, tuple(SUFFIXES))
        key = (field.source_id, "time" if timed else field.name)
        if key in seen:
            raise QueryFailed(
                "INVALID_TABLE_PROPERTY",
                f"Cannot add redundant partition: '{text}' conflicts with '{seen[key]}'",
            )
        seen[key] = text


def partition_key(spec: PartitionSpec, schema: Schema, values: list[Any]) -> PartitionKey:
    """The partition of a file by the transforms' values."""
    pairs = [PartitionFieldValue(f, v) for f, v in zip(spec.fields, values, strict=True)]
    return _PartitionKey(pairs, spec, schema)


class _PartitionKey(PartitionKey):
    """A key in which several fields may be of one column, where pyiceberg looks for the only one of each."""

    @cached_property
    def partition(self) -> Record:
        """The values as a manifest holds them."""
        return Record(*(partition_record_value(v.field, v.value, self.schema) for v in self.field_values))


def _parsed(text: str) -> tuple[str, Transform[Any, Any], str]:
    """Name pattern, transform and column of one entry."""
    found = CALL.fullmatch(text.strip())
    if found is None:
        return "{}", IdentityTransform(), text.strip().strip('"`').lower()
    kind, first, second = found[1].lower(), found[2].strip('"`').lower(), (found[3] or "").strip('"`').lower()
    if kind in TIMES and not second:
        transform = TIMES[kind]()
        return f"{{}}_{SUFFIXES[type(transform)]}", transform, first
    # Hive DDL has the number first, CTAS the column.
    number, column = (first, second) if first.isdigit() else (second, first)
    if kind == "bucket" and number.isdigit() and int(number) > 0:
        return "{}_bucket", BucketTransform(int(number)), column
    if kind == "truncate" and number.isdigit() and int(number) > 0:
        return "{}_trunc", TruncateTransform(int(number)), column
    raise QueryFailed("INVALID_TABLE_PROPERTY", f"Invalid partition field declaration: {text}")


def shown(spec: PartitionSpec, schema: Schema) -> list[tuple[str, str, str]]:
    """Each partition field: its name, its transform as DESCRIBE writes it, and as DDL would say it."""
    made = []
    for field in spec.fields:
        column, transform = schema.find_field(field.source_id).name, field.transform
        if isinstance(transform, BucketTransform):
            ddl = f"bucket({transform.num_buckets}, `{column}`)"
        elif isinstance(transform, TruncateTransform):
            ddl = f"truncate({transform.width}, `{column}`)"
        else:
            ddl = f"`{column}`" if isinstance(transform, IdentityTransform) else f"{transform}(`{column}`)"
        made.append((field.name, str(transform), ddl))
    return made


def group_key(engine: Engine, schema: Schema, field: PartitionField, carried: Sql) -> Sql:
    """SQL that is the same for rows of one partition: the transform's value of a carrier."""
    type_ = schema.find_field(field.source_id).field_type
    instant = sql("({}).t", carried) if isinstance(type_, TimestamptzType) else carried
    transform = field.transform
    if isinstance(transform, BucketTransform | TruncateTransform):
        return _called(engine, transform, type_, carried)
    if isinstance(transform, IdentityTransform):
        return instant
    unit = string(SUFFIXES[type(transform)])
    return sql("strftime(date_trunc({}, {}), '%Y-%m-%dT%H')", unit, instant)


def _called(engine: Engine, transform: Transform[Any, Any], type_: Any, carried: Sql) -> Sql:
    """A call of pyiceberg's own function, whose result only has to tell groups apart."""
    compute = transform.transform(type_)
    trino = to_trino(type_)
    returns = INTEGER if isinstance(transform, BucketTransform) else VARCHAR
    name = f"iceberg_{re.sub(r'[^a-z0-9]', '_', str(transform))}_{re.sub(r'[^a-z0-9]', '_', str(type_))}"

    def value(given: Any) -> Any:
        inner = given["t"] if isinstance(given, dict) else given
        made = compute(_to_partition_representation(type_, inner))
        return made if returns is INTEGER else str(made)

    engine.register({name: PythonFunction(name, value, (trino,), returns)})
    return call(name, carried)


def partition_values(path: Path, schema: Schema, spec: PartitionSpec) -> list[Any]:
    """The partition of a written file, computed from its first row."""
    if not spec.fields:
        return []
    columns = [schema.find_field(field.source_id) for field in spec.fields]
    first = pq.ParquetFile(path).read_row_group(0, columns=[c.name for c in columns]).slice(0, 1)
    values = []
    for field, column in zip(spec.fields, columns, strict=True):
        raw = first.column(column.name)[0].as_py()
        inner = None if raw is None else _to_partition_representation(column.field_type, raw)
        values.append(field.transform.transform(column.field_type)(inner))
    return values
