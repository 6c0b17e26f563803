"""Rows become an Iceberg table's data files: written by DuckDB with the table's field ids, one partition a
file,
and described for the manifest with the statistics of their footers.

A file that no commit names is invisible; when a statement fails its files are removed, and what a killed
server
leaves behind, VACUUM takes away.
"""

from __future__ import annotations

import logging
import shutil
import uuid
from collections.abc import Iterable, Iterator
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
from pyiceberg.types import IcebergType, ListType, MapType, NestedField, StructType, TimestamptzType

from local_athena.engine.stopping import checkpoint
from local_athena.errors import not_supported
from local_athena.iceberg.catalog import commit_failed
from local_athena.iceberg.partitions import group_key, partition_key, partition_values
from local_athena.sql.build import NOTHING, commas, ident, sql, string, struct, word
from local_athena.sql.fragment import Sql, function
from local_athena.sql.writer import write
from local_athena.statements.query import Prepared, Queries

logger = logging.getLogger(__name__)

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

    def data(self, prepared: Prepared, rows: Sql) -> list[DataFile]:
        """Write the rows of a query, whose columns c0, c1, … are the table's, and say what was written."""
        fields = self.table.spec().fields
        target = self.folder / f"data-{uuid.uuid4()}"
        self.folder.mkdir(parents=True, exist_ok=True)
        by = commas(ident(f"_p{i}") for i in range(len(fields)))
        copy = sql(
            "COPY ({}) TO {} (FORMAT parquet, COMPRESSION {}, FIELD_IDS {{{}}}{})",
            self._shaped(rows),
            string(str(target)),
            self._codec(),
            _field_ids(self.table.schema().fields),
            sql(", PARTITION_BY ({}), FILENAME_PATTERN '{{uuid}}'", by) if fields else NOTHING,
        )
        self.queries.write(prepared, copy)
        files = sorted(p for p in target.rglob("*") if p.is_file()) if fields else [target]
        return [made for path in files if (made := self._described(path)) is not None]

    def _shaped(self, rows: Sql) -> Sql:
        """Rows as Parquet stores them, with the keys of their partitions, _p0, _p1, …, beside."""
        schema = self.table.schema()
        items = [
            sql("{} AS {}", _stored(ident("q", f"c{i}"), f.field_type, 0), ident(f.name))
            for i, f in enumerate(schema.fields)
        ]
        for i, field in enumerate(self.table.spec().fields):
            source = ident("q", f"c{_place(schema, field)}")
            key = group_key(self.queries.engine, schema, field, source)
            items.append(sql("{} AS {}", key, ident(f"_p{i}")))
        return sql("SELECT {} FROM ({}) AS q", commas(items), rows)

    def position_deletes(self, rows: Sql, files: dict[str, DataFile]) -> list[DataFile]:
        """Write which rows are deleted: `rows` gives file_path and pos; one file for each data file."""
        made = []
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.queries.engine.session() as connection:
            touched = sql("SELECT DISTINCT file_path FROM ({})", rows)
            for (uri,) in connection.execute(write(touched)).fetchall():
                path = self.folder / f"deletes-{uuid.uuid4()}"
                connection.execute(write(self._deletes_copy(rows, uri, path)))
                if uri not in files:
                    raise commit_failed(".".join(self.table.name()))
                made.append(self._delete_file(path, uri, files[uri]))
        return made

    def _deletes_copy(self, rows: Sql, uri: str, path: Path) -> Sql:
        return sql(
            "COPY (SELECT file_path, pos FROM ({}) WHERE file_path = {} ORDER BY pos) TO {} "
            "(FORMAT parquet, COMPRESSION {}, FIELD_IDS {{file_path: {}, pos: {}}})",
            rows,
            string(uri),
            string(str(path)),
            self._codec(),
            PATH_ID,
            POSITION_ID,
        )

    def _codec(self) -> Sql:
        name = self.table.properties.get("write.parquet.compression-codec", "zstd").lower()
        if name not in CODECS:
            raise not_supported(f"Compression {name} is not supported for Iceberg tables")
        return word(CODECS[name])

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
            try:
                self.queries.storage.delete(uri)
            except Exception:
                # The client is told why the statement failed, which is the first error and not this one.
                logger.warning("%s of a failed statement is left", uri, exc_info=True)


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


def _field_ids(fields: Iterable[NestedField]) -> Sql:
    return commas(
        sql("{}: {}", ident(field.name), _ids(field.field_id, field.field_type)) for field in fields
    )


def _ids(number: int, type_: IcebergType) -> Sql:
    """The field id of a value; of a nested one also those inside."""
    own = sql("__duckdb_field_id: {}", number)
    if isinstance(type_, StructType):
        return sql("{{{}, {}}}", own, _field_ids(type_.fields))
    if isinstance(type_, ListType):
        return sql("{{{}, element: {}}}", own, _ids(type_.element_id, type_.element_type))
    if isinstance(type_, MapType):
        key, value = _ids(type_.key_id, type_.key_type), _ids(type_.value_id, type_.value_type)
        return sql("{{{}, key: {}, value: {}}}", own, key, value)
    return sql("{}", number)


def _stored(carried: Sql, type_: IcebergType, depth: int) -> Sql:
    """A carrier as Parquet stores it: rows with their field names, zoned timestamps as instants."""
    name = ident(f"w{depth}")
    if isinstance(type_, StructType):
        parts = {
            f.name: _stored(sql("({}).{}", carried, ident(f"f{i}")), f.field_type, depth)
            for i, f in enumerate(type_.fields)
        }
        return sql("CASE WHEN {} IS NULL THEN NULL ELSE {} END", carried, struct(**parts))
    if isinstance(type_, ListType):
        item = _stored(name, type_.element_type, depth + 1)
        return sql("list_transform({}, {})", carried, function((name,), item))
    if isinstance(type_, MapType):
        key = _stored(sql("{}.key", name), type_.key_type, depth + 1)
        value = _stored(sql("{}.value", name), type_.value_type, depth + 1)
        entry = function((name,), struct(key=key, value=value))
        return sql("map_from_entries(list_transform(map_entries({}), {}))", carried, entry)
    if isinstance(type_, TimestamptzType):
        return sql("CAST(({}).t AS TIMESTAMPTZ)", carried)
    return carried
