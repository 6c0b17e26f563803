"""What an object store is to the rest of Laguna: buckets, and objects that are readable files.

Athena, the crawlers and the jobs read objects as files (`path_of`, `bucket_folder`) and never through HTTP,
so the interface promises a path for each object beside what S3 tells of it. Errors are S3's own
(`NoSuchBucket`, `NoSuchKey`). Every method may be called from any thread.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class BucketInfo:
    """A bucket: its name, the region it was made in and when."""

    name: str
    region: str
    created: datetime


@dataclass(frozen=True, slots=True)
class ObjectFile:
    """An object as a file, without what would have to be computed from its content."""

    key: str
    path: Path
    size: int
    """Bytes."""
    last_modified: datetime
    """UTC, whole seconds, as S3 tells it."""


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """An object as a listing shows it."""

    key: str
    size: int
    """Bytes."""
    etag: str
    """Without quotation marks: an MD5 in hex, or `<md5>-<parts>` of a multipart upload."""
    last_modified: datetime
    """UTC, whole seconds, as S3 tells it."""
    storage_class: str = "STANDARD"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an object that was uploaded in parts."""

    number: int
    size: int
    etag: str
    checksums: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attributes:
    """What an object carries beside its bytes."""

    etag: str
    """Without quotation marks."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """System metadata by the name of its request member: `ContentType`, `CacheControl`, `StorageClass`, …"""
    metadata: Mapping[str, str] = field(default_factory=dict)
    """User metadata, names without `x-amz-meta-`, in lower case."""
    tags: Mapping[str, str] = field(default_factory=dict)
    checksums: Mapping[str, str] = field(default_factory=dict)
    """Base64 by member name, for example `{"ChecksumCRC32": "…"}`."""
    checksum_type: str = ""
    """`FULL_OBJECT` or `COMPOSITE`; empty without checksums."""
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class ObjectHead:
    """All there is to know of an object, and the file that holds its bytes."""

    key: str
    path: Path
    size: int
    last_modified: datetime
    attributes: Attributes

    @property
    def etag(self) -> str:
        """The ETag without quotation marks."""
        return self.attributes.etag

    @property
    def metadata(self) -> Mapping[str, str]:
        """User metadata."""
        return self.attributes.metadata

    @property
    def content_type(self) -> str:
        """`binary/octet-stream` when nobody said."""
        return self.attributes.headers.get("ContentType", "binary/octet-stream")

    @property
    def info(self) -> ObjectInfo:
        """The same object as a listing shows it."""
        storage_class = self.attributes.headers.get("StorageClass", "STANDARD")
        return ObjectInfo(self.key, self.size, self.etag, self.last_modified, storage_class)


Check = Callable[[ObjectHead | None], None]
"""Looks at the object that a write would replace (None: there is none) and raises to prevent the write."""


class ObjectStore(ABC):
    """Buckets of objects. Listings are in the order of the keys' UTF-8 bytes."""

    @abstractmethod
    def create_bucket(self, name: str, region: str) -> BucketInfo:
        """Make a bucket; raises `BucketAlreadyOwnedByYou`, `InvalidBucketName`."""

    @abstractmethod
    def delete_bucket(self, name: str) -> None:
        """Remove an empty bucket; raises `NoSuchBucket`, `BucketNotEmpty`."""

    @abstractmethod
    def buckets(self) -> list[BucketInfo]:
        """All buckets by name."""

    @abstractmethod
    def bucket(self, name: str) -> BucketInfo:
        """One bucket; raises `NoSuchBucket`."""

    @abstractmethod
    def bucket_folder(self, bucket: str) -> Path:
        """The folder whose files are the bucket's objects; raises `NoSuchBucket`."""

    @abstractmethod
    def list_files(self, bucket: str, prefix: str = "", start_after: str = "") -> Iterator[ObjectFile]:
        """Objects as files: cheap, as nothing is read but folders. Raises `NoSuchBucket`."""

    @abstractmethod
    def list_objects(
        self, bucket: str, prefix: str = "", start_after: str = "", limit: int | None = None
    ) -> Iterator[ObjectInfo]:
        """Objects with their ETags, which are computed when a file was written by an engine."""

    @abstractmethod
    def head(self, bucket: str, key: str) -> ObjectHead:
        """One object with all its attributes; raises `NoSuchBucket`, `NoSuchKey`."""

    @abstractmethod
    def path_of(self, bucket: str, key: str) -> Path:
        """The readable file of an object; raises `NoSuchBucket`, `NoSuchKey`."""

    @abstractmethod
    def staging_file(self) -> Path:
        """A new path, on the objects' own file system, for bytes that `write` will move into place."""

    @abstractmethod
    def write(
        self, bucket: str, key: str, staged: Path, attributes: Attributes, check: Check | None = None
    ) -> ObjectHead:
        """Make the file `staged` the object, atomically; the file is gone afterwards, also after an error.

        `check` sees the object that would be replaced, and no other write comes between.
        """

    @abstractmethod
    def set_attributes(self, bucket: str, key: str, change: Callable[[Attributes], Attributes]) -> ObjectHead:
        """Replace an object's attributes and leave its bytes and time alone; raises `NoSuchKey`."""

    @abstractmethod
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

    @abstractmethod
    def delete(self, bucket: str, key: str, check: Check | None = None) -> None:
        """Remove an object; no error when there is none. Raises `NoSuchBucket`."""

    @abstractmethod
    def delete_prefix(self, bucket: str, prefix: str) -> int:
        """Remove every object whose key starts with `prefix`; returns how many there were."""
