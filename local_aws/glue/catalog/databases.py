"""Databases of the Data Catalog.

Names are folded to lower case, as AWS does for Hive's sake
(https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-catalog-databases.html, November 2026). Deleting a
database deletes its tables, partitions and functions with it.
"""

from __future__ import annotations

import sqlite3

from local_aws.caller import Caller
from local_aws.errors import not_implemented
from local_aws.glue.catalog.documents import dumps, instant, loads, now
from local_aws.glue.catalog.errors import already_exists
from local_aws.glue.catalog.pages import after, limit_of, page
from local_aws.glue.catalog.store import Answer, CatalogStore, Request
from local_aws.glue.catalog.tags import Tags

MOST = 100
_DEFAULT_PERMISSIONS = [
    {"Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}, "Permissions": ["ALL"]}
]
"""What AWS answers for a database that was created without `CreateTableDefaultPermissions`."""


class Databases:
    """CreateDatabase, GetDatabase(s), UpdateDatabase, DeleteDatabase."""

    def __init__(self, store: CatalogStore, tags: Tags) -> None:
        self._store = store
        self._tags = tags
        tags.add_kind("database", self._exists)

    def create_database(self, request: Request, caller: Caller) -> Answer:
        """Create a database.

        Raises:
            AwsError: AlreadyExistsException; NotImplemented for a federated or linked database.
        """
        self._store.check_catalog(request)
        name, body = _stored(request["DatabaseInput"])
        with self._store.database.write() as connection:
            self._refuse_taken(connection, name)
            connection.execute("INSERT INTO catalog_database VALUES (?, ?, ?)", (name, now(), body))
            self._tags.put("database", name, request.get("Tags"))
        return {}

    def get_database(self, request: Request, caller: Caller) -> Answer:
        """Return one database."""
        return {"Database": self._shown(self._store.require_database(request, request["Name"]))}

    def get_databases(self, request: Request, caller: Caller) -> Answer:
        """Return the databases in the order of their names, at most 100 a page."""
        self._store.check_catalog(request)
        limit = limit_of(request, MOST)
        rows = (
            self._store.read()
            .execute(
                "SELECT * FROM catalog_database WHERE name > ? ORDER BY name LIMIT ?",
                (after(request, str) or "", limit + 1),
            )
            .fetchall()
        )
        shown, token = page(rows, limit, lambda row: str(row["name"]))
        return {"DatabaseList": [self._shown(row) for row in shown], **token}

    def update_database(self, request: Request, caller: Caller) -> Answer:
        """Replace a database's definition; another name in the input renames it."""
        name, body = _stored(request["DatabaseInput"])
        with self._store.database.write() as connection:
            old = self._store.require_database(request, request["Name"])["name"]
            if name != old:
                self._refuse_taken(connection, name)
                self._tags.rename("database", old, name)
            connection.execute(
                "UPDATE catalog_database SET name = ?, body = ? WHERE name = ?", (name, body, old)
            )
        return {}

    def delete_database(self, request: Request, caller: Caller) -> Answer:
        """Delete a database with all that is in it."""
        with self._store.database.write() as connection:
            name = self._store.require_database(request, request["Name"])["name"]
            connection.execute("DELETE FROM catalog_database WHERE name = ?", (name,))
            self._tags.drop("database", name)
        return {}

    def _shown(self, row: sqlite3.Row) -> Answer:
        return {
            "Name": row["name"],
            **loads(row["body"]),
            "CreateTime": instant(row["created"]),
            "CatalogId": self._store.account_id,
        }

    def _exists(self, name: str) -> bool:
        found = self._store.read().execute("SELECT 1 FROM catalog_database WHERE name = ?", (name,))
        return found.fetchone() is not None

    def _refuse_taken(self, connection: sqlite3.Connection, name: str) -> None:
        if connection.execute("SELECT 1 FROM catalog_database WHERE name = ?", (name,)).fetchone():
            raise already_exists("Database")


def _stored(given: Request) -> tuple[str, str]:
    """The folded name of a `DatabaseInput`, and the rest of it as text."""
    for member in ("TargetDatabase", "FederatedDatabase"):
        if given.get(member):
            raise not_implemented("glue", f"DatabaseInput.{member}")
    rest = {key: value for key, value in given.items() if key != "Name"}
    return given["Name"].lower(), dumps({"CreateTableDefaultPermissions": _DEFAULT_PERMISSIONS, **rest})
