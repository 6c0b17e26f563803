"""What an object store is to the rest of Laguna: Athena, the crawlers and the jobs.

They list, read and write objects, and their engines (Spark, DuckDB) open `s3://` URIs by themselves, as the
store says. So nothing else knows whether objects are files of a folder or lie behind an S3 endpoint.
Errors are S3's own (`NoSuchBucket`, `NoSuchKey`). Every method may be called from any thread.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO


@dataclass(frozen=True, slots=True)
class BucketInfo:
    """A bucket: its name, the region it was made in and when."""

    name: str
    region: str
    created: datetime


@dataclass(frozen=True, slots=True)
class ObjectFile:
    """An object as an engine's file, without what would have to be computed from its content."""

    key: str
    size: int
    """Bytes."""
    last_modified: datetime
    """UTC, whole seconds, as S3 tells it."""
    version: str
    """Another text for other content."""


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
    def buckets(self) -> list[BucketInfo]:
        """All buckets by name."""

    @abstractmethod
    def list_files(self, bucket: str, prefix: str = "", start_after: str = "") -> Iterator[ObjectFile]:
        """Objects as files: cheap, as nothing of their content is read. Raises `NoSuchBucket`."""

    @abstractmethod
    def reader(self, bucket: str, key: str) -> BinaryIO:
        """An object's bytes, seekable; the caller closes it. Raises `NoSuchBucket`, `NoSuchKey`."""

    @abstractmethod
    def put(
        self,
        bucket: str,
        key: str,
        data: bytes | Path,
        *,
        content_type: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> object:
        """Store bytes, or move a file in, atomically; raises `NoSuchBucket`."""

    @abstractmethod
    def delete(self, bucket: str, key: str) -> None:
        """Remove an object; no error when there is none. Raises `NoSuchBucket`."""

    @abstractmethod
    def for_spark(self, staging: Path) -> dict[str, str]:
        """The Spark settings that make `s3://` this store, for one run that may use the folder `staging`."""

    @abstractmethod
    def for_duckdb(self) -> DuckDBAccess:
        """How a DuckDB reads this store, and nothing else."""


class DuckDBAccess(ABC):
    """What a DuckDB needs to read the objects of a store."""

    @abstractmethod
    def path(self, bucket: str, key: str) -> str:
        """What DuckDB opens to read an object; raises `NoSuchBucket`, `NoSuchKey`."""

    @abstractmethod
    def roots(self) -> list[str]:
        """The folders or URLs that every path begins with; DuckDB need not be allowed any other."""

    def prepare(self, database: Any) -> None:  # noqa: B027 - nothing to do for files
        """Set up a new DuckDB, before its settings are locked."""

    def refresh(self, connection: Any) -> None:  # noqa: B027
        """Bring a DuckDB up to date before a query."""
