"""A program without a way out ends: at AWS's number of events, by the clock, or when it is stopped."""

import json
import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest

from local_aws.stepfunctions import bounded
from local_aws.stepfunctions.interpreter import Run
from local_aws.stepfunctions.machines import Machine

ARN = "arn:aws:states:us-east-1:000000000000:stateMachine:m"
LOOP = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}}
NESTED = {"StartAt": "P", "States": {"P": {"Type": "Parallel", "Branches": [LOOP, LOOP], "End": True}}}
CAUGHT = {
    "StartAt": "P",
    "States": {
        "P": {
            "Type": "Parallel",
            "Branches": [LOOP],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "P"}],
            "End": True,
        }
    },
}


def started(definition: dict[str, Any], kind: str = "STANDARD") -> tuple[Run, threading.Event]:
    moto = SimpleNamespace(
        type=kind,
        roleArn="r",
        name="m",
        arn=ARN,
        definition=json.dumps(definition),
        loggingConfiguration={"level": "OFF"},
    )
    ended = threading.Event()
    machine = Machine(ARN, moto, {}, [], "000000000000", "us-east-1")
    run = Run(machine, "execution", "e", "{}", lambda _: ended.set())
    run.start()
    return run, ended


@pytest.mark.parametrize("definition", [LOOP, NESTED, CAUGHT], ids=["loop", "branches", "caught"])
def test_a_history_that_is_full_fails_its_execution(
    monkeypatch: pytest.MonkeyPatch, definition: dict[str, Any]
) -> None:
    monkeypatch.setattr(bounded, "MOST_EVENTS", 500)
    run, ended = started(definition)
    assert ended.wait(20)
    result = run.result()
    assert (result["status"], result["error"]) == ("FAILED", "States.Runtime")
    assert result["cause"] == "The execution reached the maximum number of history events (25000)."
    events = run.history()
    assert events[-1]["type"] == "ExecutionFailed"
    assert 500 <= len(events) < 520


def test_an_express_execution_ends_by_the_clock_and_keeps_no_long_history(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bounded, "MOST_EVENTS", 100)
    monkeypatch.setattr(bounded, "EXPRESS_SECONDS", 1.0)
    run, ended = started(LOOP, "EXPRESS")
    assert ended.wait(20)
    assert run.result()["status"] == "TIMED_OUT"
    events = run.history()
    assert events[-1]["id"] > 200
    assert len(events) <= 101


def test_a_loop_that_is_stopped_is_aborted_and_nothing_else() -> None:
    for _ in range(20):
        run, ended = started(LOOP)
        while len(run.history()) < 10:
            time.sleep(0.001)
        run.abort("E", "C")
        assert ended.wait(20)
        assert run.result()["status"] == "ABORTED"
        assert (run.result()["error"], run.result()["cause"]) == ("E", "C")
