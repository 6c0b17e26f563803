"""Run the lake's state machine and follow it by its own history.

A state that waits for a Glue job names the job run in its `TaskSubmitted` event, and the run as it ended in
`TaskSucceeded` or in the cause of `TaskFailed`.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html (checked 2026-11-21)
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from laguna.errors import ExecutionFailed
from laguna.progress import Progress


@dataclass(slots=True)
class State:
    """One state of the machine, as often as it was entered."""

    name: str
    seconds: float = 0.0
    entered: datetime | None = None


@dataclass(slots=True)
class JobRun:
    """A Glue job run that the machine started."""

    job: str
    id: str
    state: str = "RUNNING"


@dataclass(slots=True)
class History:
    """What the events so far amount to."""

    states: dict[str, State] = field(default_factory=dict)
    job_runs: dict[str, JobRun] = field(default_factory=dict)
    current: str = ""
    failed_state: str = ""
    error: str = ""
    cause: str = ""
    size: int = 0
    """Events taken in."""
    _names: dict[int, str] = field(default_factory=dict)
    _fresh: list[str] = field(default_factory=list)

    def add(self, event: dict[str, Any]) -> None:
        """Take in the next event."""
        kind: str = event["type"]
        self.size += 1
        self._names[event["id"]] = self._names.get(event.get("previousEventId", 0), "")
        if kind.endswith("StateEntered"):
            self._enter(event)
        elif kind.endswith("StateExited"):
            self._exit(event)
        elif kind == "TaskSubmitted":
            self._submit(_parsed(event["taskSubmittedEventDetails"].get("output")))
        elif kind == "TaskSucceeded":
            self._end_job(_parsed(event["taskSucceededEventDetails"].get("output")))
            # What failed before was tried again.
            self.failed_state = self.error = self.cause = ""
        elif kind.endswith(("Failed", "TimedOut", "Aborted")):
            self._fail(event)

    def lines(self) -> list[str]:
        """What has become worth telling since the last call."""
        fresh, self._fresh = self._fresh, []
        return fresh

    def _enter(self, event: dict[str, Any]) -> None:
        name = event["stateEnteredEventDetails"]["name"]
        self._names[event["id"]] = self.current = name
        self.states.setdefault(name, State(name)).entered = event["timestamp"]

    def _exit(self, event: dict[str, Any]) -> None:
        state = self.states[event["stateExitedEventDetails"]["name"]]
        first = state.seconds == 0.0
        if state.entered is not None:
            state.seconds += (event["timestamp"] - state.entered).total_seconds()
        # Polling a crawler goes round and round; one line is enough, and waiting is no news.
        if first and event["type"].startswith("Task"):
            self._fresh.append(f"  {state.name}  {state.seconds:.1f} s")

    def _submit(self, output: dict[str, Any]) -> None:
        if "JobRunId" in output:
            job = output.get("JobName") or self.current
            self.job_runs[output["JobRunId"]] = JobRun(job, output["JobRunId"])

    def _end_job(self, run: dict[str, Any]) -> None:
        known = self.job_runs.get(str(run.get("Id")))
        if known is not None:
            known.state = run.get("JobRunState", known.state)

    def _fail(self, event: dict[str, Any]) -> None:
        details: dict[str, Any] = next(
            (value for key, value in event.items() if key.endswith("EventDetails")), {}
        )
        cause = details.get("cause") or self.cause
        self.error, self.cause = details.get("error") or self.error, cause
        # A Map or Parallel state fails because of a state inside it, which was seen before.
        inner = bool(self.failed_state) and event["type"].startswith(("Map", "Parallel"))
        if not inner and not event["type"].startswith("Execution"):
            self.failed_state = self._names[event["id"]] or self.current
            self._end_job(_parsed(cause))


@dataclass(frozen=True, slots=True)
class Execution:
    """An execution that succeeded."""

    arn: str
    seconds: float
    states: list[State]
    job_runs: list[JobRun]


class StateMachine:
    """The lake's state machine; `client` is boto3's `stepfunctions`, `glue` tells how far a job run is."""

    def __init__(self, client: Any, glue: Any, arn: str, *, poll_seconds: float) -> None:
        self._client = client
        self._glue = glue
        self._arn = arn
        self._poll_seconds = poll_seconds

    def run(self, load_date: str, progress: Progress) -> Execution:
        """Run it to its end.

        Args:
            load_date: `YYYY-MM-DD`, `pending` or `all`.
            progress: told of each state that was left.

        Raises:
            ExecutionFailed: it did not succeed; the message names the state, the error and the logs to read.
        """
        arn = self._client.start_execution(
            stateMachineArn=self._arn, input=json.dumps({"load_date": load_date})
        )["executionArn"]
        history = History()
        while True:
            # Described first, so that the last look at the history is complete.
            described = self._client.describe_execution(executionArn=arn)
            self._catch_up(arn, history, progress)
            if described["status"] != "RUNNING":
                break
            progress.now(self._waiting_for(history))
            time.sleep(self._poll_seconds)
        if described["status"] != "SUCCEEDED":
            raise ExecutionFailed(_why(described, history))
        seconds = (described["stopDate"] - described["startDate"]).total_seconds()
        return Execution(arn, seconds, list(history.states.values()), list(history.job_runs.values()))

    def _catch_up(self, arn: str, history: History, progress: Progress) -> None:
        pages = self._client.get_paginator("get_execution_history").paginate(executionArn=arn)
        events = [event for page in pages for event in page["events"]]
        for event in events[history.size :]:
            history.add(event)
        for line in history.lines():
            progress.tell(line)

    def _waiting_for(self, history: History) -> str:
        running = [run for run in history.job_runs.values() if run.state == "RUNNING"]
        if not running:
            return history.current
        run = running[-1]
        state = self._glue.get_job_run(JobName=run.job, RunId=run.id)["JobRun"]["JobRunState"]
        return f"{history.current}: job {run.job} {state}"


def _why(described: dict[str, Any], history: History) -> str:
    where = f" at the state '{history.failed_state or history.current}'" if history.states else ""
    error = history.error or described.get("error", "")
    cause = history.cause or described.get("cause", "")
    run = _parsed(cause)
    said = run.get("ErrorMessage") or cause
    told = ": ".join(part for part in (error, said) if part).rstrip(".")
    sentence = f"The run {described['status'].lower().replace('_', ' ')}{where}" + (
        f" with {told}" if told else ""
    )
    job = run.get("JobName")
    way_out = f"see why with 'laguna logs {job}'" if job else "correct the cause"
    return f"{sentence}; {way_out}, then run 'laguna run' again."


def _parsed(text: str | None) -> dict[str, Any]:
    """The JSON object in `text`, or an empty one."""
    try:
        value = json.loads(text or "")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
