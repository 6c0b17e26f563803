"""A query execution as a value: nobody changes one, an execution that goes on is another value.

So who reads one while a query runs sees one moment of it, and what AWS shows is made of it anew each time.
What is kept for ourselves has fields of its own and is in no answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from local_athena.errors import QueryFailed
from local_athena.statements.outcome import Outcome
from local_athena.statements.undo import Undo

QUEUED, RUNNING, SUCCEEDED, FAILED, CANCELLED = "QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"
FINAL = (SUCCEEDED, FAILED, CANCELLED)
ENGINE = {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": "Athena engine version 3"}
Wire = dict[str, Any]
"""A structure of Athena's API, as boto3 shows it."""


@dataclass(frozen=True, slots=True)
class Status:
    """QueryExecutionStatus."""

    state: str
    submitted: datetime
    completed: datetime | None = None
    reason: str | None = None
    error: Mapping[str, Any] | None = None

    def to_wire(self) -> Wire:
        """As AWS shows it."""
        members = {
            "State": self.state,
            "StateChangeReason": self.reason,
            "SubmissionDateTime": self.submitted,
            "CompletionDateTime": self.completed,
            "AthenaError": None if self.error is None else dict(self.error),
        }
        return {name: value for name, value in members.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Statistics:
    """QueryExecutionStatistics of an execution that has ended; milliseconds and bytes."""

    queued: int = 0
    ran: int = 0
    scanned: int = 0
    manifest: str | None = None
    reused: bool = False

    def to_wire(self) -> Wire:
        """As AWS shows it."""
        manifest = {} if self.manifest is None else {"DataManifestLocation": self.manifest}
        return {
            **manifest,
            "EngineExecutionTimeInMillis": self.ran,
            "DataScannedInBytes": self.scanned,
            "TotalExecutionTimeInMillis": self.queued + self.ran,
            "QueryQueueTimeInMillis": self.queued,
            "ServicePreProcessingTimeInMillis": 0,
            "ServiceProcessingTimeInMillis": 0,
            "ResultReuseInformation": {"ReusedPreviousResult": self.reused},
        }


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of an execution that AWS does not show."""

    asked: str = ""
    """What the request's token stands for, as a fingerprint."""
    reuse_key: str | None = None
    columns: tuple[Mapping[str, Any], ...] = ()
    """ColumnInfo of the result."""
    update_count: int | None = None
    undo: Undo | None = None
    """What takes back a statement that has begun to change something."""


@dataclass(frozen=True, slots=True)
class Execution:
    """QueryExecution."""

    execution_id: str
    query: str
    statement_type: str
    substatement: str
    results: Mapping[str, Any]
    reuse: Mapping[str, Any]
    context: Mapping[str, str]
    status: Status
    workgroup: str
    parameters: tuple[str, ...] = ()
    statistics: Statistics | None = None
    kept: Kept = field(default_factory=Kept)

    @property
    def state(self) -> str:
        """QUEUED, RUNNING, SUCCEEDED, FAILED or CANCELLED."""
        return self.status.state

    @property
    def output(self) -> str:
        """Where its result lies."""
        return str(self.results["OutputLocation"])

    def to_wire(self) -> Wire:
        """As AWS shows it: a new dict, whose reader may do with it what it likes."""
        shown = {
            "QueryExecutionId": self.execution_id,
            "Query": self.query,
            "StatementType": self.statement_type,
            "SubstatementType": self.substatement,
            "ResultConfiguration": deepcopy(dict(self.results)),
            "ResultReuseConfiguration": deepcopy(dict(self.reuse)),
            "QueryExecutionContext": dict(self.context),
            "Status": self.status.to_wire(),
            "Statistics": {} if self.statistics is None else self.statistics.to_wire(),
            "WorkGroup": self.workgroup,
            "EngineVersion": dict(ENGINE),
        }
        return shown | ({"ExecutionParameters": list(self.parameters)} if self.parameters else {})

    def running(self) -> Execution:
        """It has begun."""
        return replace(self, status=replace(self.status, state=RUNNING))

    def undone_by(self, undo: Undo | None) -> Execution:
        """It will be taken back so, if it does not succeed."""
        return replace(self, kept=replace(self.kept, undo=undo))

    def succeeded(self, outcome: Outcome, manifest: str | None, now: datetime) -> Execution:
        """It has ended well; its times are to be added."""
        columns = tuple(outcome.columns)
        kept = replace(self.kept, columns=columns, update_count=outcome.update_count, undo=None)
        status = replace(self.status, state=SUCCEEDED, completed=now)
        statistics = Statistics(scanned=outcome.scanned, manifest=manifest)
        return replace(self, status=status, kept=kept, statistics=statistics)

    def failed(self, error: QueryFailed, now: datetime) -> Execution:
        """It has failed."""
        told = error.as_athena_error()
        status = replace(self.status, state=FAILED, completed=now, reason=error.reason, error=told)
        return replace(self.undone_by(None), status=status, statistics=Statistics())

    def cancelled(self, reason: str, scanned: int, now: datetime) -> Execution:
        """It was stopped."""
        status = replace(self.status, state=CANCELLED, completed=now, reason=reason)
        return replace(self.undone_by(None), status=status, statistics=Statistics(scanned=scanned))

    def timed(self, queued: int, ran: int) -> Execution:
        """It waited and ran for so many milliseconds."""
        return replace(self, statistics=replace(self.statistics or Statistics(), queued=queued, ran=ran))

    def to_document(self) -> dict[str, Any]:
        """What the store keeps."""
        kept = asdict(self.kept) | {"columns": [dict(column) for column in self.kept.columns]}
        return {"execution": self.to_wire(), "kept": kept}


def execution_of(document: Mapping[str, Any]) -> Execution:
    """The execution that a document of the store tells of."""
    wire, kept = document["execution"], document["kept"]
    undo = kept["undo"]
    return Execution(
        wire["QueryExecutionId"],
        wire["Query"],
        wire["StatementType"],
        wire["SubstatementType"],
        wire["ResultConfiguration"],
        wire["ResultReuseConfiguration"],
        wire["QueryExecutionContext"],
        _status_of(wire["Status"]),
        wire["WorkGroup"],
        tuple(wire.get("ExecutionParameters") or ()),
        _statistics_of(wire["Statistics"]),
        Kept(
            kept["asked"],
            kept["reuse_key"],
            tuple(kept["columns"]),
            kept["update_count"],
            None if undo is None else Undo(**undo),
        ),
    )


def _status_of(wire: Mapping[str, Any]) -> Status:
    return Status(
        wire["State"],
        wire["SubmissionDateTime"],
        wire.get("CompletionDateTime"),
        wire.get("StateChangeReason"),
        wire.get("AthenaError"),
    )


def _statistics_of(wire: Mapping[str, Any]) -> Statistics | None:
    if not wire:
        return None
    return Statistics(
        wire.get("QueryQueueTimeInMillis", 0),
        wire.get("EngineExecutionTimeInMillis", 0),
        wire.get("DataScannedInBytes", 0),
        wire.get("DataManifestLocation"),
        wire.get("ResultReuseInformation", {}).get("ReusedPreviousResult", False),
    )
