"""An Iceberg name in a query: the table, one of its past states, or one of its metadata tables.

`t`, `t FOR VERSION AS OF id`, `t FOR TIMESTAMP AS OF moment`, `"t$snapshots"`.
https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-time-travel-and-version-travel-queries.html
"""

from __future__ import annotations

from functools import partial
from typing import Any

from pyiceberg.table import Table

from local_athena.catalog.tables import BoundTable, Moment, TableColumn
from local_athena.errors import QueryFailed
from local_athena.iceberg import metadata_tables, scan
from local_athena.iceberg.planning import schema_of
from local_athena.iceberg.types import to_trino
from local_athena.protocols import Storage


def bind(loaded: Table, storage: Storage, table: dict[str, Any], moment: Moment | None = None) -> BoundTable:
    """An Iceberg table, which is `table` in Glue, as a bound one in the state it had at a moment.

    Raises:
        QueryFailed: there is no such state.
    """
    snapshot = _snapshot(loaded, moment) if moment is not None else None
    columns = tuple(
        TableColumn(f.name.lower(), to_trino(f.field_type)) for f in schema_of(loaded, snapshot).fields
    )
    return BoundTable(
        table["DatabaseName"], table["Name"], columns, (), table,
        pruned=frozenset(column.name for column in columns),
        read=partial(_read, table=loaded, snapshot=snapshot, storage=storage), loaded=loaded,
    )  # fmt: skip


def _read(
    context: Any, wanted: Any, scratch: Any, *, table: Table, snapshot: int | None, storage: Storage
) -> Any:
    return scan.read(wanted, table, snapshot, storage)


def bind_metadata(loaded: Table, table: dict[str, Any], suffix: str) -> BoundTable | None:
    """The metadata table `suffix` (`snapshots`, `files`, …) of an Iceberg table; None when there is no such
    kind.
    """
    kind = metadata_tables.KINDS.get(suffix)
    if kind is None:
        return None
    columns = tuple(TableColumn(name, type_) for name, type_ in kind.columns(loaded).items())
    return BoundTable(
        table["DatabaseName"], f"{table['Name']}${suffix}", columns, (), table,
        read=partial(metadata_tables.read, kind=kind, table=loaded),
    )  # fmt: skip


def _snapshot(table: Table, moment: Moment) -> int:
    if isinstance(moment, int):
        if table.snapshot_by_id(moment) is None:
            raise QueryFailed("INVALID_ARGUMENTS", f"Iceberg snapshot ID does not exists: {moment}")
        return moment
    found = table.snapshot_as_of_timestamp(int(moment.timestamp() * 1000))
    if found is None:
        raise QueryFailed(
            "INVALID_ARGUMENTS",
            f"No version history table {'.'.join(table.name())} at or before "
            f"{moment.isoformat(timespec='milliseconds')}",
        )
    return found.snapshot_id
