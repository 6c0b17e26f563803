"""Statements, run in workers: what the service asks for, and what a worker's death means for a statement.

A statement whose worker fell by itself, and which had changed nothing, is run once more, as Athena repeats
queries after transient failures. Any other death is the statement's failure, in Athena's words.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from local_athena.engine.stopping import Stop
from local_athena.errors import (
    AthenaApiError,
    QueryCancelled,
    QueryFailed,
    internal_error,
    invalid_request,
    memory_exceeded,
)
from local_athena.protocols import Storage
from local_athena.statements.jobs import Analysis, Job, Request
from local_athena.statements.outcome import Outcome
from local_athena.workers.launching import Launcher, LaunchError
from local_athena.workers.memory import MemoryBounds
from local_athena.workers.messages import Analyse, Boot, Run
from local_athena.workers.pool import Pool
from local_athena.workers.serving import Backing, Serving
from local_athena.workers.worker import CLOSED, OUT_OF_MEMORY, OUT_OF_TIME, STOPPED, WorkerDied

ANALYSIS_SECONDS = 60.0
"""How long the reading of a statement may take; the longest that Athena takes needs some three on a machine
that does nothing else, and a valid one must not be refused because others run.
"""
ANALYSES = max(2, os.cpu_count() or 1)
"""How many are read at a time."""
WAITING = 78
"""How many more may wait for that, as AWS takes 80 calls of StartQueryExecution in one burst; each holds one
of the server's threads, of which others need some, too.
"""
WAIT_SECONDS = 30.0
"""How long one waits to be read."""
RUNS = 2


class Workers:
    """The workers of a region. `scratch` is theirs; what was left in it is removed."""

    def __init__(self, launcher: Launcher, backing: Backing, scratch: Path, memory: str) -> None:
        shutil.rmtree(scratch, ignore_errors=True)
        for folder in ("copies", "results"):
            (scratch / folder).mkdir(parents=True)
        self._backing, self._bounds = backing, MemoryBounds.of(memory)
        boot = _boot(backing.storage, scratch, self._bounds)
        self._boot = boot
        self._pool = Pool(launcher, boot, self._bounds)
        self._analyses = threading.BoundedSemaphore(ANALYSES)
        self._admitted = threading.BoundedSemaphore(ANALYSES + WAITING)

    def analyse(self, request: Request) -> Analysis:
        """Read a request.

        Raises:
            AthenaApiError: it is refused.
        """
        with self._turn():
            return self._analysed(request)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait to be one of those that are read, unless too many do."""
        with ExitStack() as held:
            for bound, seconds in ((self._admitted, 0.0), (self._analyses, WAIT_SECONDS)):
                if not bound.acquire(timeout=seconds):
                    raise AthenaApiError("TooManyRequestsException", "Rate exceeded")
                held.callback(bound.release)
            yield

    def _analysed(self, request: Request) -> Analysis:
        try:
            serving = Serving(self._backing, Stop(), lambda undo: None)
            found: Analysis = self._asked(Analyse(request), serving, ANALYSIS_SECONDS)
        except QueryFailed as error:
            raise _refused(error) from error
        except WorkerDied as died:
            if died.why == CLOSED:
                raise AthenaApiError("InternalServerException", "The server is stopping", 500) from died
            raise invalid_request("MALFORMED_QUERY", "statement is too large") from died
        return found

    def serving(self, stop: Stop, journal: Any) -> Serving:
        """What will answer a statement's calls."""
        return Serving(self._backing, stop, journal)

    def run(self, job: Job, serving: Serving, seconds: float) -> Outcome:
        """Run a statement to its end, for at most `seconds`.

        Raises:
            QueryFailed, QueryCancelled: it did not succeed.
        """
        self._keep_up_with_storage()
        for run in range(RUNS):
            try:
                outcome: Outcome = self._asked(Run(job), serving, seconds)
                return outcome
            except WorkerDied as died:
                last = run == RUNS - 1 or not serving.repeatable
                if died.why is not None or last or self._was_memory(died):
                    raise self._told(died) from died
        raise internal_error()

    def clear(self, job: Job) -> None:
        """Remove what a statement left of its result, when nobody took it."""
        (self._boot.results / job.execution_id).unlink(missing_ok=True)

    def status(self) -> dict[str, Any]:
        """For the health page."""
        return self._pool.status()

    def close(self) -> None:
        """End them all, whatever they do."""
        self._pool.close()

    def _asked(self, task: Analyse | Run, serving: Serving, seconds: float) -> Any:
        try:
            with self._pool.lease() as worker:
                worker.deadline, worker.overdue = time.monotonic() + seconds, OUT_OF_TIME
                return worker.ask(task, serving)
        except LaunchError as error:
            raise internal_error() from error

    def _keep_up_with_storage(self) -> None:
        recorded = _Recorded()
        self._backing.storage.refresh(recorded)
        if recorded.statements:
            self._boot = replace(self._boot, setup=_setup(self._backing.storage))
            self._pool.renew(self._boot)

    def _was_memory(self, died: WorkerDied) -> bool:
        """Whether a worker fell for want of memory, which some libraries tell in no other way."""
        return died.grown > self._bounds.all // 2

    def _told(self, died: WorkerDied) -> Exception:
        if died.why == STOPPED:
            return QueryCancelled()
        if died.why == OUT_OF_TIME:
            return QueryFailed("", "Query timeout", category=1, error_type=8)
        if died.why == OUT_OF_MEMORY or (died.why is None and self._was_memory(died)):
            return memory_exceeded(f" of {self._bounds.shown}")
        return internal_error()


def _refused(error: QueryFailed) -> AthenaApiError:
    if error.name == "GENERIC_INTERNAL_ERROR":
        return AthenaApiError("InternalServerException", "Internal error", 500)
    return invalid_request("MALFORMED_QUERY", error.reason)


def _boot(storage: Storage, scratch: Path, bounds: MemoryBounds) -> Boot:
    return Boot(
        scratch,
        scratch / "copies",
        scratch / "results",
        bounds.engine,
        bounds.all,
        tuple(storage.readable_folders()),
        _setup(storage),
    )


def _setup(storage: Storage) -> tuple[str, ...]:
    recorded = _Recorded()
    storage.prepare(recorded)
    return tuple(recorded.statements)


class _Recorded:
    """In the place of a DuckDB: keeps the statements that would set one up, for those of the workers."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def execute(self, statement: str) -> None:
        """Keep a statement."""
        self.statements.append(statement)
