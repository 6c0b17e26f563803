"""What is downloaded once for all servers of a person: a folder in the user's cache for each thing.

A folder counts only with the stamp that is written last, so an installation that was interrupted is taken up
again, and a lock lets one process at a time install. https://specifications.freedesktop.org/basedir-spec
"""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Callable
from pathlib import Path

Say = Callable[[str], None]
"""Shows a person one line of progress."""


def to_stderr(line: str) -> None:
    """Where messages go that are no data."""
    print(line, file=sys.stderr)  # noqa: T201


STAMP = ".complete"


class NotInstalled(Exception):
    """Something could not be downloaded; the text says what, why and the way out."""


def cache_folder() -> Path:
    """`$XDG_CACHE_HOME/laguna` or `~/.cache/laguna`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "laguna"


def complete(name: str) -> Path | None:
    """The folder `name` of the cache if it is there, complete."""
    folder = cache_folder() / name
    return folder if (folder / STAMP).exists() else None


def installed(name: str, install: Callable[[Path], None]) -> Path:
    """The folder `name` of the cache, complete; `install` fills it when it is not.

    Raises:
        NotInstalled: from `install`.
    """
    found = complete(name)
    if found is not None:
        return found
    folder = cache_folder() / name
    folder.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / STAMP).exists():
            install(folder)
            (folder / STAMP).touch()
    return folder
