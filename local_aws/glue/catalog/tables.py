"""Tables of the Data Catalog, and the rule that lets two writers share one.

UpdateTable with a `VersionId` succeeds only while that is still the table's version; this is what Iceberg
commits rely on, `SkipArchive` or not, so every update moves the version on. Names are folded to lower case.
See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-catalog-tables.html (November 2026).
"""

from __future__ import annotations

import re
import sqlite3
from typing import Any

from local_aws.caller import Caller
from local_aws.errors import AwsError, not_implemented
from local_aws.glue.catalog.documents import dumps, instant, loads, now
from local_aws.glue.catalog.errors import already_exists, detail, invalid, table_not_found
from local_aws.glue.catalog.pages import after, limit_of, page
from local_aws.glue.catalog.partition_indexes import add_partition_index
from local_aws.glue.catalog.partition_values import retype_partitions
from local_aws.glue.catalog.store import Answer, CatalogStore, Request, creator, partition_keys
from local_aws.patterns import Pattern, UnreadablePattern, compiled

MOST = 100
_STORAGE_DEFAULTS = {"Compressed": False, "NumberOfBuckets": 0, "StoredAsSubDirectories": False}
_UNSUPPORTED = (
    "OpenTableFormatInput",
    "UpdateOpenTableFormatInput",
    "TransactionId",
    "QueryAsOfTime",
    "ViewUpdateAction",
)
_UNSUPPORTED_INPUT = ("TargetTable", "FederatedTable", "ViewDefinition")


class Tables:
    """CreateTable, GetTable(s), UpdateTable, DeleteTable, BatchDeleteTable."""

    def __init__(self, store: CatalogStore) -> None:
        self._store = store

    def create_table(self, request: Request, caller: Caller) -> Answer:
        """Create a table, with the partition indexes given.

        Raises:
            AwsError: AlreadyExistsException, EntityNotFoundException, InvalidInputException; NotImplemented
                for a table in an open format that Glue itself would write.
        """
        name, body = _stored(request, "CreateTable")
        with self._store.database.write() as connection:
            database = self._store.require_database(request, request["DatabaseName"])["name"]
            if _find(connection, database, name):
                raise already_exists("Table")
            created = now()
            connection.execute(
                "INSERT INTO catalog_table (database_name, name, created, updated, version, body)"
                " VALUES (?, ?, ?, ?, 0, ?)",
                (
                    database,
                    name,
                    created,
                    created,
                    dumps({**body, "CreatedBy": creator(self._store, caller)}),
                ),
            )
            for index in request.get("PartitionIndexes") or ():
                add_partition_index(connection, self._store.require_table(request, name), index)
        return {}

    def get_table(self, request: Request, caller: Caller) -> Answer:
        """Return one table."""
        _refuse_unsupported(request, "GetTable")
        return {"Table": shown_table(self._store, self._store.require_table(request, request["Name"]))}

    def get_tables(self, request: Request, caller: Caller) -> Answer:
        """Return the tables of a database in the order of their names, at most 100 a page."""
        _refuse_unsupported(request, "GetTables")
        database = self._store.require_database(request, request["DatabaseName"])["name"]
        matches = name_pattern(request.get("Expression") or "")
        limit = limit_of(request, MOST)
        rows = self._store.read().execute(
            "SELECT * FROM catalog_table WHERE database_name = ? AND name > ? ORDER BY name",
            (database, after(request, str) or ""),
        )
        found = []
        for row in rows:
            if matches.fullmatch(row["name"]):
                found.append(row)
            if len(found) > limit:
                break
        given, token = page(found, limit, lambda row: str(row["name"]))
        shape = _name_only if request.get("AttributesToGet") == ["NAME"] else shown_table
        return {"TableList": [shape(self._store, row) for row in given], **token}

    def update_table(self, request: Request, caller: Caller) -> Answer:
        """Replace a table's definition, keeping the one it had as an earlier version.

        Raises:
            AwsError: ConcurrentModificationException, `VersionId` is not the table's version any more.
        """
        name, body = _stored(request, "UpdateTable")
        with self._store.database.write() as connection:
            table = self._store.require_table(request, name, f"Table {name} not found.")
            wanted = request.get("VersionId")
            if wanted is not None and wanted != str(table["version"]):
                raise AwsError(
                    "ConcurrentModificationException", "Update table failed due to concurrent modifications."
                )
            if not request.get("SkipArchive"):
                _archive(connection, table)
            connection.execute(
                "UPDATE catalog_table SET version = version + 1, updated = ?, body = ? WHERE id = ?",
                (now(), dumps({**body, "CreatedBy": loads(table["body"])["CreatedBy"]}), table["id"]),
            )
            retype_partitions(connection, table["id"], partition_keys(table), body["PartitionKeys"])
        return {}

    def delete_table(self, request: Request, caller: Caller) -> Answer:
        """Delete a table with its versions and partitions."""
        _refuse_unsupported(request, "DeleteTable")
        self._delete(request, request["Name"])
        return {}

    def batch_delete_table(self, request: Request, caller: Caller) -> Answer:
        """Delete the tables that exist; the others are listed in `Errors`."""
        self._store.require_database(request, request["DatabaseName"])
        errors = []
        for name in request["TablesToDelete"]:
            try:
                self._delete(request, name)
            except AwsError as error:
                errors.append({"TableName": name, "ErrorDetail": detail(error)})
        return {"Errors": errors}

    def _delete(self, request: Request, name: str) -> None:
        with self._store.database.write() as connection:
            table = self._store.require_table(request, name, table_not_found(name).message)
            connection.execute("DELETE FROM catalog_table WHERE id = ?", (table["id"],))


