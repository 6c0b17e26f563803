"""The object store on a folder: `<root>/<bucket>/<key>` is the object, whoever wrote it.

The folder is the truth, and SQLite adds what a file cannot say (see `index.py`). A write is a file in the
hidden `.staging` folder of the same file system, then its row, then one rename: after `kill -9` at any moment
the key has its old bytes and attributes or its new ones. Staged files are removed when the store is opened.
"""

from __future__ import annotations

import os
import shutil
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO

from local_aws.s3 import bucket_settings, folder_buckets, index, placement, uploads
from local_aws.s3.errors import no_such_key
from local_aws.s3.files import Fingerprint, is_settled, md5_of, modified
from local_aws.s3.folder_buckets import FolderBuckets
from local_aws.s3.index import ObjectIndex
from local_aws.s3.store import (
    Attributes,
    BucketInfo,
    Check,
    DuckDBAccess,
    ObjectFile,
    ObjectHead,
    ObjectInfo,
    ObjectStore,
)
from local_aws.s3.walk import FoundFile, Walk
from local_aws.spark.properties import bucket_properties
from local_aws.storage.sqlite import Database

SCHEMA = index.SCHEMA + folder_buckets.SCHEMA + bucket_settings.SCHEMA + uploads.SCHEMA
NO_SETTINGS: Mapping[str, Any] = MappingProxyType({})
_LISTING_BATCH = 1000
_ATTEMPTS = 5


