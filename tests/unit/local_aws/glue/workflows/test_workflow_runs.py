from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from local_aws.errors import AwsError
from local_aws.glue.workflows import store
from tests.unit.local_aws.glue.jobs.conftest import make_glue


def condition(name: str, state: str = "SUCCEEDED") -> dict[str, str]:
    if name.startswith("crawl-"):
        return {"CrawlerName": name, "CrawlState": state}
    return {"JobName": name, "State": state}


def action(name: str) -> dict[str, Any]:
    return {"CrawlerName": name} if name.startswith("crawl-") else {"JobName": name}


def conditional(glue: Any, name: str, waits: dict[str, str], *starts: str, **more: Any) -> None:
    """A trigger of the workflow `etl` that waits for names in states and starts others."""
    conditions = [condition(one, state) for one, state in waits.items()]
    request = {
        "Name": name,
        "WorkflowName": "etl",
        "Type": "CONDITIONAL",
        "StartOnCreation": True,
        "Predicate": {"Logical": more.pop("logical", "AND"), "Conditions": conditions},
        "Actions": [action(one) for one in starts],
    }
    glue.create_trigger(**{**request, **more})


def chain(glue: Any, **workflow: Any) -> None:
    """`begin` starts j1, at its success `both` starts j2 and crawl-raw, and at theirs `after` starts j3."""
    glue.create_workflow(Name="etl", **workflow)
    for job in ("j1", "j2", "j3"):
        glue.job(job, ExecutionProperty={"MaxConcurrentRuns": 5})
    begin = {"JobName": "j1", "Arguments": {"--day": "monday"}}
    glue.create_trigger(Name="begin", WorkflowName="etl", Type="ON_DEMAND", Actions=[begin])
    conditional(glue, "both", {"j1": "SUCCEEDED"}, "j2", "crawl-raw")
    conditional(glue, "after", {"j2": "SUCCEEDED", "crawl-raw": "SUCCEEDED"}, "j3")


def start(glue: Any, **more: Any) -> str:
    return str(glue.start_workflow_run(Name="etl", **more)["RunId"])


def shown(glue: Any, run: str) -> dict[str, Any]:
    return dict(glue.get_workflow_run(Name="etl", RunId=run, IncludeGraph=True)["Run"])


def newest(glue: Any, job: str) -> dict[str, Any]:
    return dict(glue.get_job_runs(JobName=job)["JobRuns"][0])


def end(glue: Any, job: str, state: str = "SUCCEEDED") -> None:
    glue.end(newest(glue, job)["Id"], state)


def node(run: dict[str, Any], name: str) -> dict[str, Any]:
    return next(dict(one) for one in run["Graph"]["Nodes"] if one["Name"] == name)


def test_a_run_starts_what_its_triggers_say_and_completes_when_nothing_is_left(glue: Any) -> None:
    chain(glue)
    run = start(glue)
    end(glue, "j1")
    assert glue.crawls.started == ["crawl-raw"]
    end(glue, "j2")
    assert glue.get_job_runs(JobName="j3")["JobRuns"] == []
    glue.crawls.end("crawl-raw")
    assert shown(glue, run)["Status"] == "RUNNING"
    end(glue, "j3")
    ended = shown(glue, run)
    assert ended["Status"] == "COMPLETED"
    assert ended["CompletedOn"] >= ended["StartedOn"]
    assert ended["Statistics"] == {
        "TotalActions": 4,
        "SucceededActions": 4,
        "TimeoutActions": 0,
        "FailedActions": 0,
        "StoppedActions": 0,
        "RunningActions": 0,
        "ErroredActions": 0,
        "WaitingActions": 0,
    }


def test_a_job_gets_the_names_of_workflow_and_run_beside_its_triggers_arguments(glue: Any) -> None:
    chain(glue)
    run = start(glue)
    assert glue.runner.started[0][1] == {
        "--day": "monday",
        "--WORKFLOW_NAME": "etl",
        "--WORKFLOW_RUN_ID": run,
    }
    first = newest(glue, "j1")["Id"]
    glue.end(first)
    assert newest(glue, "j2")["TriggerName"] == "both"
    assert newest(glue, "j2")["PredecessorRuns"] == [{"JobName": "j1", "RunId": first}]


