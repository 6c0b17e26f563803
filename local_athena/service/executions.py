"""Query executions: start, watch, stop, list; QUEUED to RUNNING to SUCCEEDED, FAILED or CANCELLED.

Workers take executions in the order they came. What a stopped server left unfinished is FAILED at the next
start.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
import uuid
from contextlib import suppress
from typing import Any

import duckdb

from local_athena.errors import AthenaApiError, QueryCancelled, QueryFailed, invalid_request
from local_athena.parse.statements import Statement
from local_athena.protocols import Clock, Storage, StorageError
from local_athena.run.outcome import Outcome
from local_athena.run.result_file import metadata
from local_athena.run.undo import Undo
from local_athena.service.state import State
from local_athena.service.statements import Job, Statements

logger = logging.getLogger(__name__)

STOP_SECONDS = 10
WATCH_SECONDS = 0.02
FINAL = ("SUCCEEDED", "FAILED", "CANCELLED")


class Execution:
    """One execution while it is alive: its document, its job, and how to stop it."""

    def __init__(self, document: dict[str, Any], job: Job) -> None:
        self.document = document
        self.job = job
        self.lock = threading.Lock()
        self.done = threading.Event()
        self.cancelled = False
        self.connection: Any = None
        self.submitted = time.monotonic()
        self.started = self.submitted
        job.on_start = self._connected

    def _connected(self, connection: Any) -> None:
        with self.lock:
            self.connection = connection
            if self.cancelled:
                raise QueryCancelled()

    def stop(self) -> None:
        """Ask it to stop, and interrupt DuckDB when it is running."""
        with self.lock:
            self.cancelled = True
            if self.connection is not None:
                # The query may have closed its connection by itself just now.
                with suppress(duckdb.ConnectionException):
                    self.connection.interrupt()


class Executions:
    """All executions of a region."""

    def __init__(
        self, state: State, statements: Statements, storage: Storage, clock: Clock, workers: int = 4
    ) -> None:
        self._state, self._statements, self._storage, self._clock = state, statements, storage, clock
        self._queue: queue.SimpleQueue[Execution | None] = queue.SimpleQueue()
        self._alive: dict[str, Execution] = {}
        for left in state.unfinished():
            self._abandon(left)
        self._threads = [
            threading.Thread(target=self._work, name=f"athena-{i}", daemon=True) for i in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def _abandon(self, document: dict[str, Any]) -> None:
        self._take_back(document)
        failed = QueryFailed(
            "GENERIC_INTERNAL_ERROR", "The server stopped while the query ran", category=1, error_type=1
        )
        document["Status"].update(
            State="FAILED", StateChangeReason=failed.reason, AthenaError=failed.as_athena_error(),
            CompletionDateTime=self._clock(),
        )  # fmt: skip
        self._state.finish_execution(document)

    def _take_back(self, document: dict[str, Any]) -> None:
        undo = document.pop("_Undo", None)
        if undo is not None:
            Undo(**undo).run(self._statements.queries.glue, self._storage)

    def start(self, document: dict[str, Any], statement: Statement, job: Job, token: str) -> str:
        """Queue a new execution and give its id."""
        execution = Execution(document, job)
        job.journal = lambda undo: self._journal(execution, undo)
        self._state.add_execution(document, token)
        self._alive[job.execution_id] = execution
        self._queue.put(execution)
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
        patience = time.monotonic() + STOP_SECONDS
        alive.stop()
        # An interrupt that comes between two steps of the engine is lost, so it is repeated.
        while not alive.done.wait(timeout=0.02) and time.monotonic() < patience:
            alive.stop()

    def under_way(self) -> list[str]:
        """The executions that have not ended."""
        return [f"Athena query {execution_id}" for execution_id in list(self._alive)]

    def close(self) -> None:
        """Stop what runs and end the workers."""
        for execution in list(self._alive.values()):
            execution.stop()
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join(timeout=5)

    def _work(self) -> None:
        while (execution := self._queue.get()) is not None:
            try:
                self._run(execution)
            except Exception as error:
                # What a failed statement wrote could not be taken back; no client may wait for it for ever.
                logger.exception("Query %s did not end cleanly", execution.job.execution_id)
                self._finish(execution, _failure(as_query_failed(error)), None)

    def _run(self, execution: Execution) -> None:
        execution.started = time.monotonic()
        status = dict(execution.document["Status"])
        try:
            if execution.cancelled:
                raise QueryCancelled()
            execution.document["Status"] = {**status, "State": "RUNNING"}
            outcome = self._statements.run(execution.job)
            self._deliver(execution, outcome)
            self._finish(execution, {"State": "SUCCEEDED"}, outcome)
        except QueryCancelled as error:
            self._take_back(execution.document)
            self._finish(execution, {"State": "CANCELLED", "StateChangeReason": error.reason}, None)
        except Exception as error:
            self._failed(execution, error)

    def _failed(self, execution: Execution, error: Exception) -> None:
        self._take_back(execution.document)
        if execution.cancelled or isinstance(error, duckdb.InterruptException):
            reason = QueryCancelled().reason
            self._finish(execution, {"State": "CANCELLED", "StateChangeReason": reason}, None)
            return
        failed = as_query_failed(error)
        if execution.document["StatementType"] == "DDL" and not failed.name:
            self._put_text(execution, failed.reason)
        self._finish(execution, _failure(failed), None)

    def _put_text(self, execution: Execution, text: str) -> None:
        location = execution.document["ResultConfiguration"].get("OutputLocation", "")
        try:
            self._storage.write(location, text.encode())
        except StorageError:
            return

    def _deliver(self, execution: Execution, outcome: Outcome) -> None:
        """Write the result file and what stands beside it; from here on the execution cannot be stopped."""
        with execution.lock:
            execution.connection = None
            if execution.cancelled:
                raise QueryCancelled()
        location = execution.document["ResultConfiguration"]["OutputLocation"]
        try:
            if outcome.written:
                manifest = f"{location}-manifest.csv"
                self._storage.write(manifest, "\n".join(outcome.written).encode())
                execution.document["Statistics"]["DataManifestLocation"] = manifest
            if outcome.content is not None:
                self._storage.write(location, outcome.content, outcome.content_type)
            if outcome.columns:
                count = outcome.update_count
                content = metadata(execution.job.execution_id, outcome.update_type, count, outcome.columns)
                self._storage.write(f"{location}.metadata", content)
        except StorageError as error:
            raise QueryFailed(
                "",
                f"The S3 location provided to save your query results is invalid. ({error.code})",
                error_type=1306,
            ) from error

    def _finish(self, execution: Execution, change: dict[str, Any], outcome: Outcome | None) -> None:
        document, ended = execution.document, time.monotonic()
        document.pop("_Undo", None)
        if outcome is not None:
            document["_Columns"], document["_UpdateCount"] = outcome.columns, outcome.update_count
        queued = round((execution.started - execution.submitted) * 1000)
        ran = round((ended - execution.started) * 1000)
        document["Statistics"].update(
            EngineExecutionTimeInMillis=ran,
            DataScannedInBytes=outcome.scanned if outcome is not None else 0,
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


def as_query_failed(error: Exception) -> QueryFailed:
    """Any exception as the failure that a client sees."""
    if isinstance(error, QueryFailed):
        return error
    if isinstance(error, AthenaApiError):
        return QueryFailed("SYNTAX_ERROR", error.message)
    return QueryFailed("GENERIC_INTERNAL_ERROR", f"{type(error).__name__}: {error}", category=1, error_type=1)


def not_found(execution_id: str) -> AthenaApiError:
    """No such execution."""
    return invalid_request("QUERY_EXECUTION_NOT_FOUND", f"QueryExecution {execution_id} was not found")


def new_id() -> str:
    """A version 4 UUID."""
    return str(uuid.uuid4())
