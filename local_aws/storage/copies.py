"""Databases in snapshots are copies by SQLite's own backup, which works beside open connections.

Putting one back is one transaction of the live database, so the services keep their connections, and other
processes see the old rows or the saved ones. https://www.sqlite.org/backup.html
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from local_aws.storage.manifest import state_of, strike

TIMEOUT = 30.0
"""Seconds to wait for whoever writes."""


def copy_databases(paths: Iterable[str], state: Path, target: Path) -> None:
    """Copy databases, given relative to `state`, to the same paths below `target`."""
    for path in paths:
        copy = target / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        with (
            closing(sqlite3.connect(state / path, timeout=TIMEOUT)) as live,
            closing(sqlite3.connect(copy)) as saved,
        ):
            # A snapshot counts only when all of it is there, so its databases need not be safe before that.
            saved.execute("PRAGMA synchronous = OFF")
            live.backup(saved)


def put_back_databases(paths: Iterable[str], saved: Path, state: Path) -> None:
    """Make databases of `state` what their copies below `saved` are."""
    for path in paths:
        (state / path).parent.mkdir(parents=True, exist_ok=True)
        with (
            closing(open_copy(saved / path)) as copy,
            closing(sqlite3.connect(state / path, timeout=TIMEOUT)) as live,
        ):
            live.execute("PRAGMA journal_mode = WAL")
            live.execute("PRAGMA synchronous = NORMAL")
            copy.backup(live)


def open_copy(path: Path) -> sqlite3.Connection:
    """A saved database for reading; nobody ever writes to it, so no lock or log is made beside it."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)


def remove_database(path: Path) -> None:
    """Delete a database that no service has open."""
    state = state_of(path)
    if state is not None:
        strike(state, path.relative_to(state).as_posix())
    for file in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        file.unlink(missing_ok=True)
