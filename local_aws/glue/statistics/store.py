"""Column statistics tasks as rows of SQLite: runs, of which a table's newest 100 are kept, and settings.

A run that was under way when the server died is FAILED when it comes up again.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from local_aws.glue.catalog.documents import dumps, instant, loads, now
from local_aws.glue.catalog.errors import not_found
from local_aws.storage.sqlite import Database

SCHEMA = """
CREATE TABLE IF NOT EXISTS statistics_run (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    database_name TEXT NOT NULL,
    table_name TEXT NOT NULL,
    status TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS statistics_run_of_table ON statistics_run (database_name, table_name, number);
CREATE TABLE IF NOT EXISTS statistics_settings (
    database_name TEXT NOT NULL,
    table_name TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (database_name, table_name)
) WITHOUT ROWID;
"""
KEPT_RUNS = 100
UNENDED = ("STARTING", "RUNNING")
INTERRUPTED = "Internal Service Exception: the server stopped while the task was running."

Document = dict[str, Any]
Table = tuple[str, str]
"""The names of a database and of a table, in lower case."""


class TaskStore:
    """The column statistics tasks of one region."""

    def __init__(self, database: Database) -> None:
        self.database = database
        database.connection().executescript(SCHEMA)
        for row in self._read("SELECT id FROM statistics_run WHERE status IN (?, ?)", *UNENDED).fetchall():
            self.change(row["id"], Status="FAILED", ErrorMessage=INTERRUPTED, EndTime=instant(now()))

    def add(self, table: Table, run: Document) -> None:
        """Keep a new run, and let go of old ones of its table."""
        with self.database.write() as connection:
            connection.execute(
                "INSERT INTO statistics_run (id, database_name, table_name, status, body)"
                " VALUES (?, ?, ?, ?, ?)",
                (run["ColumnStatisticsTaskRunId"], *table, run["Status"], dumps(run)),
            )
            connection.execute(
                "DELETE FROM statistics_run WHERE database_name = ? AND table_name = ? AND number <="
                " (SELECT number FROM statistics_run WHERE database_name = ? AND table_name = ?"
                " ORDER BY number DESC LIMIT 1 OFFSET ?)",
                (*table, *table, KEPT_RUNS),
            )

    def run(self, run_id: str) -> Document:
        """A run.

        Raises:
            AwsError: EntityNotFoundException.
        """
        row = self._read("SELECT body FROM statistics_run WHERE id = ?", run_id).fetchone()
        if row is None:
            raise not_found(f"Column statistics task run {run_id} not found.")
        found: Document = loads(row["body"])
        return found

    def runs(self, table: Table | None, before: int | None, limit: int) -> list[tuple[int, Document]]:
        """Runs with their numbers, newest first, of a table or of all."""
        rows = self._read(
            "SELECT number, body FROM statistics_run"
            " WHERE (? IS NULL OR (database_name = ? AND table_name = ?)) AND number < ?"
            " ORDER BY number DESC LIMIT ?",
            *(table[:1] if table else (None,)),
            *(table or ("", "")),
            before if before is not None else 2**62,
            limit,
        )
        return [(row["number"], loads(row["body"])) for row in rows]

    def under_way(self, table: Table) -> Document | None:
        """The run of a table that has not ended, or None."""
        found = self.runs(table, None, 1)
        return found[0][1] if found and found[0][1]["Status"] in UNENDED else None

    def change(self, run_id: str, **changes: Any) -> None:
        """Change members of a run that has not ended."""
        with self.database.write() as connection:
            before = self.run(run_id)
            if before["Status"] not in UNENDED:
                return
            run = {**before, **changes, "LastUpdated": instant(now())}
            connection.execute(
                "UPDATE statistics_run SET status = ?, body = ? WHERE id = ?",
                (run["Status"], dumps(run), run_id),
            )

    def settings(self, table: Table) -> Document | None:
        """The settings of a table, or None."""
        row = self._read(
            "SELECT body FROM statistics_settings WHERE database_name = ? AND table_name = ?", *table
        ).fetchone()
        return loads(row["body"]) if row else None

    def all_settings(self) -> list[Document]:
        """The settings of all tables."""
        return [loads(row["body"]) for row in self._read("SELECT body FROM statistics_settings")]

    def put_settings(self, table: Table, body: Document | None) -> None:
        """Keep the settings of a table, or let go of them."""
        with self.database.write() as connection:
            if body is None:
                connection.execute(
                    "DELETE FROM statistics_settings WHERE database_name = ? AND table_name = ?", table
                )
                return
            connection.execute(
                "INSERT OR REPLACE INTO statistics_settings VALUES (?, ?, ?)", (*table, dumps(body))
            )

    def _read(self, query: str, *values: Any) -> sqlite3.Cursor:
        return self.database.connection().execute(query, values)
