"""Objects below a location, as the server hands them to a worker: some at a time, each with its path."""

from __future__ import annotations

from dataclasses import dataclass

from local_athena.protocols import StoredFile

FILES = 1000
"""How many are handed over at a time, as many as S3 lists."""


@dataclass(frozen=True, slots=True)
class Page:
    """Files, with the paths that the engine opens, and what to ask for the next page by; 0 at the end."""

    files: tuple[tuple[StoredFile, str], ...]
    following: int
