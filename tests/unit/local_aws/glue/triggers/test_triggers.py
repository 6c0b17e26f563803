from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from local_aws.errors import AwsError
from local_aws.glue.triggers.schedule import parse_schedule


def conditional(glue: Any, logical: str, *jobs: str, name: str = "after") -> None:
    conditions = [{"JobName": job, "State": "SUCCEEDED"} for job in jobs]
    glue.create_trigger(
        Name=name,
        Type="CONDITIONAL",
        StartOnCreation=True,
        Predicate={"Logical": logical, "Conditions": conditions},
        Actions=[{"JobName": "last"}],
    )


def run_of(glue: Any, job: str) -> str:
    """Start a job by a trigger; returns the id of its run."""
    name = f"start-{job}"
    if name not in glue.list_triggers()["TriggerNames"]:
        glue.create_trigger(Name=name, Type="ON_DEMAND", Actions=[{"JobName": job}])
    glue.start_trigger(Name=name)
    return str(glue.get_job_runs(JobName=job)["JobRuns"][0]["Id"])


def last_runs(glue: Any) -> list[dict[str, Any]]:
    return list(glue.get_job_runs(JobName="last")["JobRuns"])


def test_an_on_demand_trigger_starts_its_jobs_and_crawlers_with_its_arguments(glue: Any) -> None:
    glue.job("last", DefaultArguments={"--a": "1", "--b": "1"})
    actions = [{"JobName": "last", "Arguments": {"--b": "2"}}, {"CrawlerName": "raw"}]
    glue.create_trigger(Name="now", Type="ON_DEMAND", Actions=actions)
    glue.start_trigger(Name="now")
    assert glue.runner.started[0][1] == {"--a": "1", "--b": "2"}
    assert last_runs(glue)[0]["TriggerName"] == "now"
    assert glue.crawls.started == ["raw"]
    assert glue.get_trigger(Name="now")["Trigger"]["State"] == "CREATED"


def test_a_trigger_with_and_fires_when_every_condition_was_met_and_then_begins_anew(glue: Any) -> None:
    for job in ("one", "two", "last"):
        glue.job(job)
    conditional(glue, "AND", "one", "two")
    for _ in range(2):
        glue.end(run_of(glue, "one"))
    assert last_runs(glue) == []
    glue.end(run_of(glue, "two"))
    assert len(last_runs(glue)) == 1
    glue.end(last_runs(glue)[0]["Id"])
    glue.end(run_of(glue, "two"))
    assert len(last_runs(glue)) == 1


def test_a_trigger_with_any_fires_at_each_condition(glue: Any) -> None:
    for job in ("one", "two"):
        glue.job(job)
    glue.job("last", ExecutionProperty={"MaxConcurrentRuns": 5})
    conditional(glue, "ANY", "one", "two")
    glue.end(run_of(glue, "one"))
    glue.end(run_of(glue, "two"))
    assert len(last_runs(glue)) == 2


def test_another_state_than_the_condition_names_does_not_fire(glue: Any) -> None:
    for job in ("one", "last"):
        glue.job(job)
    conditional(glue, "AND", "one")
    glue.end(run_of(glue, "one"), "FAILED")
    assert last_runs(glue) == []


def test_a_failure_that_will_be_retried_fires_nothing_yet(glue: Any) -> None:
    glue.job("one", MaxRetries=1)
    glue.job("last")
    predicate = {"Conditions": [{"JobName": "one", "State": "FAILED"}]}
    glue.create_trigger(
        Name="t", Type="CONDITIONAL", StartOnCreation=True, Predicate=predicate, Actions=[{"JobName": "last"}]
    )
    first = run_of(glue, "one")
    glue.end(first, "FAILED")
    assert last_runs(glue) == []
    glue.end(f"{first}_attempt_1", "FAILED")
    assert len(last_runs(glue)) == 1


def test_a_stopped_trigger_does_not_fire(glue: Any) -> None:
    for job in ("one", "last"):
        glue.job(job)
    conditional(glue, "AND", "one")
    glue.stop_trigger(Name="after")
    glue.end(run_of(glue, "one"))
    assert last_runs(glue) == []
    assert glue.get_trigger(Name="after")["Trigger"]["State"] == "DEACTIVATED"


def test_a_trigger_above_the_limit_of_runs_leaves_a_failed_run(glue: Any) -> None:
    glue.job("last")
    glue.create_trigger(Name="now", Type="ON_DEMAND", Actions=[{"JobName": "last"}])
    glue.start_trigger(Name="now")
    glue.start_trigger(Name="now")
    newest = last_runs(glue)[0]
    assert (newest["JobRunState"], newest["ErrorMessage"]) == ("FAILED", "Concurrent runs exceeded for last")


