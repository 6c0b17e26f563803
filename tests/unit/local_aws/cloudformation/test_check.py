"""What is wrong with a template is known before anything is made."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from local_aws.cloudformation.template.check import check_template, creation_order
from local_aws.cloudformation.template.model import read_template
from local_aws.errors import AwsError

TOPIC = {"Type": "AWS::SNS::Topic"}
ATTRIBUTES = {"AWS::SNS::Topic": frozenset({"TopicArn"})}


def refusal(document: dict[str, Any]) -> str:
    with pytest.raises(AwsError) as error:
        check_template(read_template(yaml.safe_dump(document)), ATTRIBUTES)
    assert error.value.code == "ValidationError"
    return error.value.message


def topic(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SNS::Topic", "Properties": properties}


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"Resources": {}}, "Template format error: At least one Resources member must be defined."),
    (
        {"Resources": {"A": TOPIC}, "Nope": 1},
        "Template format error: Invalid template property or properties [Nope]",
    ),
    ({"Resources": {"A": {"Properties": {}}}}, "Every Resources object must contain a Type member."),
    ({"Resources": {"A": {**TOPIC, "DependOn": "B"}}}, "Invalid template resource property 'DependOn'"),
    ({"Resources": {"A-b": TOPIC}}, "Template format error: Resource name A-b is non alphanumeric."),
    (
        {"Resources": {"A": topic(DisplayName=None)}},
        "Template format error: [/Resources/A/Properties/DisplayName] 'null' values are not allowed in "
        "templates",
    ),
    (
        {"Resources": {"A": topic(DisplayName={"Ref": "X"})}},
        "Template format error: Unresolved resource dependencies [X] in the Resources block of the template",
    ),
    (
        {"Resources": {"A": {**TOPIC, "DependsOn": ["B", "C"]}}},
        "Template format error: Unresolved resource dependencies [B, C] in the Resources block of the "
        "template",
    ),
    (
        {"Resources": {"A": TOPIC}, "Outputs": {"O": {"Value": {"Fn::Sub": "${Y}"}}}},
        "Template format error: Unresolved resource dependencies [Y] in the Outputs block of the template",
    ),
    (
        {
            "Resources": {
                "A": topic(DisplayName={"Fn::GetAtt": ["B", "TopicArn"]}),
                "B": topic(DisplayName={"Ref": "A"}),
            }
        },
        "Circular dependency between resources: [A, B]",
    ),
    (
        {"Resources": {"A": TOPIC}, "Outputs": {"O": {"Value": {"Fn::GetAtt": ["A", "Size"]}}}},
        "Template error: resource A does not support attribute type Size in Fn::GetAtt",
    ),
    (
        {"Resources": {"A": {**TOPIC, "Condition": "C"}}},
        "Template format error: Unresolved condition dependency C in the Resources block of the template",
    ),
    (
        {"Resources": {"A": TOPIC}, "Conditions": {"C": {"Fn::Equals": [{"Ref": "A"}, "x"]}}},
        "Template format error: Unresolved dependencies [A]. Cannot reference resources in the "
        "Conditions block of the template",
    ),
    (
        {"Resources": {"A": TOPIC}, "Conditions": {"C": {"Fn::Not": [{"Condition": "C"}]}}},
        "Template format error: Circular dependencies exist in the Conditions block of the template",
    ),
    (
        {"Resources": {"A": {**TOPIC, "DeletionPolicy": "Keep"}}},
        "Unrecognized DeletionPolicy Keep for resource A",
    ),
    (
        {"Resources": {"A": TOPIC}, "Transform": "AWS::Serverless-2016-10-31"},
        "Laguna does not run transforms: AWS::Serverless-2016-10-31.",
    ),
    (
        {"Resources": {"A": TOPIC}, "AWSTemplateFormatVersion": "2012-10-17"},
        "Template version 2012-10-17 is not supported",
    ),
    (
        {"Resources": {"A": TOPIC}, "Outputs": {"O": {"Description": "x"}}},
        "Every Outputs member must contain a Value object",
    ),
]


@pytest.mark.parametrize(("document", "message"), WRONG, ids=[message[:70] for _, message in WRONG])
def test_a_wrong_template_is_refused(document: dict[str, Any], message: str) -> None:
    assert message in refusal(document)


def test_resources_come_after_what_they_need() -> None:
    needs = {"Job": ["Role", "Bucket"], "Policy": ["Bucket"], "Bucket": [], "Role": ["Bucket"]}
    order = creation_order(needs)
    assert all(
        order.index(needed) < order.index(name) for name, all_needed in needs.items() for needed in all_needed
    )


def test_a_cycle_is_told_without_what_merely_waits_for_it() -> None:
    with pytest.raises(AwsError, match=r"Circular dependency between resources: \[A, B\]"):
        creation_order({"A": ["B"], "B": ["A"], "Waiting": ["A"], "Free": []})
