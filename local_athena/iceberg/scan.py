"""Reading an Iceberg table: pyiceberg says which files a snapshot has, DuckDB reads them.

Files that hold the wanted columns alike are read together. Rows that position deletes name are left out.
https://iceberg.apache.org/spec/#position-delete-files
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from typing import TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.manifest import DataFile
from pyiceberg.schema import Schema
from pyiceberg.table import FileScanTask, Table
from pyiceberg.transforms import IdentityTransform
from pyiceberg.types import NestedField

from local_athena.catalog.files import Content
from local_athena.catalog.readings import FILENAME, Reading, free_name, selected
from local_athena.errors import QueryFailed, not_supported
from local_athena.iceberg.damage import reading_data
from local_athena.iceberg.file_values import find, nothing, value
from local_athena.iceberg.planning import planned, schema_of
from local_athena.protocols import Storage, StorageError
from local_athena.sql.build import FALSE, NOTHING, TRUE, commas, ident, joined, null_of, sql, string
from local_athena.sql.fragment import Name, Sql
from local_athena.sql.typed import Scan
from local_athena.types.trino import BIGINT, VARCHAR

PATH, SIZE, MODIFIED, POSITION = "$path", "$file_size", "$file_modified_time", "$row_position"
ROW_NUMBER = "file_row_number"
"""DuckDB's name for the place of a row in its file, which cannot be another."""
Opened = TypeVar("Opened")


def read(scan: Scan, table: Table, snapshot_id: int | None, storage: Storage) -> Reading:
    """SQL of the scan's used columns in a snapshot (None: the current one).

    Raises:
        QueryFailed: a file is missing, or of a kind that cannot be read.
    """
    schema = schema_of(table, snapshot_id)
    fields = [f for f in schema.fields if f.name.lower() in scan.used]
    tasks = planned(table, snapshot_id, scan.conjuncts)
    if not tasks:
        nulls = selected({name: _null(scan, name) for name in scan.used})
        return Reading(sql("SELECT {} WHERE false", nulls), 0)
    paths = {task.file.file_path: _path(storage, task.file.file_path) for task in tasks}
    deletes = _distinct(file for task in tasks for file in task.delete_files)
    filename = ident(free_name(FILENAME, {field.name.lower() for field in fields}))
    numbered = _numbered(table, bool(deletes) or POSITION in scan.used)
    source = joined(
        " UNION ALL ",
        (
            _group(shape, [paths[f.file_path] for f in files], fields, filename, numbered)
            for shape, files in _grouped(table, tasks, storage, fields)
        ),
    )
    described = deletes or {PATH, SIZE, MODIFIED} & scan.used
    rows = sql(
        "SELECT {} FROM ({}) AS d{}{}",
        _items(scan, fields),
        source,
        _described(tasks, paths, filename) if described else NOTHING,
        _without([_path(storage, file.file_path) for file in deletes]) if deletes else NOTHING,
    )
    return Reading(rows, _scanned(tasks, fields) + sum(file.file_size_in_bytes for file in deletes))


def _numbered(table: Table, asked: bool) -> Sql:
    """Whether the number of each row is read, which DuckDB gives under one name only.

    Raises:
        QueryFailed: NOT_SUPPORTED, a column of the table has that name.
    """
    if not asked:
        return FALSE
    if any(f.name.lower() == ROW_NUMBER for schema in table.schemas().values() for f in schema.fields):
        problem = f"rows of a table with a column {ROW_NUMBER} cannot be deleted or changed here"
        raise not_supported(f"Iceberg table {'.'.join(table.name())}: {problem}")
    return TRUE


def _described(tasks: list[FileScanTask], paths: dict[str, str], filename: Name) -> Sql:
    """What is told of each file beside its rows."""
    rows = commas(
        sql(
            "({}, {}, CAST({} AS BIGINT))",
            string(paths[t.file.file_path]),
            string(t.file.file_path),
            t.file.file_size_in_bytes,
        )
        for t in tasks
    )
    return sql(" JOIN (VALUES {}) AS m(file, uri, size) ON d.{} = m.file", rows, filename)


def _without(deletes: list[str]) -> Sql:
    """The rows that position deletes name, left out."""
    return sql(
        " ANTI JOIN (SELECT file_path, pos FROM read_parquet([{}])) AS x ON x.file_path "
        "= m.uri AND x.pos = d.file_row_number",
        commas(map(string, deletes)),
    )


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
) -> list[tuple[Shape, list[DataFile]]]:
    """The data files by how they hold the wanted fields; one with a column `filename` is read alone."""
    groups: dict[tuple[str, str], tuple[Shape, list[DataFile]]] = {}
    for task in tasks:
        uri, size = task.file.file_path, task.file.file_size_in_bytes
        schema = _file_schema(Content(uri, str(size), partial(_opened, storage.open_file, uri)))
        found = tuple(find(schema, field) for field in fields)
        _check_partition_values(table, task.file, fields, found)
        key = "\n".join("" if f is None else pa.schema([f]).to_string() for f in found)
        alone = uri if FILENAME in map(str.lower, schema.names) else ""
        groups.setdefault((key, alone), (found, []))[1].append(task.file)
    return list(groups.values())


@lru_cache(maxsize=20000)
def _file_schema(content: Content) -> pa.Schema:
    with content.open() as file, reading_data(content.uri):
        return pq.read_schema(file)


def _check_partition_values(table: Table, file: DataFile, fields: list[NestedField], found: Shape) -> None:
    """A column that only the partition tuple holds, as in migrated Hive files, is not read from there."""
    identities = {
        f.source_id for f in table.specs()[file.spec_id].fields if isinstance(f.transform, IdentityTransform)
    }
    for field, held in zip(fields, found, strict=True):
        if held is None and field.field_id in identities:
            raise not_supported(f"Data file {file.file_path} does not hold its partition column {field.name}")


def _group(shape: Shape, paths: list[str], fields: list[NestedField], filename: Name, numbered: Sql) -> Sql:
    items: list[Sql] = [
        sql(
            "{} AS {}",
            nothing(field) if held is None else value(ident(held.name), field.field_type, held.type, 0),
            ident(field.name.lower()),
        )
        for field, held in zip(fields, shape, strict=True)
    ]
    items.append(sql("{} AS {}", string(paths[0]) if len(paths) == 1 else ident(FILENAME), filename))
    if numbered == TRUE:
        items.append(ident(ROW_NUMBER))
    return sql(
        "SELECT {} FROM read_parquet([{}], filename = {}, file_row_number = {}, "
        "hive_partitioning = false, union_by_name = true)",
        commas(items),
        commas(map(string, paths)),
        FALSE if len(paths) == 1 else TRUE,
        numbered,
    )


HIDDEN_SQL = {PATH: ident("m", "uri"), SIZE: ident("m", "size"), POSITION: ident("d", ROW_NUMBER)}


def _items(scan: Scan, fields: list[NestedField]) -> Sql:
    if MODIFIED in scan.used:
        raise not_supported('"$file_modified_time" of an Iceberg table is not supported')
    columns: dict[str, Sql] = {f.name.lower(): ident("d", f.name.lower()) for f in fields}
    return selected(columns | {name: made for name, made in HIDDEN_SQL.items() if name in scan.used})


def _null(scan: Scan, name: str) -> Sql:
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