class FolderStore(ObjectStore):
    """Buckets under `root`, which is made when absent; what S3 knows beside the bytes is in `database`.

    One process may use a root at a time, beside any number of engines.
    """

    def __init__(self, root: Path, database: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self.root = Path(os.path.realpath(root))
        self.database = Database(database, SCHEMA)
        self._buckets = FolderBuckets(self.root, self.database)
        self._index = ObjectIndex(self.database)
        self._lock = threading.RLock()
        self._staging = self.root / ".staging"
        shutil.rmtree(self._staging, ignore_errors=True)
        self._staging.mkdir()

    def create_bucket(self, name: str, region: str, settings: Mapping[str, Any] = NO_SETTINGS) -> BucketInfo:
        """Make a bucket with its first `settings`; raises `BucketAlreadyOwnedByYou`, `InvalidBucketName`."""
        with self._lock:
            return self._buckets.create(name, region, settings)

    def delete_bucket(self, name: str) -> None:
        """Remove an empty bucket; raises `NoSuchBucket`, `BucketNotEmpty`."""
        with self._lock:
            self._buckets.delete(name)

    def buckets(self) -> list[BucketInfo]:
        """All buckets by name."""
        return self._buckets.all()

    def bucket(self, name: str) -> BucketInfo:
        """One bucket; raises `NoSuchBucket`."""
        return self._buckets.get(name)

    def bucket_folder(self, bucket: str) -> Path:
        """The folder whose files are the bucket's objects; raises `NoSuchBucket`."""
        return self._buckets.folder(bucket)

    def walk(self, bucket: str, prefix: str = "", start_after: str = "") -> Walk:
        """The bucket's files in key order, for listings that skip; raises `NoSuchBucket`."""
        return Walk(str(self.bucket_folder(bucket)), prefix, start_after)

    def list_files(self, bucket: str, prefix: str = "", start_after: str = "") -> Iterator[ObjectFile]:
        """Objects as files: cheap, as nothing is read but folders. Raises `NoSuchBucket`."""
        walk = self.walk(bucket, prefix, start_after)
        return (
            ObjectFile(found.key, found.status.st_size, modified(found.status), _version(found.status))
            for found in walk
        )

    def list_objects(
        self, bucket: str, prefix: str = "", start_after: str = "", limit: int | None = None
    ) -> Iterator[ObjectInfo]:
        """Objects with their ETags, which are computed when a file was written by an engine."""
        return self._list_objects(bucket, islice(self.walk(bucket, prefix, start_after), limit))

    def _list_objects(self, bucket: str, found: Iterator[FoundFile]) -> Iterator[ObjectInfo]:
        while batch := list(islice(found, _LISTING_BATCH)):
            yield from self.describe(bucket, batch)

    def describe(self, bucket: str, files: list[FoundFile]) -> list[ObjectInfo]:
        """The files of a walk as a listing shows them; those removed meanwhile are left out."""
        rows = self._index.listed(bucket, [found.key for found in files])
        infos = []
        for key, _, status in files:
            row = rows.get((key, status.st_size, status.st_mtime_ns, status.st_ino))
            if row is not None:
                infos.append(ObjectInfo(key, status.st_size, row[0], modified(status), row[1]))
            elif (head := self._find(bucket, key)) is not None:
                infos.append(head.info)
        return infos

    def head(self, bucket: str, key: str) -> ObjectHead:
        """One object with all its attributes; raises `NoSuchBucket`, `NoSuchKey`."""
        head = self._find(bucket, key)
        if head is None:
            raise no_such_key(key)
        return head

    def _find(self, bucket: str, key: str) -> ObjectHead | None:
        placed = placement.locate(str(self.bucket_folder(bucket)), key)
        if placed is None:
            return None
        attributes = self._index.get(bucket, key, Fingerprint.of(placed.status))
        if attributes is not None:
            return _head(key, placed.path, placed.status, attributes)
        opened = self._open(bucket, key)
        if opened is None:
            return None
        opened[1].close()
        return opened[0]

    def open(self, bucket: str, key: str) -> tuple[ObjectHead, BinaryIO]:
        """One object and its bytes, which stay those of `head` when the object is replaced meanwhile.

        Raises `NoSuchBucket`, `NoSuchKey`. The caller closes the file.
        """
        opened = self._open(bucket, key)
        if opened is None:
            raise no_such_key(key)
        return opened

    def reader(self, bucket: str, key: str) -> BinaryIO:
        """An object's bytes; raises `NoSuchBucket`, `NoSuchKey`."""
        return self.path_of(bucket, key).open("rb")

    def for_spark(self, staging: Path) -> dict[str, str]:
        """Mount every bucket on its folder."""
        folders = {info.name: self.bucket_folder(info.name) for info in self.buckets()}
        return bucket_properties(folders, staging)

    def for_duckdb(self) -> DuckDBAccess:
        """DuckDB opens the files."""
        return _Files(self)

    def _open(self, bucket: str, key: str) -> tuple[ObjectHead, BinaryIO] | None:
        """None also for a file that an engine is still writing: it is an object when it rests."""
        for _ in range(_ATTEMPTS):
            placed = placement.locate(str(self.bucket_folder(bucket)), key)
            if placed is None:
                return None
            try:
                file = open(os.open(placed.path, os.O_RDONLY | os.O_NOFOLLOW), "rb", buffering=0)  # noqa: SIM115
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                continue  # replaced or removed since it was found
            status = os.fstat(file.fileno())
            attributes = self._index.get(bucket, key, Fingerprint.of(status))
            # Only a file that is still in place never had a row: those of replaced ones are forgotten.
            if attributes is None and placement.is_at(placed.path, status):
                attributes = self._attributes_by_content(bucket, key, file)
            if attributes is not None:
                return _head(key, placed.path, status, attributes), file
            file.close()
        return None

    def _attributes_by_content(self, bucket: str, key: str, file: BinaryIO) -> Attributes | None:
        """Of a file that was not written through the API; None when it changed while it was read."""
        before = os.fstat(file.fileno())
        attributes = Attributes(md5_of(file))
        if Fingerprint.of(os.fstat(file.fileno())) != Fingerprint.of(before):
            return None
        if is_settled(before):
            self._index.remember(bucket, key, Fingerprint.of(before), attributes)
        return attributes

    def path_of(self, bucket: str, key: str) -> Path:
        """The readable file of an object; raises `NoSuchBucket`, `NoSuchKey`."""
        placed = placement.locate(str(self.bucket_folder(bucket)), key)
        if placed is None:
            raise no_such_key(key)
        return Path(placed.path)

    def staging_file(self) -> Path:
        """A new path, on the objects' own file system, for bytes that `write` will move into place."""
        return self._staging / uuid.uuid4().hex

    def write(
        self, bucket: str, key: str, staged: Path, attributes: Attributes, check: Check | None = None
    ) -> ObjectHead:
        """Make the file `staged` the object, atomically; the file is gone afterwards, also after an error."""
        try:
            with self._lock:
                folder = str(self.bucket_folder(bucket))
                if check is not None:
                    check(self._find(bucket, key))
                present = placement.locate(folder, key)
                status = os.stat(staged)
                replaced = Fingerprint.of(present.status) if present else None
                self._index.add(bucket, key, Fingerprint.of(status), attributes, replaced)
                path = placement.place(folder, key, str(staged))
            return _head(key, path, status, attributes)
        finally:
            staged.unlink(missing_ok=True)

    def set_attributes(self, bucket: str, key: str, change: Callable[[Attributes], Attributes]) -> ObjectHead:
        """Replace an object's attributes and leave its bytes and time alone; raises `NoSuchKey`."""
        with self._lock:
            head, file = self.open(bucket, key)
            with file:
                fingerprint = Fingerprint.of(os.fstat(file.fileno()))
            attributes = change(head.attributes)
            self._index.add(bucket, key, fingerprint, attributes)
        return replace(head, attributes=attributes)

    def put(
        self,
        bucket: str,
        key: str,
        data: bytes | Path,
        *,
        content_type: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> ObjectInfo:
        """Store bytes, or move a file in, atomically; raises `NoSuchBucket`."""
        self.bucket_folder(bucket)
        staged = self.staging_file()
        try:
            if isinstance(data, Path):
                shutil.move(data, staged)
                os.utime(staged)  # an object is as old as its upload
            else:
                staged.write_bytes(data)
        except OSError:
            staged.unlink(missing_ok=True)
            raise
        headers = {"ContentType": content_type} if content_type else {}
        with staged.open("rb") as file:
            attributes = Attributes(md5_of(file), headers, dict(metadata or {}))
        return self.write(bucket, key, staged, attributes).info

    def delete(self, bucket: str, key: str, check: Check | None = None) -> None:
        """Remove an object; no error when there is none. Raises `NoSuchBucket`."""
        with self._lock:
            folder = str(self.bucket_folder(bucket))
            if check is not None:
                check(self._find(bucket, key))
            placement.remove(folder, key)
            self._index.forget(bucket, key)

    def delete_prefix(self, bucket: str, prefix: str) -> int:
        """Remove every object whose key starts with `prefix`; returns how many there were."""
        keys = [found.key for found in self.walk(bucket, prefix)]
        for key in keys:
            self.delete(bucket, key)
        return len(keys)


class _Files(DuckDBAccess):
    def __init__(self, store: FolderStore) -> None:
        self._store = store

    def path(self, bucket: str, key: str) -> str:
        return str(self._store.path_of(bucket, key))

    def roots(self) -> list[str]:
        return [str(self._store.root)]


def _version(status: os.stat_result) -> str:
    return "-".join(map(str, Fingerprint.of(status)))


def _head(key: str, path: str, status: os.stat_result, attributes: Attributes) -> ObjectHead:
    return ObjectHead(key, Path(path), status.st_size, modified(status), attributes)
