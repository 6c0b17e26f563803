"""What Athena needs from outside: a Glue catalog, a place for objects, and the time.

A Glue client is shaped like boto3's, so that a real one fits; objects are named by `s3://bucket/key` URIs,
and the storage says how DuckDB opens them. With these two the same engine runs on folders or on real S3.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Protocol

Clock = Callable[[], datetime]
"""The present as an aware UTC datetime."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One object: its URI, size in bytes, time of its last change and ETag."""

    uri: str
    size: int
    modified: datetime
    etag: str


class StorageError(Exception):
    """The storage refused; `code` is S3's (`NoSuchBucket`, `NoSuchKey`)."""

    def __init__(self, code: str, uri: str) -> None:
        super().__init__(f"{code}: {uri}")
        self.code = code
        self.uri = uri


class Storage(Protocol):
    """Objects by URI. Every method raises StorageError for a bucket or key that is not there."""

    def list_files(self, location: str) -> Iterator[StoredFile]:
        """Every object whose key starts with the location, in byte order of keys."""
        ...

    def open_path(self, uri: str) -> str:
        """What DuckDB opens to read the object: a file, or a URL of an extension that `prepare` loads."""
        ...

    def open_file(self, uri: str) -> BinaryIO:
        """The object's bytes, seekable; the caller closes it."""
        ...

    def readable_folders(self) -> list[str]:
        """What every path of `open_path` begins with; the engine may read nothing else."""
        ...

    def prepare(self, database: Any) -> None:
        """Set up a new DuckDB to open those paths, before its settings are locked."""
        ...

    def refresh(self, connection: Any) -> None:
        """Bring a DuckDB connection up to date before a query."""
        ...

    def write(self, uri: str, data: bytes | Path, content_type: str = "application/octet-stream") -> None:
        """Put an object in one step; a `Path` is a finished local file, which is moved in."""
        ...

    def delete(self, uri: str) -> None:
        """Remove an object."""
        ...


class GlueClient(Protocol):
    """boto3's Glue client, as far as it is called here."""

    def __getattr__(self, operation: str) -> Callable[..., Any]: ...


class Database(Protocol):
    """A SQLite file in autocommit mode that several threads may use."""

    def connection(self) -> sqlite3.Connection:
        """This thread's connection."""
        ...

    def write(self) -> AbstractContextManager[sqlite3.Connection]:
        """A transaction, one at a time: committed at the end of the block, rolled back when it raises."""
        ...


OpenDatabase = Callable[[str], Database]
"""Given a script of `CREATE … IF NOT EXISTS` statements, the database that has them."""
