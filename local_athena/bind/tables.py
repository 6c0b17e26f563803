"""Names to catalog tables and views, with Athena's errors for those that are not there."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError
from sqlglot import exp

from local_athena.errors import QueryFailed
from local_athena.parse.statements import parse_query
from local_athena.protocols import GlueClient
from local_athena.types.hive import from_hive
from local_athena.types.trino import TrinoType, parse_type

CATALOG = "awsdatacatalog"
VIEW_MARK = "/* Presto View: "


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

    def __init__(self, glue: GlueClient, database: str, catalog: str = CATALOG) -> None:
        self.glue = glue
        self.database = database
        self.catalog = catalog

    def resolve(self, parts: tuple[str, ...], where: str) -> BoundTable:
        """The table of a name of one to three parts.

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
        return bind_table(self.glue, self._get(database.lower(), name, where))

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


def bind_table(glue: GlueClient, table: dict[str, Any]) -> BoundTable:
    """A Glue table as a bound one."""
    descriptor = table.get("StorageDescriptor") or {}
    database, name = table["DatabaseName"], table["Name"]
    if table.get("TableType") == "VIRTUAL_VIEW":
        return _bind_view(glue, table)
    return BoundTable(
        database,
        name,
        tuple(_columns(descriptor.get("Columns") or ())),
        tuple(_columns(table.get("PartitionKeys") or ())),
        table,
    )


def _columns(columns: Any) -> list[TableColumn]:
    return [TableColumn(c["Name"].lower(), from_hive(c.get("Type") or "string")) for c in columns]


def _bind_view(glue: GlueClient, table: dict[str, Any]) -> BoundTable:
    text = str(table.get("ViewOriginalText") or "")
    start, end = text.find(VIEW_MARK), text.rfind(" */")
    if start < 0 or end < 0:
        raise QueryFailed("NOT_SUPPORTED", "Hive views are not supported", error_type=1200)
    view = json.loads(base64.b64decode(text[start + len(VIEW_MARK) : end]))
    columns = tuple(TableColumn(c["name"], parse_type(c["type"])) for c in view["columns"])
    inside = GlueTables(glue, view.get("schema") or table["DatabaseName"])
    return BoundTable(
        table["DatabaseName"], table["Name"], columns, (), table, view["originalSql"], columns, inside
    )
