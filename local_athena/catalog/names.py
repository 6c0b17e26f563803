"""Names to catalog tables and views, with Athena's errors for those that are not there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

from botocore.exceptions import ClientError

from local_athena.catalog import information_schema
from local_athena.catalog.tables import CATALOG, BoundTable, Moment, bind_table
from local_athena.catalog.type_depth import check_depth, too_deep
from local_athena.errors import QueryFailed, not_supported
from local_athena.protocols import GlueClient


class TableFormat(Protocol):
    """Tables of Glue that are bound otherwise than as the files below a location."""

    def bind(self, table: dict[str, Any], moment: Moment | None) -> BoundTable | None:
        """A Glue table in the state of a moment; None for one of another format."""
        ...

    def metadata(self, table: dict[str, Any], suffix: str) -> BoundTable | None:
        """`table$suffix`; None where there is no such table."""
        ...


class GlueTables:
    """Resolves names against Glue; a name without a database means `database`."""

    def __init__(
        self,
        glue: GlueClient,
        database: str,
        catalog: str = CATALOG,
        formats: tuple[TableFormat, ...] = (),
        *,
        row_positions: bool = False,
    ) -> None:
        self.glue = glue
        self.database = database
        self.catalog = catalog
        self.formats = formats
        self.row_positions = row_positions

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
        if database.lower() == information_schema.NAME:
            return information_schema.bind(self.glue, name, where)
        try:
            bound = self._bound(database.lower(), name, where, moment)
        except RecursionError as error:
            raise too_deep(f"{CATALOG}.{database.lower()}.{name}", where) from error
        check_depth(bound, where)
        return bound

    def _bound(self, database: str, name: str, where: str, moment: Moment | None) -> BoundTable:
        metadata = self._metadata_table(database, name, where)
        if metadata is not None:
            return metadata
        found = self._get(database, name, where)
        for format_ in self.formats:
            formatted = format_.bind(found, moment)
            if formatted is not None:
                return replace(formatted, row_positions=self.row_positions)
        if moment is not None:
            raise not_supported(f"{where}This connector does not support versioned tables")
        bound = bind_table(found, where)
        if bound.view_sql is None:
            return bound
        return replace(bound, tables_inside=GlueTables(self.glue, bound.view_database, formats=self.formats))

    def _metadata_table(self, database: str, name: str, where: str) -> BoundTable | None:
        """`t$snapshots` and its like, of a table `t` whose format has such tables."""
        base, _, suffix = name.rpartition("$")
        if not base:
            return None
        try:
            table = self._get(database, base, where)
        except QueryFailed:
            return None
        found = (format_.metadata(table, suffix) for format_ in self.formats)
        return next((bound for bound in found if bound is not None), None)

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
