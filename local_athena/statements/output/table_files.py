"""A query's rows as files at a location, one folder a partition and one file a bucket.

Rows stream from the engine into files in the scratch folder, which are moved in when all are finished. Before the
first is moved, the journal is told what would undo the statement, so that one that fails, is stopped or is
killed leaves nothing.
https://docs.aws.amazon.com/athena/latest/ug/ctas-considerations-limitations.html
"""  # noqa: E501

from __future__ import annotations

import shutil
import string
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from local_athena.catalog.files import HIVE_NULL, bucket_missing
from local_athena.engine.stopping import checkpoint
from local_athena.errors import QueryFailed
from local_athena.protocols import StorageError
from local_athena.sql.build import commas, ident, sql
from local_athena.sql.fragment import Sql
from local_athena.statements.jobs import Job
from local_athena.statements.output.file_values import json_line, named
from local_athena.statements.output.render import column_texts
from local_athena.statements.output.sinks import Layout, Sink, ending, open_sink
from local_athena.statements.query import Prepared, Queries
from local_athena.statements.undo import Undo
from local_athena.types.buckets import bucket_of
from local_athena.types.trino import TrinoType

MAX_WRITERS = 100
ROW_GROUP = 122880
BUFFERED = 64 << 20
"""Bytes of rows that wait in memory, for all files together, until they are a row group."""
ESCAPED = frozenset("\"#%'*/:=?\\\x7f{[]^" + "".join(map(chr, range(1, 32))))
"""What Hive writes as %XX in a partition's folder."""
ALPHABET = string.ascii_lowercase + string.digits

Columns = tuple[tuple[str, TrinoType], ...]
Key = tuple[tuple[str | None, ...], int | None]
"""Partition values and bucket of a file."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where and how rows are written. The query's columns are the layout's and then the keys."""

    layout: Layout
    location: Callable[[tuple[str | None, ...]], str]
    """The folder, with its slash, of a partition's values."""
    keys: Columns = ()
    bucketed_by: tuple[str, ...] = ()
    buckets: int = 0


@dataclass(slots=True)
class Written:
    """What was written: rows, the files' URIs, and the values of the partitions that got some."""

    rows: int = 0
    uris: list[str] = field(default_factory=list)
    partitions: list[tuple[str | None, ...]] = field(default_factory=list)


def write(
    queries: Queries, job: Job, prepared: Prepared, target: Target, undo: Callable[[Written], Undo]
) -> Written:
    """Write a query's rows.

    Raises:
        QueryFailed: while the query runs, or HIVE_TOO_MANY_OPEN_PARTITIONS.
    """
    folder = queries.engine.scratch / f"write-{uuid.uuid4()}"
    folder.mkdir(parents=True)
    try:
        batches = queries.run(replace(prepared, sql=_shaped(prepared.sql, target)))
        with _Router(folder, target) as router:
            for batch in batches:
                router.write(batch)
        written, moves = Written(router.rows), []
        name = file_name(job.execution_id, job.session.now)
        for (values, bucket), path in router.files.items():
            part = f"bucket-{bucket:05d}" if bucket is not None else uuid.uuid4()
            moves.append((path, f"{target.location(values)}{name}_{part}{ending(target.layout)}"))
        written.uris = [uri for _, uri in moves]
        written.partitions = list(dict.fromkeys(values for values, _ in router.files)) if target.keys else []
        queries.journal(undo(written))
        for path, uri in moves:
            checkpoint()
            _put(queries, path, uri)
        return written
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _put(queries: Queries, path: Path, uri: str) -> None:
    try:
        queries.storage.write(uri, path)
    except StorageError as error:
        if error.code == "NoSuchBucket":
            raise bucket_missing(uri.rpartition("/")[0] + "/") from error
        raise


def _shaped(rows: Sql, target: Target) -> Sql:
    """The query with its columns as the files hold them."""
    columns, keys = target.layout.columns, target.keys
    values: list[Sql] = [ident("q", f"c{i}") for i in range(len(columns) + len(keys))]
    items = [(f"k{i}", value) for i, value in enumerate(values[len(columns) :])]
    if target.layout.format == "JSON":
        names, types = [n for n, _ in columns], [t for _, t in columns]
        at = dict(zip(names, values, strict=False))
        buckets = [(f"b{i}", at[name]) for i, name in enumerate(target.bucketed_by)]
        items = [("line", json_line(names, values[: len(columns)], types)), *items, *buckets]
    else:
        items = [(n, named(v, t)) for v, (n, t) in zip(values, columns, strict=False)] + items
    listed = commas(sql("{} AS {}", value, ident(name)) for name, value in items)
    return sql("SELECT {} FROM ({}) AS q", listed, rows)