def shown_table(store: CatalogStore, row: sqlite3.Row) -> Answer:
    """A table's row, or a row of one of its versions joined with it, as the API shows it."""
    return {
        "Name": row["name"],
        "DatabaseName": row["database_name"],
        **loads(row["body"]),
        "CreateTime": instant(row["created"]),
        "UpdateTime": instant(row["updated"]),
        "IsRegisteredWithLakeFormation": False,
        "CatalogId": store.account_id,
        "VersionId": str(row["version"]),
        "IsMultiDialectView": False,
    }


def name_pattern(expression: str) -> Pattern:
    """The names that GetTables' `Expression` matches as a whole.

    It is a regular expression in which `*` after a letter, or first, stands for any text: clients send
    both `sales.*` and `sales*`.

    Raises:
        AwsError: InvalidInputException.
    """
    try:
        return compiled(re.sub(r"(?<![.\])}\\])\*", ".*", expression or "*"), ignore_case=True)
    except UnreadablePattern as error:
        raise invalid(f"Invalid expression '{expression}': {error}") from error


def _name_only(store: CatalogStore, row: sqlite3.Row) -> Answer:
    return {"Name": row["name"], "DatabaseName": row["database_name"]}


def _find(connection: sqlite3.Connection, database: str, name: str) -> Any:
    found = connection.execute(
        "SELECT 1 FROM catalog_table WHERE database_name = ? AND name = ?", (database, name)
    )
    return found.fetchone()


def _archive(connection: sqlite3.Connection, table: sqlite3.Row) -> None:
    connection.execute(
        "INSERT INTO catalog_table_version VALUES (?, ?, ?, ?)",
        (table["id"], table["version"], table["updated"], table["body"]),
    )


def _refuse_unsupported(request: Request, operation: str) -> None:
    given = request.get("TableInput") or {}
    for member in _UNSUPPORTED:
        if request.get(member):
            raise not_implemented("glue", operation, f"{member} is not supported.")
    for member in _UNSUPPORTED_INPUT:
        if given.get(member):
            raise not_implemented("glue", operation, f"TableInput.{member} is not supported.")


def folded(columns: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Columns by their names in lower case, as Glue keeps them; names inside of types keep theirs."""
    return [{**column, "Name": column["Name"].lower()} for column in columns or []]


def _stored(request: Request, operation: str) -> tuple[str, dict[str, Any]]:
    """The folded name of a `TableInput`, and the rest of it with Glue's defaults."""
    _refuse_unsupported(request, operation)
    given = request.get("TableInput")
    if not given:
        raise invalid("TableInput must be given.")
    name = given["Name"].lower()
    if request.get("Name", name).lower() != name:
        raise invalid(f"Name '{request['Name']}' differs from TableInput.Name '{given['Name']}'.")
    keys = folded(given.get("PartitionKeys"))
    body = {"Retention": 0, **given, "PartitionKeys": keys}
    del body["Name"]
    if given.get("StorageDescriptor") is not None:
        storage = {**_STORAGE_DEFAULTS, **given["StorageDescriptor"]}
        if "Columns" in storage:
            storage["Columns"] = folded(storage["Columns"])
        body["StorageDescriptor"] = storage
    names = [key["Name"] for key in keys]
    if len(set(names)) < len(names):
        raise invalid("A partition key is named twice.")
    return name, body
