"""The metadata tables of an Iceberg table, with Trino's columns: `"t$snapshots"`, `$history`, `$files`,
`$manifests`,
`$partitions`, `$refs`.

https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-table-metadata.html and
https://trino.io/docs/current/connector/iceberg.html#metadata-tables
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.conversions import from_bytes
from pyiceberg.manifest import DataFile
from pyiceberg.partitioning import PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.table import Table
from pyiceberg.table.snapshots import ancestors_of
from pyiceberg.transforms import IdentityTransform, Transform
from pyiceberg.types import PrimitiveType

from local_athena.catalog.readings import Reading, selected
from local_athena.engine.python_functions import arrow_type
from local_athena.iceberg import partitions_table
from local_athena.iceberg.damage import reading
from local_athena.sql.build import ident, sql, string
from local_athena.sql.typed import Scan
from local_athena.types.trino import (
    BIGINT,
    BOOLEAN,
    INTEGER,
    VARBINARY,
    VARCHAR,
    TrinoType,
    array,
    map_of,
    row,
    timestamp_tz,
)

Columns = dict[str, TrinoType]
Rows = Iterator[tuple[Any, ...]]
INSTANT = timestamp_tz(3)


@dataclass(frozen=True, slots=True)
class Kind:
    """One metadata table: its columns, and its rows as Python values of their carriers."""

    columns: Callable[[Table], Columns]
    rows: Callable[[Table], Rows]


def read(context: Any, scan: Scan, scratch: Path, *, kind: Kind, table: Table) -> Reading:
    """SQL of the rows, which are put in a small file of the scratch folder."""
    columns = kind.columns(table)
    with reading(".".join(table.name())):
        rows = list(kind.rows(table))
    arrays = [pa.array([r[i] for r in rows], arrow_type(type_)) for i, type_ in enumerate(columns.values())]
    path = scratch / f"metadata-{uuid.uuid4()}.parquet"
    pq.write_table(pa.Table.from_arrays(arrays, names=list(columns)), path)
    items = selected({name: ident(name) for name in scan.used})
    return Reading(sql("SELECT {} FROM read_parquet({})", items, string(str(path))), 0)


def _instant(milliseconds: int | None) -> dict[str, Any] | None:
    return None if milliseconds is None else {"t": milliseconds * 1000, "z": "UTC"}


def _snapshots(table: Table) -> Rows:
    for snapshot in table.snapshots():
        summary = snapshot.summary
        operation = summary.operation.value if summary is not None else None
        properties = list(summary.additional_properties.items()) if summary is not None else []
        yield (
            _instant(snapshot.timestamp_ms), snapshot.snapshot_id, snapshot.parent_snapshot_id, operation,
            snapshot.manifest_list, properties,
        )  # fmt: skip


def _history(table: Table) -> Rows:
    current = table.current_snapshot()
    line = {s.snapshot_id for s in ancestors_of(current, table.metadata)} if current is not None else set()
    parents = {snapshot.snapshot_id: snapshot.parent_snapshot_id for snapshot in table.snapshots()}
    for entry in table.history():
        number = entry.snapshot_id
        yield _instant(entry.timestamp_ms), number, parents.get(number), number in line


def _refs(table: Table) -> Rows:
    for name, ref in table.metadata.refs.items():
        kind = ref.snapshot_ref_type.value.upper()
        yield (
            name,
            kind,
            ref.snapshot_id,
            ref.max_ref_age_ms,
            ref.min_snapshots_to_keep,
            ref.max_snapshot_age_ms,
        )


def _manifests(table: Table) -> Rows:
    snapshot = table.current_snapshot()
    for manifest in snapshot.manifests(table.io) if snapshot is not None else ():
        spec = table.specs()[manifest.partition_spec_id]
        yield (
            manifest.content.value, manifest.manifest_path, manifest.manifest_length,
            manifest.partition_spec_id,
            manifest.added_snapshot_id, manifest.added_files_count, manifest.added_rows_count,
            manifest.existing_files_count, manifest.existing_rows_count, manifest.deleted_files_count,
            manifest.deleted_rows_count, _summaries(manifest.partitions or (), spec, table.schema()),
        )  # fmt: skip


def _summaries(summaries: Any, spec: PartitionSpec, schema: Schema) -> list[dict[str, Any]]:
    types = spec.partition_type(schema).fields
    return [
        {
            "f0": one.contains_null,
            "f1": one.contains_nan,
            "f2": _bound(type_.field_type, one.lower_bound, field.transform),
            "f3": _bound(type_.field_type, one.upper_bound, field.transform),
        }
        for type_, field, one in zip(types, spec.fields, summaries, strict=True)
    ]


IDENTITY: Transform[Any, Any] = IdentityTransform()


def _bound(type_: Any, value: bytes | None, transform: Transform[Any, Any] = IDENTITY) -> str | None:
    if value is None or not isinstance(type_, PrimitiveType):
        return None
    return transform.to_human_string(type_, from_bytes(type_, value))


def _files(table: Table) -> Rows:
    schema = table.schema()
    for file in _live(table):
        yield (
            file.content.value, file.file_path, file.file_format.value, file.record_count,
            file.file_size_in_bytes, _pairs(file.column_sizes), _pairs(file.value_counts),
            _pairs(file.null_value_counts), _pairs(file.nan_value_counts), _bounds(schema, file.lower_bounds),
            _bounds(schema, file.upper_bounds), file.key_metadata, file.split_offsets, file.equality_ids,
        )  # fmt: skip


def _live(table: Table) -> Iterator[DataFile]:
    """Data and delete files of the current snapshot."""
    snapshot = table.current_snapshot()
    for manifest in snapshot.manifests(table.io) if snapshot is not None else ():
        for entry in manifest.fetch_manifest_entry(table.io, discard_deleted=True):
            yield entry.data_file


def _pairs(counts: dict[int, int] | None) -> list[tuple[int, int]] | None:
    return None if counts is None else list(counts.items())


def _bounds(schema: Schema, bounds: dict[int, bytes] | None) -> list[tuple[int, str | None]] | None:
    if bounds is None:
        return None
    known = {i: schema.find_type(i) for i in bounds if schema.find_column_name(i) is not None}
    return [(i, _bound(known[i], value)) for i, value in bounds.items() if i in known]


COUNTS = map_of(INTEGER, BIGINT)
KINDS = {
    "snapshots": Kind(
        lambda table: {
            "committed_at": INSTANT, "snapshot_id": BIGINT, "parent_id": BIGINT, "operation": VARCHAR,
            "manifest_list": VARCHAR, "summary": map_of(VARCHAR, VARCHAR),
        },
        _snapshots,
    ),
    "history": Kind(
        lambda table: {
            "made_current_at": INSTANT, "snapshot_id": BIGINT, "parent_id": BIGINT,
            "is_current_ancestor": BOOLEAN,
        },
        _history,
    ),
    "refs": Kind(
        lambda table: {
            "name": VARCHAR, "type": VARCHAR, "snapshot_id": BIGINT, "max_reference_age_in_ms": BIGINT,
            "min_snapshots_to_keep": INTEGER, "max_snapshot_age_in_ms": BIGINT,
        },
        _refs,
    ),
    "manifests": Kind(
        lambda table: {
            "content": INTEGER, "path": VARCHAR, "length": BIGINT, "partition_spec_id": INTEGER,
            "added_snapshot_id": BIGINT, "added_data_files_count": INTEGER, "added_rows_count": BIGINT,
            "existing_data_files_count": INTEGER, "existing_rows_count": BIGINT,
            "deleted_data_files_count": INTEGER, "deleted_rows_count": BIGINT,
            "partition_summaries": array(
                row(BOOLEAN, BOOLEAN, VARCHAR, VARCHAR,
                    names=("contains_null", "contains_nan", "lower_bound", "upper_bound"))
            ),
        },
        _manifests,
    ),
    "files": Kind(
        lambda table: {
            "content": INTEGER, "file_path": VARCHAR, "file_format": VARCHAR, "record_count": BIGINT,
            "file_size_in_bytes": BIGINT, "column_sizes": COUNTS, "value_counts": COUNTS,
            "null_value_counts": COUNTS, "nan_value_counts": COUNTS, "lower_bounds": map_of(INTEGER, VARCHAR),
            "upper_bounds": map_of(INTEGER, VARCHAR), "key_metadata": VARBINARY,
            "split_offsets": array(BIGINT), "equality_ids": array(INTEGER),
        },
        _files,
    ),
    "partitions": Kind(partitions_table.columns, partitions_table.rows),
}  # fmt: skip
