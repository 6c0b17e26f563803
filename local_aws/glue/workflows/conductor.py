"""Carries out workflow runs: starts their jobs and crawlers, hears of their ends, and goes on from there.

A run goes on after the server was stopped or killed: what was interrupted counts with the state that it got
at the next start, and what was about to be started is started. All that happens in runs of a region happens
in turn, so that two jobs that end at once fire what waits for both once.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable

from local_aws.errors import AwsError
from local_aws.glue.crawlers.triggered import TriggeredCrawls
from local_aws.glue.jobs.job_runs import JobRuns, first_attempt
from local_aws.glue.jobs.runs import UNFINISHED, JobRun, now
from local_aws.glue.workflows import progress
from local_aws.glue.workflows.graph import node_of
from local_aws.glue.workflows.resuming import Resuming
from local_aws.glue.workflows.store import Action, Document, WorkflowRunStore
from local_aws.storage.room import when_there_is_room

logger = logging.getLogger(__name__)

TOO_MANY = "ConcurrentRunsExceededException"
INTERNAL = "Internal service exception"


class Conductor:
    """The workflow runs of one region that have not ended."""

    def __init__(self, store: WorkflowRunStore, job_runs: JobRuns, crawls: TriggeredCrawls) -> None:
        self._store = store
        self._job_runs = job_runs
        self._crawls = crawls
        self._lock = threading.RLock()
        self.closed = False
        """Once it is, what is stopped with the server is left to the next one."""

    def begin(
        self, run: Document, triggers: list[Document], to_fire: Iterable[Document], limit: int | None
    ) -> None:
        """Keep a new run and fire its first triggers.

        Raises:
            AwsError: ConcurrentRunsExceededException, the workflow has `limit` runs under way.
        """
        with self._lock:
            self._add(run, triggers, limit)
            for trigger in to_fire:
                self._plan(run["WorkflowRunId"], trigger)
            self.go_on(run["WorkflowRunId"])

    def begin_again(self, run: Document, triggers: list[Document], plan: Resuming, limit: int | None) -> None:
        """Keep a run that goes on where another one ended.

        Raises:
            AwsError: ConcurrentRunsExceededException, the workflow has `limit` runs under way.
        """
        run_id = run["WorkflowRunId"]
        with self._lock:
            with self._store.database.write():
                self._add(run, triggers, limit)
                self._store.mark_fired(run_id, plan.fired)
                for old in plan.copied:
                    self._store.add_action(run_id, old.node, old.trigger, old.request, copy_of=old)
                for old in plan.restarted:
                    self._store.add_action(run_id, old.node, old.trigger, old.request)
            self.go_on(run_id)

    def _add(self, run: Document, triggers: list[Document], limit: int | None) -> None:
        if limit and self._store.unended(run["Name"]) >= limit:
            raise AwsError(TOO_MANY, f"Concurrent runs exceeded for workflow: {run['Name']}.")
        self._store.add(run, triggers)

    def go_on(self, run_id: str) -> None:
        """Start what is planned, fire what is ready, and end the run when nothing is under way."""
        with self._lock:
            while planned := self._planned(run_id):
                for action in planned:
                    self._start(action)
            if all(action.state for action in self._store.actions(run_id)):
                self._end(run_id)

    def resume_all(self) -> None:
        """Go on with the runs that a server before this one left."""
        with self._lock:
            for run_id in self._store.all_unended():
                for action in self._store.actions(run_id):
                    if action.state is None:
                        self._catch_up(run_id, action)
                self.go_on(run_id)

    def after_job_run(self, run: JobRun) -> bool:
        """Hear of the end of a job run, unless it has another attempt; whether it is a workflow's."""
        first = first_attempt(run["Id"])
        with self._lock:
            latest = self._job_runs.attempts(first)
            if not latest or latest[-1]["JobRunState"] not in UNFINISHED:
                self._settle(first, (latest or [run])[-1]["JobRunState"])
            return self._store.has_action(first)

    def after_crawl(self, crawl_id: str, state: str) -> bool:
        """Hear of the end of a crawl; whether it is a workflow's."""
        with self._lock:
            self._settle(crawl_id, state)
            return self._store.has_action(crawl_id)

    def stop(self, run_id: str) -> None:
        """Stop what is under way in a run that is STOPPING; nothing is started in it any more."""
        with self._lock:
            for action in self._store.actions(run_id):
                if action.state is None:
                    self._stop(action)
            self.go_on(run_id)

    def _planned(self, run_id: str) -> list[Action]:
        """The actions to be started now; they are kept before they are."""
        if self._store.run(run_id)["Status"] == "RUNNING":
            actions = self._store.actions(run_id)
            for trigger in progress.ready(self._store.triggers(run_id), self._store.fired(run_id), actions):
                self._plan(run_id, trigger)
        return [
            action
            for action in self._store.actions(run_id)
            if action.state is None and not self._is_there(action)
        ]

    def _plan(self, run_id: str, trigger: Document) -> None:
        with self._store.database.write():
            self._store.mark_fired(run_id, [trigger["Name"]])
            for request in trigger["Actions"]:
                self._store.add_action(run_id, node_of(request), trigger["Name"], request)

    def _is_there(self, action: Action) -> bool:
        if action.node.kind == "JOB":
            return bool(self._job_runs.attempts(action.target))
        return self._crawls.crawl(action.target) is not None

    def _start(self, action: Action) -> None:
        try:
            if action.node.kind == "JOB":
                self._start_job(action)
            else:
                self._crawls.start(action.node.name, action.target, action.trigger)
        except AwsError as error:
            self._refused(action, error.message)
        except Exception:
            logger.exception("Workflow run %s could not start %s", action.run, action.node.name)
            self._refused(action, INTERNAL)

    def _start_job(self, action: Action) -> None:
        run = self._store.run(action.run)
        of_workflow = {"--WORKFLOW_NAME": run["Name"], "--WORKFLOW_RUN_ID": action.run}
        request = {**action.request, "Arguments": {**(action.request.get("Arguments") or {}), **of_workflow}}
        started = self._job_runs.start_by_trigger(
            request, action.trigger, Id=action.target, PredecessorRuns=self._predecessors(action)
        )
        if started["JobRunState"] not in UNFINISHED:
            self._store.settle(action.target, started["JobRunState"])

    def _predecessors(self, action: Action) -> list[Document]:
        trigger = next(one for one in self._store.triggers(action.run) if one["Name"] == action.trigger)
        return [
            {"JobName": before.node.name, "RunId": before.target}
            for before in progress.fulfilling(trigger, self._store.actions(action.run))
            if before.node.kind == "JOB"
        ]

    def _refused(self, action: Action, message: str) -> None:
        """Keep that a job or crawler could not be started: on AWS, it has a run in state ERROR."""
        times = {"StartedOn": now(), "CompletedOn": now()}
        body: Document = {"State": "ERROR", "ErrorMessage": message, **times}
        if action.node.kind == "JOB":
            body = {
                "Id": action.target, "Attempt": 0, "JobName": action.node.name, "TriggerName": action.trigger,
                "JobRunState": "ERROR", "ErrorMessage": message, **times,
            }  # fmt: skip
        when_there_is_room(lambda: self._store.settle(action.target, "ERROR", body))

    def _settle(self, target: str, state: str) -> None:
        run_id = when_there_is_room(lambda: self._store.settle(target, state))
        if run_id is not None:
            self.go_on(run_id)

    def _catch_up(self, run_id: str, action: Action) -> None:
        """Keep the state of what ended without this server's hearing of it."""
        if action.node.kind == "JOB":
            attempts = self._job_runs.attempts(action.target)
            state = attempts[-1]["JobRunState"] if attempts else None
            ended = state if state not in UNFINISHED else None
        else:
            crawl = self._crawls.crawl(action.target)
            ended = crawl["State"] if crawl and crawl["State"] != "RUNNING" else None
        if ended is not None:
            self._store.settle(action.target, ended)
        elif self._store.run(run_id)["Status"] == "STOPPING":
            self._stop(action)

    def _stop(self, action: Action) -> None:
        if not self._is_there(action):
            self._store.settle(action.target, "STOPPED" if action.node.kind == "JOB" else "CANCELLED")
            return
        try:
            if action.node.kind == "JOB":
                self._job_runs.stop(action.node.name, self._job_runs.attempts(action.target)[-1]["Id"])
            else:
                self._crawls.stop(action.node.name)
        except AwsError as error:
            # It is stopping, or at its end, by itself.
            logger.info("Workflow run %s: %s", action.run, error)

    def _end(self, run_id: str) -> None:
        if self._store.run(run_id)["Status"] in ("RUNNING", "STOPPING"):
            stopped = self._store.run(run_id)["Status"] == "STOPPING"
            status = "STOPPED" if stopped else "COMPLETED"
            when_there_is_room(lambda: self._store.change(run_id, Status=status, CompletedOn=now()))
