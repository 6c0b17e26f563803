"""When triggers fire, and what firing does.

A conditional trigger that is active hears of the end of the job runs and crawls that triggers started. With
AND it fires once each of its conditions was fulfilled since it last fired, with ANY at each. A scheduled one
that is active is looked at once a minute; what was due while the server was down is not made up for. What
begins a workflow starts a run of it, and the conditional triggers of workflows are left to their runs.
https://docs.aws.amazon.com/glue/latest/dg/about-triggers.html (November 2026).
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from datetime import datetime

from local_aws.errors import AwsError
from local_aws.glue.clock import Clock
from local_aws.glue.crawlers.triggered import TriggeredCrawls
from local_aws.glue.jobs.job_runs import JobRuns
from local_aws.glue.jobs.runs import JobRun
from local_aws.glue.triggers.schedule import parse_schedule
from local_aws.glue.triggers.store import Document, TriggerStore

logger = logging.getLogger(__name__)

StartWorkflow = Callable[[str], None]
"""Starts a run of the workflow of a name."""


class Firing:
    """Fires the triggers of one region."""

    def __init__(
        self, store: TriggerStore, job_runs: JobRuns, crawls: TriggeredCrawls, start_workflow: StartWorkflow
    ) -> None:
        self._store = store
        self._job_runs = job_runs
        self._crawls = crawls
        self._start_workflow = start_workflow
        self._clock = Clock("glue-schedule", self.fire_due)

    def start_clock(self) -> None:
        """Begin to fire scheduled triggers."""
        self._clock.start()

    def close(self) -> None:
        """Fire no scheduled trigger any more."""
        self._clock.close()

    def fire(self, trigger: Document, predecessors: list[Document] | None = None) -> None:
        """Start a trigger's jobs and crawlers; one that cannot start does not keep the others from it."""
        for action in trigger["Actions"]:
            try:
                if action.get("CrawlerName"):
                    self._crawls.start(action["CrawlerName"], str(uuid.uuid4()), trigger["Name"])
                else:
                    self._job_runs.start_by_trigger(
                        action, trigger["Name"], PredecessorRuns=predecessors or []
                    )
            except AwsError as error:
                logger.warning("Trigger %s: %s", trigger["Name"], error)

    def after_job_run(self, run: JobRun) -> None:
        """Fire the conditional triggers that the end of `run` completes, if a trigger started it."""
        if run.get("TriggerName") and not self._job_runs.will_be_retried(run):
            ended = {"JobName": run["JobName"], "State": run["JobRunState"]}
            self._after(ended, {"JobName": run["JobName"], "RunId": run["Id"]})

    def after_crawl(self, crawler: str, state: str) -> None:
        """Fire the conditional triggers that the end of a crawl completes, which a trigger started."""
        self._after({"CrawlerName": crawler, "CrawlState": state}, {})

    def fire_due(self, time: datetime) -> None:
        """Fire the scheduled triggers that are due in the minute of `time`."""
        for trigger in self._active("SCHEDULED"):
            if not parse_schedule(trigger["Schedule"]).is_due(time):
                continue
            if not trigger.get("WorkflowName"):
                self.fire(trigger)
                continue
            try:
                self._start_workflow(trigger["WorkflowName"])
            except AwsError as error:
                logger.warning("Trigger %s: %s", trigger["Name"], error)

    def _after(self, ended: Document, run: Document) -> None:
        for trigger in self._active("CONDITIONAL"):
            met = None if trigger.get("WorkflowName") else self._completes(trigger, ended, run)
            if met is not None:
                self.fire(trigger, met)

    def _active(self, kind: str) -> list[Document]:
        return [
            trigger
            for trigger in self._store.triggers()
            if (trigger["Type"], trigger["State"]) == (kind, "ACTIVATED")
        ]

    def _completes(self, trigger: Document, ended: Document, run: Document) -> list[Document] | None:
        """The job runs that fulfilled a trigger's conditions, or None when not all that it waits for are."""
        predicate = trigger["Predicate"]
        conditions = predicate["Conditions"]
        fulfilled = [
            number for number, condition in enumerate(conditions) if ended.items() <= condition.items()
        ]
        if not fulfilled:
            return None
        if predicate["Logical"] == "ANY":
            return [run] if run else []
        with self._store.database.write():
            for number in fulfilled:
                met = self._store.meet(trigger["Name"], number, run)
            if len(met) < len(conditions):
                return None
            self._store.forget_met(trigger["Name"])
        return [one for one in met.values() if one]