def test_triggers_are_found_by_the_job_they_start(glue: Any) -> None:
    glue.create_trigger(Name="a", Type="ON_DEMAND", Actions=[{"JobName": "x"}])
    glue.create_trigger(Name="b", Type="ON_DEMAND", Actions=[{"JobName": "y"}], Tags={"team": "blue"})
    assert glue.list_triggers(DependentJobName="x")["TriggerNames"] == ["a"]
    assert glue.list_triggers(Tags={"team": "blue"})["TriggerNames"] == ["b"]
    answer = glue.batch_get_triggers(TriggerNames=["a", "nope"])
    assert [trigger["Name"] for trigger in answer["Triggers"]] == ["a"]
    assert answer["TriggersNotFound"] == ["nope"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Type": "EVENT"}, "NotImplemented"),
        ({"Type": "SCHEDULED"}, "InvalidInputException"),
        ({"Type": "SCHEDULED", "Schedule": "every day"}, "InvalidInputException"),
        ({"Type": "CONDITIONAL"}, "InvalidInputException"),
        ({"Actions": []}, "InvalidInputException"),
        ({"Actions": [{"JobName": "a", "CrawlerName": "b"}]}, "InvalidInputException"),
        ({"StartOnCreation": True}, "InvalidInputException"),
        ({"WorkflowName": "nope"}, "EntityNotFoundException"),
        (
            {
                "Type": "CONDITIONAL",
                "Predicate": {"Conditions": [{"CrawlerName": "c", "CrawlState": "ERROR"}]},
            },
            "InvalidInputException",
        ),
        (
            {"Type": "CONDITIONAL", "Predicate": {"Conditions": [{"CrawlerName": "c", "State": "FAILED"}]}},
            "InvalidInputException",
        ),
    ],
)
def test_a_wrong_trigger_is_refused_and_not_kept(glue: Any, change: dict[str, Any], code: str) -> None:
    with pytest.raises(AwsError) as error:
        glue.create_trigger(**{"Name": "t", "Type": "ON_DEMAND", "Actions": [{"JobName": "a"}], **change})
    assert error.value.code == code
    assert glue.list_triggers()["TriggerNames"] == []


def test_a_trigger_waits_for_crawlers_and_jobs_together(glue: Any) -> None:
    for job in ("one", "last"):
        glue.job(job)
    conditions = [{"CrawlerName": "raw", "CrawlState": "SUCCEEDED"}, {"JobName": "one", "State": "SUCCEEDED"}]
    predicate = {"Logical": "AND", "Conditions": conditions}
    glue.create_trigger(
        Name="t", Type="CONDITIONAL", StartOnCreation=True, Predicate=predicate, Actions=[{"JobName": "last"}]
    )
    glue.create_trigger(Name="crawl", Type="ON_DEMAND", Actions=[{"CrawlerName": "raw"}])
    glue.start_trigger(Name="crawl")
    glue.crawls.end("raw", "FAILED")
    one = run_of(glue, "one")
    glue.end(one)
    assert last_runs(glue) == []
    glue.start_trigger(Name="crawl")
    glue.crawls.end("raw")
    assert [run["PredecessorRuns"] for run in last_runs(glue)] == [[{"JobName": "one", "RunId": one}]]


def test_a_run_that_no_trigger_started_fires_nothing(glue: Any) -> None:
    for job in ("one", "last"):
        glue.job(job)
    conditional(glue, "ANY", "one")
    glue.end(glue.start_job_run(JobName="one")["JobRunId"])
    assert last_runs(glue) == []


@pytest.mark.parametrize(
    ("schedule", "due", "not_due"),
    [
        ("cron(15 12 * * ? *)", "2026-11-21T12:15", "2026-11-21T12:16"),
        ("cron(0/15 * ? * MON-FRI *)", "2026-11-20T03:45", "2026-11-21T03:45"),
        ("cron(0 8 1 JAN,JUL ? 2027)", "2027-07-01T08:00", "2026-07-01T08:00"),
        ("cron(0 8 ? * 1 *)", "2026-11-22T08:00", "2026-11-23T08:00"),
    ],
)
def test_a_schedule_is_due_at_its_minutes_in_utc(schedule: str, due: str, not_due: str) -> None:
    parsed = parse_schedule(schedule)
    assert parsed.is_due(datetime.fromisoformat(due).replace(tzinfo=UTC))
    assert not parsed.is_due(datetime.fromisoformat(not_due).replace(tzinfo=UTC))


@pytest.mark.parametrize(
    "schedule",
    ["cron(* * * * ? *)", "cron(0 25 * * ? *)", "cron(0 8 * * * *)", "cron(0 8 ? * ? *)", "rate(1 hour)", ""],
)
def test_a_schedule_that_is_none_is_refused(schedule: str) -> None:
    with pytest.raises(AwsError) as error:
        parse_schedule(schedule)
    assert error.value.code == "InvalidInputException"
