"""Rows become an Iceberg table's data files: written by DuckDB with the table's field ids, one partition a
file,
and described for the manifest with the statistics of their footers.

A file that no commit names is invisible; when a statement fails its files are removed, and what a killed
server
leaves behind, VACUUM takes away.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from pyiceberg.io.pyarrow import (
    compute_statistics_plan,
    data_file_statistics_from_parquet_metadata,
    parquet_path_to_id_mapping,
)
from pyiceberg.manifest import DataFile, DataFileContent, FileFormat
from pyiceberg.partitioning import PartitionField
from pyiceberg.schema import Schema
from pyiceberg.table import Table
from pyiceberg.typedef import Record
from pyiceberg.types import IcebergType, ListType, MapType, StructType, TimestamptzType

from local_athena.engine.stopping import checkpoint
from local_athena.errors import not_supported
from local_athena.iceberg.catalog import commit_failed
from local_athena.iceberg.partitions import group_key, partition_key, partition_values
from local_athena.iceberg.scan import quoted_name
from local_athena.statements.query import Prepared, Queries
from local_athena.translate.sql import quoted

CODECS = {
    "zstd": "zstd",
    "snappy": "snappy",
    "gzip": "gzip",
    "uncompressed": "uncompressed",
    "none": "uncompressed",
    "lz4": "lz4_raw",
}

PATH_ID, POSITION_ID = 2147483546, 2147483545
"""The reserved field ids of a position delete file: https://iceberg.apache.org/spec/#reserved-field-ids"""


class Staged:
    """The files of one statement, until it commits."""

    def __init__(self, queries: Queries, table: Table) -> None:
        self.queries, self.table = queries, table
        self.folder = queries.engine.scratch / f"iceberg-{uuid.uuid4()}"
        self.written: list[str] = []

    def data(self, prepared: Prepared, sql: str) -> list[DataFile]:
        """Write the rows of `sql`, whose columns c0, c1, … are the table's, and say what was written."""
        schema, spec = self.table.schema(), self.table.spec()
        keys = [
            group_key(self.queries.engine, schema, field, f"q.c{_place(schema, field)}")
            for field in spec.fields
        ]
        items = [
            f"{_stored(f'q.c{i}', f.field_type, 0)} AS {quoted_name(f.name)}"
            for i, f in enumerate(schema.fields)
        ]
        items += [f"{key} AS _p{i}" for i, key in enumerate(keys)]
        target = self.folder / f"data-{uuid.uuid4()}"
        self.folder.mkdir(parents=True, exist_ok=True)
        options = [f"FORMAT parquet, COMPRESSION {self._codec()}, FIELD_IDS {{{_field_ids(schema.fields)}}}"]
        if keys:
            options.append(
                f"PARTITION_BY ({', '.join(f'_p{i}' for i in range(len(keys)))}), FILENAME_PATTERN '{{uuid}}'"
            )
        rows = f"SELECT {', '.join(items)} FROM ({sql}) AS q"  # noqa: S608
        copy = f"COPY ({rows}) TO {quoted(str(target))} ({', '.join(options)})"
        self.queries.write(prepared, copy)
        files = sorted(p for p in target.rglob("*") if p.is_file()) if keys else [target]
        return [made for path in files if (made := self._described(path)) is not None]

    def position_deletes(self, rows_sql: str, files: dict[str, DataFile]) -> list[DataFile]:
        """Write which rows are deleted: `rows_sql` gives file_path and pos; one file for each data file."""
        made = []
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.queries.engine.session() as connection:
            for (uri,) in connection.execute(f"SELECT DISTINCT file_path FROM ({rows_sql})").fetchall():  # noqa: S608
                path = self.folder / f"deletes-{uuid.uuid4()}"
                rows = f"SELECT file_path, pos FROM ({rows_sql}) WHERE file_path = {quoted(uri)} ORDER BY pos"  # noqa: S608
                connection.execute(
                    f"COPY ({rows}) TO {quoted(str(path))} (FORMAT parquet, COMPRESSION {self._codec()}, "
                    f"FIELD_IDS {{file_path: {PATH_ID}, pos: {POSITION_ID}}})"
                )
                if uri not in files:
                    raise commit_failed(".".join(self.table.name()))
                made.append(self._delete_file(path, uri, files[uri]))
        return made

    def _codec(self) -> str:
        name = self.table.properties.get("write.parquet.compression-codec", "zstd").lower()
        if name not in CODECS:
            raise not_supported(f"Compression {name} is not supported for Iceberg tables")
        return CODECS[name]

    def _described(self, path: Path) -> DataFile | None:
        """A written file, moved to its place in the table; None for one without rows."""
        table, schema, spec = self.table, self.table.schema(), self.table.spec()
        footer = pq.read_metadata(path)
        if footer.num_rows == 0:
            return None
        key = partition_key(spec, schema, partition_values(path, schema, spec))
        statistics = data_file_statistics_from_parquet_metadata(
            footer, compute_statistics_plan(schema, table.properties), parquet_path_to_id_mapping(schema)
        )
        size = path.stat().st_size
        uri = table.location_provider().new_data_location(
            f"{uuid.uuid4()}.parquet", key if spec.fields else None
        )
        self._move(path, uri)
        held = (key.partition, spec.spec_id)
        return _data_file(DataFileContent.DATA, uri, size, held, statistics.to_serialized_dict())

    def _delete_file(self, path: Path, deleted_from: str, data_file: DataFile) -> DataFile:
        rows, size = pq.read_metadata(path).num_rows, path.stat().st_size
        uri = self.table.location_provider().new_data_location(f"{uuid.uuid4()}-deletes.parquet", None)
        self._move(path, uri)
        bound = {PATH_ID: deleted_from.encode()}
        statistics = {"record_count": rows, "lower_bounds": bound, "upper_bounds": bound}
        held = (data_file.partition, data_file.spec_id)
        return _data_file(DataFileContent.POSITION_DELETES, uri, size, held, statistics)

    def _move(self, path: Path, uri: str) -> None:
        checkpoint()
        self.written.append(uri)
        self.queries.storage.write(uri, path)

    def discard(self) -> None:
        """Remove what was written for a statement that failed."""
        for uri in self.written:
            self.queries.storage.delete(uri)


