"""Job definitions and runs as rows of SQLite."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from local_aws.glue.catalog.documents import dumps, loads
from local_aws.glue.catalog.errors import not_found
from local_aws.settings import Settings
from local_aws.storage.sqlite import Database

SCHEMA = """
CREATE TABLE IF NOT EXISTS job (
    name TEXT PRIMARY KEY,
    id TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS job_run (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    job_name TEXT NOT NULL,
    state TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS job_run_by_job ON job_run (job_name, number);
CREATE INDEX IF NOT EXISTS job_run_by_state ON job_run (state, job_name);
"""
UNDER_WAY = ("STARTING", "RUNNING", "STOPPING")
UNFINISHED = (*UNDER_WAY, "WAITING")
SERVER_STOPPED = "The local AWS server stopped while this run was under way."

Job = dict[str, Any]
JobRun = dict[str, Any]


class RunStore:
    """The jobs and runs of one region, as the dicts that boto3 shows."""

    def __init__(self, settings: Settings, region: str) -> None:
        self.database = Database(settings.state / "glue" / f"{region}.sqlite", SCHEMA)

    def job(self, name: str) -> Job | None:
        """A job, or None."""
        row = self.database.connection().execute("SELECT body FROM job WHERE name = ?", (name,)).fetchone()
        return loads(row["body"]) if row else None

    def job_id(self, name: str) -> str:
        """The id Glue hands to scripts as `--JOB_ID`."""
        row = self.database.connection().execute("SELECT id FROM job WHERE name = ?", (name,)).fetchone()
        return str(row["id"])

    def job_names(self) -> list[str]:
        """All names in order."""
        return [
            row["name"] for row in self.database.connection().execute("SELECT name FROM job ORDER BY name")
        ]

    def put_job(self, job: Job) -> None:
        """Insert or replace a job."""
        with self.database.write() as connection:
            connection.execute(
                "INSERT INTO job VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body",
                (job["Name"], "j_" + secrets.token_hex(32), dumps(job)),
            )

    def delete_job(self, name: str) -> None:
        """Delete a job with its runs."""
        with self.database.write() as connection:
            connection.execute("DELETE FROM job WHERE name = ?", (name,))
            connection.execute("DELETE FROM job_run WHERE job_name = ?", (name,))

    def add_run(self, run: JobRun) -> None:
        """Keep a new run."""
        with self.database.write() as connection:
            connection.execute(
                "INSERT INTO job_run (id, job_name, state, body) VALUES (?, ?, ?, ?)",
                (run["Id"], run["JobName"], run["JobRunState"], dumps(run)),
            )

    def run(self, run_id: str, job_name: str | None = None) -> JobRun:
        """A run.

        Raises:
            AwsError: EntityNotFoundException, there is none, or it is another job's.
        """
        row = (
            self.database.connection().execute("SELECT body FROM job_run WHERE id = ?", (run_id,)).fetchone()
        )
        run: JobRun | None = loads(row["body"]) if row else None
        if run is None or job_name not in (None, run["JobName"]):
            raise not_found(f"Job run {run_id} not found.")
        return run

    def attempts(self, first: str) -> list[JobRun]:
        """The run of an id with its retries, in their order."""
        rows = self.database.connection().execute(
            # An underscore sorts before a back-quote, and ids have the same length.
            "SELECT body FROM job_run WHERE id >= ? AND id < ? ORDER BY number",
            (first, f"{first}`"),
        )
        return [loads(row["body"]) for row in rows]

    def change_run(self, run_id: str, **changes: Any) -> JobRun | None:
        """Change members of a run, and when; None when the run is gone or has ended already."""
        with self.database.write() as connection:
            row = connection.execute("SELECT state, body FROM job_run WHERE id = ?", (run_id,)).fetchone()
            if row is None or row["state"] not in UNFINISHED:
                return None
            run: JobRun = {**loads(row["body"]), **changes, "LastModifiedOn": now()}
            connection.execute(
                "UPDATE job_run SET state = ?, body = ? WHERE id = ?",
                (run["JobRunState"], dumps(run), run_id),
            )
            return run

    def runs(self, job_name: str, before: int | None, limit: int) -> list[tuple[int, JobRun]]:
        """A job's runs with their numbers, newest first, those older than number `before`."""
        rows = self.database.connection().execute(
            "SELECT number, body FROM job_run WHERE job_name = ? AND number < ? ORDER BY number DESC LIMIT ?",
            (job_name, before if before is not None else 2**62, limit),
        )
        return [(row["number"], loads(row["body"])) for row in rows]

    def waiting(self, job_name: str) -> list[JobRun]:
        """A job's runs that wait for others to end, the oldest first."""
        rows = self.database.connection().execute(
            "SELECT body FROM job_run WHERE job_name = ? AND state = 'WAITING' ORDER BY number", (job_name,)
        )
        return [loads(row["body"]) for row in rows]

    def unfinished(self, job_name: str) -> int:
        """How many runs of a job have not ended and do not wait to begin."""
        row = (
            self.database.connection()
            .execute(
                "SELECT count(*) FROM job_run WHERE job_name = ? AND state IN (?, ?, ?)",
                (job_name, *UNDER_WAY),
            )
            .fetchone()
        )
        return int(row[0])

    def fail_unfinished(self) -> list[JobRun]:
        """End the runs that a server before this one left, but for those that wait; returns them."""
        rows = self.database.connection().execute(
            "SELECT id FROM job_run WHERE state IN (?, ?, ?)", UNDER_WAY
        )
        ended = (
            self.change_run(row["id"], JobRunState="FAILED", CompletedOn=now(), ErrorMessage=SERVER_STOPPED)
            for row in rows.fetchall()
        )
        return [run for run in ended if run is not None]


def now() -> datetime:
    """The present time in UTC, to the millisecond, as Glue shows a run's times."""
    time = datetime.now(UTC)
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


def new_run_id() -> str:
    """`jr_` and 64 hexadecimal digits."""
    return "jr_" + secrets.token_hex(32)
