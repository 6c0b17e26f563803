"""The files of a scan: partitions that its conditions leave, listed, without what Hive hides.

Names that start with `_` or `.` are skipped (https://docs.aws.amazon.com/athena/latest/ug/create-table.html).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, BinaryIO

from local_athena.catalog.bucketing import buckets_of, wanted_buckets
from local_athena.catalog.hudi import latest_files
from local_athena.catalog.input_formats import HUDI, SYMLINK, check_input_format
from local_athena.catalog.partition_types import coercible
from local_athena.catalog.projection import Projected, is_projected, project
from local_athena.catalog.symlinks import linked_files
from local_athena.engine.stopping import checkpoint
from local_athena.errors import QueryFailed
from local_athena.protocols import GlueClient, Storage, StorageError, StoredFile
from local_athena.sql.typed import PartitionTest, Scan
from local_athena.types.hive import from_hive, to_hive

HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file to read and the partition values of its rows, None for NULL."""

    stored: StoredFile
    path: str
    """What DuckDB opens."""
    values: tuple[str | None, ...]
    columns: tuple[tuple[str, str], ...]
    """The (name, Hive type) list of its partition, or of its table."""
    open: Callable[[], BinaryIO] = field(compare=False)
    serde: dict[str, Any] = field(default_factory=dict, compare=False)
    """SerdeInfo of its partition, or of its table; empty: the table's."""

    @property
    def content(self) -> Content:
        """Its bytes in their present version."""
        return Content(self.stored.uri, self.stored.etag, self.open)


@dataclass(frozen=True, slots=True)
class Content:
    """One version of a file's bytes; equal ones are the same, so that what was read can be remembered."""

    uri: str
    etag: str
    open: Callable[[], BinaryIO] = field(compare=False)


def files_of(scan: Scan, glue: GlueClient, storage: Storage, now: datetime) -> list[DataFile]:
    """Every file that the scan must read. `now` is the moment of the query.

    Raises:
        QueryFailed: the location has no bucket, or a projection's configuration is not one.
    """
    table, buckets = scan.table.glue, wanted_buckets(scan)
    if is_projected(table):
        return [
            file
            for one in project(scan.table, scan.conjuncts, now)
            for file in _of_buckets(table, buckets, _projected(storage, table, one))
        ]
    if not scan.table.partition_columns:
        return _of_buckets(table, buckets, _listed(storage, table["StorageDescriptor"], ()))
    found: list[DataFile] = []
    for partition in partitions_of(scan, glue):
        checkpoint()
        _check_schema(scan, partition)
        values = tuple(None if v == HIVE_NULL else v for v in partition["Values"])
        found += _of_buckets(table, buckets, _listed(storage, partition["StorageDescriptor"], values))
    return found


def _of_buckets(table: dict[str, Any], buckets: set[int] | None, files: Iterator[DataFile]) -> list[DataFile]:
    """The files of a partition that are of one of the buckets; None: of any."""
    found = list(files)
    if buckets is None:
        return found
    names = [file.stored.uri.rpartition("/")[2] for file in found]
    numbers = buckets_of(names, int(table["StorageDescriptor"]["NumberOfBuckets"]))
    if numbers is None:
        return found
    return [file for file, number in zip(found, numbers, strict=True) if number in buckets]


def _projected(storage: Storage, table: dict[str, Any], partition: Projected) -> Iterator[DataFile]:
    descriptor = {**table["StorageDescriptor"], "Location": partition.location}
    return _listed(storage, descriptor, partition.values)