def test_the_graph_has_nodes_with_their_runs_and_edges_by_their_ids(glue: Any) -> None:
    chain(glue)
    run = start(glue)
    end(glue, "j1")
    graph = shown(glue, run)["Graph"]
    names = {one["UniqueId"]: one["Name"] for one in graph["Nodes"]}
    edges = {(names[edge["SourceId"]], names[edge["DestinationId"]]) for edge in graph["Edges"]}
    assert edges == {
        ("begin", "j1"),
        ("j1", "both"),
        ("both", "j2"),
        ("both", "crawl-raw"),
        ("j2", "after"),
        ("crawl-raw", "after"),
        ("after", "j3"),
    }
    details = {one["Name"]: one for one in graph["Nodes"]}
    assert details["j1"]["JobDetails"]["JobRuns"][0]["JobRunState"] == "SUCCEEDED"
    assert details["crawl-raw"]["CrawlerDetails"]["Crawls"] == [{"State": "RUNNING"}]
    assert details["j3"]["JobDetails"]["JobRuns"] == []
    assert details["both"]["TriggerDetails"]["Trigger"]["Type"] == "CONDITIONAL"
    assert all(one["UniqueId"].startswith("wnode_") for one in graph["Nodes"])


def test_a_workflow_shows_its_last_run_and_its_graph_when_asked(glue: Any) -> None:
    chain(glue)
    assert "LastRun" not in glue.get_workflow(Name="etl")["Workflow"]
    run = start(glue)
    plain = glue.get_workflow(Name="etl")["Workflow"]
    assert plain["LastRun"]["WorkflowRunId"] == run
    assert "Graph" not in plain
    assert "Graph" not in plain["LastRun"]
    (whole,) = glue.batch_get_workflows(Names=["etl"], IncludeGraph=True)["Workflows"]
    assert len(whole["Graph"]["Nodes"]) == 7
    assert len(whole["LastRun"]["Graph"]["Nodes"]) == 7


def test_properties_begin_with_the_defaults_and_can_be_changed_in_a_run(glue: Any) -> None:
    chain(glue, DefaultRunProperties={"a": "1", "b": "1"})
    run = start(glue, RunProperties={"b": "2"})
    glue.put_workflow_run_properties(Name="etl", RunId=run, RunProperties={"c": "3"})
    properties = glue.get_workflow_run_properties(Name="etl", RunId=run)["RunProperties"]
    assert properties == {"a": "1", "b": "2", "c": "3"}
    assert shown(glue, run)["WorkflowRunProperties"] == properties
    with pytest.raises(AwsError) as error:
        glue.put_workflow_run_properties(Name="etl", RunId=run, RunProperties={"big": "x" * 300_000})
    assert error.value.code == "ResourceNumberLimitExceededException"


def test_a_failure_leaves_what_waits_for_success_and_the_run_is_completed(glue: Any) -> None:
    chain(glue)
    run = start(glue)
    end(glue, "j1", "FAILED")
    ended = shown(glue, run)
    assert ended["Status"] == "COMPLETED"
    assert (ended["Statistics"]["FailedActions"], ended["Statistics"]["TotalActions"]) == (1, 4)


def test_a_retry_is_waited_for_and_belongs_to_the_node(glue: Any) -> None:
    chain(glue)
    glue.job("again", MaxRetries=1)
    conditional(glue, "retried", {"j1": "SUCCEEDED"}, "again")
    conditional(glue, "cured", {"again": "SUCCEEDED"}, "j3")
    run = start(glue)
    end(glue, "j1")
    end(glue, "again", "FAILED")
    end(glue, "again")
    assert newest(glue, "j3")["TriggerName"] == "cured"
    runs = node(shown(glue, run), "again")["JobDetails"]["JobRuns"]
    assert [one["JobRunState"] for one in runs] == ["FAILED", "SUCCEEDED"]
    assert runs[1]["Arguments"]["--WORKFLOW_RUN_ID"] == run


def test_a_trigger_with_any_fires_once_in_a_run(glue: Any) -> None:
    chain(glue)
    conditional(glue, "one-of", {"j2": "SUCCEEDED", "crawl-raw": "FAILED"}, "j1", logical="ANY")
    run = start(glue)
    end(glue, "j1")
    glue.crawls.end("crawl-raw", "FAILED")
    end(glue, "j2")
    end(glue, "j1")
    assert shown(glue, run)["Status"] == "COMPLETED"
    assert len(node(shown(glue, run), "j1")["JobDetails"]["JobRuns"]) == 2


def test_what_cannot_be_started_is_an_action_in_error_and_the_run_goes_on(glue: Any) -> None:
    glue.create_workflow(Name="etl")
    glue.create_trigger(
        Name="begin",
        WorkflowName="etl",
        Type="ON_DEMAND",
        Actions=[{"JobName": "gone"}, {"CrawlerName": "missing"}],
    )
    run = shown(glue, start(glue))
    assert run["Status"] == "COMPLETED"
    assert run["Statistics"]["ErroredActions"] == 2
    (job_run,) = node(run, "gone")["JobDetails"]["JobRuns"]
    assert job_run["JobRunState"] == "ERROR"
    (crawl,) = node(run, "missing")["CrawlerDetails"]["Crawls"]
    assert (crawl["State"], crawl["ErrorMessage"]) == ("ERROR", "Crawler missing not found.")


