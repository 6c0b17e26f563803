"""SQLite as our services use it: WAL, foreign keys, one connection a thread, one writer at a time.

WAL lets readers go on while one writer commits, and a commit is on disk as a whole or not at all, so nothing
half-written is visible after `kill -9`. See https://www.sqlite.org/wal.html.

This is the one place where a state file is opened for writing. A new one is made beside its place and moved
there when it is complete; one that was there before and is not any more, or is empty, is never made anew.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from local_aws.storage.findings import Finding, Verdict
from local_aws.storage.kinds import APPLICATION_ID, Kind, kind_of
from local_aws.storage.manifest import Manifest, enter, state_of
from local_aws.storage.trouble import StateUnusable, is_damage

_PLAIN = Kind("a database", "", "database", "what is in it")
_opened: weakref.WeakSet[Database] = weakref.WeakSet()


class _Held:
    """A thread's connection, which is closed when the thread or the `Database` is gone."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        weakref.finalize(self, connection.close)


class Database:
    """A SQLite file with a schema that is created when absent.

    `schema` is a script of `CREATE … IF NOT EXISTS` statements.

    Raises:
        StateUnusable: there was such a file and it is gone, empty, or of a later Laguna.
    """

    def __init__(self, path: Path, schema: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.closed = False
        self.damage = ""
        """What was found to be wrong with the file while it was open."""
        self._state = state_of(path)
        self.name = path.relative_to(self._state).as_posix() if self._state else path.name
        """The path below the state folder."""
        self.kind = kind_of(self.name) or _PLAIN
        self._local = threading.local()
        self._write_lock = threading.RLock()
        try:
            self._open(schema)
        except sqlite3.DatabaseError as error:
            if is_damage(error):
                raise StateUnusable([Finding(self.name, Verdict.DAMAGED)]) from error
            raise
        if self._state is not None:
            enter(self._state, self.name)
        _opened.add(self)

    def _open(self, schema: str) -> None:
        if not self.path.exists():
            self._create(schema)
        elif self.path.stat().st_size == 0:
            raise StateUnusable([Finding(self.name, Verdict.EMPTY)])
        self._migrate()
        self.connection().executescript(schema)

    def _create(self, schema: str) -> None:
        manifest = Manifest.read(self._state) if self._state else None
        if manifest is not None and self.name in manifest.files:
            raise StateUnusable([Finding(self.name, Verdict.MISSING)])
        new = self.path.with_name(f"{self.path.name}.new")
        new.unlink(missing_ok=True)
        with closing(sqlite3.connect(new, isolation_level=None)) as connection:
            connection.executescript(schema)
            _mark(connection, self.kind)
        os.replace(new, self.path)

    def _migrate(self) -> None:
        """Bring the file to this Laguna's layout, in one transaction."""
        (version,) = self.connection().execute("PRAGMA user_version").fetchone()
        if version > self.kind.version:
            raise StateUnusable([Finding(self.name, Verdict.NEWER)])
        if version == self.kind.version:
            return
        with self.write() as connection:
            # Files from before there were numbers have the first layout.
            for migrate in self.kind.migrations[max(version, 1) - 1 :]:
                migrate(connection)
            _mark(connection, self.kind)

    def connection(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit mode, with rows that answer to column names."""
        held: _Held | None = getattr(self._local, "held", None)
        if held is not None:
            return held.connection
        # A file that was removed while we ran must not come back as an empty one.
        connection = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode=rw",
            uri=True,
            isolation_level=None,
            timeout=30,
            check_same_thread=False,
        )
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        self._local.held = _Held(connection)
        return connection

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction: committed at the end of the block, rolled back when it raises. May be nested."""
        with self._write_lock:
            connection = self.connection()
            if connection.in_transaction:
                yield connection
                return
            if self.closed:
                raise StateClosed(f"{self.name} was closed with the server")
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                # SQLite itself rolls back when the disk is full.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise


class StateClosed(Exception):
    """A write came after the server had stopped."""


def _mark(connection: sqlite3.Connection, kind: Kind) -> None:
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {kind.version}")


def opened() -> list[Database]:
    """The databases that this process has open."""
    return list(_opened)


def close_below(state: Path) -> None:
    """Let nothing be written below a state folder any more; waits for the write that is under way."""
    for database in opened():
        if database.path.is_relative_to(state):
            with database._write_lock:
                database.closed = True
