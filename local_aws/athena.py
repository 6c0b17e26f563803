"""Athena of this server: `local_athena` bound to the in-process Glue catalog and the object store."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from local_athena.protocols import StorageError, StoredFile
from local_athena.service.api import AthenaService
from local_aws.errors import AwsError
from local_aws.s3.store import ObjectStore
from local_aws.settings import Settings
from local_aws.storage.answers import answer_for
from local_aws.storage.sqlite import Database


def make_athena(settings: Settings, region: str, glue_client: Any, store: ObjectStore) -> AthenaService:
    """The Athena service of a region. `glue_client` is shaped like boto3's."""
    return AthenaService(
        partial(Database, settings.state / "athena" / f"{region}.sqlite"),
        settings.state / "tmp" / f"athena-{region}",
        glue_client,
        StoreStorage(store),
        lambda: datetime.now(UTC),
        settings.account_id,
        settings.athena_memory,
    )


class StoreStorage:
    """`local_athena.protocols.Storage` over an ObjectStore."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._access = store.for_duckdb()

    def list_files(self, location: str) -> Iterator[StoredFile]:
        """The objects below a location; a change of content changes `etag`."""
        bucket, prefix = _split(location)
        listing = _calling(location, self._store.list_files, bucket, prefix)
        for item in _calling(location, _peeked, listing):
            yield StoredFile(f"s3://{bucket}/{item.key}", item.size, item.last_modified, item.version)

    def open_path(self, uri: str) -> str:
        """What DuckDB opens."""
        return str(_calling(uri, self._access.path, *_split(uri)))

    def open_file(self, uri: str) -> BinaryIO:
        """The object's bytes."""
        file: BinaryIO = _calling(uri, self._store.reader, *_split(uri))
        return file

    def readable_folders(self) -> list[str]:
        """Where all paths lie."""
        return self._access.roots()

    def prepare(self, database: Any) -> None:
        """Set up a new DuckDB."""
        self._access.prepare(database)

    def refresh(self, connection: Any) -> None:
        """Bring a DuckDB up to date before a query."""
        self._access.refresh(connection)

    def write(self, uri: str, data: bytes | Path, content_type: str = "application/octet-stream") -> None:
        """Put bytes or move a file in."""
        bucket, key = _split(uri)
        _calling(uri, lambda: self._store.put(bucket, key, data, content_type=content_type))

    def delete(self, uri: str) -> None:
        """Remove the object."""
        _calling(uri, self._store.delete, *_split(uri))


def _peeked(listing: Iterator[Any]) -> Iterator[Any]:
    """The listing, with its first item already asked for, so that a missing bucket shows at once."""
    first = next(listing, None)
    return iter(()) if first is None else itertools.chain((first,), listing)


def _split(uri: str) -> tuple[str, str]:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def _calling(uri: str, call: Any, *arguments: Any) -> Any:
    try:
        return call(*arguments)
    except AwsError as error:
        raise StorageError(error.code, uri) from error
    except (OSError, sqlite3.Error) as error:
        failed = answer_for(error)
        if failed is None:
            raise
        raise _FAILURES[failed.code](failed.message) from error


class InsufficientStorage(Exception):
    """The disk is full. A query's reason has the name and the sentence."""


class InternalError(Exception):
    """The state is damaged or cannot be written."""


_FAILURES = {"InsufficientStorage": InsufficientStorage, "InternalFailure": InternalError}
