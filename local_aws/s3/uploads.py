"""Multipart uploads in progress: a row each, a row a part, and the parts' bytes under `.uploads`.

They survive a restart. A part's file has a name of its own and counts once its row names it, so a part sent
again replaces the first at one instant; files without a row are removed when the store is opened.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from local_aws.s3.errors import no_such_upload
from local_aws.s3.store import Part
from local_aws.storage.sqlite import Database

SCHEMA = """
CREATE TABLE IF NOT EXISTS uploads (
    id TEXT PRIMARY KEY,
    bucket TEXT NOT NULL,
    key TEXT NOT NULL,
    started REAL NOT NULL,
    details TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS uploads_by_key ON uploads (bucket, key, started);
CREATE TABLE IF NOT EXISTS parts (
    upload TEXT NOT NULL REFERENCES uploads (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    size INTEGER NOT NULL,
    etag TEXT NOT NULL,
    checksums TEXT NOT NULL,
    modified REAL NOT NULL,
    file TEXT NOT NULL,
    PRIMARY KEY (upload, number)
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload that was started and neither completed nor aborted."""

    id: str
    bucket: str
    key: str
    started: datetime
    headers: Mapping[str, str]
    metadata: Mapping[str, str]
    tags: Mapping[str, str]
    checksum_algorithm: str
    """`CRC32`, …; empty when none was asked for."""
    checksum_type: str
    """`COMPOSITE` or `FULL_OBJECT`; empty without an algorithm."""


@dataclass(frozen=True, slots=True)
class StoredPart:
    """A part that arrived, and the file of its bytes."""

    part: Part
    modified: datetime
    path: Path


class Uploads:
    """The uploads of all buckets; `folder` holds one folder an upload."""

    def __init__(self, folder: Path, database: Database) -> None:
        self._folder = folder
        self._database = database
        folder.mkdir(exist_ok=True)
        self._sweep()

    def start(self, bucket: str, key: str, details: dict[str, Any]) -> Upload:
        """A new upload; `details` are the fields of `Upload` from `headers` on."""
        upload_id = uuid.uuid4().hex + uuid.uuid4().hex
        (self._folder / upload_id).mkdir()
        row = (upload_id, bucket, key, datetime.now(UTC).timestamp(), json.dumps(details))
        try:
            with self._database.write() as connection:
                connection.execute("INSERT INTO uploads VALUES (?, ?, ?, ?, ?)", row)
        except sqlite3.Error:
            (self._folder / upload_id).rmdir()
            raise
        return self.get(bucket, key, upload_id)

    def get(self, bucket: str, key: str, upload_id: str) -> Upload:
        """One upload; raises `NoSuchUpload`, also when it is another key's."""
        row = (
            self._database.connection()
            .execute(
                "SELECT * FROM uploads WHERE id = ? AND bucket = ? AND key = ?", (upload_id, bucket, key)
            )
            .fetchone()
        )
        if row is None:
            raise no_such_upload(upload_id)
        return _upload(row)

    def of_bucket(self, bucket: str, prefix: str = "") -> list[Upload]:
        """The bucket's uploads by key, then by age."""
        rows = self._database.connection().execute(
            "SELECT * FROM uploads WHERE bucket = ? ORDER BY key, started", (bucket,)
        )
        return [_upload(row) for row in rows if row["key"].startswith(prefix)]

    def add_part(self, upload: Upload, part: Part, staged: Path) -> StoredPart:
        """Make the file `staged` a part, in place of an earlier one of that number.

        Raises `NoSuchUpload` when the upload ended meanwhile.
        """
        path = self._folder / upload.id / f"{part.number}.{uuid.uuid4().hex}"
        try:
            os.rename(staged, path)
        except FileNotFoundError as error:
            raise no_such_upload(upload.id) from error
        modified = datetime.now(UTC).replace(microsecond=0)
        try:
            earlier = self._record(upload, part, path, modified)
        except sqlite3.Error:
            path.unlink(missing_ok=True)
            raise
        if earlier is not None:
            (path.parent / earlier).unlink(missing_ok=True)
        return StoredPart(part, modified, path)

    def _record(self, upload: Upload, part: Part, path: Path, modified: datetime) -> str | None:
        """Enter a part that is in place; the file of the earlier one of that number."""
        with self._database.write() as connection:
            self._check_in_progress(connection, upload.id)
            earlier = connection.execute(
                "SELECT file FROM parts WHERE upload = ? AND number = ?", (upload.id, part.number)
            ).fetchone()
            checksums = json.dumps(dict(part.checksums))
            connection.execute(
                "INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?, ?, ?, ?)",
                (upload.id, part.number, part.size, part.etag, checksums, modified.timestamp(), path.name),
            )
        return None if earlier is None else str(earlier["file"])

    def parts(self, upload: Upload) -> list[StoredPart]:
        """The parts that arrived, by number."""
        rows = self._database.connection().execute(
            "SELECT * FROM parts WHERE upload = ? ORDER BY number", (upload.id,)
        )
        return [_stored_part(row, self._folder / upload.id) for row in rows]

    def end(self, upload_id: str) -> None:
        """Forget an upload and its parts, whether it was completed or aborted."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM uploads WHERE id = ?", (upload_id,))
        shutil.rmtree(self._folder / upload_id, ignore_errors=True)

    def _check_in_progress(self, connection: sqlite3.Connection, upload_id: str) -> None:
        if connection.execute("SELECT 1 FROM uploads WHERE id = ?", (upload_id,)).fetchone() is None:
            raise no_such_upload(upload_id)

    def _sweep(self) -> None:
        rows = self._database.connection().execute("SELECT upload, file FROM parts")
        known = {(row["upload"], row["file"]) for row in rows}
        uploads = {row["id"] for row in self._database.connection().execute("SELECT id FROM uploads")}
        for folder in self._folder.iterdir():
            if folder.name not in uploads:
                shutil.rmtree(folder, ignore_errors=True)
                continue
            for file in folder.iterdir():
                if (folder.name, file.name) not in known:
                    file.unlink()


def _upload(row: sqlite3.Row) -> Upload:
    started = datetime.fromtimestamp(int(row["started"]), UTC)
    return Upload(row["id"], row["bucket"], row["key"], started, **json.loads(row["details"]))


def _stored_part(row: sqlite3.Row, folder: Path) -> StoredPart:
    part = Part(row["number"], row["size"], row["etag"], json.loads(row["checksums"]))
    return StoredPart(part, datetime.fromtimestamp(row["modified"], UTC), folder / row["file"])
