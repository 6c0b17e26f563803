"""Query executions: start, watch, stop, list; QUEUED to RUNNING to SUCCEEDED, FAILED or CANCELLED.

Statements wait in lanes. What a stopped server left unfinished is taken back and FAILED at the next start.
"""

from __future__ import annotations

import errno
import logging
import os
import threading
import time
import uuid
from functools import partial
from typing import Any

import duckdb

from local_athena.engine.stopping import Stop, seal, stoppable
from local_athena.errors import AthenaApiError, QueryCancelled, QueryFailed, invalid_request
from local_athena.parse.statements import Statement
from local_athena.protocols import Clock, Storage
from local_athena.service.delivery import deliver, deliver_text, discard
from local_athena.service.lanes import DDL, DML, SIZES, Lane
from local_athena.service.state import State
from local_athena.statements.engine_errors import query_failed
from local_athena.statements.outcome import Outcome
from local_athena.statements.runners import RUNNERS, Job, Statements
from local_athena.statements.undo import Undo

logger = logging.getLogger(__name__)

STOP_SECONDS = 10
CLOSE_SECONDS = 5
WATCH_SECONDS = 0.05
FINAL = ("SUCCEEDED", "FAILED", "CANCELLED")
LIMIT_EXCEEDED = (
    "You have exceeded the limit for the number of queries you can run concurrently. Please reduce the "
    "number of concurrent queries submitted by this account. Contact customer support to request a "
    "concurrent query limit increase."
)


class Execution:
    """One execution while it is alive: its document, its job, its lane, and how to stop it."""

    def __init__(self, document: dict[str, Any], job: Job) -> None:
        self.document = document
        self.job = job
        # What only reads or changes the catalog is soon done; all else goes through the engine.
        self.lane = DML if job.statement.kind.name in RUNNERS else DDL
        self.stop = Stop()
        self.done = threading.Event()
        self.submitted = time.monotonic()
        self.started: float | None = None


