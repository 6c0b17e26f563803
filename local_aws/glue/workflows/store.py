"""Workflow runs as rows of SQLite: each with the triggers as they were at its start, and its actions.

An action has the id of its job run or crawl before that is started, so that after a crash it is known whether
it was. Runs that ended are kept for 90 days, as on AWS, and a workflow's newest 500 at most.
"""

from __future__ import annotations

import secrets
import sqlite3
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from local_aws.glue.catalog.documents import dumps, loads
from local_aws.glue.catalog.errors import not_found
from local_aws.glue.jobs.runs import now
from local_aws.glue.workflows.graph import Node
from local_aws.storage.sqlite import Database

SCHEMA = """
CREATE TABLE IF NOT EXISTS workflow_run (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    workflow TEXT NOT NULL REFERENCES workflow (name) ON DELETE CASCADE,
    status TEXT NOT NULL,
    started REAL NOT NULL,
    body TEXT NOT NULL,
    triggers TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS workflow_run_of_workflow ON workflow_run (workflow, number);
CREATE INDEX IF NOT EXISTS workflow_run_by_status ON workflow_run (status);
CREATE TABLE IF NOT EXISTS workflow_run_fired (
    run TEXT NOT NULL REFERENCES workflow_run (id) ON DELETE CASCADE,
    trigger_name TEXT NOT NULL,
    PRIMARY KEY (run, trigger_name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS workflow_run_action (
    number INTEGER PRIMARY KEY,
    run TEXT NOT NULL REFERENCES workflow_run (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    trigger_name TEXT NOT NULL,
    target TEXT NOT NULL,
    state TEXT,
    request TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS workflow_run_action_of_run ON workflow_run_action (run);
CREATE INDEX IF NOT EXISTS workflow_run_action_of_target ON workflow_run_action (target);
"""
KEPT_FOR = timedelta(days=90)
KEPT_RUNS = 500
UNENDED = ("RUNNING", "STOPPING")

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Action:
    """What a trigger started in a run: a job run or crawl with the id `target`."""

    number: int
    run: str
    node: Node
    trigger: str
    target: str
    state: str | None
    """The last state of the job run or crawl; None until then."""
    request: Document
    """The trigger's action."""
    body: Document | None
    """The job run or crawl, when there is none because it could not be started."""


