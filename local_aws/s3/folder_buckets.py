"""Buckets as folders: a folder with a bucket's name is a bucket, and SQLite remembers its region and age.

A folder that a person made by hand counts too; it is said to be as old as the folder, in the default region.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from local_aws.errors import AwsError
from local_aws.s3.bucket_names import check_new_bucket_name, is_bucket_name
from local_aws.s3.bucket_settings import BucketSettings
from local_aws.s3.errors import no_such_bucket
from local_aws.s3.placement import remove_empty_tree
from local_aws.s3.store import BucketInfo
from local_aws.s3.walk import Walk
from local_aws.settings import DEFAULT_REGION
from local_aws.storage.sqlite import Database

SCHEMA = """
CREATE TABLE IF NOT EXISTS buckets (
    name TEXT PRIMARY KEY,
    region TEXT NOT NULL,
    created REAL NOT NULL
);
"""
_TABLES_OF_A_BUCKET = ("bucket_settings", "objects", "uploads")


class FolderBuckets:
    """The folders under `root`."""

    def __init__(self, root: Path, database: Database) -> None:
        self.root = root
        self._database = database

    def create(self, name: str, region: str, settings: Mapping[str, Any]) -> BucketInfo:
        """Make a bucket; the folder comes last, so what the database knew of a namesake is gone by then."""
        check_new_bucket_name(name)
        created = datetime.now(UTC).replace(microsecond=0)
        folder = self.root / name
        if folder.exists():
            raise AwsError(
                "BucketAlreadyOwnedByYou",
                "Your previous request to create the named bucket succeeded and you already own it.",
                409,
                BucketName=name,
            )
        with self._database.write() as connection:
            self._forget(name)
            connection.execute("INSERT INTO buckets VALUES (?, ?, ?)", (name, region, created.timestamp()))
            for setting, value in settings.items():
                BucketSettings(self._database, name).put(setting, value)
        folder.mkdir()
        return BucketInfo(name, region, created)

    def delete(self, name: str) -> None:
        """Remove a bucket that holds no object."""
        folder = str(self.folder(name))
        if next(iter(Walk(folder)), None) is not None:
            raise _not_empty(name)
        try:
            remove_empty_tree(folder)
        except OSError as error:
            raise _not_empty(name) from error
        self._forget(name)

    def folder(self, name: str) -> Path:
        """The bucket's folder; raises `NoSuchBucket`."""
        folder = self.root / name
        # A symbolic link could lead anywhere, so it is no bucket.
        if not is_bucket_name(name) or not _is_real_folder(folder):
            raise no_such_bucket(name)
        return folder

    def get(self, name: str) -> BucketInfo:
        """One bucket; raises `NoSuchBucket`."""
        folder = self.folder(name)
        row = self._database.connection().execute("SELECT * FROM buckets WHERE name = ?", (name,)).fetchone()
        if row is None:
            made = datetime.fromtimestamp(int(folder.stat().st_mtime), UTC)
            return BucketInfo(name, DEFAULT_REGION, made)
        return BucketInfo(name, row["region"], datetime.fromtimestamp(row["created"], UTC))

    def all(self) -> list[BucketInfo]:
        """Every bucket by name."""
        names = sorted(name for name in os.listdir(self.root) if is_bucket_name(name))
        return [self.get(name) for name in names if _is_real_folder(self.root / name)]

    def _forget(self, name: str) -> None:
        with self._database.write() as connection:
            connection.execute("DELETE FROM buckets WHERE name = ?", (name,))
            for table in _TABLES_OF_A_BUCKET:
                connection.execute(f"DELETE FROM {table} WHERE bucket = ?", (name,))  # noqa: S608 (constants)


def _is_real_folder(folder: Path) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(folder).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def _not_empty(name: str) -> AwsError:
    message = "The bucket you tried to delete is not empty"
    return AwsError("BucketNotEmpty", message, 409, BucketName=name)
