"""The catalog, the storage and the prepared statements as a worker has them: each call goes to the server.

Only the bytes of objects do not: a file is opened where it lies, an object behind a URL by the engine
itself.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from local_athena.engine.s3_reading import READ_BYTES, RangeReader
from local_athena.protocols import StorageError, StoredFile
from local_athena.workers.failures import ClientExceptions
from local_athena.workers.messages import Boot, Call


class Ask(Protocol):
    """Sends a call to the server and gives its answer, or raises what the server raised."""

    def __call__(self, call: Call) -> Any:
        """Ask."""
        ...


class RemoteGlue:
    """Shaped like boto3's Glue client."""

    exceptions = ClientExceptions()

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        if operation.startswith("_"):
            raise AttributeError(operation)
        return lambda **request: self._ask(Call("glue", operation, (), request))

    def get_paginator(self, operation: str) -> RemotePages:
        """The pages of an operation."""
        return RemotePages(getattr(self, operation))


class RemotePages:
    """Shaped like boto3's paginators."""

    def __init__(self, operation: Callable[..., Any]) -> None:
        self._operation = operation

    def paginate(self, **request: Any) -> Iterator[Any]:
        """One page after another."""
        while True:
            page = self._operation(**request)
            yield page
            if not page.get("NextToken"):
                return
            request["NextToken"] = page["NextToken"]


class RemoteSaved:
    """The prepared statements of all workgroups."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def query_of(self, workgroup: str, name: str) -> str | None:
        """The text of a prepared statement; None when there is none."""
        found: str | None = self._ask(Call("saved", "query_of", (workgroup, name)))
        return found

    def create_prepared_statement(self, request: dict[str, Any], caller: Any) -> dict[str, Any]:
        """CreatePreparedStatement."""
        return dict(self._ask(Call("saved", "create_prepared_statement", (request, None))))

    def delete_prepared_statement(self, request: dict[str, Any], caller: Any) -> dict[str, Any]:
        """DeletePreparedStatement."""
        return dict(self._ask(Call("saved", "delete_prepared_statement", (request, None))))


class RemoteStorage:
    """`local_athena.protocols.Storage` in a worker."""

    def __init__(self, ask: Ask, boot: Boot) -> None:
        self._ask, self._boot = ask, boot
        self._paths: dict[str, str] = {}

    def forget(self) -> None:
        """Begin anew for the next statement: another may have moved what this one looked up."""
        self._paths.clear()

    def list_files(self, location: str) -> Iterator[StoredFile]:
        """Every object whose key starts with the location, in byte order of keys."""
        page = self._ask(Call("storage", "list_files", (location,)))
        while True:
            for stored, path in page.files:
                self._paths[stored.uri] = path
                yield stored
            if not page.following:
                return
            page = self._ask(Call("storage", "next_files", (page.following,)))

    def open_path(self, uri: str) -> str:
        """What DuckDB opens to read the object."""
        known = self._paths.get(uri)
        return known if known is not None else str(self._ask(Call("storage", "open_path", (uri,))))

    def open_file(self, uri: str) -> BinaryIO:
        """The object's bytes, from its file or, where it has none, as the server reads them."""
        path = self.open_path(uri)
        if path.startswith("/"):
            try:
                return Path(path).open("rb")
            except OSError as error:
                raise StorageError("NoSuchKey", uri) from error
        size = int(self._ask(Call("storage", "open_size", (uri,))))

        def fetch(first: int, last: int) -> bytes:
            return bytes(self._ask(Call("storage", "read_range", (uri, first, last))))

        return cast(BinaryIO, io.BufferedReader(RangeReader(fetch, size), READ_BYTES))

    def readable_folders(self) -> list[str]:
        """What every path of `open_path` begins with."""
        return list(self._boot.readable)

    def prepare(self, database: Any) -> None:
        """Set up a new DuckDB as the server's storage says."""
        for statement in self._boot.setup:
            database.execute(statement)

    def refresh(self, connection: Any) -> None:
        """Nothing: when the way to the storage changes, the server replaces its workers."""

    def write(self, uri: str, data: bytes | Path, content_type: str = "application/octet-stream") -> None:
        """Put bytes or move a file in; the server does it."""
        self._ask(Call("storage", "write", (uri, data, content_type)))

    def delete(self, uri: str) -> None:
        """Remove an object."""
        self._ask(Call("storage", "delete", (uri,)))