def file_name(execution_id: str, now: Any) -> str:
    """The first part of a file's name, like Athena's: `20240131_101500_00012_x7k2p`."""
    number = uuid.UUID(execution_id).int
    tail = "".join(ALPHABET[number // 36**i % 36] for i in range(5))
    return f"{now:%Y%m%d_%H%M%S}_{number % 100000:05d}_{tail}"


def hive_segment(name: str, value: str | None) -> str:
    """`name=value` as a folder's name."""
    text = HIVE_NULL if value is None or value == "" else value
    return f"{name}=" + "".join(f"%{ord(c):02X}" if c in ESCAPED else c for c in text)


class _Router:
    """Sends each row to the file of its partition and bucket."""

    def __init__(self, folder: Path, target: Target) -> None:
        self._folder, self._target = folder, target
        self.files: dict[Key, Path] = {}
        self.rows = 0
        self._sinks: dict[Key, Sink] = {}
        self._waiting: dict[Key, list[pa.Table]] = {}
        self._bytes = 0
        names = [name for name, _ in target.layout.columns]
        self._data = 1 if target.layout.format == "JSON" else len(names)
        first = self._data + len(target.keys)
        json_buckets = range(first, first + len(target.bucketed_by))
        self._buckets = (
            list(json_buckets) if target.layout.format == "JSON" else [names.index(n) for n in target.bucketed_by]  # noqa: E501
        )  # fmt: skip
        self._bucket_types = tuple(dict(target.layout.columns)[n] for n in target.bucketed_by)

    def __enter__(self) -> _Router:
        return self

    def __exit__(self, kind: Any, *rest: Any) -> None:
        if kind is None:
            for key in list(self._waiting):
                self._flush(key)
        for sink in self._sinks.values():
            sink.close()

    def write(self, batch: pa.RecordBatch) -> None:
        """Take rows."""
        self.rows += batch.num_rows
        data = pa.Table.from_batches([batch]).select(range(self._data))
        for key, rows in self._groups(batch):
            self._keep(key, data if rows is None else data.take(rows))

    def _groups(self, batch: pa.RecordBatch) -> Iterable[tuple[Key, pa.Array | None]]:
        """The batch's keys, and which rows each has; None for all."""
        if not self._target.keys and not self._buckets:
            return [(((), None), None)] if batch.num_rows else []
        numbers: dict[Key, int] = {}
        of_rows = np.fromiter((numbers.setdefault(k, len(numbers)) for k in self._row_keys(batch)), int)
        order = np.argsort(of_rows, kind="stable")
        ends = np.searchsorted(of_rows[order], np.arange(1, len(numbers) + 1))
        starts = [0, *ends[:-1]]
        return [(k, pa.array(order[starts[n] : ends[n]])) for k, n in numbers.items()]

    def _row_keys(self, batch: pa.RecordBatch) -> Iterable[Key]:
        texts = [
            partition_texts(batch.column(self._data + i), type_) for i, (_, type_) in enumerate(self._target.keys)  # noqa: E501
        ]  # fmt: skip
        values: Iterable[tuple[str | None, ...]] = (
            zip(*texts, strict=True) if texts else [()] * batch.num_rows
        )
        if not self._buckets:
            return ((value, None) for value in values)
        columns = [batch.column(i).to_pylist() for i in self._buckets]
        bucket = partial(bucket_of, types=self._bucket_types, count=self._target.buckets)
        return ((v, bucket(cells)) for v, cells in zip(values, zip(*columns, strict=True), strict=True))

    def _keep(self, key: Key, rows: pa.Table) -> None:
        if key not in self._sinks:
            self._open(key, rows.schema)
        waiting = self._waiting.setdefault(key, [])
        waiting.append(rows)
        self._bytes += rows.nbytes
        if sum(t.num_rows for t in waiting) >= ROW_GROUP:
            self._flush(key)
        elif self._bytes > BUFFERED:
            for other in list(self._waiting):
                self._flush(other)

    def _open(self, key: Key, schema: pa.Schema) -> None:
        if len(self._sinks) == MAX_WRITERS:
            raise QueryFailed(
                "HIVE_TOO_MANY_OPEN_PARTITIONS",
                f"Exceeded limit of {MAX_WRITERS} open writers for partitions/buckets",
            )
        self.files[key] = self._folder / f"data-{len(self.files)}"
        self._sinks[key] = open_sink(self.files[key], self._target.layout, schema)

    def _flush(self, key: Key) -> None:
        rows = pa.concat_tables(self._waiting.pop(key))
        self._bytes -= rows.nbytes
        self._sinks[key].write(rows.combine_chunks())


def partition_texts(values: pa.Array, type_: TrinoType) -> list[str | None]:
    """A key column's values as folders and the catalog show them."""
    texts: list[str | None] = column_texts(values, type_).to_pylist()
    if type_.base == "char":
        return [None if t is None else t.rstrip(" ") for t in texts]
    if type_.base == "timestamp":
        # Hive writes no more fraction than there is, and always one digit.
        return [None if t is None else _trimmed(t) for t in texts]
    return texts


def _trimmed(text: str) -> str:
    head, _, fraction = text.partition(".")
    return f"{head}.{fraction.rstrip('0') or '0'}"
