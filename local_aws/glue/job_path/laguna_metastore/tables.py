"""The metastore's tables, by Glue's operations."""

from __future__ import annotations

from typing import Any

from laguna_metastore import documents
from laguna_metastore.clients import Clients
from laguna_metastore.databases import matching
from laguna_metastore.failures import glue_failures
from laguna_metastore.wire import hive

NO_FORMAT = (
    "Unable to fetch table {name}. StorageDescriptor#InputFormat cannot be null for table: {name} "
    "(Service: null; Status Code: 0; Error Code: null; Request ID: null; Proxy: null)"
)


class Tables:
    """Named as Hive's protocol names them; a method raises what the protocol declares for it."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def get_table(self, dbname: str, tbl_name: str) -> Any:
        """GetTable; a table without a format is refused as Glue's own client for Spark does."""
        with glue_failures():
            found = self._clients.glue.get_table(DatabaseName=dbname, Name=tbl_name)["Table"]
        return _readable(found)

    def get_table_objects_by_name(self, dbname: str, tbl_names: list[str]) -> list[Any]:
        """Those of the named tables that are there."""
        with glue_failures(renamed={"EntityNotFoundException": hive.UnknownDBException}):
            if len(tbl_names) == 1:
                return [documents.table(one) for one in self._one(dbname, tbl_names[0])]
            wanted = {name.lower() for name in tbl_names}
            tables = self._clients.all("get_tables", "TableList", DatabaseName=dbname)
            return [documents.table(one) for one in tables if one["Name"] in wanted]

    def get_all_tables(self, db_name: str) -> list[str]:
        """The names of a database's tables and views."""
        return [one["Name"] for one in self._tables(db_name)]

    def get_tables(self, db_name: str, pattern: str) -> list[str]:
        """The names that match Hive's pattern."""
        return matching(self.get_all_tables(db_name), pattern)

    def get_tables_by_type(self, db_name: str, pattern: str, kind: str) -> list[str]:
        """The names that match, of one type such as VIRTUAL_VIEW."""
        found = [one["Name"] for one in self._tables(db_name) if one.get("TableType") == kind]
        return matching(found, pattern)

    def create_table(self, tbl: Any) -> None:
        """CreateTable, after the table's folder; a table without a location gets one in its database's."""
        with glue_failures():
            wanted = documents.table_input(tbl)
            storage = wanted.get("StorageDescriptor")
            if storage is not None and wanted["TableType"] != documents.VIEW:
                storage["Location"] = storage.get("Location") or self._place(tbl.dbName, tbl.tableName)
                self._clients.make_folder(storage["Location"])
            self._clients.glue.create_table(DatabaseName=tbl.dbName, TableInput=wanted)

    def create_table_with_environment_context(self, tbl: Any, environment_context: Any) -> None:
        """CreateTable."""
        self.create_table(tbl)

    def alter_table(self, dbname: str, tbl_name: str, new_tbl: Any) -> None:
        """UpdateTable; Glue has no other name for a table."""
        if (new_tbl.tableName.lower(), new_tbl.dbName.lower()) != (tbl_name.lower(), dbname.lower()):
            raise hive.InvalidOperationException(message="Table rename is not supported")
        with glue_failures(renamed={"EntityNotFoundException": hive.InvalidOperationException}):
            self._clients.glue.update_table(DatabaseName=dbname, TableInput=documents.table_input(new_tbl))

    def alter_table_with_environment_context(
        self, dbname: str, tbl_name: str, new_tbl: Any, environment_context: Any
    ) -> None:
        """UpdateTable."""
        self.alter_table(dbname, tbl_name, new_tbl)

    def drop_table(self, dbname: str, name: str, delete_data: bool) -> None:
        """DeleteTable; the files of a managed table go with it."""
        with glue_failures():
            found = self._clients.glue.get_table(DatabaseName=dbname, Name=name)["Table"]
            self._clients.glue.delete_table(DatabaseName=dbname, Name=name)
            if delete_data and found.get("TableType") == documents.MANAGED:
                self._clients.delete_objects((found.get("StorageDescriptor") or {}).get("Location"))

    def drop_table_with_environment_context(
        self, dbname: str, name: str, delete_data: bool, environment_context: Any
    ) -> None:
        """DeleteTable."""
        self.drop_table(dbname, name, delete_data)

    def _tables(self, database: str) -> list[dict[str, Any]]:
        with glue_failures():
            return self._clients.all("get_tables", "TableList", DatabaseName=database)

    def _one(self, database: str, name: str) -> list[dict[str, Any]]:
        try:
            return [self._clients.glue.get_table(DatabaseName=database, Name=name)["Table"]]
        except self._clients.glue.exceptions.EntityNotFoundException:
            return []

    def _place(self, database: str, name: str) -> str:
        location = self._clients.glue.get_database(Name=database)["Database"].get("LocationUri")
        if not location:
            raise hive.MetaException(
                message=f"Database {database} has no LocationUri: give the table a LOCATION."
            )
        return f"{location.rstrip('/')}/{name.lower()}"


def _readable(found: dict[str, Any]) -> Any:
    storage = found.get("StorageDescriptor") or {}
    if found.get("TableType") != documents.VIEW and not storage.get("InputFormat"):
        raise hive.MetaException(message=NO_FORMAT.format(name=found["Name"]))
    return documents.table(found)