class Executions:
    """All executions of a region."""

    def __init__(self, state: State, statements: Statements, storage: Storage, clock: Clock) -> None:
        self._state, self._statements, self._storage, self._clock = state, statements, storage, clock
        self._alive: dict[str, Execution] = {}
        self._starting = threading.Lock()
        self._closing = False
        for left in state.unfinished():
            self._abandon(left)
        self._lanes = {name: Lane[Execution](name, size, self._work) for name, size in SIZES.items()}

    def _abandon(self, document: dict[str, Any]) -> None:
        self._take_back(document)
        discard(self._storage, document)
        change = _failure(server_stopped())
        document["Status"].update(change, CompletionDateTime=self._clock())
        self._state.finish_execution(document)

    def _take_back(self, document: dict[str, Any]) -> None:
        undo = document.pop("_Undo", None)
        if undo is not None:
            Undo(**undo).run(self._statements.queries.glue, self._storage)

    def start(self, document: dict[str, Any], statement: Statement, job: Job, token: str) -> str:
        """Queue a new execution and give its id.

        Raises:
            AthenaApiError: TooManyRequestsException, as many as are allowed run or wait.
        """
        execution = Execution(document, job)
        job.journal = partial(self._journal, execution)
        with self._starting:
            active = sum(other.lane == execution.lane for other in list(self._alive.values()))
            if active >= SIZES[execution.lane].quota:
                reason = "CONCURRENT_QUERY_LIMIT_EXCEEDED"
                raise AthenaApiError("TooManyRequestsException", LIMIT_EXCEEDED, Reason=reason)
            self._state.add_execution(document, token)
            self._alive[job.execution_id] = execution
        self._lanes[execution.lane].add(execution)
        return job.execution_id

    def _journal(self, execution: Execution, undo: Undo) -> None:
        execution.document["_Undo"] = undo.as_document()
        self._state.keep_execution(execution.document)

    def get(self, execution_id: str) -> dict[str, Any]:
        """An execution's document.

        Raises:
            AthenaApiError: there is none.
        """
        alive = self._alive.get(execution_id)
        found = alive.document if alive is not None else self._state.execution(execution_id)
        if found is None:
            raise not_found(execution_id)
        return found

    def watch(self, execution_id: str) -> dict[str, Any]:
        """An execution's document, as soon as it is final or after a short while.

        A client asks again and again until the end; each answer that says RUNNING takes time from the query.

        Raises:
            AthenaApiError: there is none.
        """
        alive = self._alive.get(execution_id)
        if alive is not None:
            alive.done.wait(WATCH_SECONDS)
        return self.get(execution_id)

    def stop(self, execution_id: str) -> None:
        """Cancel; a finished execution stays as it is."""
        self.get(execution_id)
        alive = self._alive.get(execution_id)
        if alive is None:
            return
        alive.stop.ask()
        if self._lanes[alive.lane].withdraw(alive):
            self._cancelled(alive)
        patience = time.monotonic() + STOP_SECONDS
        # An interrupt that comes between two steps of the engine is lost, so it is repeated.
        while not alive.done.wait(timeout=0.02) and time.monotonic() < patience:
            alive.stop.ask()

    def under_way(self) -> list[str]:
        """The executions that have not ended."""
        return [f"Athena query {execution_id}" for execution_id in list(self._alive)]

    def close(self) -> None:
        """End what runs and what waits: as after a kill, all of it has FAILED."""
        self._closing = True
        alive = list(self._alive.values())
        for execution in alive:
            if self._lanes[execution.lane].withdraw(execution):
                self._cancelled(execution)
        deadline = time.monotonic() + CLOSE_SECONDS
        for execution in alive:
            execution.stop.ask()
            while not execution.done.wait(timeout=0.02) and time.monotonic() < deadline:
                execution.stop.ask()
        for lane in self._lanes.values():
            lane.close(max(0.0, deadline - time.monotonic()))

    def _work(self, execution: Execution) -> None:
        execution.started = time.monotonic()
        try:
            with stoppable(execution.stop):
                self._run(execution)
        except Exception as error:
            # What a failed statement wrote could not be taken back; no client may wait for it for ever.
            logger.exception("Query %s did not end cleanly", execution.job.execution_id)
            self._finish(execution, _failure(as_query_failed(error)), None)

    def _run(self, execution: Execution) -> None:
        status = execution.document["Status"]
        try:
            execution.stop.check()
            execution.document["Status"] = {**status, "State": "RUNNING"}
            outcome = self._statements.run(execution.job)
            seal()
            deliver(self._storage, execution.document, outcome)
            self._finish(execution, {"State": "SUCCEEDED"}, outcome)
        except QueryCancelled as error:
            self._take_back(execution.document)
            self._cancelled(execution, error)
        except Exception as error:
            self._failed(execution, error)

    def _failed(self, execution: Execution, error: Exception) -> None:
        self._take_back(execution.document)
        if execution.stop.asked or isinstance(error, duckdb.InterruptException):
            self._cancelled(execution)
            return
        failed = as_query_failed(error)
        if execution.document["StatementType"] == "DDL" and not failed.name:
            deliver_text(self._storage, execution.document, failed.reason)
        self._finish(execution, _failure(failed), None)

    def _cancelled(self, execution: Execution, error: QueryCancelled | None = None) -> None:
        if self._closing:
            self._finish(execution, _failure(server_stopped()), None)
        else:
            why = error or QueryCancelled()
            change = {"State": "CANCELLED", "StateChangeReason": why.reason}
            self._finish(execution, change, None, why.scanned)

    def _finish(
        self, execution: Execution, change: dict[str, Any], outcome: Outcome | None, scanned: int = 0
    ) -> None:
        document, ended = execution.document, time.monotonic()
        document.pop("_Undo", None)
        if outcome is not None:
            document["_Columns"], document["_UpdateCount"] = outcome.columns, outcome.update_count
        started = ended if execution.started is None else execution.started
        queued, ran = round((started - execution.submitted) * 1000), round((ended - started) * 1000)
        document["Statistics"].update(
            EngineExecutionTimeInMillis=ran,
            DataScannedInBytes=outcome.scanned if outcome is not None else scanned,
            TotalExecutionTimeInMillis=queued + ran,
            QueryQueueTimeInMillis=queued,
            ServicePreProcessingTimeInMillis=0,
            ServiceProcessingTimeInMillis=0,
            ResultReuseInformation={"ReusedPreviousResult": False},
        )
        final = {**document, "Status": {**document["Status"], **change, "CompletionDateTime": self._clock()}}
        self._state.finish_execution(final)
        execution.document = final
        self._alive.pop(execution.job.execution_id, None)
        execution.done.set()


def _failure(failed: QueryFailed) -> dict[str, Any]:
    return {
        "State": "FAILED",
        "StateChangeReason": failed.reason,
        "AthenaError": failed.as_athena_error(),
    }


NO_SPACE = "No space left on the disk for what the query writes. Make room and run it again."


def as_query_failed(error: Exception) -> QueryFailed:
    """Any exception as the failure that a client sees."""
    if isinstance(error, QueryFailed):
        return error
    if isinstance(error, AthenaApiError):
        return QueryFailed("SYNTAX_ERROR", error.message)
    if _is_no_space(error):
        return QueryFailed("GENERIC_INTERNAL_ERROR", NO_SPACE, category=1, error_type=1)
    if isinstance(error, duckdb.Error | MemoryError):
        return query_failed(error)
    return QueryFailed("GENERIC_INTERNAL_ERROR", f"{type(error).__name__}: {error}", category=1, error_type=1)


def _is_no_space(error: Exception) -> bool:
    """DuckDB says it in the system's words, the system by its number."""
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return full or os.strerror(errno.ENOSPC) in str(error)


def server_stopped() -> QueryFailed:
    """Why an execution ended that the server did not finish."""
    reason = "The server stopped while the query ran"
    return QueryFailed("GENERIC_INTERNAL_ERROR", reason, category=1, error_type=1)


def not_found(execution_id: str) -> AthenaApiError:
    """No such execution."""
    return invalid_request("QUERY_EXECUTION_NOT_FOUND", f"QueryExecution {execution_id} was not found")


def new_id() -> str:
    """A version 4 UUID."""
    return str(uuid.uuid4())
