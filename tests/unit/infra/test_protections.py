"""What a reviewer of the template would refuse, as rules: open buckets, wide roles, logs kept for ever."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.infra.conftest import listed, resources, statements

KNOWN_WILDCARDS = {
    # These actions know no resources: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
    ("StateMachineRole", "DeliverItsLog"),
}


def test_no_action_of_a_role_is_a_wildcard(template: dict[str, Any]) -> None:
    actions = [action for _, statement in statements(template) for action in listed(statement["Action"])]
    assert [action for action in actions if "*" in action] == []


def test_no_role_touches_everything_but_where_aws_knows_no_resources(template: dict[str, Any]) -> None:
    wide = {
        (role, statement["Sid"])
        for role, statement in statements(template)
        for resource in listed(statement["Resource"])
        if resource == "*"
    }
    assert wide == KNOWN_WILDCARDS


def test_every_statement_has_a_name_and_only_allows(template: dict[str, Any]) -> None:
    found = list(statements(template))
    assert all(statement["Effect"] == "Allow" and statement["Sid"] for _, statement in found)
    assert len({(role, statement["Sid"]) for role, statement in found}) == len(found)


def test_each_role_is_assumed_by_one_service(template: dict[str, Any]) -> None:
    roles = resources(template, "AWS::IAM::Role")
    trusted = {
        name: role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["Service"]
        for name, role in roles.items()
    }
    assert trusted == {
        "CrawlerRole": "glue.amazonaws.com",
        "JobRole": "glue.amazonaws.com",
        "StateMachineRole": "states.amazonaws.com",
    }


@pytest.mark.parametrize("name", ["SourceBucket", "LakeBucket"])
def test_a_bucket_is_encrypted_private_and_refuses_plain_http(template: dict[str, Any], name: str) -> None:
    assert set(resources(template, "AWS::S3::Bucket")) == {"SourceBucket", "LakeBucket"}
    bucket = resources(template, "AWS::S3::Bucket")[name]
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    block = bucket["PublicAccessBlockConfiguration"]
    assert (len(block), set(block.values())) == (4, {True})
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    (statement,) = resources(template, "AWS::S3::BucketPolicy")[f"{name}Policy"]["PolicyDocument"][
        "Statement"
    ]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert statement["Resource"] == [
        {"Fn::GetAtt": f"{name}.Arn"},
        {"Fn::Sub": f"${{{name}.Arn}}/*"},
    ]


@pytest.mark.parametrize("name", ["SourceBucket", "LakeBucket"])
def test_no_deletion_of_the_stack_deletes_data(template: dict[str, Any], name: str) -> None:
    bucket = template["Resources"][name]
    assert (bucket["DeletionPolicy"], bucket["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")


def test_every_log_group_forgets_after_the_days_asked_for(template: dict[str, Any]) -> None:
    groups = resources(template, "AWS::Logs::LogGroup")
    assert set(groups) == {"JobOutputLogs", "JobErrorLogs", "StateMachineLogs"}
    assert all(group["RetentionInDays"] == {"Ref": "LogRetentionDays"} for group in groups.values())


def test_the_jobs_write_to_the_log_groups_that_forget(template: dict[str, Any]) -> None:
    groups = resources(template, "AWS::Logs::LogGroup")
    for job in resources(template, "AWS::Glue::Job").values():
        prefix = job["DefaultArguments"]["--custom-logGroup-prefix"]["Fn::Sub"]
        assert groups["JobOutputLogs"]["LogGroupName"] == {"Fn::Sub": f"{prefix}/output"}
        assert groups["JobErrorLogs"]["LogGroupName"] == {"Fn::Sub": f"{prefix}/error"}


def test_query_results_are_encrypted_and_no_query_may_write_elsewhere(template: dict[str, Any]) -> None:
    (group,) = resources(template, "AWS::Athena::WorkGroup").values()
    configuration = group["WorkGroupConfiguration"]
    assert configuration["EnforceWorkGroupConfiguration"] is True
    encryption = configuration["ResultConfiguration"]["EncryptionConfiguration"]
    assert encryption == {"EncryptionOption": "SSE_S3"}


def test_a_budget_is_made_only_when_asked_for(template: dict[str, Any]) -> None:
    assert template["Parameters"]["MonthlyBudgetUsd"]["Default"] == 0
    assert template["Resources"]["Budget"]["Condition"] == "HasBudget"


def test_the_template_needs_nothing_but_aws(template: dict[str, Any]) -> None:
    assert "Transform" not in template
    assert all(item["Type"].startswith("AWS::") for item in template["Resources"].values())
    assert {"AWS::CloudFormation::CustomResource", "AWS::CloudFormation::Macro"}.isdisjoint(
        item["Type"] for item in template["Resources"].values()
    )
