"""Query executions: start, watch, stop, list; QUEUED to RUNNING to SUCCEEDED, FAILED or CANCELLED.

Statements wait in lanes and run in workers. What a stopped server left unfinished is taken back and FAILED
at the next start.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable
from datetime import datetime
from functools import partial

from local_athena.engine.stopping import Stop
from local_athena.errors import (
    AthenaApiError,
    QueryCancelled,
    QueryFailed,
    internal_error,
    invalid_request,
    is_no_space,
    no_space,
)
from local_athena.protocols import Clock, GlueClient, Storage
from local_athena.service.delivery import deliver, deliver_text, discard
from local_athena.service.lanes import DDL, DML, SIZES, Lane
from local_athena.service.records import Execution
from local_athena.service.state import State
from local_athena.statements.jobs import Job
from local_athena.statements.undo import Undo
from local_athena.workers.serving import Serving
from local_athena.workers.workers import Workers

logger = logging.getLogger(__name__)

STOP_SECONDS = 1.5
"""How long StopQueryExecution waits for the end; after that the caller is answered, and the end comes."""
CLOSE_SECONDS = 3
WATCH_SECONDS = 0.05
ASK_SECONDS = 0.05
"""How often a stop is asked for again: an interrupt between two steps of the engine is lost."""
TIMEOUTS = {DML: 30 * 60.0, DDL: 600 * 60.0}
"""Seconds: https://docs.aws.amazon.com/athena/latest/ug/service-limits.html"""
LIMIT_EXCEEDED = (
    "You have exceeded the limit for the number of queries you can run concurrently. Please reduce the "
    "number of concurrent queries submitted by this account. Contact customer support to request a "
    "concurrent query limit increase."
)
Change = Callable[[Execution, datetime], Execution]
"""Makes of an execution the one that has ended at a moment."""


class Alive:
    """One execution while it is alive: its record of this moment, its job, its lane, and how to stop it.

    The record is replaced by the one thread that runs the execution, or by the one that withdrew it before.
    """

    def __init__(self, record: Execution, job: Job, lane: str) -> None:
        self.record, self.job, self.lane = record, job, lane
        self.stop = Stop()
        self.done = threading.Event()
        self.submitted = time.monotonic()
        self.started: float | None = None


