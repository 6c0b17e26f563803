"""`"t$partitions"`: the rows, files and bytes of each partition, and the ranges of its columns.

`data` has a row for each column of a plain type that is no identity partition: its least and greatest value, its NULLs
and NaNs, as the manifests tell them; a figure that one file does not tell is NULL.
https://trino.io/docs/current/connector/iceberg.html#partitions-table
"""  # noqa: E501

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from pyiceberg.conversions import from_bytes
from pyiceberg.manifest import DataFile
from pyiceberg.table import Table
from pyiceberg.transforms import IdentityTransform
from pyiceberg.types import IcebergType, NestedField, PrimitiveType, TimestamptzType

from local_athena.iceberg.planning import planned
from local_athena.iceberg.types import to_trino
from local_athena.types.trino import BIGINT, TrinoType, row


def columns(table: Table) -> dict[str, TrinoType]:
    """The columns of the metadata table."""
    made: dict[str, TrinoType] = {}
    keys = table.spec().partition_type(table.schema()).fields
    if keys:
        types = (to_trino(field.field_type) for field in keys)
        made["partition"] = row(*types, names=tuple(field.name for field in keys))
    made |= {"record_count": BIGINT, "file_count": BIGINT, "total_size": BIGINT}
    measured = _measured(table)
    if measured:
        made["data"] = row(
            *(_range_type(field) for field in measured), names=tuple(field.name for field in measured)
        )
    return made


def rows(table: Table) -> Iterator[tuple[Any, ...]]:
    """A row for each partition of the current spec; files of earlier specs have one together."""
    spec, measured = table.spec(), _measured(table)
    types = [field.field_type for field in spec.partition_type(table.schema()).fields]
    groups: dict[tuple[Any, ...] | None, list[DataFile]] = defaultdict(list)
    for file in {task.file.file_path: task.file for task in planned(table, None)}.values():
        own = file.spec_id == spec.spec_id
        groups[tuple(file.partition[i] for i in range(len(types))) if own else None].append(file)
    for key, files in groups.items():
        keys = None if key is None else _row(_carried(t, v) for t, v in zip(types, key, strict=True))
        counts = (sum(f.record_count for f in files), len(files), sum(f.file_size_in_bytes for f in files))
        ranges = (_row(_range(field, files) for field in measured),) if measured else ()
        yield *((keys,) if types else ()), *counts, *ranges


def _measured(table: Table) -> list[NestedField]:
    identities = {f.source_id for f in table.spec().fields if isinstance(f.transform, IdentityTransform)}
    return [
        field
        for field in table.schema().fields
        if isinstance(field.field_type, PrimitiveType) and field.field_id not in identities
    ]


def _range_type(field: NestedField) -> TrinoType:
    type_ = to_trino(field.field_type)
    return row(type_, type_, BIGINT, BIGINT, names=("min", "max", "null_count", "nan_count"))


def _range(field: NestedField, files: list[DataFile]) -> dict[str, Any]:
    # A file of NULLs has no bounds and does not make those of the others unknown.
    told = [f for f in files if (f.null_value_counts or {}).get(field.field_id) != f.record_count]
    low = _bounds(field, [f.lower_bounds or {} for f in told])
    high = _bounds(field, [f.upper_bounds or {} for f in told])
    nulls, nans = (
        _sum(field, [getattr(f, name) or {} for f in files])
        for name in ("null_value_counts", "nan_value_counts")
    )
    ends = (min(low) if low else None, max(high) if high else None)
    return _row((*(_carried(field.field_type, end) for end in ends), nulls, nans))


def _bounds(field: NestedField, found: list[dict[int, bytes]]) -> list[Any]:
    if any(field.field_id not in bounds for bounds in found) or not isinstance(
        field.field_type, PrimitiveType
    ):
        return []
    return [from_bytes(field.field_type, bounds[field.field_id]) for bounds in found]


def _sum(field: NestedField, counts: list[dict[int, int]]) -> int | None:
    found = [count.get(field.field_id) for count in counts]
    return None if None in found else sum(n for n in found if n is not None)


def _carried(type_: IcebergType, value: Any) -> Any:
    """A manifest's value as its carrier: a zoned timestamp is its instant and its zone."""
    return {"t": value, "z": "UTC"} if isinstance(type_, TimestamptzType) and value is not None else value


def _row(values: Any) -> dict[str, Any]:
    return {f"f{i}": value for i, value in enumerate(values)}
