"""What every part of the catalog starts from: the database file and finding a database or a table in it."""

from __future__ import annotations

import sqlite3
from typing import Any

from local_aws.caller import Caller
from local_aws.glue.catalog.documents import loads
from local_aws.glue.catalog.errors import database_not_found, not_found
from local_aws.glue.catalog.schema import SCHEMA
from local_aws.settings import Settings
from local_aws.storage.sqlite import Database

Request = dict[str, Any]
Answer = dict[str, Any]


class CatalogStore:
    """The catalog of one region."""

    def __init__(self, settings: Settings, region: str) -> None:
        self.account_id = settings.account_id
        self.region = region
        self.database = Database(settings.state / "glue" / f"{region}.sqlite", SCHEMA)

    def read(self) -> sqlite3.Connection:
        """This thread's connection, for reading."""
        return self.database.connection()

    def check_catalog(self, request: Request) -> None:
        """Refuse a `CatalogId` that is not this account.

        Raises:
            AwsError: EntityNotFoundException.
        """
        catalog = request.get("CatalogId")
        if catalog and catalog != self.account_id:
            raise not_found(f"Catalog {catalog} not found.")

    def require_database(self, request: Request, name: str) -> sqlite3.Row:
        """The row of a database, once the request's catalog was found to be ours.

        Raises:
            AwsError: EntityNotFoundException.
        """
        self.check_catalog(request)
        row: sqlite3.Row | None = (
            self.read().execute("SELECT * FROM catalog_database WHERE name = ?", (name.lower(),)).fetchone()
        )
        if row is None:
            raise database_not_found(name)
        return row

    def require_table(self, request: Request, name: str, missing: str = "Entity Not Found") -> sqlite3.Row:
        """The row of a table of the request's `DatabaseName`.

        Raises:
            AwsError: EntityNotFoundException, with `missing` when the database has no such table.
        """
        database = self.require_database(request, request["DatabaseName"])["name"]
        row: sqlite3.Row | None = (
            self.read()
            .execute(
                "SELECT * FROM catalog_table WHERE database_name = ? AND name = ?", (database, name.lower())
            )
            .fetchone()
        )
        if row is None:
            raise not_found(missing)
        return row


def partition_keys(table: sqlite3.Row) -> list[dict[str, Any]]:
    """The `PartitionKeys` of a table's row."""
    keys: list[dict[str, Any]] = loads(table["body"]).get("PartitionKeys") or []
    return keys


def creator(store: CatalogStore, caller: Caller) -> str:
    """The `CreatedBy` of what a caller makes: nobody but the account itself is known here."""
    return f"arn:aws:iam::{caller.account_id or store.account_id}:root"
