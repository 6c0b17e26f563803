"""Evaluation runs and results by the API; the process is played by the tests."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from local_aws.errors import AwsError

SOURCE = {"GlueTable": {"DatabaseName": "lake", "TableName": "orders"}}
RULES = "Rules = [ RowCount > 0 ]"


@pytest.fixture
def start(quality: Any) -> Any:
    quality.create_data_quality_ruleset(Name="orders", Ruleset=RULES)

    def begin(**request: Any) -> str:
        wanted = {"DataSource": SOURCE, "Role": "glue", "RulesetNames": ["orders"], **request}
        return str(quality.start_data_quality_ruleset_evaluation_run(**wanted)["RunId"])

    return begin


def failing(call: Any, **request: Any) -> tuple[str, str]:
    with pytest.raises(AwsError) as caught:
        call(**request)
    return caught.value.code, caught.value.message


def test_a_new_run_shows_what_it_will_do(quality: Any, start: Any) -> None:
    run_id = start()
    assert re.fullmatch("dqrun-[0-9a-f]{40}", run_id)
    run = quality.get_data_quality_ruleset_evaluation_run(RunId=run_id)
    assert (run["Status"], run["RulesetNames"], run["Timeout"]) == ("STARTING", ["orders"], 120)
    assert "ResultIds" not in run
    plan = quality.plan(run_id)
    assert (plan["Rulesets"], plan["Table"]["Name"]) == ({"orders": RULES}, "orders")


def test_results_are_there_when_the_run_has_ended(quality: Any, start: Any) -> None:
    run_id = start()
    quality.end(run_id, "Passed", "Failed")
    run = quality.get_data_quality_ruleset_evaluation_run(RunId=run_id)
    (result_id,) = run["ResultIds"]
    assert run["Status"] == "SUCCEEDED"
    result = quality.get_data_quality_result(ResultId=result_id)
    assert re.fullmatch("dqresult-[0-9a-f]{40}", result_id)
    assert (result["Score"], result["RulesetEvaluationRunId"]) == (0.5, run_id)
    assert [(rule["Name"], rule["Result"]) for rule in result["RuleResults"]] == [
        ("Rule_1", "PASS"),
        ("Rule_2", "FAIL"),
    ]
    assert quality.get_data_quality_ruleset_evaluation_run(RunId=run_id)["ResultIds"] == [result_id]


def test_results_are_listed_before_anyone_asks_for_their_run(quality: Any, start: Any) -> None:
    quality.end(start(), "Passed")
    quality.end(start(), "Failed")
    first = quality.list_data_quality_results(MaxResults=1)
    rest = quality.list_data_quality_results(NextToken=first["NextToken"])
    ids = [one["ResultId"] for one in (*first["Results"], *rest["Results"])]
    assert len(set(ids)) == 2
    other = {"GlueTable": {"DatabaseName": "lake", "TableName": "other"}}
    for wanted in (
        {"DataSource": other},
        {"JobName": "j"},
        {"StartedAfter": datetime(2030, 1, 1, tzinfo=UTC)},
    ):
        assert quality.list_data_quality_results(Filter=wanted) == {"Results": []}
    found = quality.batch_get_data_quality_result(ResultIds=[ids[0], "dqresult-none"])
    assert [one["ResultId"] for one in found["Results"]] == [ids[0]]
    assert found["ResultsNotFound"] == ["dqresult-none"]


def test_runs_are_listed_by_table_and_ruleset(quality: Any, start: Any) -> None:
    run_id = start()

    def ids(**wanted: Any) -> list[str]:
        runs = quality.list_data_quality_ruleset_evaluation_runs(Filter=wanted)["Runs"]
        return [run["RunId"] for run in runs]

    assert ids(DataSource=SOURCE) == [run_id]
    assert ids(DataSource=SOURCE, RulesetName="other") == []
    assert ids(DataSource={"GlueTable": {"DatabaseName": "lake", "TableName": "x"}}) == []


def test_a_token_starts_one_run(quality: Any, start: Any) -> None:
    assert start(ClientToken="t") == start(ClientToken="t")
    assert len(quality.runner.started) == 1


def test_a_run_is_cancelled_until_it_has_ended(quality: Any, start: Any) -> None:
    run_id = start()
    quality.cancel_data_quality_ruleset_evaluation_run(RunId=run_id)
    assert quality.runner.stopped == [run_id]
    assert quality.get_data_quality_ruleset_evaluation_run(RunId=run_id)["Status"] == "STOPPING"
    quality.end(run_id, "Passed")
    assert failing(quality.cancel_data_quality_ruleset_evaluation_run, RunId=run_id) == (
        "InvalidInputException",
        f"Run {run_id} is in terminal state SUCCEEDED.",
    )


def test_what_is_not_there_is_told(quality: Any, start: Any) -> None:
    begin = quality.start_data_quality_ruleset_evaluation_run
    wanted: dict[str, Any] = {"DataSource": SOURCE, "Role": "glue", "RulesetNames": ["orders"]}
    missing = {"GlueTable": {"DatabaseName": "lake", "TableName": "x"}}
    query = {"DataQualityGlueTable": {**SOURCE["GlueTable"], "PreProcessingQuery": "select 1"}}
    for changed, code in (
        ({"RulesetNames": ["other"]}, "EntityNotFoundException"),
        ({"DataSource": missing}, "EntityNotFoundException"),
        ({"AdditionalDataSources": {"ref": missing}}, "EntityNotFoundException"),
        ({"DataSource": {}}, "InvalidInputException"),
        ({"DataSource": query}, "NotImplemented"),
        ({"AdditionalRunOptions": {"CustomLogGroupPrefix": "/x"}}, "NotImplemented"),
    ):
        assert failing(begin, **{**wanted, **changed})[0] == code
    assert quality.runner.started == []
    for call, member in (
        (quality.get_data_quality_ruleset_evaluation_run, "RunId"),
        (quality.cancel_data_quality_ruleset_evaluation_run, "RunId"),
        (quality.get_data_quality_result, "ResultId"),
    ):
        assert failing(call, **{member: "none"})[0] == "EntityNotFoundException"


def test_a_run_that_a_server_before_this_one_left_has_failed(quality: Any, start: Any) -> None:
    run_id = start()
    quality.runs.fail_unfinished()
    run = quality.get_data_quality_ruleset_evaluation_run(RunId=run_id)
    assert (run["Status"], "ResultIds" in run) == ("FAILED", False)
    assert run["ErrorString"] == "The local AWS server stopped while this run was under way."
