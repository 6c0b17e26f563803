"""A Delta Lake table in a query: its columns by its log, its rows from the files that the log has now."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from local_athena.catalog.conditions import TESTS, comparable
from local_athena.catalog.files import DataFile
from local_athena.catalog.readings import Reading
from local_athena.catalog.tables import BoundTable, TableColumn
from local_athena.delta import location_of
from local_athena.delta.log import AddedFile, Snapshot, snapshot
from local_athena.delta.schema import DeltaColumn, columns_of
from local_athena.errors import QueryFailed, not_supported
from local_athena.protocols import Storage, StorageError, StoredFile
from local_athena.sql.build import commas, ident, sql
from local_athena.sql.typed import PartitionTest, Scan
from local_athena.types.hive import HIVE_NAMES, to_hive
from local_athena.types.trino import TrinoType


def bind(table: dict[str, Any], storage: Storage) -> BoundTable:
    """A Delta Lake table, which is `table` in Glue.

    Raises:
        QueryFailed: its log cannot be read.
    """
    state = snapshot(storage, location_of(table))
    columns = columns_of(state)
    return BoundTable(
        table["DatabaseName"], table["Name"], tuple(TableColumn(c.name, c.type) for c in columns), (), table,
        pruned=frozenset(c.name for c in columns),
        read=partial(_read, state=state, columns=columns, storage=storage),
    )  # fmt: skip


def glue_columns(storage: Storage, location: str) -> list[dict[str, str]]:
    """The columns of the table at a location, as the catalog keeps them."""
    return [{"Name": c.name, "Type": to_hive(_kept(c.type))} for c in columns_of(snapshot(storage, location))]


def _kept(type_: TrinoType) -> TrinoType:
    """A type as Hive's: its timestamps have neither zone nor precision."""
    if type_.base.startswith("timestamp"):
        return TrinoType("timestamp", (3,))
    return replace(type_, parts=tuple(map(_kept, type_.parts)))


def _read(
    context: Any,
    scan: Scan,
    scratch: Path,
    *,
    state: Snapshot,
    columns: tuple[DeltaColumn, ...],
    storage: Storage,
) -> Any:
    # The readers name the tables of the catalog themselves.
    from local_athena.readers import columnar
    from local_athena.readers.assembly import empty

    keys = [c for c in columns if c.name in {name.lower() for name in state.partition_columns}]
    data = [c for c in columns if c not in keys]
    _check_keys(keys)
    physical = {c.name: c.physical.lower() for c in columns}
    inner = Scan(
        scan.name,
        replace(
            scan.table,
            data_columns=tuple(TableColumn(c.physical.lower(), c.type) for c in data),
            partition_columns=tuple(TableColumn(c.physical.lower(), c.type) for c in keys),
            glue={**scan.table.glue, "StorageDescriptor": {}, "Parameters": {}},
        ),
        {physical.get(name, name) for name in scan.used},
        [replace(test, column=physical[test.column]) for test in scan.conjuncts],
    )
    kept = [file for file in state.files.values() if _may_hold(file, keys, scan.conjuncts)]
    made = empty(inner)
    if kept:
        files = [_data_file(storage, file, keys) for file in kept]
        made = columnar.read_parquet(context, inner, files, scratch)
    if all(physical.get(name, name) == name for name in scan.used):
        return made
    items = (sql("{} AS {}", ident("d", physical.get(n, n)), ident(n)) for n in sorted(scan.used))
    return Reading(sql("SELECT {} FROM ({}) AS d", commas(items), made.sql), made.scanned)


def _check_keys(keys: list[DeltaColumn]) -> None:
    for key in keys:
        if key.type.base not in HIVE_NAMES and key.type.base not in ("varchar", "decimal"):
            raise not_supported(f"Delta Lake: a partition column of type {key.type} is not supported here")


def _may_hold(file: AddedFile, keys: list[DeltaColumn], tests: list[PartitionTest]) -> bool:
    """Whether the partition of a file passes the tests of its columns."""
    types = {key.name: key for key in keys}
    for test in tests:
        key = types.get(test.column)
        if key is None:
            continue
        text = file.values.get(key.physical)
        if text is None:
            return False
        value, operands = comparable(text, key.type), [comparable(v, key.type) for v in test.values]
        if value is not None and None not in operands and not TESTS[test.operator](value, *operands):
            return False
    return True


def _data_file(storage: Storage, file: AddedFile, keys: list[DeltaColumn]) -> DataFile:
    moved = datetime.fromtimestamp(file.modified / 1000, UTC)
    stored = StoredFile(file.uri, file.size, moved, f"{file.size}-{file.modified}")
    values = tuple(file.values.get(key.physical) for key in keys)
    try:
        path = storage.open_path(file.uri)
        storage.open_file(file.uri).close()
    except (StorageError, FileNotFoundError) as error:
        raise QueryFailed(
            "DELTA_LAKE_CANNOT_OPEN_SPLIT", f"Error opening Delta Lake split {file.uri}"
        ) from error
    return DataFile(stored, path, values, (), partial(storage.open_file, file.uri))
