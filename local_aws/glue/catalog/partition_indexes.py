"""Partition indexes of a table.

Every table's partitions are indexed here anyway (`schema.py`), so an index is only what the user declared:
it is checked, kept and shown as ACTIVE, which it is.
See https://docs.aws.amazon.com/glue/latest/dg/partition-indexes.html (November 2026).
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from local_aws.caller import Caller
from local_aws.errors import AwsError
from local_aws.glue.catalog.errors import already_exists, invalid, not_found
from local_aws.glue.catalog.store import Answer, CatalogStore, Request, partition_keys

MOST = 3


class PartitionIndexes:
    """CreatePartitionIndex, GetPartitionIndexes, DeletePartitionIndex."""

    def __init__(self, store: CatalogStore) -> None:
        self._store = store

    def create_partition_index(self, request: Request, caller: Caller) -> Answer:
        """Declare an index on some of the partition keys."""
        with self._store.database.write() as connection:
            add_partition_index(connection, self._table(request), request["PartitionIndex"])
        return {}

    def get_partition_indexes(self, request: Request, caller: Caller) -> Answer:
        """Return the indexes of a table; there are at most three, so one page."""
        table = self._table(request)
        types = {key["Name"].lower(): key.get("Type", "string") for key in partition_keys(table)}
        rows = self._store.read().execute(
            "SELECT name, keys FROM catalog_partition_index WHERE table_id = ? ORDER BY name", (table["id"],)
        )
        return {"PartitionIndexDescriptorList": [_shown(row, types) for row in rows]}

    def delete_partition_index(self, request: Request, caller: Caller) -> Answer:
        """Forget an index."""
        name = request["IndexName"].lower()
        with self._store.database.write() as connection:
            deleted = connection.execute(
                "DELETE FROM catalog_partition_index WHERE table_id = ? AND name = ?",
                (self._table(request)["id"], name),
            )
            if not deleted.rowcount:
                raise not_found(f"Index with the given indexName : {name} does not exist")
        return {}

    def _table(self, request: Request) -> sqlite3.Row:
        name = request["TableName"]
        return self._store.require_table(request, name, f"Table {name} not found.")


def add_partition_index(connection: sqlite3.Connection, table: sqlite3.Row, index: dict[str, Any]) -> None:
    """Add an index to a table, within the caller's transaction.

    Raises:
        AwsError: AlreadyExistsException; InvalidInputException, a key is not a partition key;
            ResourceNumberLimitExceededException, it would be the fourth.
    """
    names = [key.lower() for key in index["Keys"]]
    known = {key["Name"].lower() for key in partition_keys(table)}
    if not names or len(set(names)) < len(names) or not known.issuperset(names):
        raise invalid(f"The keys of a partition index must be partition keys of the table: {index['Keys']}")
    taken = connection.execute("SELECT name FROM catalog_partition_index WHERE table_id = ?", (table["id"],))
    existing = {row["name"] for row in taken}
    if index["IndexName"].lower() in existing:
        raise already_exists("Partition index")
    if len(existing) >= MOST:
        raise AwsError(
            "ResourceNumberLimitExceededException", f"A table can have at most {MOST} partition indexes."
        )
    connection.execute(
        "INSERT INTO catalog_partition_index VALUES (?, ?, ?)",
        (table["id"], index["IndexName"].lower(), json.dumps(names)),
    )


def _shown(row: sqlite3.Row, types: dict[str, str]) -> Answer:
    keys = [{"Name": name, "Type": types.get(name, "string")} for name in json.loads(row["keys"])]
    return {"IndexName": row["name"], "Keys": keys, "IndexStatus": "ACTIVE"}
