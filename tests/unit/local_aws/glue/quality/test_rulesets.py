"""Rulesets by the API."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from local_aws.errors import AwsError

RULES = 'Rules = [ RowCount > 1, IsComplete "id" ]'
TARGET = {"DatabaseName": "lake", "TableName": "orders"}


def failing(call: Any, **request: Any) -> tuple[str, str]:
    with pytest.raises(AwsError) as caught:
        call(**request)
    return caught.value.code, caught.value.message


def test_a_ruleset_is_shown_as_it_was_made(quality: Any) -> None:
    quality.create_data_quality_ruleset(
        Name="a", Ruleset=RULES, Description="d", TargetTable=TARGET, Tags={"team": "x"}
    )
    shown = quality.get_data_quality_ruleset(Name="a")
    assert {name: shown[name] for name in ("Name", "Ruleset", "Description", "TargetTable")} == {
        "Name": "a",
        "Ruleset": RULES,
        "Description": "d",
        "TargetTable": TARGET,
    }
    arn = "arn:aws:glue:us-east-1:000000000000:dataQualityRuleset/a"
    assert quality.get_tags(ResourceArn=arn) == {"Tags": {"team": "x"}}


def test_a_ruleset_must_be_dqdl(quality: Any) -> None:
    message = "Ruleset is not valid: line 1:10 Rule Type: RowCounts is not valid"
    wrong = "Rules = [ RowCounts > 1 ]"
    code = "InvalidInputException"
    assert failing(quality.create_data_quality_ruleset, Name="a", Ruleset=wrong) == (code, message)
    quality.create_data_quality_ruleset(Name="a", Ruleset=RULES)
    assert failing(quality.update_data_quality_ruleset, Name="a", Ruleset=wrong) == (code, message)
    assert quality.get_data_quality_ruleset(Name="a")["Ruleset"] == RULES


def test_names_are_taken_once_and_missing_ones_are_told(quality: Any) -> None:
    quality.create_data_quality_ruleset(Name="a", Ruleset=RULES)
    assert failing(quality.create_data_quality_ruleset, Name="a", Ruleset=RULES) == (
        "AlreadyExistsException",
        "Another ruleset with the same name already exists: a",
    )
    missing = (
        "EntityNotFoundException",
        "Cannot find Data Quality Ruleset in account 000000000000 with name b",
    )
    for call in (
        quality.get_data_quality_ruleset,
        quality.update_data_quality_ruleset,
        quality.delete_data_quality_ruleset,
    ):
        assert failing(call, Name="b") == missing


def test_a_target_table_must_be_there(quality: Any) -> None:
    target = {"DatabaseName": "lake", "TableName": "none"}
    assert failing(quality.create_data_quality_ruleset, Name="a", Ruleset=RULES, TargetTable=target) == (
        "InvalidInputException",
        "Cannot find table none in database lake",
    )


def test_a_ruleset_is_changed_and_deleted(quality: Any) -> None:
    quality.create_data_quality_ruleset(Name="a", Ruleset=RULES)
    changed = "Rules = [ RowCount > 2 ]"
    assert quality.update_data_quality_ruleset(Name="a", Ruleset=changed, Description="new") == {
        "Name": "a",
        "Description": "new",
        "Ruleset": changed,
    }
    quality.delete_data_quality_ruleset(Name="a")
    assert quality.list_data_quality_rulesets() == {"Rulesets": []}


def test_rulesets_are_listed_in_pages_and_by_filters(quality: Any) -> None:
    quality.create_data_quality_ruleset(Name="a", Ruleset=RULES, TargetTable=TARGET)
    quality.create_data_quality_ruleset(Name="b", Ruleset=RULES, Tags={"team": "x"})

    def names(**request: Any) -> list[str]:
        return [one["Name"] for one in quality.list_data_quality_rulesets(**request)["Rulesets"]]

    first = quality.list_data_quality_rulesets(MaxResults=1)
    assert (first["Rulesets"][0]["Name"], first["Rulesets"][0]["RuleCount"]) == ("a", 2)
    assert names(NextToken=first["NextToken"]) == ["b"]
    assert names(Filter={"TargetTable": TARGET}) == ["a"]
    assert names(Filter={"Name": "b"}) == ["b"]
    assert names(Filter={"CreatedBefore": datetime(2020, 1, 1, tzinfo=UTC)}) == []
    assert names(Tags={"team": "x"}) == ["b"]
