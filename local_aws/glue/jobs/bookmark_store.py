"""Job bookmarks as rows of SQLite: each job's present one, and what each run committed.

A commit names the version that its run loaded and is refused when another run, or a reset, came between;
so of two runs that read the same files only one says that they are done. Old commits are what a bookmark is
rewound to, and what the window of a paused one is made of.
"""

from __future__ import annotations

from typing import Any

from local_aws.errors import AwsError
from local_aws.glue.catalog.documents import dumps, loads
from local_aws.glue.catalog.errors import invalid, not_found
from local_aws.glue.jobs.runs import JobRun
from local_aws.storage.sqlite import Database

SCHEMA = """
CREATE TABLE IF NOT EXISTS job_bookmark (
    job_name TEXT PRIMARY KEY REFERENCES job (name) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS job_bookmark_commit (
    job_name TEXT NOT NULL REFERENCES job (name) ON DELETE CASCADE,
    run_number INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (job_name, run_number)
);
"""
MOST_COMMITS = 500
"""Commits of a job that are kept; an older run can no longer be rewound to."""
NOTHING = "{}"
MISMATCH = "GLUE_JOB_BOOKMARK_VERSION_MISMATCH_ERROR"

Entry = dict[str, Any]
"""A JobBookmarkEntry, as boto3 shows it."""


class BookmarkStore:
    """The bookmarks of one region's jobs, in the database that the jobs are in."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.connection().executescript(SCHEMA)

    def present(self, job: str) -> Entry | None:
        """A job's bookmark; None when no run has committed one."""
        return self._one("SELECT body FROM job_bookmark WHERE job_name = ?", job)

    def committed_by(self, job: str, run_id: str) -> Entry | None:
        """What a run committed."""
        return self._one(
            "SELECT body FROM job_bookmark_commit WHERE job_name = ? AND run_number = ?",
            job,
            self._number(job, run_id),
        )

    def as_of(self, job: str, run_id: str) -> Entry | None:
        """What the last commit before the end of a run was: that run's own, or an earlier run's.

        Raises:
            AwsError: EntityNotFoundException, the job has no such run; InvalidInputException, it is too old.
        """
        found = self._one(
            "SELECT body FROM job_bookmark_commit WHERE job_name = ? AND run_number <= ?"
            " ORDER BY run_number DESC",
            job,
            self._number(job, run_id),
        )
        if found is None and self._commits(job) >= MOST_COMMITS:
            raise invalid(f"Only the last {MOST_COMMITS} commits of job {job} are kept; {run_id} is older.")
        return found

    def commit(self, run: JobRun, job_id: str, loaded: int, state: str) -> Entry:
        """Keep what `run` has read as its job's bookmark, which it loaded as version `loaded`.

        Raises:
            AwsError: EntityNotFoundException, the job or run is gone; the mismatch, another run committed.
        """
        job = run["JobName"]
        with self._database.write():
            if self._job_id(job) != job_id:
                raise not_found(f"Job {job} not found.")
            before = self.present(job) or {"Version": 0, "Run": 0}
            if before["Version"] != loaded:
                raise AwsError(
                    MISMATCH,
                    f"Version mismatch of the bookmark of job {job}: this run loaded version {loaded}, "
                    f"and version {before['Version']} is there now.",
                )
            entry = _next(before, run, state)
            self._put(entry)
            self._keep_commit(entry)
        return entry

    def reset(self, job: str, run_id: str | None) -> Entry:
        """Make a bookmark what it was after a run, or nothing at all.

        Raises:
            AwsError: EntityNotFoundException, there is no bookmark, or the job has no such run.
        """
        with self._database.write():
            before = self.present(job)
            if before is None:
                raise no_bookmark(job)
            then = self.as_of(job, run_id) if run_id else None
            entry = then or {"JobName": job, "Run": 0, "Attempt": 0, "JobBookmark": NOTHING}
            # A run under way that loaded the bookmark before must not commit over this one.
            entry = {**entry, "Version": before["Version"] + 1}
            self._put(entry)
        return entry

    def _put(self, entry: Entry) -> None:
        self._database.connection().execute(
            "INSERT OR REPLACE INTO job_bookmark VALUES (?, ?, ?)",
            (entry["JobName"], entry["Version"], dumps(entry)),
        )

    def _keep_commit(self, entry: Entry) -> None:
        job, connection = entry["JobName"], self._database.connection()
        connection.execute(
            "INSERT OR REPLACE INTO job_bookmark_commit VALUES (?, ?, ?)",
            (job, self._number(job, entry["RunId"]), dumps(entry)),
        )
        connection.execute(
            "DELETE FROM job_bookmark_commit WHERE job_name = ?1 AND run_number NOT IN"
            " (SELECT run_number FROM job_bookmark_commit WHERE job_name = ?1"
            "  ORDER BY run_number DESC LIMIT ?2)",
            (job, MOST_COMMITS),
        )

    def _commits(self, job: str) -> int:
        sql = "SELECT count(*) FROM job_bookmark_commit WHERE job_name = ?"
        return int(self._database.connection().execute(sql, (job,)).fetchone()[0])

    def _number(self, job: str, run_id: str) -> int:
        sql = "SELECT number FROM job_run WHERE id = ? AND job_name = ?"
        row = self._database.connection().execute(sql, (run_id, job)).fetchone()
        if row is None:
            raise not_found(f"Job run {run_id} not found.")
        return int(row["number"])

    def _job_id(self, job: str) -> str | None:
        row = self._database.connection().execute("SELECT id FROM job WHERE name = ?", (job,)).fetchone()
        return str(row["id"]) if row else None

    def _one(self, sql: str, *values: Any) -> Entry | None:
        row = self._database.connection().execute(sql, values).fetchone()
        return loads(row["body"]) if row else None


def no_bookmark(job: str) -> AwsError:
    """No run of the job has committed a bookmark, or there is no such job."""
    return not_found(f"Continuation for job {job} not found")


def _next(before: Entry, run: JobRun, state: str) -> Entry:
    """The bookmark after `run`, which may commit more than once."""
    again = before.get("RunId") == run["Id"]
    previous = before.get("PreviousRunId") if again else before.get("RunId")
    entry = {
        "JobName": run["JobName"],
        "Version": before["Version"] + 1,
        "Run": before["Run"] + (0 if again else 1),
        "Attempt": run["Attempt"],
        "RunId": run["Id"],
        "JobBookmark": state,
    }
    return entry | ({"PreviousRunId": previous} if previous else {})
