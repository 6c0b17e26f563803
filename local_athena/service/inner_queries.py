"""Queries that other services ask: tables are read the same way, without an execution and a result on S3."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from local_athena.engine.stopping import Stop
from local_athena.protocols import Clock
from local_athena.service.executions import new_id
from local_athena.statements.jobs import Job, Request, Session
from local_athena.workers.workers import Workers

SECONDS = 30 * 60.0


class InnerQueries:
    """Runs queries in the workers of a region, for answers that are small."""

    def __init__(self, workers: Workers, clock: Clock) -> None:
        self._workers = workers
        self._clock = clock

    def rows(self, sql: str, database: str, stop: Stop) -> Sequence[list[str]]:
        """The rows of a query's answer as Athena writes them; NULL is an empty text.

        Raises:
            AthenaApiError, QueryFailed, QueryCancelled: there is no answer.
        """
        analysis = self._workers.analyse(Request(sql, "primary", database, (), new_id()))
        session = Session(database, "awsdatacatalog", self._clock())
        job = Job(new_id(), analysis.statement, session, "")
        try:
            stop.check()
            outcome = self._workers.run(job, self._workers.serving(stop, lambda undo: None), SECONDS)
            content = outcome.content or b""
            text = (content if isinstance(content, bytes) else content.read_bytes()).decode()
            return list(csv.reader(io.StringIO(text)))[1:]
        finally:
            self._workers.clear(job)
