"""Rules hold parameters to one another before anything is made."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local_aws.cloudformation.template.rules import check_rules, read_rule
from local_aws.errors import AwsError
from tests.unit.local_aws.cloudformation.fakes import Stacks, thing

VALUES = {"Env": "prod", "Workers": "10", "Zones": ["raw", "processed"]}

HOLDS: list[tuple[Any, bool]] = [
    ({"Fn::Equals": [{"Ref": "Env"}, "prod"]}, True),
    ({"Fn::Contains": [["dev", "prod"], {"Ref": "Env"}]}, True),
    ({"Fn::Contains": [["1", "10"], {"Ref": "Workers"}]}, True),
    ({"Fn::Contains": [[1, 2], {"Ref": "Workers"}]}, False),
    ({"Fn::Contains": [{"Ref": "Zones"}, "raw"]}, True),
    ({"Fn::EachMemberEquals": [{"Ref": "Zones"}, "raw"]}, False),
    ({"Fn::EachMemberEquals": [["raw", "raw"], "raw"]}, True),
    ({"Fn::EachMemberIn": [{"Ref": "Zones"}, ["raw", "processed", "temp"]]}, True),
    ({"Fn::EachMemberIn": [{"Ref": "Zones"}, ["raw"]]}, False),
    ({"Fn::Not": [{"Fn::Contains": [["1", "2"], {"Ref": "Workers"}]}]}, True),
    (
        {"Fn::And": [{"Fn::Equals": [{"Ref": "Env"}, "prod"]}, {"Fn::Equals": [{"Ref": "Workers"}, "2"]}]},
        False,
    ),
    (
        {"Fn::Or": [{"Fn::Equals": [{"Ref": "Env"}, "prod"]}, {"Fn::Equals": [{"Ref": "Workers"}, "2"]}]},
        True,
    ),
]


def rule(assertion: Any, **more: Any) -> dict[str, Any]:
    return {"Assertions": [{"Assert": assertion, "AssertDescription": "no good"}], **more}


@pytest.mark.parametrize(("assertion", "holds"), HOLDS, ids=[json.dumps(one) for one, _ in HOLDS])
def test_an_assertion_must_be_true(assertion: Any, holds: bool) -> None:
    rules = {"R": read_rule("R", rule(assertion))}
    if holds:
        check_rules(rules, VALUES)
        return
    with pytest.raises(AwsError, match="Rule R failed: no good"):
        check_rules(rules, VALUES)


def test_a_rule_whose_condition_is_false_is_not_looked_at() -> None:
    false, in_dev = {"Fn::Equals": ["a", "b"]}, {"Fn::Equals": [{"Ref": "Env"}, "dev"]}
    check_rules({"R": read_rule("R", rule(false, RuleCondition=in_dev))}, VALUES)


WRONG: list[tuple[Any, str]] = [
    ("text", "[/Rules/R] Every Rules member must be an object."),
    ({"Assert": True}, "Encountered unsupported property Assert"),
    ({"Assertions": []}, "must contain a list of Assertions"),
    ({"Assertions": [{"AssertDescription": "x"}]}, "must be an object with Assert"),
    (rule({"Fn::GetAtt": ["A", "Arn"]}), "Fn::GetAtt cannot be used in the Rules block"),
    (rule({"Fn::If": ["C", True, False]}), "Fn::If cannot be used in the Rules block"),
    (rule({"Fn::RefAll": "AWS::EC2::VPC::Id"}), "Fn::RefAll is not supported by Laguna."),
    (rule({"Ref": ["Env"]}), "every Ref object must have a single String value."),
]


@pytest.mark.parametrize(("body", "message"), WRONG, ids=[message for _, message in WRONG])
def test_a_wrong_rule_is_refused(body: Any, message: str) -> None:
    with pytest.raises(AwsError) as error:
        read_rule("R", body)
    assert message in error.value.message


@pytest.mark.parametrize(
    ("assertion", "message"),
    [
        ({"Ref": "Env"}, "A rule must be made of boolean operations."),
        ({"Fn::Contains": [{"Ref": "Env"}, "prod"]}, "every Fn::Contains object requires a list of strings."),
        ({"Fn::EachMemberIn": [["a"]]}, "every Fn::EachMemberIn object requires two parameters."),
    ],
)
def test_what_is_no_truth_is_refused(assertion: Any, message: str) -> None:
    with pytest.raises(AwsError) as error:
        check_rules({"R": read_rule("R", rule(assertion))}, VALUES)
    assert message in error.value.message


def test_values_that_break_a_rule_make_no_stack(stacks: Stacks) -> None:
    template = {
        "Parameters": {"Env": {"Type": "String"}},
        "Rules": {"OnlyDev": rule({"Fn::Equals": [{"Ref": "Env"}, "dev"]})},
        "Resources": {"A": thing("a")},
    }

    def attempt(operation: str, env: str, **more: Any) -> None:
        parameters = [{"ParameterKey": "Env", "ParameterValue": env}]
        body = json.dumps(template)
        stacks.call(operation, StackName="lake", TemplateBody=body, Parameters=parameters, **more)

    for operation, more in (
        ("create_stack", {}),
        ("create_change_set", {"ChangeSetName": "c", "ChangeSetType": "CREATE"}),
    ):
        with pytest.raises(AwsError, match="Rule OnlyDev failed: no good"):
            attempt(operation, "prod", **more)
    assert stacks.call("list_stacks")["StackSummaries"] == []
    attempt("create_stack", "dev")
    with pytest.raises(AwsError, match="Rule OnlyDev failed: no good"):
        attempt("update_stack", "prod")
    assert stacks.status() == "CREATE_COMPLETE"


def test_a_rule_refers_to_parameters_only(stacks: Stacks) -> None:
    template = {"Rules": {"R": rule({"Fn::Equals": [{"Ref": "A"}, "x"]})}, "Resources": {"A": thing("a")}}
    with pytest.raises(AwsError, match=r"Unresolved dependencies \[A\] in the Rules block of the template"):
        stacks.call("validate_template", TemplateBody=json.dumps(template))
