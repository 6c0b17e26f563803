from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from local_aws.errors import AwsError
from tests.unit.local_aws.glue.jobs.conftest import make_glue


def start(glue: Any, **request: Any) -> dict[str, Any]:
    run_id = glue.start_job_run(JobName="clientes", **request)["JobRunId"]
    return dict(glue.get_job_run(JobName="clientes", RunId=run_id)["JobRun"])


def test_a_new_run_shows_what_glue_shows(glue: Any) -> None:
    glue.job(GlueVersion="5.0", WorkerType="G.2X", NumberOfWorkers=2)
    run = start(glue, Arguments={"--x": "1"})
    assert re.fullmatch("jr_[0-9a-f]{64}", run["Id"])
    assert (run["JobRunState"], run["Attempt"], run["ExecutionTime"]) == ("STARTING", 0, 0)
    assert (run["GlueVersion"], run["MaxCapacity"], run["Timeout"]) == ("5.0", 4.0, 480)
    assert (run["Arguments"], run["PredecessorRuns"]) == ({"--x": "1"}, [])
    assert run["LogGroupName"] == "/aws-glue/jobs"


def test_a_runs_arguments_win_over_the_jobs_and_fixed_ones_over_both(glue: Any) -> None:
    glue.job(
        DefaultArguments={"--a": "job", "--b": "job", "--c": "job"}, NonOverridableArguments={"--c": "fixed"}
    )
    start(glue, Arguments={"--b": "run", "--c": "run"})
    assert glue.runner.started[0][1] == {"--a": "job", "--b": "run", "--c": "fixed"}


def test_a_run_may_have_its_own_capacity_and_timeout(glue: Any) -> None:
    glue.job()
    run = start(glue, WorkerType="G.1X", NumberOfWorkers=2, Timeout=7)
    assert (run["NumberOfWorkers"], run["MaxCapacity"], run["Timeout"]) == (2, 2.0, 7)


def test_an_unknown_job_cannot_be_started(glue: Any) -> None:
    with pytest.raises(AwsError) as error:
        start(glue)
    assert error.value.code == "EntityNotFoundException"
    assert error.value.message == "Failed to start job run due to missing metadata."


def test_runs_above_the_limit_are_refused_until_one_ends(glue: Any) -> None:
    glue.job(ExecutionProperty={"MaxConcurrentRuns": 2})
    first, _ = start(glue), start(glue)
    with pytest.raises(AwsError) as error:
        start(glue)
    assert error.value.code == "ConcurrentRunsExceededException"
    glue.end(first["Id"])
    assert start(glue)["JobRunState"] == "STARTING"


def test_a_failed_run_is_attempted_again_as_often_as_the_job_says(glue: Any) -> None:
    glue.job(MaxRetries=2)
    first = start(glue)["Id"]
    ids = [first, f"{first}_attempt_1", f"{first}_attempt_2"]
    for run_id in ids:
        glue.end(run_id, "FAILED")
    runs = glue.get_job_runs(JobName="clientes")["JobRuns"]
    assert [(run["Id"], run["Attempt"]) for run in runs] == [(ids[2], 2), (ids[1], 1), (ids[0], 0)]
    assert runs[0]["PreviousRunId"] == ids[1]


def test_a_run_of_a_previous_one_takes_its_arguments(glue: Any) -> None:
    glue.job()
    first = start(glue, Arguments={"--x": "1"})
    glue.end(first["Id"], "FAILED")
    again = start(glue, JobRunId=first["Id"])
    assert (again["PreviousRunId"], again["Attempt"], again["Arguments"]) == (first["Id"], 1, {"--x": "1"})


def test_runs_are_paged_newest_first(glue: Any) -> None:
    glue.job(ExecutionProperty={"MaxConcurrentRuns": 9})
    ids = [start(glue)["Id"] for _ in range(3)]
    page = glue.get_job_runs(JobName="clientes", MaxResults=2)
    rest = glue.get_job_runs(JobName="clientes", NextToken=page["NextToken"])
    assert [run["Id"] for run in (*page["JobRuns"], *rest["JobRuns"])] == ids[::-1]
    assert "NextToken" not in rest


def test_stopping_tells_the_runner_and_names_what_cannot_be_stopped(glue: Any) -> None:
    glue.job(ExecutionProperty={"MaxConcurrentRuns": 2})
    running, ended = start(glue)["Id"], start(glue)["Id"]
    glue.end(ended)
    answer = glue.batch_stop_job_run(JobName="clientes", JobRunIds=[running, ended, "jr_no"])
    assert [entry["JobRunId"] for entry in answer["SuccessfulSubmissions"]] == [running]
    assert [entry["ErrorDetail"]["ErrorCode"] for entry in answer["Errors"]] == [
        "InvalidInputException",
        "EntityNotFoundException",
    ]
    assert glue.runner.stopped == [running]
    state = glue.get_job_run(JobName="clientes", RunId=running)["JobRun"]["JobRunState"]
    assert state == "STOPPING"


def test_a_run_belongs_to_its_job(glue: Any) -> None:
    glue.job()
    glue.job("otro")
    run = start(glue)
    with pytest.raises(AwsError) as error:
        glue.get_job_run(JobName="otro", RunId=run["Id"])
    assert error.value.code == "EntityNotFoundException"


def test_a_run_that_a_killed_server_left_is_failed_and_says_so(tmp_path: Path) -> None:
    before = make_glue(tmp_path)
    before.job()
    run_id = before.start_job_run(JobName="clientes")["JobRunId"]
    before.parts.close()
    after = make_glue(tmp_path)
    run = after.get_job_run(JobName="clientes", RunId=run_id)["JobRun"]
    assert run["JobRunState"] == "FAILED"
    assert "server stopped" in run["ErrorMessage"]
    after.parts.close()


def test_the_end_of_a_run_is_final(glue: Any) -> None:
    glue.job()
    run = start(glue)
    glue.end(run["Id"], "STOPPED")
    assert glue.runs.change_run(run["Id"], JobRunState="SUCCEEDED") is None
    shown = glue.get_job_run(JobName="clientes", RunId=run["Id"])["JobRun"]
    assert shown["JobRunState"] == "STOPPED"
