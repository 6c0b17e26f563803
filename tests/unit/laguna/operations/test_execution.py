from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from laguna.errors import ExecutionFailed
from laguna.operations.execution import StateMachine

START = datetime(2025, 7, 25, tzinfo=UTC)
ARN = "arn:aws:states:us-east-1:000000000000:execution:lake:1"
RUN = {"JobName": "clientes", "Id": "jr_1", "JobRunState": "SUCCEEDED"}


class Events:
    """A history in the making: ids and times count up."""

    def __init__(self) -> None:
        self.all: list[dict[str, Any]] = []

    def add(self, kind: str, details: dict[str, Any] | None = None) -> Events:
        number = len(self.all) + 1
        event = {
            "id": number,
            "previousEventId": number - 1,
            "type": kind,
            "timestamp": START + timedelta(seconds=number),
        }
        if details is not None:
            event |= details
        self.all.append(event)
        return self

    def entered(self, name: str, kind: str = "Task") -> Events:
        return self.add(f"{kind}StateEntered", {"stateEnteredEventDetails": {"name": name}})

    def exited(self, name: str, kind: str = "Task") -> Events:
        return self.add(f"{kind}StateExited", {"stateExitedEventDetails": {"name": name}})

    def submitted(self) -> Events:
        output = json.dumps({"JobName": "clientes", "JobRunId": "jr_1"})
        return self.add("TaskSubmitted", {"taskSubmittedEventDetails": {"output": output}})

    def succeeded(self) -> Events:
        return self.add("TaskSucceeded", {"taskSucceededEventDetails": {"output": json.dumps(RUN)}})

    def failed(self, error: str, cause: str) -> Events:
        return self.add("TaskFailed", {"taskFailedEventDetails": {"error": error, "cause": cause}})


class StepFunctions:
    """Shows a prefix of the history at each look, and ends when all was shown."""

    def __init__(self, events: Events, looks: list[int], ends: str) -> None:
        self.events, self.looks, self.ends = events.all, looks, ends
        self.started: dict[str, Any] = {}
        self.look = -1

    def start_execution(self, **request: Any) -> dict[str, Any]:
        self.started = request
        return {"executionArn": ARN}

    def describe_execution(self, executionArn: str) -> dict[str, Any]:  # noqa: N803
        self.look += 1
        ended = self.look == len(self.looks) - 1
        return {
            "status": self.ends if ended else "RUNNING",
            "startDate": START,
            "stopDate": START + timedelta(seconds=9),
        }

    def get_paginator(self, operation: str) -> StepFunctions:
        assert operation == "get_execution_history"
        return self

    def paginate(self, executionArn: str) -> list[dict[str, Any]]:  # noqa: N803
        shown = self.events[: self.looks[self.look]]
        return [{"events": shown[:2]}, {"events": shown[2:]}]


class Glue:
    def get_job_run(self, JobName: str, RunId: str) -> dict[str, Any]:  # noqa: N803
        assert (JobName, RunId) == ("clientes", "jr_1")
        return {"JobRun": {"JobRunState": "RUNNING"}}


class Told:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.waits: list[str] = []

    def tell(self, line: str) -> None:
        self.lines.append(line)

    def now(self, text: str) -> None:
        self.waits.append(text)


def machine(client: StepFunctions) -> StateMachine:
    return StateMachine(client, Glue(), "arn:machine", poll_seconds=0)


def test_a_run_tells_the_states_it_left_and_the_job_runs_it_started() -> None:
    events = Events().add("ExecutionStarted").entered("Transform clientes").submitted().succeeded()
    events.exited("Transform clientes").add("ExecutionSucceeded")
    client, told = StepFunctions(events, [3, 6], "SUCCEEDED"), Told()
    execution = machine(client).run("pending", told)
    assert json.loads(client.started["input"]) == {"load_date": "pending"}
    assert told.lines == ["  Transform clientes  3.0 s"]
    assert told.waits == ["Transform clientes: job clientes RUNNING"]
    assert [(run.job, run.id, run.state) for run in execution.job_runs] == [("clientes", "jr_1", "SUCCEEDED")]
    assert execution.seconds == 9


def test_states_that_poll_are_told_once_and_their_times_add_up() -> None:
    events = Events()
    for _ in range(3):
        events.entered("Look").exited("Look").entered("Wait", "Wait").exited("Wait", "Wait")
    client, told = StepFunctions(events, [12], "SUCCEEDED"), Told()
    execution = machine(client).run("all", told)
    assert told.lines == ["  Look  1.0 s"]
    assert {state.name: state.seconds for state in execution.states} == {"Look": 3.0, "Wait": 3.0}


def test_a_failed_job_names_the_state_the_reason_and_the_logs() -> None:
    cause = json.dumps({**RUN, "JobRunState": "FAILED", "ErrorMessage": "ValueError: no rows"})
    events = Events().entered("Transform clientes").submitted().failed("States.TaskFailed", cause)
    events.entered("Stop", "Fail").add(
        "ExecutionFailed", {"executionFailedEventDetails": {"error": "Stopped"}}
    )
    with pytest.raises(ExecutionFailed) as caught:
        machine(StepFunctions(events, [5], "FAILED")).run("pending", Told())
    said = str(caught.value)
    assert "failed at the state 'Transform clientes'" in said
    assert "ValueError: no rows" in said
    assert "laguna logs clientes" in said


def test_a_failure_that_was_tried_again_is_forgotten() -> None:
    events = Events().entered("Crawl").failed("Glue.CrawlerRunningException", "Busy.").succeeded()
    events.exited("Crawl").entered("Check", "Fail")
    events.add(
        "ExecutionFailed", {"executionFailedEventDetails": {"error": "CrawlFailed", "cause": "No files"}}
    )
    with pytest.raises(ExecutionFailed, match=r"at the state 'Check' with CrawlFailed: No files; correct"):
        machine(StepFunctions(events, [6], "FAILED")).run("pending", Told())


def test_a_map_that_fails_names_the_state_inside_it() -> None:
    events = Events().entered("Report", "Map").entered("RunQuery").failed("Athena.X", "TABLE_NOT_FOUND")
    events.add("MapIterationFailed").add("MapStateFailed").add("ExecutionFailed")
    with pytest.raises(ExecutionFailed, match=r"'RunQuery' with Athena\.X: TABLE_NOT_FOUND; correct"):
        machine(StepFunctions(events, [6], "FAILED")).run("pending", Told())


def test_a_failure_without_a_job_gives_the_cause_as_it_is() -> None:
    events = Events().entered("Crawl").failed("Glue.EntityNotFoundException", "Crawler raw not found.")
    with pytest.raises(
        ExecutionFailed, match=r"'Crawl' with Glue\.EntityNotFoundException: Crawler raw not found; correct"
    ):
        machine(StepFunctions(events, [2], "FAILED")).run("pending", Told())


def test_an_execution_that_was_stopped_says_so() -> None:
    with pytest.raises(ExecutionFailed, match="The run aborted; correct the cause"):
        machine(StepFunctions(Events(), [0], "ABORTED")).run("pending", Told())
