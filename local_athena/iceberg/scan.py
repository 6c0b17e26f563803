"""Reading an Iceberg table: pyiceberg says which files a snapshot has, DuckDB reads them.

Columns are matched by field id, never by name or place, at every depth, so that a file written before a
column was renamed, dropped, added or widened still reads right. Rows that position deletes name are left out.
https://iceberg.apache.org/spec/#column-projection
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
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
from pyiceberg.manifest import DataFile, FileFormat
from pyiceberg.schema import Schema
from pyiceberg.table import FileScanTask, Table
from pyiceberg.transforms import IdentityTransform
from pyiceberg.types import (
    IcebergType,
    ListType,
    MapType,
    NestedField,
    PrimitiveType,
    StructType,
    TimestampType,
    TimestamptzType,
)

from local_athena.catalog.files import Content
from local_athena.errors import QueryFailed, not_supported
from local_athena.iceberg.types import to_trino
from local_athena.protocols import Storage, StorageError
from local_athena.readers.scans import Reading
from local_athena.translate.sql import null_of, quoted
from local_athena.translate.typed import PartitionTest, Scan
from local_athena.types.duckdb import carrier
from local_athena.types.trino import BIGINT, VARCHAR

FIELD_ID = b"PARQUET:field_id"
PATH, SIZE, MODIFIED, POSITION = "$path", "$file_size", "$file_modified_time", "$row_position"
Opened = TypeVar("Opened")
TESTS: dict[str, Callable[..., BooleanExpression]] = {
    "=": EqualTo,
    "<": LessThan,
    "<=": LessThanOrEqual,
    ">": GreaterThan,
    ">=": GreaterThanOrEqual,
    "IN": lambda name, *values: In(name, set(values)),  # type: ignore[call-arg,arg-type]
    "BETWEEN": lambda name, low, high: And(TESTS[">="](name, low), TESTS["<="](name, high)),
}


def read(scan: Scan, table: Table, snapshot_id: int | None, storage: Storage) -> Reading:
    """SQL of the scan's used columns in a snapshot (None: the current one).

    Raises:
        QueryFailed: a file is missing, or of a kind that cannot be read.
    """
    schema = schema_of(table, snapshot_id)
    fields = [f for f in schema.fields if f.name.lower() in scan.used]
    tasks = planned(table, snapshot_id, scan.conjuncts)
    if not tasks:
        items = [f'{_null(scan, name)} AS "{name}"' for name in sorted(scan.used)]
        return Reading(f"SELECT {', '.join(items) or '1 AS none'} WHERE false", 0)
    paths = {task.file.file_path: _path(storage, task.file.file_path) for task in tasks}
    deletes = _distinct(file for task in tasks for file in task.delete_files)
    source = " UNION ALL ".join(
        _group(shape, [paths[f.file_path] for f in files], fields)
        for shape, files in _grouped(table, tasks, storage, fields).items()
    )
    sql = f"SELECT {_items(scan, fields)} FROM ({source}) AS d"  # noqa: S608
    if deletes or {PATH, SIZE, MODIFIED} & scan.used:
        sql += f" JOIN (VALUES {_listed(tasks, paths)}) AS m(file, uri, size) ON d.filename = m.file"
    if deletes:
        files = ", ".join(quoted(_path(storage, file.file_path)) for file in deletes)
        sql += (
            f" ANTI JOIN (SELECT file_path, pos FROM read_parquet([{files}])) AS x"  # noqa: S608
            " ON x.file_path = m.uri AND x.pos = d.file_row_number"
        )
    return Reading(sql, _scanned(tasks, fields) + sum(file.file_size_in_bytes for file in deletes))


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
    try:
        tasks = list(table.scan(row_filter=condition, snapshot_id=snapshot_id).plan_files())
    except (ValueError, NotImplementedError) as error:
        raise not_supported(f"Cannot read Iceberg table {'.'.join(table.name())}: {error}") from error
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
    moment = (
        f"{text}T00:00:00" if isinstance(type_, TimestampType) and len(text) == len("yyyy-mm-dd") else text
    )
    return literal(moment).to(type_)


def _path(storage: Storage, uri: str) -> str:
    return _opened(storage.open_path, uri)


def _opened(open_: Callable[[str], Opened], uri: str) -> Opened:
    try:
        return open_(uri)
    except StorageError as error:
        raise QueryFailed(
            "ICEBERG_MISSING_DATA", f"Error opening Iceberg split {uri}: file not found"
        ) from error


def _distinct(files: Iterable[DataFile]) -> list[DataFile]:
    return list({file.file_path: file for file in files}.values())


Shape = tuple[pa.Field | None, ...]
"""How a file holds each wanted field; None where it does not."""


def _grouped(
    table: Table, tasks: list[FileScanTask], storage: Storage, fields: list[NestedField]
) -> dict[Shape, list[DataFile]]:
    """The data files by how they hold the wanted fields."""
    groups: dict[Shape, list[DataFile]] = defaultdict(list)
    shapes: dict[str, Shape] = {}
    for task in tasks:
        uri, size = task.file.file_path, task.file.file_size_in_bytes
        schema = _file_schema(Content(uri, str(size), partial(_opened, storage.open_file, uri)))
        found = tuple(_find(schema, field) for field in fields)
        _check_partition_values(table, task.file, fields, found)
        key = "\n".join("" if f is None else pa.schema([f]).to_string() for f in found)
        groups[shapes.setdefault(key, found)].append(task.file)
    return groups


@lru_cache(maxsize=20000)
def _file_schema(content: Content) -> pa.Schema:
    with content.open() as file:
        return pq.read_schema(file)


def _find(schema: Iterable[pa.Field], wanted: NestedField) -> pa.Field | None:
    fields = list(schema)
    if any(f.metadata and FIELD_ID in f.metadata for f in fields):
        number = str(wanted.field_id).encode()
        return next((f for f in fields if (f.metadata or {}).get(FIELD_ID) == number), None)
    return next((f for f in fields if f.name.lower() == wanted.name.lower()), None)


def _check_partition_values(table: Table, file: DataFile, fields: list[NestedField], found: Shape) -> None:
    """A column that only the partition tuple holds, as in migrated Hive files, is not read from there."""
    identities = {
        f.source_id for f in table.specs()[file.spec_id].fields if isinstance(f.transform, IdentityTransform)
    }
    for field, held in zip(fields, found, strict=True):
        if held is None and field.field_id in identities:
            raise not_supported(f"Data file {file.file_path} does not hold its partition column {field.name}")


def _group(shape: Shape, paths: list[str], fields: list[NestedField]) -> str:
    values = [
        _nothing(field) if held is None else _value(quoted_name(held.name), field.field_type, held.type, 0)
        for field, held in zip(fields, shape, strict=True)
    ]
    items = [
        f"{value} AS {quoted_name(field.name.lower())}" for value, field in zip(values, fields, strict=True)
    ]
    files = ", ".join(map(quoted, paths))
    return (
        f"SELECT {', '.join([*items, 'filename', 'file_row_number'])} FROM read_parquet([{files}], "  # noqa: S608
        "filename = true, file_row_number = true, hive_partitioning = false, union_by_name = true)"
    )


def quoted_name(name: str) -> str:
    """A column's name as DuckDB reads it."""
    return '"' + name.replace('"', '""') + '"'