class WorkflowRunStore:
    """The workflow runs of one region."""

    def __init__(self, database: Database) -> None:
        self.database = database
        database.connection().executescript(SCHEMA)

    def add(self, run: Document, triggers: list[Document]) -> None:
        """Keep a new run, and let go of old ones of its workflow."""
        with self.database.write() as connection:
            connection.execute(
                "INSERT INTO workflow_run (id, workflow, status, started, body, triggers)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    run["WorkflowRunId"], run["Name"], run["Status"], run["StartedOn"].timestamp(),
                    dumps(run), dumps(triggers),
                ),
            )  # fmt: skip
            connection.execute(
                "DELETE FROM workflow_run WHERE workflow = ? AND status NOT IN (?, ?) AND (started < ?"
                " OR number <= (SELECT number FROM workflow_run WHERE workflow = ?"
                " ORDER BY number DESC LIMIT 1 OFFSET ?))",
                (run["Name"], *UNENDED, (now() - KEPT_FOR).timestamp(), run["Name"], KEPT_RUNS),
            )

    def run(self, run_id: str, workflow: str | None = None) -> Document:
        """A run without its graph.

        Raises:
            AwsError: EntityNotFoundException, there is none, or it is another workflow's.
        """
        row = self._read("SELECT body FROM workflow_run WHERE id = ?", run_id).fetchone()
        run: Document | None = loads(row["body"]) if row else None
        if run is None or workflow not in (None, run["Name"]):
            raise not_found(f"Workflow run {run_id} not found.")
        return run

    def runs(self, workflow: str, before: int | None, limit: int) -> list[tuple[int, Document]]:
        """A workflow's runs with their numbers, newest first, those older than number `before`."""
        rows = self._read(
            "SELECT number, body FROM workflow_run WHERE workflow = ? AND number < ?"
            " ORDER BY number DESC LIMIT ?",
            workflow,
            before if before is not None else 2**62,
            limit,
        )
        return [(row["number"], loads(row["body"])) for row in rows]

    def unended(self, workflow: str) -> int:
        """How many runs of a workflow have not ended."""
        query = "SELECT count(*) FROM workflow_run WHERE workflow = ? AND status IN (?, ?)"
        return int(self._read(query, workflow, *UNENDED).fetchone()[0])

    def all_unended(self) -> list[str]:
        """The ids of all runs that have not ended."""
        rows = self._read("SELECT id FROM workflow_run WHERE status IN (?, ?) ORDER BY number", *UNENDED)
        return [row["id"] for row in rows]

    def change(self, run_id: str, **changes: Any) -> Document:
        """Change members of a run."""
        with self.database.write() as connection:
            run = {**self.run(run_id), **changes}
            connection.execute(
                "UPDATE workflow_run SET status = ?, body = ? WHERE id = ?",
                (run["Status"], dumps(run), run_id),
            )
        return run

    def triggers(self, run_id: str) -> list[Document]:
        """The workflow's triggers when the run started."""
        row = self._read("SELECT triggers FROM workflow_run WHERE id = ?", run_id).fetchone()
        found: list[Document] = loads(row["triggers"]) if row else []
        return found

    def fired(self, run_id: str) -> set[str]:
        """The names of triggers that have fired in a run."""
        rows = self._read("SELECT trigger_name FROM workflow_run_fired WHERE run = ?", run_id)
        return {row["trigger_name"] for row in rows}

    def mark_fired(self, run_id: str, triggers: Iterable[str]) -> None:
        """Let triggers not fire (again) in a run."""
        with self.database.write() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO workflow_run_fired VALUES (?, ?)",
                [(run_id, name) for name in triggers],
            )

    def add_action(
        self, run_id: str, node: Node, trigger: str, request: Document, copy_of: Action | None = None
    ) -> None:
        """Keep an action that is to be started, or one that was in an earlier run."""
        state, body = None, None
        target = new_id("jr_") if node.kind == "JOB" else str(uuid.uuid4())
        if copy_of is not None:
            state, target, body = copy_of.state, copy_of.target, copy_of.body
        with self.database.write() as connection:
            connection.execute(
                "INSERT INTO workflow_run_action"
                " (run, kind, name, trigger_name, target, state, request, body)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (run_id, *node, trigger, target, state, dumps(request), dumps(body)),
            )

    def actions(self, run_id: str) -> list[Action]:
        """A run's actions in the order of their start."""
        rows = self._read("SELECT * FROM workflow_run_action WHERE run = ? ORDER BY number", run_id)
        return [_action(row) for row in rows]

    def has_action(self, target: str) -> bool:
        """Whether a job run or crawl was started by a workflow."""
        query = "SELECT 1 FROM workflow_run_action WHERE target = ? LIMIT 1"
        return self._read(query, target).fetchone() is not None

    def settle(self, target: str, state: str, body: Document | None = None) -> str | None:
        """Keep the last state of a job run or crawl; the id of its run, or None when it was kept already."""
        with self.database.write() as connection:
            row = connection.execute(
                "UPDATE workflow_run_action SET state = ?, body = ? WHERE target = ? AND state IS NULL"
                " RETURNING run",
                (state, dumps(body), target),
            ).fetchone()
            return str(row["run"]) if row else None

    def _read(self, query: str, *values: Any) -> sqlite3.Cursor:
        return self.database.connection().execute(query, values)


def new_id(prefix: str) -> str:
    """An id as Glue's: 64 hexadecimal digits after a prefix."""
    return prefix + secrets.token_hex(32)


def _action(row: sqlite3.Row) -> Action:
    return Action(
        row["number"],
        row["run"],
        Node(row["kind"], row["name"]),
        row["trigger_name"],
        row["target"],
        row["state"],
        loads(row["request"]),
        loads(row["body"]),
    )
