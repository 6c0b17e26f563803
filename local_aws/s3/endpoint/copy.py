"""The copy of LocalStack's objects in the state folder: LocalStack's free image keeps nothing over a restart.

The copy is an ordinary `FolderStore`, the same that serves S3 without LocalStack, so a lake keeps its objects
when it changes between the two. SQLite remembers beside it which version of each object was copied last, so
that a listing tells what is new, and the settings of buckets.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from boto3.s3.transfer import TransferConfig

from local_aws.errors import AwsError
from local_aws.s3.endpoint.bucket_documents import read_settings, write_settings
from local_aws.s3.endpoint.listing import UNKNOWN, Listing, Version, create_bucket, list_all, region_of
from local_aws.s3.folder_store import FolderStore
from local_aws.s3.store import Attributes, ObjectInfo, Part
from local_aws.storage.sqlite import Database

logger = logging.getLogger(__name__)

SCHEMA = """
CREATE TABLE IF NOT EXISTS copied (
    bucket TEXT NOT NULL, key TEXT NOT NULL, etag TEXT NOT NULL, modified REAL NOT NULL,
    PRIMARY KEY (bucket, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS settings (
    bucket TEXT NOT NULL, operation TEXT NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (bucket, operation)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS session (id TEXT NOT NULL);
"""
HEADERS = (
    "ContentType",
    "CacheControl",
    "ContentDisposition",
    "ContentEncoding",
    "ContentLanguage",
    "StorageClass",
)
CHUNK = 1 << 20


class Copy:
    """The copy and what is remembered of it. One thread at a time."""

    def __init__(self, store: FolderStore, database: Path) -> None:
        self._store = store
        self._database = Database(database, SCHEMA)
        self._doubted: set[tuple[str, str]] = set()
        """Objects that changed while they were copied."""

    def session(self) -> str | None:
        """The session of the LocalStack that was last brought in step with the copy."""
        row = self._database.connection().execute("SELECT id FROM session").fetchone()
        return None if row is None else str(row["id"])

    def set_session(self, session: str) -> None:
        """Remember the LocalStack that is in step with the copy from now on."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM session")
            connection.execute("INSERT INTO session VALUES (?)", (session,))

    def put_back(self, s3: Any) -> int:
        """Give LocalStack every bucket and object that it lacks or has otherwise; how many objects."""
        present, count = list_all(s3), 0
        for info in self._store.buckets():
            if info.name not in present:
                create_bucket(s3, info.name, info.region)
                for refusal in write_settings(s3, info.name, self._settings(info.name)):
                    logger.warning("A setting of bucket %s is not put back: %s", info.name, refusal)
            there = present.get(info.name, {})
            for found in self._store.list_objects(info.name):
                if found.key not in there or there[found.key].etag != found.etag:
                    self._upload(s3, info.name, found)
                    count += 1
        for bucket, versions in list_all(s3).items():
            self._remember(bucket, {key: v for key, v in versions.items() if self._has(bucket, key, v)})
        return count

    def take(self, s3: Any, listing: Listing, settings_of: set[str]) -> int:
        """Bring the copy in step with a listing of LocalStack; how many objects changed.

        `settings_of` are the buckets whose settings are read again; new ones always are.
        """
        count = 0
        for info in self._store.buckets():
            if info.name not in listing:
                count += self._store.delete_prefix(info.name, "")
                self._store.delete_bucket(info.name)
                self._forget(info.name)
        known_buckets = {info.name for info in self._store.buckets()}
        for bucket, versions in listing.items():
            if bucket not in known_buckets:
                self._store.create_bucket(bucket, region_of(s3, bucket))
            if bucket not in known_buckets or bucket in settings_of:
                self._keep_settings(bucket, read_settings(s3, bucket))
            count += self._take_objects(s3, bucket, versions)
        return count

    def distrust(self, bucket: str, key: str) -> None:
        """Copy an object again the next time, as something changed that no listing shows. From any thread."""
        self._doubted.add((bucket, key))
        self._remember(bucket, {key: UNKNOWN})

    def _take_objects(self, s3: Any, bucket: str, versions: Mapping[str, Version]) -> int:
        known, count = self._known(bucket), 0
        for key in [key for key in known if key not in versions]:
            self._store.delete(bucket, key)
            with self._database.write() as connection:
                connection.execute("DELETE FROM copied WHERE bucket = ? AND key = ?", (bucket, key))
            count += 1
        for key, version in versions.items():
            if known.get(key) == version:
                continue
            # Remembered before it is there, so that one that was copied just before a kill is known of.
            self._remember(bucket, {key: UNKNOWN})
            self._doubted.discard((bucket, key))
            if self._download(s3, bucket, key):
                count += 1
                if (bucket, key) not in self._doubted:
                    self._remember(bucket, {key: version})
        return count

    def _download(self, s3: Any, bucket: str, key: str) -> bool:
        try:
            answer = s3.get_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
        except s3.exceptions.NoSuchKey:
            return False  # deleted since it was listed
        staged = self._store.staging_file()
        with answer["Body"] as body, staged.open("wb") as file:
            shutil.copyfileobj(body, file, CHUNK)
        moment = answer["LastModified"].timestamp()
        os.utime(staged, (moment, moment))
        self._store.write(bucket, key, staged, _attributes(s3, bucket, key, answer))
        return True

    def _upload(self, s3: Any, bucket: str, found: ObjectInfo) -> None:
        """Put an object back, in parts of the size that it was uploaded in, which its ETag tells of."""
        head = self._store.head(bucket, found.key)
        attributes = head.attributes
        extra: dict[str, Any] = {
            **{name: attributes.headers[name] for name in HEADERS if name in attributes.headers},
            "Metadata": dict(attributes.metadata),
        }
        if attributes.tags:
            extra["Tagging"] = urlencode(attributes.tags)
        part = attributes.parts[0].size if attributes.parts else max(head.size + 1, 5 << 20)
        config = TransferConfig(multipart_threshold=part, multipart_chunksize=part, max_concurrency=4)
        s3.upload_file(str(head.path), bucket, found.key, ExtraArgs=extra, Config=config)

    def _has(self, bucket: str, key: str, version: Version) -> bool:
        try:
            return self._store.head(bucket, key).etag == version.etag
        except AwsError:  # LocalStack had it, and the copy has not
            return False

    def _known(self, bucket: str) -> dict[str, Version]:
        rows = self._database.connection().execute(
            "SELECT key, etag, modified FROM copied WHERE bucket = ?", (bucket,)
        )
        return {row["key"]: Version(row["etag"], row["modified"]) for row in rows}

    def _remember(self, bucket: str, versions: Mapping[str, Version]) -> None:
        rows = [(bucket, key, *version) for key, version in versions.items()]
        with self._database.write() as connection:
            connection.executemany("INSERT OR REPLACE INTO copied VALUES (?, ?, ?, ?)", rows)

    def _forget(self, bucket: str) -> None:
        with self._database.write() as connection:
            for table in ("copied", "settings"):
                connection.execute(f"DELETE FROM {table} WHERE bucket = ?", (bucket,))  # noqa: S608 (constants)

    def _settings(self, bucket: str) -> dict[str, str]:
        rows = self._database.connection().execute(
            "SELECT operation, document FROM settings WHERE bucket = ?", (bucket,)
        )
        return {row["operation"]: row["document"] for row in rows}

    def _keep_settings(self, bucket: str, settings: dict[str, str]) -> None:
        rows = [(bucket, operation, document) for operation, document in settings.items()]
        with self._database.write() as connection:
            connection.execute("DELETE FROM settings WHERE bucket = ?", (bucket,))
            connection.executemany("INSERT INTO settings VALUES (?, ?, ?)", rows)


def _attributes(s3: Any, bucket: str, key: str, answer: dict[str, Any]) -> Attributes:
    etag = answer["ETag"].strip('"')
    tags = s3.get_object_tagging(Bucket=bucket, Key=key)["TagSet"] if answer.get("TagCount") else []
    parts: tuple[Part, ...] = ()
    if "-" in etag:
        first = s3.head_object(Bucket=bucket, Key=key, PartNumber=1)
        parts = (Part(1, first["ContentLength"], ""),)
    checksums = {
        name: value
        for name, value in answer.items()
        if name.startswith("Checksum") and name != "ChecksumType"
    }
    return Attributes(
        etag,
        {name: answer[name] for name in HEADERS if name in answer},
        answer.get("Metadata") or {},
        {tag["Key"]: tag["Value"] for tag in tags},
        checksums,
        answer.get("ChecksumType", "") if checksums else "",
        parts,
    )
