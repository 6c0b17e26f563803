"""Answers what a worker asks for while it runs a statement: the catalog, objects, prepared statements, the
seal.

All changes go through here, so the server knows what a statement has changed when its worker dies: which
objects it wrote, and whether the catalog was changed, which is what others see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any

from local_athena.engine.stopping import Stop
from local_athena.protocols import GlueClient, Storage, StorageError, StoredFile
from local_athena.statements.saved import Saved
from local_athena.statements.undo import Undo
from local_athena.workers.failures import as_failure
from local_athena.workers.listing import FILES, Page
from local_athena.workers.messages import Answer, Call, Failure

READING = ("get_", "batch_get_", "list_", "search_")
"""How the names of Glue's operations begin that change nothing."""
SAVED = ("query_of", "create_prepared_statement", "delete_prepared_statement")


@dataclass(frozen=True, slots=True)
class Backing:
    """What statements work on."""

    glue: GlueClient
    storage: Storage
    saved: Saved


@dataclass(slots=True)
class Serving:
    """The calls of one statement."""

    backing: Backing
    stop: Stop
    journal: Callable[[Undo], None]
    changed: bool = False
    """Whether others may see a change."""
    written: dict[str, None] = field(default_factory=dict)
    """The objects that it wrote and did not delete again, in their order."""
    _listings: dict[int, Iterator[StoredFile]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def answer(self, call: Call) -> Answer | Failure:
        """Do what is asked; what goes wrong is an answer, too."""
        try:
            return Answer(self._done(call))
        except Exception as error:
            return as_failure(error)

    @property
    def repeatable(self) -> bool:
        """Whether the statement can run again as if it had not run."""
        return not (self.changed or self.written or self.stop.sealed)

    def discard(self) -> None:
        """Remove what a statement wrote that did not come to change the catalog."""
        if self.changed:
            return
        for uri in list(self.written):
            with suppress(StorageError):
                self.backing.storage.delete(uri)
        self.written.clear()

    def _done(self, call: Call) -> Any:
        if call.target == "glue" and not call.operation.startswith("_"):
            return self._glue(call.operation, call.keywords)
        if call.target == "saved" and call.operation in SAVED:
            self.changed = self.changed or call.operation != "query_of"
            return getattr(self.backing.saved, call.operation)(*call.arguments)
        handler = {"storage": STORAGE, "run": RUN}.get(call.target, {}).get(call.operation)
        if handler is None:
            raise LookupError(f"{call.target}.{call.operation}")
        return handler(self, *call.arguments)

    def _glue(self, operation: str, request: dict[str, Any]) -> Any:
        answer = getattr(self.backing.glue, operation)(**request)
        self.changed = self.changed or not operation.startswith(READING)
        return answer

    def _list_files(self, location: str) -> Page:
        return self._page(self.backing.storage.list_files(location))

    def _next_files(self, number: int) -> Page:
        return self._page(self._listings.pop(number))

    def _page(self, found: Iterator[StoredFile]) -> Page:
        self.stop.check()
        listed = list(islice(found, FILES))
        files = [(stored, path) for stored in listed if (path := self._path(stored)) is not None]
        if len(listed) < FILES:
            return Page(tuple(files), 0)
        number = next(self._numbers)
        self._listings[number] = found
        return Page(tuple(files), number)

    def _path(self, stored: StoredFile) -> str | None:
        """None for an object that was deleted since it was listed."""
        try:
            return self.backing.storage.open_path(stored.uri)
        except StorageError:
            return None

    def _open_path(self, uri: str) -> str:
        return self.backing.storage.open_path(uri)

    def _open_size(self, uri: str) -> int:
        with self.backing.storage.open_file(uri) as file:
            return file.seek(0, 2)

    def _read_range(self, uri: str, first: int, last: int) -> bytes:
        with self.backing.storage.open_file(uri) as file:
            file.seek(first)
            return file.read(last - first + 1)

    def _write(self, uri: str, data: Any, content_type: str) -> None:
        if not self.stop.sealed:
            self.stop.check()
        self.written[uri] = None
        self.backing.storage.write(uri, data, content_type)

    def _delete(self, uri: str) -> None:
        self.backing.storage.delete(uri)
        self.written.pop(uri, None)

    def _journal(self, undo: Undo) -> None:
        self.journal(undo)

    def _seal(self) -> None:
        self.stop.seal()


Handlers = dict[str, Callable[..., Any]]
STORAGE: Handlers = {
    "list_files": Serving._list_files,
    "next_files": Serving._next_files,
    "open_path": Serving._open_path,
    "open_size": Serving._open_size,
    "read_range": Serving._read_range,
    "write": Serving._write,
    "delete": Serving._delete,
}
RUN: Handlers = {"journal": Serving._journal, "seal": Serving._seal}
