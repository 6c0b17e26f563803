"""Carries out column statistics tasks: a thread a run, which asks Athena's workers."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from local_aws.glue.catalog.documents import instant, now
from local_aws.glue.statistics.store import Document, TaskStore
from local_aws.storage.room import when_there_is_room

logger = logging.getLogger(__name__)

Query = Callable[[str, str, Any], Sequence[list[str]]]
"""Answers a query of Athena's SQL in a database: `query(sql, database, stop)`."""

AT_ONCE = 2
MOST_COLUMNS = 100
"""Measured by one query; a table may have thousands."""
LONGEST_ERROR = 2048


class Asked:
    """A wish to stop a run, which its query sees."""

    def __init__(self) -> None:
        # Loaded when a first task is started, since most servers have none.
        from local_athena.engine.stopping import Stop

        self.stop = Stop()


class StatisticsRunner:
    """The column statistics tasks of one region that are under way."""

    def __init__(self, store: TaskStore, glue: Any, query: Query) -> None:
        self._store = store
        self._glue = glue
        self._query = query
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._asked: dict[str, Asked] = {}

    def start(self, run: Document, columns: list[Document]) -> None:
        """Carry out a run that is kept already, in the background."""
        run_id = run["ColumnStatisticsTaskRunId"]
        self._asked[run_id] = Asked()
        thread = threading.Thread(
            target=self._run, args=(run_id, run, columns), name="column-statistics", daemon=True
        )
        thread.start()

    def stop(self, run_id: str) -> bool:
        """Stop a run; False when it was asked to stop before, or has just ended."""
        asked = self._asked.get(run_id)
        if asked is None or asked.stop.asked:
            return False
        asked.stop.ask()
        return True

    def under_way(self) -> list[str]:
        """The runs that have not ended."""
        return [f"column statistics task {run_id}" for run_id in list(self._asked)]

    def close(self) -> None:
        """Stop all runs."""
        for run_id in list(self._asked):
            self.stop(run_id)

    def _run(self, run_id: str, run: Document, columns: list[Document]) -> None:
        stop = self._asked[run_id].stop
        status, error = "SUCCEEDED", None
        try:
            with self._turns:
                if not stop.asked:
                    self._store.change(run_id, Status="RUNNING", StartTime=instant(now()))
                    self._measure(run, columns, stop)
        except Exception as failure:
            status, error = "FAILED", _message(failure)
        if stop.asked:
            status, error = "STOPPED", None
        end = {"Status": status, "EndTime": instant(now()), **({"ErrorMessage": error} if error else {})}
        try:
            when_there_is_room(lambda: self._store.change(run_id, **end), lambda: stop.asked)
        finally:
            self._asked.pop(run_id, None)

    def _measure(self, run: Document, columns: list[Document], stop: Any) -> None:
        from local_aws.glue.statistics.measures import kind_of, query_of, statistics_of

        database, table = run["DatabaseName"], run["TableName"]
        measured = [column for column in columns if kind_of(column)]
        for first in range(0, len(measured), MOST_COLUMNS):
            some = measured[first : first + MOST_COLUMNS]
            (row,) = self._query(query_of(database, table, some, run.get("SampleSize")), database, stop)
            stop.check()
            self._glue.update_column_statistics_for_table(
                DatabaseName=database,
                TableName=table,
                ColumnStatisticsList=statistics_of(some, row, datetime.now(UTC)),
            )


def _message(failure: Exception) -> str:
    """What a client may read of a failure: Athena's and Glue's own words, and nothing of this machine."""
    if isinstance(failure, ClientError):
        return str(failure.response["Error"]["Message"])[:LONGEST_ERROR]
    reason = getattr(failure, "reason", None) or getattr(failure, "message", None)
    if isinstance(reason, str) and type(failure).__module__.startswith(("local_athena", "local_aws")):
        return reason[:LONGEST_ERROR]
    logger.error("A column statistics task failed", exc_info=failure)
    return "Internal Service Exception"
