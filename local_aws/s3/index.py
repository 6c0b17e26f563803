"""What S3 knows of an object beside its bytes, kept in SQLite and tied to one state of one file.

A row belongs to a fingerprint (size, time of last change, inode). A file that an engine replaced, or wrote
without asking, has another fingerprint, so a row never describes other bytes than those it was made for. A
write puts the new row in before the file is moved into place: at any instant the file that is there has
its row, and the row of the other file is not seen.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, fields
from typing import Any

from local_aws.s3.files import Fingerprint
from local_aws.s3.store import Attributes, Part
from local_aws.storage.sqlite import Database

SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    bucket TEXT NOT NULL,
    key TEXT NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    etag TEXT NOT NULL,
    storage_class TEXT NOT NULL,
    attributes TEXT NOT NULL,
    PRIMARY KEY (bucket, key, mtime_ns, inode, size)
) WITHOUT ROWID;
"""
_INSERT = "INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_DELETE_OTHERS = (
    "DELETE FROM objects WHERE bucket = ? AND key = ? AND (size, mtime_ns, inode) IS NOT (?, ?, ?)"
)
_KEYS_PER_QUERY = 1000
_FIELDS = tuple(field.name for field in fields(Attributes))


ListedFile = tuple[str, int, int, int]
"""A key, and the fingerprint of its file."""


class ObjectIndex:
    """The rows of all objects."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, bucket: str, key: str, fingerprint: Fingerprint) -> Attributes | None:
        """The attributes of that very file, if any were stored."""
        row = (
            self._database.connection()
            .execute(
                "SELECT attributes FROM objects"
                " WHERE bucket = ? AND key = ? AND size = ? AND mtime_ns = ? AND inode = ?",
                (bucket, key, *fingerprint),
            )
            .fetchone()
        )
        return _attributes_from(row["attributes"]) if row else None

    def add(
        self,
        bucket: str,
        key: str,
        fingerprint: Fingerprint,
        attributes: Attributes,
        present: Fingerprint | None = None,
    ) -> None:
        """Store the attributes of a file; rows of files other than this one and `present` are forgotten."""
        with self._database.write() as connection:
            others = present or fingerprint
            connection.execute(_DELETE_OTHERS, (bucket, key, *others))
            connection.execute(_INSERT, _row(bucket, key, fingerprint, attributes))

    def remember(self, bucket: str, key: str, fingerprint: Fingerprint, attributes: Attributes) -> None:
        """Store what was computed of a file, unless something was stored meanwhile."""
        with self._database.write() as connection:
            row = _row(bucket, key, fingerprint, attributes)
            connection.execute(_INSERT.replace("REPLACE", "IGNORE"), row)

    def listed(self, bucket: str, keys: list[str]) -> dict[ListedFile, tuple[str, str]]:
        """The rows of `keys`: ETag and storage class by file. Plain tuples, as listings are long."""
        return {row[:4]: row[4:] for row in self._rows(bucket, keys)}

    def _rows(self, bucket: str, keys: list[str]) -> Iterator[tuple[Any, ...]]:
        cursor = self._database.connection().cursor()
        cursor.row_factory = None
        for start in range(0, len(keys), _KEYS_PER_QUERY):
            chunk = keys[start : start + _KEYS_PER_QUERY]
            yield from cursor.execute(
                "SELECT objects.key, size, mtime_ns, inode, etag, storage_class"
                " FROM json_each(?) CROSS JOIN objects ON bucket = ? AND objects.key = json_each.value",
                (json.dumps(chunk, ensure_ascii=False), bucket),
            )

    def forget(self, bucket: str, key: str) -> None:
        """Drop every row of a key."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM objects WHERE bucket = ? AND key = ?", (bucket, key))

    def forget_bucket(self, bucket: str, connection: sqlite3.Connection) -> None:
        """Drop every row of a bucket, within the caller's transaction."""
        connection.execute("DELETE FROM objects WHERE bucket = ?", (bucket,))


def _row(bucket: str, key: str, fingerprint: Fingerprint, attributes: Attributes) -> tuple[Any, ...]:
    storage_class = attributes.headers.get("StorageClass", "STANDARD")
    return (bucket, key, *fingerprint, attributes.etag, storage_class, _attributes_to(attributes))


def _attributes_to(attributes: Attributes) -> str:
    kept = {name: getattr(attributes, name) for name in _FIELDS if getattr(attributes, name)}
    if attributes.parts:
        kept["parts"] = [asdict(part) for part in attributes.parts]
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def _attributes_from(text: str) -> Attributes:
    kept = json.loads(text)
    parts = tuple(Part(**part) for part in kept.pop("parts", ()))
    return Attributes(**kept, parts=parts)
