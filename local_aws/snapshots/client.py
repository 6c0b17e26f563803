"""Ask a running server for snapshots: what `laguna snapshot` and the fixtures use."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import quote

WAIT = 30.0
"""Seconds that a save or load waits for what is under way."""
_LONGEST = 120.0


class SnapshotError(Exception):
    """The server refused; the text is its sentence, `code` its error code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class SnapshotClient:
    """Snapshots of the server at `endpoint`. Raises `SnapshotError`, and `OSError` when no server answers."""

    def __init__(self, endpoint: str) -> None:
        self._root = f"{endpoint}/_laguna/snapshots"

    def all(self) -> list[dict[str, Any]]:
        """Every snapshot, oldest first: `name`, `created`, `objects`, `bytes`."""
        found: list[dict[str, Any]] = self._ask("GET", "")["snapshots"]
        return found

    def save(self, name: str, *, wait: float = WAIT) -> dict[str, Any]:
        """Save the state under `name`, in place of what had that name; `seconds` is how long it took."""
        return self._ask("PUT", f"/{quote(name, safe='')}?wait={wait}", wait)

    def load(self, name: str, *, wait: float = WAIT) -> dict[str, Any]:
        """Put the state back to what it was when `name` was saved."""
        return self._ask("POST", f"/{quote(name, safe='')}/load?wait={wait}", wait)

    def delete(self, name: str) -> None:
        """Remove a snapshot."""
        self._ask("DELETE", f"/{quote(name, safe='')}")

    def _ask(self, method: str, rest: str, wait: float = 0.0) -> dict[str, Any]:
        request = urllib.request.Request(self._root + rest, method=method)  # noqa: S310 - http, ours
        # A proxy of the environment is for other hosts.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=_LONGEST + wait) as answer:
                document: dict[str, Any] = json.load(answer)
                return document
        except urllib.error.HTTPError as refusal:
            with refusal:
                said = json.loads(refusal.read())
            raise SnapshotError(said["code"], said["message"]) from None
