"""Athena's state in SQLite: executions, workgroups, named queries, prepared statements. It survives a
restart.

Each record is a JSON document under its key; the columns beside it are those that are searched.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from local_athena.protocols import OpenDatabase
from local_athena.service.records import SUCCEEDED, Execution, execution_of

SCHEMA = """
CREATE TABLE IF NOT EXISTS executions (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, token TEXT, workgroup TEXT NOT NULL,
    finished INTEGER NOT NULL, document TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS executions_by_token ON executions (token);
CREATE INDEX IF NOT EXISTS executions_unfinished ON executions (finished) WHERE finished = 0;
CREATE TABLE IF NOT EXISTS reusable (key TEXT PRIMARY KEY, id TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (
    kind TEXT NOT NULL, parent TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (kind, parent, name)) WITHOUT ROWID;
"""


def _written(execution: Execution) -> str:
    return json.dumps(execution.to_document(), default=_write)


def _write(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"$time": value.timestamp()}
    raise TypeError(f"{type(value).__name__} cannot be kept")


def _read(value: dict[str, Any]) -> Any:
    return datetime.fromtimestamp(value["$time"], UTC) if "$time" in value else value


class TokenTaken(Exception):
    """A client request token has started an execution before."""


class State:
    """One region's records. `open_database` gives the SQLite database with the schema it is handed."""

    def __init__(self, open_database: OpenDatabase) -> None:
        self._database = open_database(SCHEMA)
        self._unkept: dict[str, Execution] = {}
        """Executions that ended while the disk was full: they have ended all the same."""

    def add_execution(self, execution: Execution, token: str) -> None:
        """Keep a new execution.

        Raises:
            TokenTaken: the token has started one before.
        """
        row = (execution.execution_id, token, execution.workgroup, _written(execution))
        with self._database.write() as connection:
            added = connection.execute(
                "INSERT OR IGNORE INTO executions (id, token, workgroup, finished, document) "
                "VALUES (?, ?, ?, 0, ?)",
                row,
            )
            if not added.rowcount:
                raise TokenTaken(token)

    def keep_execution(self, execution: Execution) -> None:
        """Keep what a running execution has become."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE executions SET document = ? WHERE id = ?",
                (_written(execution), execution.execution_id),
            )

    def finish_execution(self, execution: Execution) -> None:
        """Keep an execution's final state; in memory when the disk does not take it, until it does."""
        self._unkept[execution.execution_id] = execution
        with suppress(sqlite3.OperationalError):
            for waiting in list(self._unkept.values()):
                self._write_final(waiting)
                self._unkept.pop(waiting.execution_id, None)

    def _write_final(self, execution: Execution) -> None:
        with self._database.write() as connection:
            connection.execute(
                "UPDATE executions SET finished = 1, document = ? WHERE id = ?",
                (_written(execution), execution.execution_id),
            )
            if execution.kept.reuse_key and execution.state == SUCCEEDED:
                row = (execution.kept.reuse_key, execution.execution_id)
                connection.execute("INSERT OR REPLACE INTO reusable VALUES (?, ?)", row)

    def reusable(self, key: str) -> Execution | None:
        """The latest execution that succeeded under a key of reuse."""
        return self._execution(
            "SELECT document FROM executions WHERE id = (SELECT id FROM reusable WHERE key = ?)", key
        )

    def execution(self, execution_id: str) -> Execution | None:
        """An execution."""
        if (unkept := self._unkept.get(execution_id)) is not None:
            return unkept
        return self._execution("SELECT document FROM executions WHERE id = ?", execution_id)

    def execution_of_token(self, token: str) -> Execution | None:
        """The execution that a client request token started."""
        return self._execution("SELECT document FROM executions WHERE token = ?", token)

    def unfinished(self) -> list[Execution]:
        """Executions that a stopped server left."""
        rows = self._database.connection().execute("SELECT document FROM executions WHERE finished = 0")
        return [execution_of(json.loads(row[0], object_hook=_read)) for row in rows.fetchall()]

    def execution_ids(self, workgroup: str, before: int | None, limit: int) -> list[tuple[int, str]]:
        """(sequence, id) of a workgroup's executions, newest first, older than `before`."""
        sql = "SELECT sequence, id FROM executions WHERE workgroup = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?"  # noqa: E501
        return self._database.connection().execute(sql, (workgroup, before or 2**62, limit)).fetchall()

    def put(self, kind: str, parent: str, name: str, document: dict[str, Any], *, new: bool = False) -> bool:
        """Keep a record; with `new`, only when there is none. Says whether it was kept."""
        add = "INSERT OR IGNORE INTO records VALUES (?, ?, ?, ?)"
        replace = "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)"
        with self._database.write() as connection:
            row = (kind, parent, name, json.dumps(document, default=_write))
            return connection.execute(add if new else replace, row).rowcount > 0

    def get(self, kind: str, parent: str, name: str) -> dict[str, Any] | None:
        """A record."""
        sql = "SELECT document FROM records WHERE kind = ? AND parent = ? AND name = ?"
        return self._one(sql, kind, parent, name)

    def delete(self, kind: str, parent: str, name: str) -> bool:
        """Remove a record; says whether there was one."""
        sql = "DELETE FROM records WHERE kind = ? AND parent = ? AND name = ?"
        with self._database.write() as connection:
            return connection.execute(sql, (kind, parent, name)).rowcount > 0

    def list(self, kind: str, parent: str) -> list[dict[str, Any]]:
        """The records of a parent, by name."""
        sql = "SELECT document FROM records WHERE kind = ? AND parent = ? ORDER BY name"
        rows = self._database.connection().execute(sql, (kind, parent)).fetchall()
        return [json.loads(row[0], object_hook=_read) for row in rows]

    def _execution(self, sql: str, value: str) -> Execution | None:
        document = self._one(sql, value)
        return None if document is None else execution_of(document)

    def _one(self, sql: str, *values: str) -> dict[str, Any] | None:
        row = self._database.connection().execute(sql, values).fetchone()
        return dict(json.loads(row[0], object_hook=_read)) if row else None
