"""Names to catalog tables and views, with Athena's errors for those that are not there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError
from sqlglot import exp

from local_athena.catalog.view_definitions import view_definition
from local_athena.delta import is_delta
from local_athena.errors import QueryFailed, not_supported
from local_athena.iceberg import is_iceberg
from local_athena.parse.statements import parse_query
from local_athena.protocols import GlueClient, Storage
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
    tables_inside: Any = None
    read: Any = None
    """How its rows are read, called as `read(context, scan, scratch)` for a `Reading`; None: by its SerDe."""
    pruned: frozenset[str] = frozenset()
    """Columns beside the partition columns whose conditions can leave files out."""
    row_positions: bool = False
    """Whether it has the hidden column "$row_position", which changes of rows need."""

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


class GlueTables:
    """Resolves names against Glue; a name without a database means `database`."""

    def __init__(
        self,
        glue: GlueClient,
        database: str,
        catalog: str = CATALOG,
        storage: Storage | None = None,
        *,
        row_positions: bool = False,
    ) -> None:
        self.glue = glue
        self.database = database
        self.catalog = catalog
        self.storage = storage
        self.row_positions = row_positions
        self._loaded: dict[tuple[str, str], Any] = {}

    def resolve(self, parts: tuple[str, ...], where: str, moment: Moment | None = None) -> BoundTable:
        """The table of a name of one to three parts, in the state of a moment.

        Raises:
            QueryFailed: CATALOG_NOT_FOUND, SCHEMA_NOT_FOUND, TABLE_NOT_FOUND.
        """
        catalog, database, name = (self.catalog, self.database, *parts)[-3:] if len(parts) < 3 else parts[-3:]
        if len(parts) == 2:
            catalog, database, name = self.catalog, parts[0], parts[1]
        if len(parts) == 1:
            catalog, database, name = self.catalog, self.database, parts[0]
        if catalog.lower() != CATALOG:
            raise QueryFailed("CATALOG_NOT_FOUND", f"{where}Catalog '{catalog}' does not exist")
        if database.lower() == "information_schema":
            from local_athena.catalog import information_schema

            return information_schema.bind(self.glue, name, where)
        metadata = self._metadata_table(database.lower(), name, where)
        if metadata is not None:
            return metadata
        found = self._get(database.lower(), name, where)
        if self.storage is not None and is_iceberg(found):
            from local_athena.iceberg.binding import bind

            return replace(
                bind(self.iceberg(found), self.storage, found, moment), row_positions=self.row_positions
            )
        if self.storage is not None and moment is None and is_delta(found):
            from local_athena.delta.binding import bind as bind_delta

            return bind_delta(found, self.storage)
        if moment is not None:
            raise not_supported(f"{where}This connector does not support versioned tables")
        return bind_table(self.glue, found, self.storage, where)

    def _metadata_table(self, database: str, name: str, where: str) -> BoundTable | None:
        """`t$snapshots` and its like, of an Iceberg table `t`."""
        base, _, suffix = name.rpartition("$")
        if not base or self.storage is None:
            return None
        try:
            table = self._get(database, base, where)
        except QueryFailed:
            return None
        if not is_iceberg(table):
            return self._partitions_table(table, suffix, where)
        from local_athena.iceberg.binding import bind_metadata

        return bind_metadata(self.iceberg(table), table, suffix)

    def _partitions_table(self, table: dict[str, Any], suffix: str, where: str) -> BoundTable | None:
        """`t$partitions` of a partitioned Hive table `t`; None for another suffix or table."""
        if suffix.lower() != "partitions" or not table.get("PartitionKeys") or is_delta(table):
            return None
        from local_athena.catalog.partitions_table import bind_partitions

        return bind_partitions(bind_table(self.glue, table, self.storage, where), self.glue)

    def iceberg(self, table: dict[str, Any]) -> Any:
        """The pyiceberg table of a Glue table, read once, so that a statement sees one state of it.

        Raises:
            QueryFailed: its metadata cannot be read.
        """
        assert self.storage is not None
        from local_athena.iceberg.catalog import load

        name = (str(table["DatabaseName"]), str(table["Name"]))
        if name not in self._loaded:
            self._loaded[name] = load(self.glue, self.storage, *name)
        return self._loaded[name]

    def _get(self, database: str, name: str, where: str) -> dict[str, Any]:
        try:
            return dict(self.glue.get_table(DatabaseName=database, Name=name)["Table"])
        except ClientError as error:
            if error.response["Error"]["Code"] != "EntityNotFoundException":
                raise
        try:
            self.glue.get_database(Name=database)
        except ClientError as error:
            raise QueryFailed("SCHEMA_NOT_FOUND", f"{where}Schema '{database}' does not exist") from error
        raise QueryFailed("TABLE_NOT_FOUND", f"{where}Table '{CATALOG}.{database}.{name}' does not exist")


def bind_table(
    glue: GlueClient, table: dict[str, Any], storage: Storage | None = None, where: str = ""
) -> BoundTable:
    """A Glue table as a bound one; the tables inside a view are found through `storage`."""
    descriptor = table.get("StorageDescriptor") or {}
    database, name = table["DatabaseName"], table["Name"]
    if table.get("TableType") == "VIRTUAL_VIEW":
        return _bind_view(glue, table, storage, where)
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


def _bind_view(glue: GlueClient, table: dict[str, Any], storage: Storage | None, where: str) -> BoundTable:
    database, name = str(table["DatabaseName"]), str(table["Name"])
    view = view_definition(table, f"{CATALOG}.{database}.{name}", where)
    columns = tuple(TableColumn(column, type_) for column, type_ in view.columns)
    inside = GlueTables(glue, view.schema, storage=storage)
    return BoundTable(database, name, columns, (), table, view.sql, columns, inside)
