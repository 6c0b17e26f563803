from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from local_aws.stepfunctions.records import Record, Records

MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:m"
STARTED = {"timestamp": datetime(2026, 1, 1, tzinfo=UTC), "type": "ExecutionStarted", "id": 1}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "executions.sqlite"


def record(name: str, status: str = "SUCCEEDED", day: int = 1, **more: Any) -> Record:
    description = {
        "executionArn": f"arn:aws:states:us-east-1:000000000000:execution:m:{name}",
        "stateMachineArn": MACHINE,
        "name": name,
        "status": status,
        "startDate": datetime(2026, 1, day, 12, 30, 0, 250_000, tzinfo=UTC),
        **more,
    }
    return Record(description, {"name": "m", "definition": "{}"}, [STARTED])


def test_an_execution_is_read_as_it_was_saved_by_another_process(path: Path) -> None:
    saved = record("a", stopDate=datetime(2026, 1, 2, tzinfo=UTC), output='{"startDate": 1}')
    Records(path).save(saved)
    assert Records(path).find(saved.arn) == saved


def test_executions_are_listed_newest_first_by_status_and_page(path: Path) -> None:
    records = Records(path)
    for day, (name, status) in enumerate([("a", "SUCCEEDED"), ("b", "FAILED"), ("c", "SUCCEEDED")], start=1):
        records.save(record(name, status, day))

    def names(status: str | None, offset: int, limit: int) -> list[str]:
        found = records.descriptions(MACHINE, status, offset=offset, limit=limit)
        return [description["name"] for description in found]

    assert names(None, 0, 10) == ["c", "b", "a"]
    assert names(None, 1, 1) == ["b"]
    assert names("SUCCEEDED", 0, 10) == ["c", "a"]


def test_what_was_running_when_the_server_stopped_is_aborted_and_says_so(path: Path) -> None:
    running, ended = record("a", "RUNNING"), record("b")
    for each in (running, ended):
        Records(path).save(each)

    assert Records(path).abort_running() == 1

    aborted = Records(path).find(running.arn)
    assert aborted is not None
    assert aborted.description["status"] == "ABORTED"
    assert aborted.description["error"] == "Laguna.ServerStopped"
    assert aborted.description["stopDate"] > running.description["startDate"]
    assert [event["type"] for event in aborted.history] == ["ExecutionStarted", "ExecutionAborted"]
    assert Records(path).find(ended.arn) == ended


def test_the_executions_of_a_deleted_state_machine_are_forgotten(path: Path) -> None:
    records = Records(path)
    records.save(record("a"))
    records.forget(MACHINE)
    assert records.find(record("a").arn) is None
