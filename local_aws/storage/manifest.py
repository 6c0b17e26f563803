"""Which state files were made, and what they were when the server last stopped: `state.json`.

An empty file and no file are both valid new databases to SQLite, so that a service had one has to be written
down somewhere else; otherwise a lost catalog comes back as a new one. A server that stops seals its files:
their size and checksum are kept here until the next start, so that bytes which changed meanwhile are noticed
wherever they lie. SQLite itself has no checksums of its pages.

A file is entered after it is in its place and struck out before it is removed, so a kill in between leaves
a file that is not entered, which is taken as it is, and never a loss that did not happen.
"""

from __future__ import annotations

import fcntl
import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

NAME = "state.json"
FORMAT = 1


class ManifestDamaged(Exception):
    """`state.json` is there and cannot be read."""


class ManifestNewer(Exception):
    """`state.json` is of a later Laguna."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A file as it was when the server stopped."""

    size: int
    mtime_ns: int
    crc: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files by their paths below the state folder, with their seals while no server runs."""

    files: dict[str, Seal | None] = field(default_factory=dict)

    @classmethod
    def read(cls, state: Path) -> Manifest | None:
        """That of a state folder; None when it has none.

        Raises:
            ManifestDamaged, ManifestNewer: it cannot be used.
        """
        try:
            text = (state / NAME).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except IsADirectoryError as error:
            raise ManifestDamaged(NAME) from error
        try:
            kept = json.loads(text)
            if kept["format"] > FORMAT:
                raise ManifestNewer(str(kept.get("laguna", "a later version")))
            return cls({str(path): seal and Seal(**seal) for path, seal in kept["files"].items()})
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise ManifestDamaged(NAME) from error

    def write(self, state: Path) -> None:
        """Keep it, whole or not at all."""
        files = {path: seal and _document(seal) for path, seal in sorted(self.files.items())}
        document = {"format": FORMAT, "laguna": version("laguna"), "files": files}
        new = state / f"{NAME}.{uuid.uuid4().hex}"
        try:
            with new.open("w") as file:
                file.write(json.dumps(document, indent=1))
                file.flush()
                os.fsync(file.fileno())
            os.replace(new, state / NAME)
        finally:
            new.unlink(missing_ok=True)


def _document(seal: Seal) -> dict[str, Any]:
    return {"size": seal.size, "mtime_ns": seal.mtime_ns, "crc": seal.crc}


def state_of(path: Path) -> Path | None:
    """The state folder that a file belongs to: the nearest one above it that has a manifest."""
    return next((folder for folder in path.parents[:2] if (folder / NAME).exists()), None)


def enter(state: Path, path: str) -> None:
    """Remember that a file was made."""
    with _changing(state) as manifest:
        if path not in manifest.files:
            replace(manifest, files={**manifest.files, path: None}).write(state)


def strike(state: Path, path: str) -> None:
    """Forget a file, which is about to be removed on purpose."""
    with _changing(state) as manifest:
        if path in manifest.files:
            replace(manifest, files={p: s for p, s in manifest.files.items() if p != path}).write(state)


@contextmanager
def _changing(state: Path) -> Iterator[Manifest]:
    """The manifest, while no other thread or process changes it."""
    folder = os.open(state, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield Manifest.read(state) or Manifest()
    finally:
        os.close(folder)
