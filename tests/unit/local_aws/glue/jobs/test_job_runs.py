from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from local_aws.errors import AwsError
from local_aws.glue.jobs.new_runs import dpu_seconds
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


def test_an_attempt_has_the_settings_of_the_run_before(glue: Any) -> None:
    glue.job(MaxRetries=1)
    first = start(glue, WorkerType="G.2X", NumberOfWorkers=3, ExecutionClass="FLEX", Timeout=7)
    glue.end(first["Id"], "FAILED")
    second = glue.get_job_runs(JobName="clientes")["JobRuns"][0]
    own = ("WorkerType", "NumberOfWorkers", "MaxCapacity", "ExecutionClass", "Timeout")
    assert second["Attempt"] == 1
    assert [second[name] for name in own] == [first[name] for name in own]


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


def test_a_run_that_may_queue_waits_for_another_to_end(glue: Any) -> None:
    glue.job(JobRunQueuingEnabled=True)
    first, second, third = (start(glue) for _ in range(3))
    assert [run["JobRunState"] for run in (first, second, third)] == ["STARTING", "WAITING", "WAITING"]
    assert second["StateDetail"]
    assert len(glue.runner.started) == 1
    glue.end(first["Id"])
    states = [run["JobRunState"] for run in glue.get_job_runs(JobName="clientes")["JobRuns"]]
    assert states == ["WAITING", "STARTING", "SUCCEEDED"]
    assert [run_id for run_id, _ in glue.runner.started] == [first["Id"], second["Id"]]


def test_a_run_says_itself_whether_it_may_queue(glue: Any) -> None:
    glue.job(JobRunQueuingEnabled=True)
    start(glue)
    with pytest.raises(AwsError) as error:
        start(glue, JobRunQueuingEnabled=False)
    assert error.value.code == "ConcurrentRunsExceededException"


def test_a_waiting_run_can_be_stopped(glue: Any) -> None:
    glue.job(JobRunQueuingEnabled=True)
    start(glue)
    waiting = start(glue)["Id"]
    glue.batch_stop_job_run(JobName="clientes", JobRunIds=[waiting])
    assert glue.get_job_run(JobName="clientes", RunId=waiting)["JobRun"]["JobRunState"] == "STOPPED"
    assert glue.runner.stopped == []


def test_a_waiting_run_begins_when_the_server_comes_up_again(tmp_path: Path) -> None:
    before = make_glue(tmp_path)
    before.job(JobRunQueuingEnabled=True)
    start(before)
    waiting = start(before)["Id"]
    before.parts.close()
    after = make_glue(tmp_path)
    assert [run_id for run_id, _ in after.runner.started] == [waiting]
    after.parts.close()


def test_a_run_records_its_class_notification_and_window(glue: Any) -> None:
    glue.job(NotificationProperty={"NotifyDelayAfter": 5}, MaintenanceWindow="Sun:3")
    run = start(glue, ExecutionClass="FLEX")
    wanted = {
        "ExecutionClass": "FLEX",
        "NotificationProperty": {"NotifyDelayAfter": 5},
        "MaintenanceWindow": "Sun:3",
        "JobRunQueuingEnabled": False,
    }
    assert wanted.items() <= run.items()
    assert dpu_seconds(run, scales=False, seconds=7) == {"DPUSeconds": 70.0}


def test_a_flex_run_of_a_shell_job_and_a_session_policy_are_refused(glue: Any) -> None:
    glue.job(Command={"Name": "pythonshell", "ScriptLocation": "s3://lake/job.py"})
    for wrong, code in (
        ({"ExecutionClass": "FLEX"}, "InvalidInputException"),
        ({"ExecutionRoleSessionPolicy": "{}"}, "NotImplemented"),
    ):
        with pytest.raises(AwsError) as error:
            start(glue, **wrong)
        assert error.value.code == code


def test_a_security_configuration_must_be_there(glue: Any) -> None:
    with pytest.raises(AwsError) as error:
        glue.job(SecurityConfiguration="nope")
    assert error.value.code == "InvalidInputException"
    assert glue.list_jobs()["JobNames"] == []
    glue.job()
    with pytest.raises(AwsError) as error:
        start(glue, SecurityConfiguration="nope")
    assert error.value.message == "Security configuration nope not found."
