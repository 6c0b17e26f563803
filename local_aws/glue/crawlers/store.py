"""Crawlers, their crawls and their classifiers in SQLite.

A crawl that was running when the server died is FAILED when it comes up again, and its crawler READY: nothing
goes on with it, and what it wrote to the catalog until then is whole tables and partitions.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from local_aws.glue.catalog.documents import dumps, loads, now
from local_aws.glue.catalog.errors import already_exists, not_found
from local_aws.storage.sqlite import Database

SCHEMA = """
CREATE TABLE IF NOT EXISTS crawler (
  name TEXT PRIMARY KEY,
  created REAL NOT NULL,
  updated REAL NOT NULL,
  version INTEGER NOT NULL,
  state TEXT NOT NULL,
  schedule TEXT,
  schedule_state TEXT,
  body TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS crawl (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  crawler TEXT NOT NULL REFERENCES crawler ON DELETE CASCADE,
  started REAL NOT NULL,
  ended REAL,
  state TEXT NOT NULL,
  error TEXT,
  changes TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS crawl_of_crawler ON crawl (crawler, number);
CREATE INDEX IF NOT EXISTS crawl_by_id ON crawl (id);

CREATE TABLE IF NOT EXISTS crawled_folder (
  crawler TEXT NOT NULL REFERENCES crawler ON DELETE CASCADE,
  folder TEXT NOT NULL,
  PRIMARY KEY (crawler, folder)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS classifier (
  name TEXT PRIMARY KEY,
  created REAL NOT NULL,
  updated REAL NOT NULL,
  version INTEGER NOT NULL,
  body TEXT NOT NULL
) WITHOUT ROWID;
"""
INTERRUPTED = "Internal Service Exception: the server stopped while the crawler was running."


class CrawlerStore:
    """The rows behind `Crawlers` and `Classifiers`, on the catalog's own database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        database.connection().executescript(SCHEMA)
        with database.write() as connection:
            connection.execute(
                "UPDATE crawl SET state = 'FAILED', ended = ?, error = ? WHERE state = 'RUNNING'",
                (now(), INTERRUPTED),
            )
            connection.execute("UPDATE crawler SET state = 'READY' WHERE state <> 'READY'")

    def read(self) -> sqlite3.Connection:
        """This thread's connection, for reading."""
        return self.database.connection()

    def crawler(self, name: str) -> sqlite3.Row:
        """A crawler's row.

        Raises:
            AwsError: EntityNotFoundException.
        """
        row: sqlite3.Row | None = (
            self.read().execute("SELECT * FROM crawler WHERE name = ?", (name,)).fetchone()
        )
        if row is None:
            raise not_found(f"Crawler {name} not found.")
        return row

    def has_crawler(self, name: str) -> bool:
        """Whether there is a crawler of that name."""
        found = self.read().execute("SELECT 1 FROM crawler WHERE name = ?", (name,))
        return found.fetchone() is not None

    def crawls(self, name: str) -> list[sqlite3.Row]:
        """The crawls of a crawler, newest first."""
        rows = self.read().execute("SELECT * FROM crawl WHERE crawler = ? ORDER BY number DESC", (name,))
        return rows.fetchall()

    def crawl(self, crawl_id: str) -> sqlite3.Row | None:
        """A crawl, or None when there is none of that id."""
        row: sqlite3.Row | None = (
            self.read().execute("SELECT * FROM crawl WHERE id = ?", (crawl_id,)).fetchone()
        )
        return row

    def last_crawl(self, name: str) -> sqlite3.Row | None:
        """The newest crawl that has ended."""
        row: sqlite3.Row | None = (
            self.read()
            .execute(
                "SELECT * FROM crawl WHERE crawler = ? AND ended IS NOT NULL ORDER BY number DESC LIMIT 1",
                (name,),
            )
            .fetchone()
        )
        return row

    def has_completed(self, name: str) -> bool:
        """Whether a crawl of a crawler has ended well."""
        found = self.read().execute(
            "SELECT 1 FROM crawl WHERE crawler = ? AND state = 'COMPLETED' LIMIT 1", (name,)
        )
        return found.fetchone() is not None

    def start_crawl(self, name: str, crawl_id: str) -> None:
        """Put a crawler from READY into RUNNING, with a crawl; the caller holds the transaction."""
        with self.database.write() as connection:
            connection.execute("UPDATE crawler SET state = 'RUNNING' WHERE name = ?", (name,))
            connection.execute(
                "INSERT INTO crawl (id, crawler, started, state, changes) VALUES (?, ?, ?, 'RUNNING', '{}')",
                (crawl_id, name, now()),
            )

    def set_state(self, name: str, state: str) -> None:
        """Set a crawler's state."""
        with self.database.write() as connection:
            connection.execute("UPDATE crawler SET state = ? WHERE name = ?", (state, name))

    def end_crawl(self, crawl_id: str, state: str, error: str | None, changes: dict[str, Any]) -> None:
        """Put a crawl into its last state."""
        with self.database.write() as connection:
            connection.execute(
                "UPDATE crawl SET state = ?, ended = ?, error = ?, changes = ? WHERE id = ?",
                (state, now(), error, dumps(changes), crawl_id),
            )

    def add_seen_folders(self, name: str, folders: Iterable[str]) -> None:
        """Remember folders that a completed crawl of a crawler has seen."""
        with self.database.write() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO crawled_folder VALUES (?, ?)", [(name, folder) for folder in folders]
            )

    def seen_folders(self, name: str) -> frozenset[str]:
        """The folders that completed crawls of a crawler have seen."""
        rows = self.read().execute("SELECT folder FROM crawled_folder WHERE crawler = ?", (name,))
        return frozenset(row["folder"] for row in rows)

    def classifier(self, name: str) -> sqlite3.Row:
        """A classifier's row.

        Raises:
            AwsError: EntityNotFoundException.
        """
        row: sqlite3.Row | None = (
            self.read().execute("SELECT * FROM classifier WHERE name = ?", (name,)).fetchone()
        )
        if row is None:
            raise not_found(f"Classifier {name} not found.")
        return row

    def refuse_taken(self, table: str, name: str) -> None:
        """Raise AlreadyExistsException when `crawler` or `classifier` has a row of that name."""
        found = self.read().execute(f"SELECT 1 FROM {table} WHERE name = ?", (name,))  # noqa: S608
        if found.fetchone():
            raise already_exists(table.capitalize())


def changes_of(crawl: sqlite3.Row) -> dict[str, dict[str, int]]:
    """What a crawl changed: `{"TABLE": {"ADD": 2}, "PARTITION": {"ADD": 6}}`."""
    changes: dict[str, dict[str, int]] = loads(crawl["changes"])
    return changes
