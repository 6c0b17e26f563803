"""The schedules of crawlers: set, switched on and off, and fired.

A crawler that runs already when it is due is left alone. See
https://docs.aws.amazon.com/glue/latest/dg/schedule-crawler.html (November 2026).
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Any

from local_aws.caller import Caller
from local_aws.errors import AwsError
from local_aws.glue.clock import Clock
from local_aws.glue.crawlers.store import CrawlerStore
from local_aws.glue.triggers.schedule import parse_schedule

Request = dict[str, Any]
Answer = dict[str, Any]
logger = logging.getLogger(__name__)


class CrawlerSchedules:
    """UpdateCrawlerSchedule, StartCrawlerSchedule, StopCrawlerSchedule, and the clock behind them."""

    def __init__(self, store: CrawlerStore, start: Callable[[str], None]) -> None:
        self._store = store
        self._start = start
        self._clock = Clock("crawler-schedule", self.fire_due)
        self._clock.start()

    def close(self) -> None:
        """Start no crawler by its schedule any more."""
        self._clock.close()

    def fire_due(self, time: datetime) -> None:
        """Start the crawlers that are due in the minute of `time` (UTC)."""
        rows = self._store.read().execute(
            "SELECT name, schedule FROM crawler WHERE schedule_state = 'SCHEDULED' ORDER BY name"
        )
        for row in rows.fetchall():
            try:
                if parse_schedule(row["schedule"]).is_due(time):
                    self._start(row["name"])
            except AwsError as error:
                logger.warning("The schedule of crawler %s: %s", row["name"], error)

    def update_crawler_schedule(self, request: Request, caller: Caller) -> Answer:
        """Set a crawler's schedule, or remove it with an empty one.

        Raises:
            AwsError: EntityNotFoundException; InvalidInputException, not a schedule.
        """
        with self._store.database.write():
            row = self._store.crawler(request["CrawlerName"])
            set_schedule(self._store, row["name"], request.get("Schedule") or "")
        return {}

    def start_crawler_schedule(self, request: Request, caller: Caller) -> Answer:
        """Let a crawler's schedule start it.

        Raises:
            AwsError: EntityNotFoundException, NoScheduleException, SchedulerRunningException.
        """
        return self._switch(request, "SCHEDULED", "SchedulerRunningException")

    def stop_crawler_schedule(self, request: Request, caller: Caller) -> Answer:
        """Keep a crawler's schedule and do not start it by it; a crawl that runs goes on.

        Raises:
            AwsError: EntityNotFoundException, NoScheduleException, SchedulerNotRunningException.
        """
        return self._switch(request, "NOT_SCHEDULED", "SchedulerNotRunningException")

    def _switch(self, request: Request, state: str, code: str) -> Answer:
        with self._store.database.write() as connection:
            row = self._scheduled(request["CrawlerName"], state, code)
            connection.execute("UPDATE crawler SET schedule_state = ? WHERE name = ?", (state, row["name"]))
        return {}

    def _scheduled(self, name: str, state: str, code: str) -> sqlite3.Row:
        row = self._store.crawler(name)
        if row["schedule"] is None:
            raise AwsError("NoScheduleException", f"Crawler {row['name']} has no schedule.")
        if row["schedule_state"] == state:
            raise AwsError(code, f"The schedule of crawler {row['name']} is {state} already.")
        return row


def set_schedule(store: CrawlerStore, name: str, expression: str) -> None:
    """Give a crawler a schedule that is on, or none.

    Raises:
        AwsError: InvalidInputException, not a schedule.
    """
    if expression:
        parse_schedule(expression)
    with store.database.write() as connection:
        connection.execute(
            "UPDATE crawler SET schedule = ?, schedule_state = ? WHERE name = ?",
            (expression or None, "SCHEDULED" if expression else None, name),
        )
