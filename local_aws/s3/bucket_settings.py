"""The configuration documents of a bucket, kept in SQLite as boto3 shows them.

One row a document; kinds of which a bucket may have several (analytics, inventory, …) have an id each.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from local_aws.storage.sqlite import Database

SCHEMA = """
CREATE TABLE IF NOT EXISTS bucket_settings (
    bucket TEXT NOT NULL,
    name TEXT NOT NULL,
    id TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (bucket, name, id)
) WITHOUT ROWID;
"""


class BucketSettings:
    """The documents of one bucket."""

    def __init__(self, database: Database, bucket: str) -> None:
        self._database = database
        self._bucket = bucket

    def get(self, name: str, setting_id: str = "") -> Any | None:
        """One document, or None."""
        row = (
            self._database.connection()
            .execute(
                "SELECT value FROM bucket_settings WHERE bucket = ? AND name = ? AND id = ?",
                (self._bucket, name, setting_id),
            )
            .fetchone()
        )
        return None if row is None else json.loads(row["value"], object_hook=_revive)

    def all(self, name: str) -> list[Any]:
        """The documents of a kind by id."""
        rows = self._database.connection().execute(
            "SELECT value FROM bucket_settings WHERE bucket = ? AND name = ? ORDER BY id",
            (self._bucket, name),
        )
        return [json.loads(row["value"], object_hook=_revive) for row in rows]

    def put(self, name: str, value: Any, setting_id: str = "") -> None:
        """Store a document in place of the one before."""
        text = json.dumps(value, ensure_ascii=False, default=_freeze)
        with self._database.write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO bucket_settings VALUES (?, ?, ?, ?)",
                (self._bucket, name, setting_id, text),
            )

    def delete(self, name: str, setting_id: str = "") -> bool:
        """Remove a document; returns whether there was one."""
        with self._database.write() as connection:
            cursor = connection.execute(
                "DELETE FROM bucket_settings WHERE bucket = ? AND name = ? AND id = ?",
                (self._bucket, name, setting_id),
            )
            return cursor.rowcount > 0

    def default_encryption(self) -> tuple[str, str | None]:
        """The method and KMS key that new objects are said to be encrypted with."""
        configuration = self.get("encryption")
        if configuration is None:
            return "AES256", None
        default = configuration["Rules"][0].get("ApplyServerSideEncryptionByDefault", {})
        return default.get("SSEAlgorithm", "AES256"), default.get("KMSMasterKeyID")

    def object_ownership(self) -> str:
        """Who owns objects; new buckets take no ACLs."""
        controls = self.get("ownership")
        return str(controls["Rules"][0]["ObjectOwnership"]) if controls else "BucketOwnerEnforced"


def _freeze(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"__datetime__": value.isoformat()}
    raise TypeError(f"{type(value).__name__} is no value of a bucket's configuration")


def _revive(value: dict[str, Any]) -> Any:
    return datetime.fromisoformat(value["__datetime__"]) if value.keys() == {"__datetime__"} else value