def test_a_job_above_its_limit_of_runs_has_failed_in_the_run(glue: Any) -> None:
    glue.create_workflow(Name="etl")
    glue.job("j1")
    glue.create_trigger(Name="begin", WorkflowName="etl", Type="ON_DEMAND", Actions=[{"JobName": "j1"}])
    start(glue)
    second = shown(glue, start(glue))
    assert (second["Status"], second["Statistics"]["FailedActions"]) == ("COMPLETED", 1)


def test_triggers_changed_while_a_run_goes_on_do_not_change_it(glue: Any) -> None:
    chain(glue)
    start(glue)
    glue.delete_trigger(Name="both")
    end(glue, "j1")
    assert newest(glue, "j2")["TriggerName"] == "both"


def test_a_conditional_trigger_that_is_not_active_does_not_fire(glue: Any) -> None:
    chain(glue)
    glue.stop_trigger(Name="both")
    run = start(glue)
    end(glue, "j1")
    assert shown(glue, run)["Status"] == "COMPLETED"


def test_what_a_workflow_starts_fires_only_its_own_triggers_and_other_runs_do_not(glue: Any) -> None:
    chain(glue)
    glue.job("outside")
    predicate = {"Conditions": [{"JobName": "j1", "State": "SUCCEEDED"}]}
    glue.create_trigger(
        Name="out", Type="CONDITIONAL", StartOnCreation=True, Predicate=predicate, Actions=[action("outside")]
    )
    run = start(glue)
    glue.create_trigger(Name="other", Type="ON_DEMAND", Actions=[action("j1")])
    mine = newest(glue, "j1")["Id"]
    glue.start_trigger(Name="other")
    end(glue, "j1")
    assert len(glue.get_job_runs(JobName="outside")["JobRuns"]) == 1
    assert shown(glue, run)["Statistics"]["RunningActions"] == 1
    glue.end(mine)
    assert len(glue.get_job_runs(JobName="outside")["JobRuns"]) == 1


def test_a_run_above_the_workflows_limit_is_refused_and_by_schedule_one_in_error(glue: Any) -> None:
    glue.create_workflow(Name="etl", MaxConcurrentRuns=1)
    glue.job("j1")
    glue.create_trigger(
        Name="daily",
        WorkflowName="etl",
        Type="SCHEDULED",
        Schedule="cron(15 12 * * ? *)",
        StartOnCreation=True,
        Actions=[action("j1")],
    )
    firing = glue.parts.start_trigger.__self__._firing
    due = datetime(2026, 11, 30, 12, 15, tzinfo=UTC)
    firing.fire_due(due)
    with pytest.raises(AwsError) as error:
        start(glue)
    assert error.value.code == "ConcurrentRunsExceededException"
    firing.fire_due(due)
    runs = glue.get_workflow_runs(Name="etl")["Runs"]
    assert [run["Status"] for run in runs] == ["ERROR", "RUNNING"]
    assert runs[0]["ErrorMessage"] == "Concurrent runs exceeded for workflow: etl."


def test_starting_the_on_demand_trigger_of_a_workflow_starts_a_run(glue: Any) -> None:
    chain(glue)
    glue.start_trigger(Name="begin")
    assert len(glue.get_workflow_runs(Name="etl")["Runs"]) == 1


def test_stopping_a_run_stops_what_is_under_way_and_starts_nothing_more(glue: Any) -> None:
    chain(glue)
    run = start(glue)
    end(glue, "j1")
    glue.stop_workflow_run(Name="etl", RunId=run)
    assert shown(glue, run)["Status"] == "STOPPING"
    assert glue.runner.stopped == [newest(glue, "j2")["Id"]]
    assert glue.crawls.stopped == ["crawl-raw"]
    end(glue, "j2", "STOPPED")
    glue.crawls.end("crawl-raw", "CANCELLED")
    stopped = shown(glue, run)
    assert (stopped["Status"], stopped["Statistics"]["StoppedActions"]) == ("STOPPED", 2)
    with pytest.raises(AwsError) as error:
        glue.stop_workflow_run(Name="etl", RunId=run)
    assert error.value.code == "IllegalWorkflowStateException"


def test_a_resumed_run_starts_the_chosen_nodes_and_what_is_downstream_of_them(glue: Any) -> None:
    chain(glue)
    run = start(glue, RunProperties={"a": "1"})
    end(glue, "j1")
    end(glue, "j2", "FAILED")
    glue.crawls.end("crawl-raw")
    before = shown(glue, run)
    failed = node(before, "j2")["UniqueId"]
    answer = glue.resume_workflow_run(Name="etl", RunId=run, NodeIds=[failed])
    assert answer["NodeIds"] == [failed]
    end(glue, "j2")
    end(glue, "j3")
    resumed = shown(glue, answer["RunId"])
    assert resumed["Status"] == "COMPLETED"
    assert resumed["PreviousRunId"] == run
    assert resumed["WorkflowRunProperties"] == {"a": "1"}
    assert resumed["Statistics"]["SucceededActions"] == 4
    assert node(resumed, "j1")["JobDetails"] == node(before, "j1")["JobDetails"]
    assert glue.crawls.started == ["crawl-raw"]