def _nothing(field: NestedField) -> str:
    return null_of(to_trino(field.field_type))


def _value(sql: str, type_: IcebergType, held: pa.DataType, depth: int) -> str:
    """A file's value as its Trino type's carrier."""
    if isinstance(type_, StructType):
        return _struct(sql, type_, held, depth)
    name = f"v{depth}"
    if isinstance(type_, ListType):
        inner = _value(name, type_.element_type, held.value_type, depth + 1)
        return f"list_transform({sql}, lambda {name}: {inner})"
    if isinstance(type_, MapType):
        key = _value(f"{name}.key", type_.key_type, held.key_type, depth + 1)
        item = _value(f"{name}.value", type_.value_type, held.item_type, depth + 1)
        entry = f"struct_pack(key := {key}, value := {item})"
        return f"map_from_entries(list_transform(map_entries({sql}), lambda {name}: {entry}))"
    if isinstance(type_, TimestamptzType):
        made = f"struct_pack(t := CAST({sql} AS TIMESTAMP), z := 'UTC')"
        return f"CASE WHEN {sql} IS NULL THEN NULL ELSE {made} END"
    return f"CAST({sql} AS {carrier(to_trino(type_))})"


def _struct(sql: str, type_: StructType, held: pa.StructType, depth: int) -> str:
    items = []
    for i, field in enumerate(type_.fields):
        inner = _find(held, field)
        value = (
            _nothing(field)
            if inner is None
            else _value(f"struct_extract({sql}, {quoted(inner.name)})", field.field_type, inner.type, depth)
        )
        items.append(f"f{i} := {value}")
    return f"CASE WHEN {sql} IS NULL THEN NULL ELSE struct_pack({', '.join(items)}) END"


HIDDEN_SQL = {PATH: "m.uri", SIZE: "m.size", POSITION: "d.file_row_number"}


def _items(scan: Scan, fields: list[NestedField]) -> str:
    if MODIFIED in scan.used:
        raise not_supported('"$file_modified_time" of an Iceberg table is not supported')
    items = [f"d.{quoted_name(f.name.lower())} AS {quoted_name(f.name.lower())}" for f in fields]
    items += [f'{sql} AS "{name}"' for name, sql in HIDDEN_SQL.items() if name in scan.used]
    return ", ".join(items) or "1 AS none"


def _listed(tasks: list[FileScanTask], paths: dict[str, str]) -> str:
    return ", ".join(
        f"({quoted(paths[t.file.file_path])}, {quoted(t.file.file_path)}, "
        f"CAST({t.file.file_size_in_bytes} AS BIGINT))"
        for t in tasks
    )


def _null(scan: Scan, name: str) -> str:
    types = {c.name: c.type for c in scan.table.columns}
    return null_of(types.get(name, BIGINT if name in (SIZE, POSITION) else VARCHAR))


def _scanned(tasks: list[FileScanTask], fields: list[NestedField]) -> int:
    """Compressed bytes of the used columns, as the manifests tell them; the whole file where they do not."""
    ids = {i for field in fields for i in _leaf_ids(field)}
    total = 0
    for task in tasks:
        sizes = task.file.column_sizes
        total += sum(sizes.get(i, 0) for i in ids) if sizes else task.file.file_size_in_bytes
    return total


def _leaf_ids(field: NestedField) -> list[int]:
    return [field.field_id, *Schema(field)._lazy_id_to_field]
