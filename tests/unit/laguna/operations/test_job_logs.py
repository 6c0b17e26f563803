from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from laguna.errors import LogsNotFound
from laguna.operations.job_logs import PREFIX, JobRun, RunLogs, find_run, log_prefix

OUTPUT, ERROR = "/aws-glue/jobs/output", "/aws-glue/jobs/error"


class Logs:
    """Streams that hand out one event a call, as GetLogEvents may."""

    def __init__(self, streams: dict[str, list[tuple[int, str]]]) -> None:
        self.streams = streams

    def get_log_events(
        self,
        logGroupName: str,  # noqa: N803
        logStreamName: str,  # noqa: N803
        startFromHead: bool,  # noqa: N803
        nextToken: str = "f/0",  # noqa: N803
    ) -> dict[str, Any]:
        assert (logStreamName, startFromHead) == ("jr_1", True)
        if logGroupName not in self.streams:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "GetLogEvents")
        at = int(nextToken.removeprefix("f/"))
        events = self.streams[logGroupName][at : at + 1]
        return {
            "events": [{"timestamp": time, "message": text} for time, text in events],
            "nextForwardToken": f"f/{at + len(events)}",
        }


class Glue:
    def __init__(self, *states: str) -> None:
        self.states = list(states)

    def _run(self) -> dict[str, Any]:
        return {
            "Id": "jr_1",
            "JobRunState": self.states.pop(0) if len(self.states) > 1 else self.states[0],
        }

    def get_job_run(self, JobName: str, RunId: str) -> dict[str, Any]:  # noqa: N803
        if RunId != "jr_1":
            raise ClientError({"Error": {"Code": "EntityNotFoundException"}}, "GetJobRun")
        return {"JobRun": self._run()}

    def get_job_runs(self, JobName: str, MaxResults: int) -> dict[str, Any]:  # noqa: N803
        if JobName != "clientes":
            raise ClientError({"Error": {"Code": "EntityNotFoundException"}}, "GetJobRuns")
        return {"JobRuns": [self._run()] if self.states else []}

    def list_jobs(self) -> dict[str, Any]:
        return {"JobNames": ["proveedores", "clientes"]}


def test_lines_of_both_groups_come_in_order_of_time_and_once() -> None:
    client = Logs({OUTPUT: [(1, "read"), (3, "done")], ERROR: [(2, "warning")]})
    logs = RunLogs(client, "jr_1")
    assert [line.message for line in logs.new_lines()] == ["read", "warning", "done"]
    assert logs.new_lines() == []
    client.streams[OUTPUT].append((4, "more"))
    assert [line.message for line in logs.new_lines()] == ["more"]


@pytest.mark.parametrize(
    ("arguments", "prefix"), [({PREFIX: "/lake/jobs"}, "/lake/jobs"), ({}, "/aws-glue/jobs")]
)
def test_the_log_groups_are_the_jobs_own_or_glues(arguments: dict[str, str], prefix: str) -> None:
    class Jobs:
        def get_job(self, JobName: str) -> dict[str, Any]:  # noqa: N803
            return {"Job": {"Name": JobName, "DefaultArguments": arguments}}

    found = log_prefix(Jobs(), JobRun("clientes", "jr_1", "SUCCEEDED", ""))
    assert found == prefix
    logs = RunLogs(Logs({f"{prefix}/output": [(1, "a")], f"{prefix}/error": [(2, "b")]}), "jr_1", found)
    assert [line.message for line in logs.new_lines()] == ["a", "b"]


def test_lines_of_one_millisecond_keep_their_order() -> None:
    client = Logs({ERROR: [(1, "Traceback"), (1, "  File"), (1, "ValueError")]})
    assert [line.message for line in RunLogs(client, "jr_1").new_lines()] == [
        "Traceback",
        "  File",
        "ValueError",
    ]


def test_a_group_without_a_stream_of_the_run_is_empty() -> None:
    assert [line.message for line in RunLogs(Logs({OUTPUT: [(1, "read")]}), "jr_1").new_lines()] == ["read"]


def test_following_ends_with_the_run() -> None:
    run = JobRun("clientes", "jr_1", "RUNNING", "")
    lines = RunLogs(Logs({OUTPUT: [(1, "read")]}), "jr_1").follow(Glue("RUNNING", "SUCCEEDED"), run, 0)
    assert [line.message for line in lines] == ["read"]


def test_the_last_run_is_the_one_shown_by_default() -> None:
    assert find_run(Glue("FAILED"), "clientes", None) == JobRun("clientes", "jr_1", "FAILED", "")


@pytest.mark.parametrize(
    ("glue", "job", "run_id", "said"),
    [
        (Glue("FAILED"), "ventas", None, "There is no job 'ventas'; the jobs are: clientes, proveedores."),
        (Glue("FAILED"), "clientes", "jr_2", "There is no run 'jr_2' of the job 'clientes'"),
        (Glue(), "clientes", None, "The job 'clientes' never ran"),
    ],
)
def test_what_is_not_there_is_named(glue: Glue, job: str, run_id: str | None, said: str) -> None:
    with pytest.raises(LogsNotFound, match=said):
        find_run(glue, job, run_id)