def test_a_chosen_node_downstream_of_another_runs_in_its_turn(glue: Any) -> None:
    chain(glue)
    run = start(glue)
    end(glue, "j1")
    end(glue, "j2", "FAILED")
    glue.crawls.end("crawl-raw")
    both = [node(shown(glue, run), name)["UniqueId"] for name in ("j2", "j1")]
    answer = glue.resume_workflow_run(Name="etl", RunId=run, NodeIds=both)
    assert answer["NodeIds"] == both[1:]
    assert shown(glue, answer["RunId"])["Statistics"]["RunningActions"] == 1


def test_only_a_completed_run_is_resumed_and_from_nodes_that_it_tried(glue: Any) -> None:
    chain(glue)
    run = start(glue)
    names = ("j1", "j3", "begin")
    ids = {name: node(shown(glue, run), name)["UniqueId"] for name in names}
    with pytest.raises(AwsError) as error:
        glue.resume_workflow_run(Name="etl", RunId=run, NodeIds=[ids["j1"]])
    assert error.value.code == "IllegalWorkflowStateException"
    end(glue, "j1", "FAILED")
    for wrong in ([ids["j3"]], [ids["begin"]], ["wnode_1"], []):
        with pytest.raises(AwsError) as error:
            glue.resume_workflow_run(Name="etl", RunId=run, NodeIds=wrong)
        assert error.value.code == "InvalidInputException"


def test_a_run_goes_on_when_the_server_comes_up_again(tmp_path: Path) -> None:
    before = make_glue(tmp_path)
    chain(before)
    conditional(before, "failed", {"j1": "FAILED"}, "j3")
    run = start(before)
    before.parts.close()
    after = make_glue(tmp_path)
    assert newest(after, "j1")["JobRunState"] == "FAILED"
    assert newest(after, "j3")["TriggerName"] == "failed"
    end(after, "j3")
    assert shown(after, run)["Status"] == "COMPLETED"
    after.parts.close()


def test_what_is_stopped_with_the_server_fires_nothing_in_it(tmp_path: Path) -> None:
    before = make_glue(tmp_path)
    chain(before)
    conditional(before, "stopped", {"j1": "STOPPED"}, "j3")
    run = start(before)
    before.parts.close()
    before.end(newest(before, "j1")["Id"], "STOPPED")
    assert before.get_job_runs(JobName="j3")["JobRuns"] == []
    after = make_glue(tmp_path)
    assert newest(after, "j3")["TriggerName"] == "stopped"
    assert shown(after, run)["Status"] == "RUNNING"
    after.parts.close()


def test_old_runs_are_let_go_of(glue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "KEPT_RUNS", 3)
    chain(glue)
    for _ in range(6):
        start(glue)
        end(glue, "j1", "FAILED")
    assert len(glue.get_workflow_runs(Name="etl")["Runs"]) == 3
    answer = glue.get_workflow_runs(Name="etl", MaxResults=2)
    rest = glue.get_workflow_runs(Name="etl", MaxResults=2, NextToken=answer["NextToken"])
    assert [len(answer["Runs"]), len(rest["Runs"])] == [2, 1]


@pytest.mark.parametrize(
    ("operation", "request_", "code"),
    [
        ("start_workflow_run", {"Name": "nope"}, "EntityNotFoundException"),
        ("start_workflow_run", {"Name": "empty"}, "InvalidInputException"),
        ("get_workflow_run", {"Name": "etl", "RunId": "wr_1"}, "EntityNotFoundException"),
        ("get_workflow_runs", {"Name": "nope"}, "EntityNotFoundException"),
        ("stop_workflow_run", {"Name": "etl", "RunId": "wr_1"}, "EntityNotFoundException"),
        (
            "create_trigger",
            {"Name": "t", "WorkflowName": "etl", "Type": "ON_DEMAND", "Actions": [{"JobName": "j1"}]},
            "InvalidInputException",
        ),
    ],
)
def test_a_wrong_request_is_refused(glue: Any, operation: str, request_: dict[str, Any], code: str) -> None:
    chain(glue)
    glue.create_workflow(Name="empty")
    with pytest.raises(AwsError) as error:
        getattr(glue, operation)(**request_)
    assert error.value.code == code
    assert glue.list_workflows()["Workflows"] == ["empty", "etl"]
