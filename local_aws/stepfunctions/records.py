"""Executions on disk: what the API answers about them, while they run and after any restart.

An execution is recorded before it runs and completed when it ends. One that is still recorded as running
when the server starts was cut off; it is aborted here, and never run again. AWS keeps executions for 90
days; here they stay until their state machine is deleted.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from local_aws.storage.sqlite import Database

SCHEMA = """
CREATE TABLE IF NOT EXISTS executions (
    arn TEXT PRIMARY KEY,
    state_machine TEXT NOT NULL,
    started REAL NOT NULL,
    status TEXT NOT NULL,
    description TEXT NOT NULL,
    definition TEXT NOT NULL,
    history TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS executions_newest_first ON executions (state_machine, started DESC, arn);
"""

RUNNING = "RUNNING"
CUT_OFF_ERROR = "Laguna.ServerStopped"
CUT_OFF_CAUSE = (
    "The local AWS stopped while this execution was running. Executions are not resumed: start a new one."
)
TIMES = frozenset({"startDate", "stopDate", "updateDate", "timestamp"})

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """One execution. `description` is DescribeExecution's answer, `definition` the answer of
    DescribeStateMachineForExecution, `history` GetExecutionHistory's events, all as boto3 shows them."""

    description: Document
    definition: Document
    history: list[Document]

    @property
    def arn(self) -> str:
        """The execution's ARN."""
        arn: str = self.description["executionArn"]
        return arn

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return bool(self.description["status"] == RUNNING)


class Records:
    """The executions of one state folder, in all regions."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, SCHEMA)

    def save(self, record: Record) -> None:
        """Add or replace `record`."""
        description = record.description
        row = (
            record.arn,
            description["stateMachineArn"],
            description["startDate"].timestamp(),
            description["status"],
            _encoded(description),
            _encoded(record.definition),
            _encoded(record.history),
        )
        with self._database.write() as connection:
            connection.execute("INSERT OR REPLACE INTO executions VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def find(self, arn: str) -> Record | None:
        """The execution, or None."""
        row = self._database.connection().execute("SELECT * FROM executions WHERE arn = ?", (arn,)).fetchone()
        return None if row is None else _record(row)

    def descriptions(
        self, state_machine: str, status: str | None, *, offset: int, limit: int
    ) -> list[Document]:
        """DescribeExecution's answers for a page of a state machine's executions, newest first."""
        rows = self._database.connection().execute(
            "SELECT description FROM executions WHERE state_machine = ? AND (? IS NULL OR status = ?)"
            " ORDER BY started DESC, arn LIMIT ? OFFSET ?",
            (state_machine, status, status, limit, offset),
        )
        return [_decoded(row["description"]) for row in rows]

    def forget(self, state_machine: str) -> None:
        """Drop the executions of a deleted state machine."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM executions WHERE state_machine = ?", (state_machine,))

    def abort_running(self) -> int:
        """Abort what is recorded as running; return how many there were. For the server's start."""
        cut_off = list(self._running())
        for record in cut_off:
            self.save(_aborted(record, datetime.now(UTC)))
        return len(cut_off)

    def _running(self) -> Iterator[Record]:
        query = "SELECT * FROM executions WHERE status = ?"
        yield from map(_record, self._database.connection().execute(query, (RUNNING,)))


def running_executions(path: Path) -> list[str]:
    """The ARNs of the executions that run, for whoever is not their process."""
    if not path.exists():
        return []
    with closing(sqlite3.connect(path)) as database:
        return [arn for (arn,) in database.execute("SELECT arn FROM executions WHERE status = ?", (RUNNING,))]


def _aborted(record: Record, now: datetime) -> Record:
    ending = {"error": CUT_OFF_ERROR, "cause": CUT_OFF_CAUSE}
    event = {
        "timestamp": now,
        "type": "ExecutionAborted",
        "id": len(record.history) + 1,
        "previousEventId": len(record.history),
        "executionAbortedEventDetails": ending,
    }
    description = {**record.description, "status": "ABORTED", "stopDate": now, **ending}
    return Record(description, record.definition, [*record.history, event])


def _record(row: Any) -> Record:
    return Record(_decoded(row["description"]), _decoded(row["definition"]), _decoded(row["history"]))


def _encoded(document: Any) -> str:
    return json.dumps(document, separators=(",", ":"), default=_timestamp)


def _timestamp(value: Any) -> float:
    if isinstance(value, datetime):
        return value.timestamp()
    raise TypeError(f"{type(value).__name__} in an execution's record")


def _decoded(text: str) -> Any:
    return json.loads(text, object_hook=_with_times)


def _with_times(document: Document) -> Document:
    for name in TIMES & document.keys():
        if isinstance(document[name], int | float):
            document[name] = datetime.fromtimestamp(document[name], UTC)
    return document