class Executions:
    """All executions of a region."""

    def __init__(
        self, state: State, workers: Workers, backing: tuple[GlueClient, Storage], clock: Clock
    ) -> None:
        self._state, self._workers, self._clock = state, workers, clock
        self._glue, self._storage = backing
        self._alive: dict[str, Alive] = {}
        self._starting = threading.Lock()
        self._closing = False
        for left in state.unfinished():
            self._abandon(left)
        self._lanes = {name: Lane[Alive](name, size, self._work) for name, size in SIZES.items()}

    def _abandon(self, left: Execution) -> None:
        self._take_back(left)
        discard(self._storage, left)
        self._state.finish_execution(left.failed(server_stopped(), self._clock()))

    def _take_back(self, record: Execution) -> None:
        if record.kept.undo is not None:
            record.kept.undo.run(self._glue, self._storage)

    def start(self, record: Execution, job: Job, token: str, *, uses_engine: bool) -> None:
        """Queue a new execution.

        Raises:
            AthenaApiError: TooManyRequestsException, as many as are allowed run or wait.
            TokenTaken: the token has started an execution before.
        """
        # What only reads or changes the catalog is soon done; all else goes through the engine.
        alive = Alive(record, job, DML if uses_engine else DDL)
        with self._starting:
            active = sum(other.lane == alive.lane for other in list(self._alive.values()))
            if active >= SIZES[alive.lane].quota:
                reason = "CONCURRENT_QUERY_LIMIT_EXCEEDED"
                raise AthenaApiError("TooManyRequestsException", LIMIT_EXCEEDED, Reason=reason)
            self._state.add_execution(record, token)
            self._alive[job.execution_id] = alive
        self._lanes[alive.lane].add(alive)

    def get(self, execution_id: str) -> Execution:
        """An execution as it is now.

        Raises:
            AthenaApiError: there is none.
        """
        alive = self._alive.get(execution_id)
        found = alive.record if alive is not None else self._state.execution(execution_id)
        if found is None:
            raise not_found(execution_id)
        return found

    def watch(self, execution_id: str) -> Execution:
        """An execution, as soon as it is final or after a short while.

        A client asks again and again until the end; each answer that says RUNNING takes time from the query.

        Raises:
            AthenaApiError: there is none.
        """
        alive = self._alive.get(execution_id)
        if alive is not None:
            alive.done.wait(WATCH_SECONDS)
        return self.get(execution_id)

    def stop(self, execution_id: str) -> None:
        """Cancel; a finished execution stays as it is. What does not stop when it is asked to is killed."""
        self.get(execution_id)
        alive = self._alive.get(execution_id)
        if alive is None:
            return
        alive.stop.ask()
        if self._lanes[alive.lane].withdraw(alive):
            self._cancelled(alive, QueryCancelled())
        _ask_until(alive, time.monotonic() + STOP_SECONDS)

    def under_way(self) -> list[str]:
        """The executions that have not ended."""
        return [f"Athena query {execution_id}" for execution_id in list(self._alive)]

    def status(self) -> dict[str, dict[str, int]]:
        """How many statements wait and run in each lane."""
        return {name: lane.status() for name, lane in self._lanes.items()}

    def close(self) -> None:
        """End what runs and what waits: as after a kill, all of it has FAILED."""
        self._closing = True
        alive = list(self._alive.values())
        for execution in alive:
            if self._lanes[execution.lane].withdraw(execution):
                self._cancelled(execution, QueryCancelled())
        deadline = time.monotonic() + CLOSE_SECONDS
        for execution in alive:
            execution.stop.ask()
        for execution in alive:
            _ask_until(execution, deadline)
        self._workers.close()
        for lane in self._lanes.values():
            lane.close(max(1.0, deadline - time.monotonic()))

    def _work(self, alive: Alive) -> None:
        alive.started = time.monotonic()
        journal = partial(self._journal, alive)
        serving = self._workers.serving(alive.stop, journal)
        try:
            self._run(alive, serving)
        except Exception:
            # What a failed statement wrote could not be taken back; no client may wait for it for ever.
            logger.exception("Query %s did not end cleanly", alive.job.execution_id)
            self._finish(alive, lambda record, now: record.failed(internal_error(), now))
        finally:
            self._workers.clear(alive.job)

    def _journal(self, alive: Alive, undo: Undo) -> None:
        alive.record = alive.record.undone_by(undo)
        self._state.keep_execution(alive.record)

    def _run(self, alive: Alive, serving: Serving) -> None:
        try:
            alive.stop.check()
            alive.record = alive.record.running()
            outcome = self._workers.run(alive.job, serving, TIMEOUTS[alive.lane])
            alive.stop.seal()
            manifest = deliver(self._storage, alive.record, outcome)
            self._finish(alive, lambda record, now: record.succeeded(outcome, manifest, now))
        except QueryCancelled as error:
            self._undo(alive, serving)
            self._cancelled(alive, error)
        except Exception as error:
            self._failed(alive, serving, error)

    def _undo(self, alive: Alive, serving: Serving) -> None:
        self._take_back(alive.record)
        serving.discard()

    def _failed(self, alive: Alive, serving: Serving, error: Exception) -> None:
        self._undo(alive, serving)
        if alive.stop.asked:
            self._cancelled(alive, QueryCancelled())
            return
        if not isinstance(error, QueryFailed):
            logger.error("Query %s failed inside", alive.job.execution_id, exc_info=error)
        failed = error if isinstance(error, QueryFailed) else _fault(error)
        if alive.record.statement_type == "DDL" and not failed.name:
            deliver_text(self._storage, alive.record, failed.reason)
        self._finish(alive, lambda record, now: record.failed(failed, now))

    def _cancelled(self, alive: Alive, error: QueryCancelled) -> None:
        if self._closing:
            self._finish(alive, lambda record, now: record.failed(server_stopped(), now))
        else:
            self._finish(alive, lambda record, now: record.cancelled(error.reason, error.scanned, now))

    def _finish(self, alive: Alive, change: Change) -> None:
        ended = time.monotonic()
        started = ended if alive.started is None else alive.started
        queued, ran = round((started - alive.submitted) * 1000), round((ended - started) * 1000)
        final = change(alive.record, self._clock()).timed(queued, ran)
        self._state.finish_execution(final)
        alive.record = final
        self._alive.pop(alive.job.execution_id, None)
        alive.done.set()


def _ask_until(alive: Alive, deadline: float) -> None:
    while not alive.done.wait(timeout=ASK_SECONDS) and time.monotonic() < deadline:
        alive.stop.ask()


def _fault(error: Exception) -> QueryFailed:
    return no_space() if is_no_space(error) else internal_error()


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
