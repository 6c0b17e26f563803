"""What was asked of moto that changed its data, in order, on disk.

moto keeps everything in memory. Each request that changed something is committed here before its answer
is sent, with the instant and the seed it ran with; replaying them gives moto back, with the same ids,
secrets and dates. SQLite commits an entry whole or not at all, so `kill -9` can lose only a request that
nobody was answered.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local_aws.moto_host.messages import Request
from local_aws.storage.sqlite import Database

SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    seed INTEGER NOT NULL,
    method TEXT NOT NULL,
    target TEXT NOT NULL,
    headers TEXT NOT NULL,
    body BLOB NOT NULL,
    keepsake BLOB
);
"""


ROOM = 64 << 10
"""Bytes that an entry takes at most beside its body: pages of the database and its log."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One request as it ran.

    `at` is seconds since the epoch, `seed` what its random draws started from, `keepsake` what replaying it
    would not give back.
    """

    at: float
    seed: int
    request: Request
    keepsake: bytes | None = None


class Journal:
    """The entries of one state folder. Appending is done by one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, SCHEMA)

    def require_room(self, request: Request) -> None:
        """Raise OSError when the disk cannot take an entry for `request`, before it is carried out."""
        if shutil.disk_usage(self._database.path.parent).free < ROOM + 2 * len(request.body):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def append(self, entry: Entry) -> None:
        """Commit `entry` after all others."""
        request = entry.request
        row = (
            entry.at,
            entry.seed,
            request.method,
            request.target,
            json.dumps(request.headers),
            request.body,
            entry.keepsake,
        )
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO entries (at, seed, method, target, headers, body, keepsake)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                row,
            )

    def entries(self) -> Iterator[Entry]:
        """Every entry, oldest first."""
        return entries_of(self._database.connection())


def entries_of(connection: sqlite3.Connection) -> Iterator[Entry]:
    """Every entry of a journal's database, oldest first."""
    rows = connection.execute(
        "SELECT at, seed, method, target, headers, body, keepsake FROM entries ORDER BY number"
    )
    for at, seed, method, target, headers, body, keepsake in rows:
        pairs = [(name, value) for name, value in json.loads(headers)]
        yield Entry(at, seed, Request(method, target, pairs, body), keepsake)


def mark_of(connection: sqlite3.Connection) -> str:
    """The same for two journals only if they are the same: a seed is never drawn twice."""
    last = connection.execute("SELECT number, seed FROM entries ORDER BY number DESC LIMIT 1").fetchone()
    return "empty" if last is None else f"{last[0]}-{last[1]}"
