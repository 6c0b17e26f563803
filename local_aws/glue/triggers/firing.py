"""When triggers fire, and what firing does.

A conditional trigger that is active hears of the end of every job run. With AND it fires once each of its
conditions was fulfilled since it last fired, with ANY at each. A scheduled one that is active is looked at
once a minute; what was due while the server was down is not made up for. A workflow's triggers fire in its
runs only, and those are not there yet.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from local_aws.errors import AwsError
from local_aws.glue.clock import Clock
from local_aws.glue.jobs.job_runs import JobRuns
from local_aws.glue.jobs.runs import JobRun
from local_aws.glue.triggers.schedule import parse_schedule
from local_aws.glue.triggers.store import Document, TriggerStore

logger = logging.getLogger(__name__)

StartCrawler = Callable[[str], Any]


class Firing:
    """Fires the triggers of one region."""

    def __init__(self, store: TriggerStore, job_runs: JobRuns, start_crawler: StartCrawler) -> None:
        self._store = store
        self._job_runs = job_runs
        self._start_crawler = start_crawler
        self._clock = Clock("glue-schedule", self.fire_due)

    def start_clock(self) -> None:
        """Begin to fire scheduled triggers."""
        self._clock.start()

    def close(self) -> None:
        """Fire no scheduled trigger any more."""
        self._clock.close()

    def fire(self, trigger: Document) -> None:
        """Start a trigger's jobs and crawlers; one that cannot start does not keep the others from it."""
        for action in trigger["Actions"]:
            try:
                if action.get("CrawlerName"):
                    self._start_crawler(action["CrawlerName"])
                else:
                    self._job_runs.start_by_trigger(action, trigger["Name"])
            except AwsError as error:
                logger.warning("Trigger %s: %s", trigger["Name"], error)

    def after_job_run(self, run: JobRun) -> None:
        """Fire the conditional triggers that the end of `run` completes."""
        if self._job_runs.will_be_retried(run):
            return
        for trigger in self._active("CONDITIONAL"):
            if self._completes(trigger, run):
                self.fire(trigger)

    def fire_due(self, time: datetime) -> None:
        """Fire the scheduled triggers that are due in the minute of `time`."""
        for trigger in self._active("SCHEDULED"):
            if parse_schedule(trigger["Schedule"]).is_due(time):
                self.fire(trigger)

    def _active(self, kind: str) -> list[Document]:
        return [
            trigger
            for trigger in self._store.triggers()
            if (trigger["Type"], trigger["State"]) == (kind, "ACTIVATED") and not trigger.get("WorkflowName")
        ]

    def _completes(self, trigger: Document, run: JobRun) -> bool:
        predicate = trigger["Predicate"]
        conditions = predicate["Conditions"]
        fulfilled = [
            number
            for number, condition in enumerate(conditions)
            if (condition["JobName"], condition["State"]) == (run["JobName"], run["JobRunState"])
        ]
        if not fulfilled or predicate["Logical"] == "ANY":
            return bool(fulfilled)
        with self._store.database.write():
            for number in fulfilled:
                met = self._store.meet(trigger["Name"], number)
            if len(met) < len(conditions):
                return False
            self._store.forget_met(trigger["Name"])
        return True