def _data_file(
    content: DataFileContent, uri: str, size: int, held: tuple[Record, int], statistics: dict[str, Any]
) -> DataFile:
    """A manifest's words for a file; `held` is its partition and the spec that has it."""
    made = DataFile.from_args(
        content=content,
        file_path=uri,
        file_format=FileFormat.PARQUET,
        partition=held[0],
        file_size_in_bytes=size,
        sort_order_id=None,
        equality_ids=None,
        key_metadata=None,
        **statistics,
    )
    made.spec_id = held[1]
    return made


@contextmanager
def staged(queries: Queries, table: Table) -> Iterator[Staged]:
    """The files of a statement: kept when the block ends well, removed when it raises."""
    files = Staged(queries, table)
    try:
        yield files
    except BaseException:
        files.discard()
        raise
    finally:
        shutil.rmtree(files.folder, ignore_errors=True)


def _place(schema: Schema, field: PartitionField) -> int:
    for i, column in enumerate(schema.fields):
        if column.field_id == field.source_id:
            return i
    raise not_supported(f"Partitioning by a nested field is not supported: {field.name}")


def _field_ids(fields: Any) -> str:
    return ", ".join(
        f"{quoted_name(field.name)}: {_ids(field.field_id, field.field_type)}" for field in fields
    )


def _ids(number: int, type_: IcebergType) -> str:
    own = f"__duckdb_field_id: {number}"
    if isinstance(type_, StructType):
        return f"{{{own}, {_field_ids(type_.fields)}}}"
    if isinstance(type_, ListType):
        return f"{{{own}, element: {_ids(type_.element_id, type_.element_type)}}}"
    if isinstance(type_, MapType):
        key, value = _ids(type_.key_id, type_.key_type), _ids(type_.value_id, type_.value_type)
        return f"{{{own}, key: {key}, value: {value}}}"
    return str(number)


def _stored(sql: str, type_: IcebergType, depth: int) -> str:
    """A carrier as Parquet stores it: rows with their field names, zoned timestamps as instants."""
    name = f"w{depth}"
    if isinstance(type_, StructType):
        items = ", ".join(
            f"{quoted_name(f.name)} := {_stored(f'({sql}).f{i}', f.field_type, depth)}"
            for i, f in enumerate(type_.fields)
        )
        return f"CASE WHEN {sql} IS NULL THEN NULL ELSE struct_pack({items}) END"
    if isinstance(type_, ListType):
        return f"list_transform({sql}, lambda {name}: {_stored(name, type_.element_type, depth + 1)})"
    if isinstance(type_, MapType):
        key, value = (
            _stored(f"{name}.key", type_.key_type, depth + 1),
            _stored(f"{name}.value", type_.value_type, depth + 1),
        )
        entry = f"struct_pack(key := {key}, value := {value})"
        return f"map_from_entries(list_transform(map_entries({sql}), lambda {name}: {entry}))"
    if isinstance(type_, TimestamptzType):
        return f"CAST(({sql}).t AS TIMESTAMPTZ)"
    return sql
