"""The object store on a folder: `<root>/<bucket>/<key>` is the object, whoever wrote it.

The folder is the truth, and SQLite adds what a file cannot say (see `index.py`). A write is a file in the
hidden `.staging` folder of the same file system, then its row, then one rename: after `kill -9` at any moment
the key has its old bytes and attributes or its new ones. Staged files are removed when the store is opened.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO

from local_aws.s3 import bucket_settings, folder_buckets, index, placement, uploads
from local_aws.s3.errors import no_such_key
from local_aws.s3.folder_buckets import FolderBuckets
from local_aws.s3.index import Fingerprint, ObjectIndex
from local_aws.s3.store import Attributes, BucketInfo, Check, ObjectFile, ObjectHead, ObjectInfo, ObjectStore
from local_aws.s3.walk import FoundFile, Walk
from local_aws.storage.sqlite import Database

SCHEMA = index.SCHEMA + folder_buckets.SCHEMA + bucket_settings.SCHEMA + uploads.SCHEMA
NO_SETTINGS: Mapping[str, Any] = MappingProxyType({})
_LISTING_BATCH = 1000
# A file that changed this short a time ago may change again without a new time, so its ETag is not kept.
_SETTLED_NS = 100_000_000
_OPENED_WHILE_REPLACED = 10


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
            ObjectFile(found.key, Path(found.path), found.status.st_size, _modified(found.status))
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
        computed: list[tuple[str, Fingerprint, str]] = []
        infos = []
        for key, path, status in files:
            row = rows.get((key, status.st_size, status.st_mtime_ns, status.st_ino))
            if row is None:
                etag = _md5_of(path)
                if etag is None:
                    continue
                row = (etag, "STANDARD")
                if _is_settled(path, status):
                    computed.append((key, Fingerprint.of(status), etag))
            infos.append(ObjectInfo(key, status.st_size, row[0], _modified(status), row[1]))
        if computed:
            self._index.remember_etags(bucket, computed)
        return infos

    def head(self, bucket: str, key: str) -> ObjectHead:
        """One object with all its attributes; raises `NoSuchBucket`, `NoSuchKey`."""
        head = self._find(bucket, key)
        if head is None:
            raise no_such_key(key)
        return head

    def _find(self, bucket: str, key: str) -> ObjectHead | None:
        placed = placement.locate(str(self.bucket_folder(bucket)), key)
        return self._head_of(bucket, key, placed.path, placed.status) if placed else None

    def _head_of(self, bucket: str, key: str, path: str, status: os.stat_result) -> ObjectHead | None:
        fingerprint = Fingerprint.of(status)
        attributes = self._index.get(bucket, key, fingerprint)
        if attributes is None:
            etag = _md5_of(path)
            if etag is None:
                return None
            attributes = Attributes(etag)
            if _is_settled(path, status):
                self._index.remember_etags(bucket, [(key, fingerprint, etag)])
        return ObjectHead(key, Path(path), status.st_size, _modified(status), attributes)

    def open(self, bucket: str, key: str) -> tuple[ObjectHead, BinaryIO]:
        """One object and its bytes, which stay those of `head` when the object is replaced meanwhile.

        Raises `NoSuchBucket`, `NoSuchKey`. The caller closes the file.
        """
        for _ in range(_OPENED_WHILE_REPLACED):
            path = self.path_of(bucket, key)
            try:
                file = open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb", buffering=0)  # noqa: SIM115
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                continue
            head = self._head_of(bucket, key, str(path), os.fstat(file.fileno()))
            if head is not None:
                return head, file
            file.close()
        raise no_such_key(key)

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
            return ObjectHead(key, Path(path), status.st_size, _modified(status), attributes)
        finally:
            staged.unlink(missing_ok=True)

    def set_attributes(self, bucket: str, key: str, change: Callable[[Attributes], Attributes]) -> ObjectHead:
        """Replace an object's attributes and leave its bytes and time alone; raises `NoSuchKey`."""
        with self._lock:
            file = placement.locate(str(self.bucket_folder(bucket)), key)
            head = self._head_of(bucket, key, file.path, file.status) if file else None
            if file is None or head is None:
                raise no_such_key(key)
            attributes = change(head.attributes)
            self._index.add(bucket, key, Fingerprint.of(file.status), attributes)
        return ObjectHead(key, head.path, head.size, head.last_modified, attributes)

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
        if isinstance(data, Path):
            shutil.move(data, staged)
            os.utime(staged)  # an object is as old as its upload
        else:
            staged.write_bytes(data)
        headers = {"ContentType": content_type} if content_type else {}
        attributes = Attributes(_md5_of(str(staged)) or "", headers, dict(metadata or {}))
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


def _modified(status: os.stat_result) -> datetime:
    return _moment(int(status.st_mtime))


@lru_cache(maxsize=1024)
def _moment(seconds: int) -> datetime:
    """Cached, because the files of a listing were mostly written in the same few seconds."""
    return datetime.fromtimestamp(seconds, UTC)


def _is_settled(path: str, status: os.stat_result) -> bool:
    """Whether the bytes that were just read are those of `status` and will not change unseen."""
    with suppress(FileNotFoundError):
        is_same = Fingerprint.of(os.stat(path)) == Fingerprint.of(status)
        return is_same and time.time_ns() - status.st_mtime_ns > _SETTLED_NS
    return False


def _md5_of(path: str) -> str | None:
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    except FileNotFoundError:
        return None
