"""Earlier versions of a table, newest first, the current one included."""

from __future__ import annotations

import sqlite3

from local_aws.caller import Caller
from local_aws.errors import AwsError
from local_aws.glue.catalog.errors import detail, invalid, not_found
from local_aws.glue.catalog.pages import after, limit_of, page
from local_aws.glue.catalog.store import Answer, CatalogStore, Request
from local_aws.glue.catalog.tables import shown_table

MOST = 100
_VERSIONS = """
SELECT * FROM (
  SELECT name, database_name, created, updated, version, body FROM catalog_table WHERE id = :id
  UNION ALL
  SELECT t.name, t.database_name, t.created, v.updated, v.version, v.body
  FROM catalog_table_version v JOIN catalog_table t ON t.id = v.table_id WHERE v.table_id = :id
)
"""


class TableVersions:
    """GetTableVersion(s), DeleteTableVersion, BatchDeleteTableVersion."""

    def __init__(self, store: CatalogStore) -> None:
        self._store = store

    def get_table_version(self, request: Request, caller: Caller) -> Answer:
        """Return one version of a table, or the current one when none is asked for."""
        table = self._store.require_table(request, request["TableName"])
        version = _number(request.get("VersionId", str(table["version"])))
        row = (
            self._store.read()
            .execute(f"{_VERSIONS} WHERE version = :version", {"id": table["id"], "version": version})
            .fetchone()
        )
        if row is None:
            raise not_found("Version not found.")
        return {"TableVersion": self._shown(row)}

    def get_table_versions(self, request: Request, caller: Caller) -> Answer:
        """Return the versions of a table, at most 100 a page."""
        table = self._store.require_table(request, request["TableName"])
        limit = limit_of(request, MOST)
        start = after(request, int)
        rows = (
            self._store.read()
            .execute(
                f"{_VERSIONS} WHERE :start IS NULL OR version < :start ORDER BY version DESC LIMIT :limit",
                {"id": table["id"], "start": start, "limit": limit + 1},
            )
            .fetchall()
        )
        given, token = page(rows, limit, lambda row: int(row["version"]))
        return {"TableVersions": [self._shown(row) for row in given], **token}

    def delete_table_version(self, request: Request, caller: Caller) -> Answer:
        """Delete one earlier version.

        Raises:
            AwsError: EntityNotFoundException; InvalidInputException, it is the current version.
        """
        self._delete(self._store.require_table(request, request["TableName"]), request["VersionId"])
        return {}

    def batch_delete_table_version(self, request: Request, caller: Caller) -> Answer:
        """Delete the earlier versions that exist; the others are listed in `Errors`."""
        table = self._store.require_table(request, request["TableName"])
        errors = []
        for version in request["VersionIds"]:
            try:
                self._delete(table, version)
            except AwsError as error:
                errors.append(
                    {"TableName": table["name"], "VersionId": version, "ErrorDetail": detail(error)}
                )
        return {"Errors": errors}

    def _delete(self, table: sqlite3.Row, version: str) -> None:
        if version == str(table["version"]):
            raise invalid("The current version of a table cannot be deleted.")
        with self._store.database.write() as connection:
            deleted = connection.execute(
                "DELETE FROM catalog_table_version WHERE table_id = ? AND version = ?",
                (table["id"], _number(version)),
            )
            if not deleted.rowcount:
                raise not_found("Version not found.")

    def _shown(self, row: sqlite3.Row) -> Answer:
        return {"Table": shown_table(self._store, row), "VersionId": str(row["version"])}


def _number(version: str) -> int:
    # Numbers too long for SQLite are no version of anything.
    if not version.isascii() or not version.isdigit() or len(version) > 18:
        raise not_found("Version not found.")
    return int(version)