def _listed(
    storage: Storage, descriptor: dict[str, Any], values: tuple[str | None, ...]
) -> Iterator[DataFile]:
    location = str(descriptor.get("Location") or "")
    if not location.startswith("s3://"):
        raise QueryFailed("HIVE_FILESYSTEM_ERROR", f"Location '{location}' is not an S3 location")
    columns = tuple((c["Name"].lower(), c.get("Type") or "string") for c in descriptor.get("Columns") or ())
    folder = location if location.endswith("/") else location + "/"
    opened, serde = check_input_format(descriptor), dict(descriptor.get("SerdeInfo") or {})
    try:
        for stored in _stored(storage, folder, opened):
            path = storage.open_path(stored.uri)
            yield DataFile(stored, path, values, columns, partial(storage.open_file, stored.uri), serde)
    except StorageError as error:
        if error.code != "NoSuchBucket":
            raise QueryFailed(
                "HIVE_FILESYSTEM_ERROR", f"Failed to list directory: {location} ({error.code})", category=1
            ) from error
        raise bucket_missing(location) from error


def _stored(storage: Storage, folder: str, input_format: str) -> Iterator[StoredFile]:
    """The files with rows that an InputFormat finds below a folder."""
    found = (stored for stored in storage.list_files(folder) if _has_rows(stored, folder))
    if input_format == SYMLINK:
        return (linked for manifest in found for linked in linked_files(storage, manifest))
    return iter(latest_files(storage, folder, found)) if input_format in HUDI else found


def _has_rows(stored: StoredFile, folder: str) -> bool:
    checkpoint()
    inner = stored.uri[len(folder) :]
    return bool(stored.size) and not any(part.startswith(("_", ".")) for part in inner.split("/"))


def bucket_missing(location: str) -> QueryFailed:
    """A query reads or writes below a location whose bucket is not there."""
    bucket = location.split("/")[2]
    return QueryFailed(
        "", f"The S3 bucket {bucket} does not exist. (NoSuchBucket: {location})", error_type=1306
    )


def _check_schema(scan: Scan, partition: dict[str, Any]) -> None:
    """Refuse a partition whose column cannot become the table's."""
    wanted = {c.name: c.type for c in scan.table.data_columns}
    for column in partition["StorageDescriptor"].get("Columns") or ():
        name = column["Name"].lower()
        if name in wanted and not coercible(from_hive(column.get("Type") or "string"), wanted[name]):
            keys = scan.table.partition_columns
            shown = "/".join(f"{k.name}={v}" for k, v in zip(keys, partition["Values"], strict=True))
            raise QueryFailed(
                "HIVE_PARTITION_SCHEMA_MISMATCH",
                "There is a mismatch between the table and partition schemas. The types are incompatible and cannot "  # noqa: E501
                f"be coerced. The column '{name}' in table '{scan.table.database}.{scan.table.name}' is declared as "  # noqa: E501
                f"type '{to_hive(wanted[name])}', but partition '{shown}' declared column '{name}' as type "
                f"'{column['Type']}'.",
            )


def partitions_of(scan: Scan, glue: GlueClient) -> Iterable[dict[str, Any]]:
    """The catalog's partitions that a scan's conditions leave."""
    request: dict[str, Any] = {"DatabaseName": scan.table.database, "TableName": scan.table.name}
    types = {c.name: c.type.base for c in scan.table.partition_columns}
    tests = (test for test in scan.conjuncts if test.column in types)
    expression = " AND ".join(f"({_test(test, types[test.column])})" for test in tests)
    if expression:
        request["Expression"] = expression
    for page in glue.get_paginator("get_partitions").paginate(**request):
        yield from page["Partitions"]


NUMBERS = ("tinyint", "smallint", "integer", "bigint", "real", "double", "decimal")


def _test(test: PartitionTest, base: str) -> str:
    values = [
        v if base in NUMBERS and _is_number(v) else "'" + v.replace("'", "''") + "'" for v in test.values
    ]
    if test.operator == "IN":
        return f"{test.column} IN ({', '.join(values)})"
    if test.operator == "BETWEEN":
        return f"{test.column} BETWEEN {values[0]} AND {values[1]}"
    return f"{test.column} {test.operator} {values[0]}"


def _is_number(text: str) -> bool:
    return text.lstrip("+-").replace(".", "", 1).isdigit()
