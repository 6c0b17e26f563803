"""Rulesets, evaluation runs and results as rows of SQLite, in the database of jobs."""

from __future__ import annotations

from typing import Any

from local_aws.glue.catalog.documents import dumps, loads
from local_aws.storage.sqlite import Database

SCHEMA = """
CREATE TABLE IF NOT EXISTS quality_ruleset (name TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS quality_run (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, token TEXT UNIQUE, body TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS quality_result (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    run_id TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS quality_result_by_run ON quality_result (run_id);
"""
Document = dict[str, Any]
Numbered = tuple[int, Document]


class QualityStore:
    """What data quality keeps of one region, as the dicts that boto3 shows."""

    def __init__(self, database: Database) -> None:
        self.database = database
        database.connection().executescript(SCHEMA)

    def ruleset(self, name: str) -> Document | None:
        """A ruleset, or None."""
        return self._one("SELECT body FROM quality_ruleset WHERE name = ?", name)

    def rulesets(self) -> list[Document]:
        """All rulesets in the order of their names."""
        rows = self.database.connection().execute("SELECT body FROM quality_ruleset ORDER BY name")
        return [loads(row["body"]) for row in rows]

    def put_ruleset(self, ruleset: Document) -> None:
        """Insert or replace."""
        with self.database.write() as connection:
            connection.execute(
                "INSERT INTO quality_ruleset VALUES (?, ?) "
                "ON CONFLICT (name) DO UPDATE SET body = excluded.body",
                (ruleset["Name"], dumps(ruleset)),
            )

    def delete_ruleset(self, name: str) -> None:
        """Delete, if it is there."""
        with self.database.write() as connection:
            connection.execute("DELETE FROM quality_ruleset WHERE name = ?", (name,))

    def run(self, run_id: str) -> Document | None:
        """A run, or None."""
        return self._one("SELECT body FROM quality_run WHERE id = ?", run_id)

    def run_of_token(self, token: str) -> Document | None:
        """The run that a client's token started, or None."""
        return self._one("SELECT body FROM quality_run WHERE token = ?", token)

    def add_run(self, run: Document, token: str | None) -> None:
        """Keep a new run."""
        with self.database.write() as connection:
            connection.execute(
                "INSERT INTO quality_run (id, token, body) VALUES (?, ?, ?)",
                (run["RunId"], token, dumps(run)),
            )

    def runs(self, before: int | None) -> list[Numbered]:
        """The runs older than number `before`, the newest first."""
        return self._numbered("quality_run", before)

    def result(self, result_id: str) -> Document | None:
        """A result, or None."""
        return self._one("SELECT body FROM quality_result WHERE id = ?", result_id)

    def results(self, before: int | None) -> list[Numbered]:
        """The results older than number `before`, the newest first."""
        return self._numbered("quality_result", before)

    def add_results(self, run_id: str, results: list[Document]) -> None:
        """Keep the results of a run, once."""
        with self.database.write() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO quality_result (id, run_id, body) VALUES (?, ?, ?)",
                [(result["ResultId"], run_id, dumps(result)) for result in results],
            )

    def result_ids(self, run_id: str) -> list[str]:
        """The results of a run, in the order of its rulesets."""
        rows = self.database.connection().execute(
            "SELECT id FROM quality_result WHERE run_id = ? ORDER BY number", (run_id,)
        )
        return [row["id"] for row in rows]

    def _one(self, query: str, key: str) -> Document | None:
        row = self.database.connection().execute(query, (key,)).fetchone()
        return loads(row["body"]) if row else None

    def _numbered(self, table: str, before: int | None) -> list[Numbered]:
        rows = self.database.connection().execute(
            f"SELECT number, body FROM {table} WHERE number < ? ORDER BY number DESC",  # noqa: S608
            (before if before is not None else 2**62,),
        )
        return [(row["number"], loads(row["body"])) for row in rows]
