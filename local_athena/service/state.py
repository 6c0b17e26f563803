"""Athena's state in SQLite: executions, workgroups, named queries, prepared statements. It survives a
restart.

Each record is a JSON document under its key; the columns beside it are those that are searched.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from local_athena.protocols import OpenDatabase

SCHEMA = """
CREATE TABLE IF NOT EXISTS executions (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, token TEXT, workgroup TEXT NOT NULL,
    finished INTEGER NOT NULL, document TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS executions_token ON executions (token);
CREATE INDEX IF NOT EXISTS executions_unfinished ON executions (finished) WHERE finished = 0;
CREATE TABLE IF NOT EXISTS reusable (key TEXT PRIMARY KEY, id TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (
    kind TEXT NOT NULL, parent TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (kind, parent, name)) WITHOUT ROWID;
"""


def _write(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"$time": value.timestamp()}
    raise TypeError(f"{type(value).__name__} cannot be kept")


def _read(value: dict[str, Any]) -> Any:
    return datetime.fromtimestamp(value["$time"], UTC) if "$time" in value else value


class State:
    """One region's records. `open_database` gives the SQLite database with the schema it is handed."""

    def __init__(self, open_database: OpenDatabase) -> None:
        self._database = open_database(SCHEMA)

    def add_execution(self, document: dict[str, Any], token: str) -> None:
        """Keep a new execution."""
        row = (
            document["QueryExecutionId"],
            token,
            document["WorkGroup"],
            json.dumps(document, default=_write),
        )
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO executions (id, token, workgroup, finished, document) VALUES (?, ?, ?, 0, ?)",
                row,
            )

    def keep_execution(self, document: dict[str, Any]) -> None:
        """Keep what a running execution has become."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE executions SET document = ? WHERE id = ?",
                (json.dumps(document, default=_write), document["QueryExecutionId"]),
            )

    def finish_execution(self, document: dict[str, Any]) -> None:
        """Keep an execution's final state."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE executions SET finished = 1, document = ? WHERE id = ?",
                (json.dumps(document, default=_write), document["QueryExecutionId"]),
            )
            if document.get("_ReuseKey") and document["Status"]["State"] == "SUCCEEDED":
                row = (document["_ReuseKey"], document["QueryExecutionId"])
                connection.execute("INSERT OR REPLACE INTO reusable VALUES (?, ?)", row)

    def reusable(self, key: str) -> dict[str, Any] | None:
        """The latest execution that succeeded under a key of reuse."""
        return self._one(
            "SELECT document FROM executions WHERE id = (SELECT id FROM reusable WHERE key = ?)", key
        )

    def execution(self, execution_id: str) -> dict[str, Any] | None:
        """An execution's document."""
        return self._one("SELECT document FROM executions WHERE id = ?", execution_id)

    def execution_of_token(self, token: str) -> dict[str, Any] | None:
        """The execution that a client request token started."""
        return self._one("SELECT document FROM executions WHERE token = ?", token)

    def unfinished(self) -> list[dict[str, Any]]:
        """Executions that a stopped server left."""
        rows = (
            self._database.connection()
            .execute("SELECT document FROM executions WHERE finished = 0")
            .fetchall()
        )
        return [json.loads(row[0], object_hook=_read) for row in rows]

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

    def _one(self, sql: str, *values: str) -> dict[str, Any] | None:
        row = self._database.connection().execute(sql, values).fetchone()
        return dict(json.loads(row[0], object_hook=_read)) if row else None
