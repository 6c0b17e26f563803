"""Requests that are refused at once, and what the reading operations answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local_aws.cloudformation.api.goal import bucket_and_key
from local_aws.errors import AwsError
from tests.unit.local_aws.cloudformation.fakes import Stacks, thing

BODY = json.dumps({"Resources": {"A": thing("a")}})
ROLE = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}}
NAMED_ROLE = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}, "RoleName": "r"}}


def refusal(stacks: Stacks, operation: str, **request: Any) -> tuple[str, str]:
    with pytest.raises(AwsError) as error:
        stacks.call(operation, **request)
    return error.value.code, error.value.message


def test_iam_needs_capabilities(stacks: Stacks) -> None:
    for resource, needed in ((ROLE, "CAPABILITY_IAM"), (NAMED_ROLE, "CAPABILITY_NAMED_IAM")):
        body = json.dumps({"Resources": {"R": resource}})
        expected = ("InsufficientCapabilitiesException", f"Requires capabilities : [{needed}]")
        assert refusal(stacks, "create_stack", StackName="lake", TemplateBody=body) == expected
        assert stacks.call("validate_template", TemplateBody=body)["Capabilities"] == [needed]
    body = json.dumps({"Resources": {"R": NAMED_ROLE}})
    code, _ = refusal(
        stacks, "create_stack", StackName="lake", TemplateBody=body, Capabilities=["CAPABILITY_IAM"]
    )
    assert code == "InsufficientCapabilitiesException"
    assert stacks.call("list_stacks")["StackSummaries"] == []


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (
        "create_stack",
        {"StackName": "a_b", "TemplateBody": BODY},
        "Member must satisfy regular expression pattern",
    ),
    ("create_stack", {"StackName": "a"}, "Either Template URL or Template Body must be specified."),
    ("create_stack", {"StackName": "a", "TemplateBody": BODY + " " * 51200}, "less than or equal to 51200"),
    (
        "create_stack",
        {"StackName": "a", "TemplateBody": BODY, "StackPolicyBody": "{}"},
        "does not support StackPolicyBody",
    ),
    (
        "create_stack",
        {"StackName": "a", "TemplateBody": BODY, "OnFailure": "DELETE", "DisableRollback": True},
        "either DisableRollback or OnFailure, but not both",
    ),
    (
        "create_stack",
        {"StackName": "a", "TemplateBody": json.dumps({"Resources": {"A": {"Type": "Banana"}}})},
        "Unrecognized resource types: [Banana]",
    ),
    (
        "create_stack",
        {"StackName": "a", "TemplateURL": "s3://bucket/key"},
        "TemplateURL must be a supported URL.",
    ),
    ("update_stack", {"StackName": "a", "TemplateBody": BODY}, "Stack [a] does not exist"),
    ("describe_stacks", {"StackName": "a"}, "Stack with id a does not exist"),
    ("describe_stack_events", {"StackName": "a"}, "Stack [a] does not exist"),
    ("list_stack_resources", {"StackName": "a"}, "Stack with id a does not exist"),
    ("get_template", {"StackName": "a"}, "Stack with id a does not exist"),
    ("list_stacks", {"NextToken": "x"}, "The specified next token is invalid."),
    ("list_imports", {"ExportName": "x"}, "Export 'x' is not imported by any stack."),
]


@pytest.mark.parametrize(
    ("operation", "request_", "message"), REFUSED, ids=[message for *_, message in REFUSED]
)
def test_a_bad_request_is_refused_and_changes_nothing(
    stacks: Stacks, operation: str, request_: dict[str, Any], message: str
) -> None:
    code, said = refusal(stacks, operation, **request_)
    assert code == "ValidationError"
    assert message in said
    assert stacks.call("list_stacks")["StackSummaries"] == []


def test_drift_and_stack_policies_say_that_they_are_missing(stacks: Stacks) -> None:
    for operation in ("detect_stack_drift", "detect_stack_resource_drift", "set_stack_policy"):
        code, message = refusal(stacks, operation, StackName="a")
        assert code == "NotImplemented"
        assert "Laguna does not implement cloudformation:" in message


def test_a_stack_in_progress_can_be_neither_updated_nor_deleted(stacks: Stacks) -> None:
    seen: list[tuple[str, str]] = []

    def try_both(call: str) -> None:
        for operation, more in (("update_stack", {"UsePreviousTemplate": True}), ("delete_stack", {})):
            try:
                getattr(stacks.service, operation)({"StackName": "lake", **more}, None)
            except AwsError as error:
                seen.append((operation, error.message))

    stacks.world.on_call = try_both
    stacks.call("create_stack", StackName="lake", TemplateBody=BODY)
    assert [operation for operation, _ in seen] == ["update_stack", "delete_stack"]
    assert all("is in CREATE_IN_PROGRESS state and can not be" in message for _, message in seen)


def test_events_are_paged_newest_first_and_stay_put(stacks: Stacks) -> None:
    resources = {f"R{number}": thing(f"r{number}") for number in range(45)}
    stacks.call("create_stack", StackName="lake", TemplateBody=json.dumps({"Resources": resources}))
    first = stacks.call("describe_stack_events", StackName="lake")
    second = stacks.call("describe_stack_events", StackName="lake", NextToken=first["NextToken"])
    assert len(first["StackEvents"]) == 100
    assert len(first["StackEvents"]) + len(second["StackEvents"]) == 45 * 3 + 2
    assert "NextToken" not in second
    ids = {event["EventId"] for event in first["StackEvents"] + second["StackEvents"]}
    assert len(ids) == 45 * 3 + 2
    assert first["StackEvents"][0]["ResourceStatus"] == "CREATE_COMPLETE"
    assert second["StackEvents"][-1]["ResourceStatus"] == "CREATE_IN_PROGRESS"


def test_a_template_comes_back_as_it_was_given(stacks: Stacks) -> None:
    text = "# kept\nResources:\n  A: {Type: 'Test::Lake::Thing', Metadata: {why: x}}\n"
    stacks.call("create_stack", StackName="lake", TemplateBody=text)
    assert stacks.call("get_template", StackName="lake") == {
        "TemplateBody": text,
        "StagesAvailable": ["Original", "Processed"],
    }
    detail = stacks.call("describe_stack_resource", StackName="lake", LogicalResourceId="A")[
        "StackResourceDetail"
    ]
    assert detail["Metadata"] == '{"why": "x"}'
    summary = stacks.call("get_template_summary", StackName="lake")
    assert summary["ResourceTypes"] == ["Test::Lake::Thing"]


URLS = {
    "http://127.0.0.1:4566/bucket/a/b.yaml": ("bucket", "a/b.yaml"),
    "https://bucket.s3.amazonaws.com/a%20b.yaml": ("bucket", "a b.yaml"),
    "https://my.bucket.s3.us-east-1.amazonaws.com/k": ("my.bucket", "k"),
    "https://s3.us-east-1.amazonaws.com/bucket/k": ("bucket", "k"),
    "http://bucket.s3.localhost.localstack.cloud:4566/k": ("bucket", "k"),
}


@pytest.mark.parametrize("url", URLS)
def test_a_template_url_names_a_bucket_and_a_key(url: str) -> None:
    assert bucket_and_key(url) == URLS[url]
