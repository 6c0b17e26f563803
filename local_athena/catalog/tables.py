"""Tables and views of the catalog as queries have them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlglot import exp

from local_athena.catalog.view_definitions import view_definition
from local_athena.errors import QueryFailed
from local_athena.parse.statements import parse_query
from local_athena.types.hive import from_hive
from local_athena.types.trino import TrinoType

CATALOG = "awsdatacatalog"
Moment = int | datetime
"""Of a versioned table: a snapshot's id, or a point in time."""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of the catalog: lower-case name and Trino type."""

    name: str
    type: TrinoType


@dataclass(frozen=True, slots=True)
class BoundTable:
    """A table of the catalog, or a view when `view_sql` is set. `glue` is the table as Glue gives it."""

    database: str
    name: str
    data_columns: tuple[TableColumn, ...]
    partition_columns: tuple[TableColumn, ...]
    glue: dict[str, Any]
    view_sql: str | None = None
    view_columns: tuple[TableColumn, ...] = ()
    view_database: str = ""
    """Where a view finds the tables that it names without their database."""
    tables_inside: Any = None
    read: Any = None
    """How its rows are read, called as `read(context, scan, scratch)` for a `Reading`; None: by its SerDe."""
    pruned: frozenset[str] = frozenset()
    """Columns beside the partition columns whose conditions can leave files out."""
    row_positions: bool = False
    """Whether it has the hidden column "$row_position", which changes of rows need."""
    loaded: Any = None
    """The table as its format has it, for statements that change it."""

    @property
    def columns(self) -> tuple[TableColumn, ...]:
        """All columns, partition columns last."""
        return self.data_columns + self.partition_columns

    @property
    def full_name(self) -> str:
        """`awsdatacatalog.database.table`."""
        return f"{CATALOG}.{self.database}.{self.name}"

    def view_tree(self) -> exp.Expr:
        """The query of a view."""
        assert self.view_sql is not None
        return parse_query(self.view_sql)


def bind_table(table: dict[str, Any], where: str = "") -> BoundTable:
    """A Glue table as a bound one."""
    descriptor = table.get("StorageDescriptor") or {}
    database, name = table["DatabaseName"], table["Name"]
    if table.get("TableType") == "VIRTUAL_VIEW":
        return _bind_view(table, where)
    data, keys = (_columns(c or ()) for c in (descriptor.get("Columns"), table.get("PartitionKeys")))
    if len({column.name for column in data + keys}) < len(data + keys):
        raise QueryFailed(
            "HIVE_INVALID_METADATA",
            f"Hive metadata for table {name} is invalid: Table descriptor contains duplicate columns",
        )
    return BoundTable(
        database,
        name,
        tuple(data),
        tuple(keys),
        table,
        pruned=_in_statistics(descriptor) | frozenset(bucket_columns(table)),
    )


def bucket_columns(table: dict[str, Any]) -> list[str]:
    """The bucketing columns of a Glue table whose buckets can be told."""
    descriptor, properties = table.get("StorageDescriptor") or {}, table.get("Parameters") or {}
    if int(descriptor.get("NumberOfBuckets") or 0) < 1 or properties.get("bucketing_version", "1") != "1":
        return []
    return [str(name).lower() for name in descriptor.get("BucketColumns") or ()]


def _in_statistics(descriptor: dict[str, Any]) -> frozenset[str]:
    """The columns whose conditions can leave parts of files out, which Parquet's statistics tell."""
    library = str((descriptor.get("SerdeInfo") or {}).get("SerializationLibrary") or "")
    if not library.endswith("ParquetHiveSerDe"):
        return frozenset()
    return frozenset(column["Name"].lower() for column in descriptor.get("Columns") or ())


def _columns(columns: Any) -> list[TableColumn]:
    return [TableColumn(c["Name"].lower(), from_hive(c.get("Type") or "string")) for c in columns]


def _bind_view(table: dict[str, Any], where: str) -> BoundTable:
    database, name = str(table["DatabaseName"]), str(table["Name"])
    view = view_definition(table, f"{CATALOG}.{database}.{name}", where)
    columns = tuple(TableColumn(column, type_) for column, type_ in view.columns)
    return BoundTable(database, name, columns, (), table, view.sql, columns, view_database=view.schema)
