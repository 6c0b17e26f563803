"""Functions and lookups, with and without unknown values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from local_aws.cloudformation.template.evaluate import NO_VALUE, UNKNOWN, Scope, evaluate
from local_aws.errors import AwsError

SCOPE = Scope(
    parameters={"Env": "dev", "Names": ["a", "b"], "AWS::Region": "us-east-1"},
    mappings={"Sizes": {"dev": {"workers": 2, "zones": ["x", "y"]}}},
    conditions={"IsDev": True, "IsProd": False},
    ref=lambda name: f"{name}-id",
    attribute=lambda name, attribute: f"{name}/{attribute}",
    export={"shared": "value"}.__getitem__,
)

VALUES: list[tuple[Any, Any]] = [
    ({"Ref": "Env"}, "dev"),
    ({"Ref": "Names"}, ["a", "b"]),
    ({"Ref": "Bucket"}, "Bucket-id"),
    ({"Fn::GetAtt": ["Bucket", "Arn"]}, "Bucket/Arn"),
    ({"Fn::GetAtt": "Bucket.Arn"}, "Bucket/Arn"),
    ({"Fn::GetAtt": ["Bucket", {"Ref": "Env"}]}, "Bucket/dev"),
    (
        {"Fn::Sub": "${Env}-${Bucket}-${Bucket.Arn}-${!Kept}-${AWS::Region}"},
        "dev-Bucket-id-Bucket/Arn-${Kept}-us-east-1",
    ),
    ({"Fn::Sub": ["${x}/${Env}", {"x": {"Fn::Join": ["", ["p", 1, True]]}}]}, "p1true/dev"),
    ({"Fn::Join": [",", {"Ref": "Names"}]}, "a,b"),
    ({"Fn::Split": ["|", "a||b"]}, ["a", "", "b"]),
    ({"Fn::Select": ["1", {"Ref": "Names"}]}, "b"),
    ({"Fn::FindInMap": ["Sizes", {"Ref": "Env"}, "workers"]}, 2),
    ({"Fn::FindInMap": ["Sizes", "dev", "zones"]}, ["x", "y"]),
    ({"Fn::If": ["IsDev", "yes", {"Fn::FindInMap": ["Nope", "a", "b"]}]}, "yes"),
    ({"Fn::If": ["IsProd", "yes", {"Ref": "AWS::NoValue"}]}, NO_VALUE),
    (
        {"a": {"Fn::If": ["IsProd", 1, {"Ref": "AWS::NoValue"}]}, "b": [1, {"Ref": "AWS::NoValue"}]},
        {"b": [1]},
    ),
    ({"Fn::ImportValue": {"Fn::Sub": "shared"}}, "value"),
    ({"Fn::Base64": "año"}, "YcOxbw=="),
    ({"Fn::Cidr": ["10.0.0.0/24", 3, 5]}, ["10.0.0.0/27", "10.0.0.32/27", "10.0.0.64/27"]),
    ({"Fn::Equals": [{"Ref": "Env"}, "dev"]}, True),
    ({"Fn::Equals": [1, "1"]}, True),
    ({"Fn::And": [{"Condition": "IsDev"}, {"Fn::Not": [{"Condition": "IsProd"}]}]}, True),
    ({"Fn::Or": [{"Condition": "IsProd"}, {"Fn::Equals": ["a", "b"]}]}, False),
    ({"Condition": {"StringEquals": {"a": "b"}}}, {"Condition": {"StringEquals": {"a": "b"}}}),
]


@pytest.mark.parametrize(("value", "expected"), VALUES, ids=[str(value)[:60] for value, _ in VALUES])
def test_a_function_answers_its_value(value: Any, expected: Any) -> None:
    assert evaluate(value, SCOPE) == expected


WRONG: list[tuple[Any, str]] = [
    ({"Fn::Join": ["-"]}, "every Fn::Join object requires two parameters"),
    ({"Fn::Join": ["-", [{"a": 1, "b": 2}]]}, "every Fn::Join object requires two parameters"),
    ({"Fn::Select": [9, ["a"]]}, "Fn::Select cannot select nonexistent value at index 9"),
    ({"Fn::Select": ["x", ["a"]]}, "an integer index and a list"),
    ({"Fn::Split": ["", "a"]}, "delimiter cannot be empty"),
    ({"Fn::FindInMap": ["Sizes", "prod", "workers"]}, "Unable to get mapping for Sizes::prod::workers"),
    ({"Fn::If": ["IsDev", 1]}, "Fn::If requires a list argument with three elements"),
    ({"Fn::Sub": "${a b}"}, "variable names in Fn::Sub syntax"),
    ({"Fn::Sub": 7}, "Fn::Sub"),
    ({"Fn::And": [True]}, "at least 2 and at most 10"),
    ({"Fn::Cidr": ["10.0.0.0/30", 9, 1]}, "every Fn::Cidr"),
    ({"Fn::Length": [1]}, "AWS::LanguageExtensions"),
    ({"Fn::Transform": {"Name": "AWS::Include"}}, "AWS::Include"),
    ({"Fn::Nope": 1}, "Fn::Nope is not a function"),
    ({"Ref": ["a"]}, "Ref"),
]


@pytest.mark.parametrize(("value", "message"), WRONG, ids=[str(value)[:60] for value, _ in WRONG])
def test_a_wrong_function_is_refused(value: Any, message: str) -> None:
    with pytest.raises(AwsError) as error:
        evaluate(value, SCOPE)
    assert error.value.code == "ValidationError"
    assert message in error.value.message


def test_whatever_depends_on_something_unknown_is_unknown() -> None:
    planning = replace(SCOPE, ref=lambda name: UNKNOWN, attribute=lambda name, attribute: UNKNOWN)
    value = {
        "sub": {"Fn::Sub": "x-${Bucket}"},
        "join": {"Fn::Join": ["", ["a", {"Fn::GetAtt": ["Bucket", "Arn"]}]]},
        "known": {"Ref": "Env"},
    }
    assert evaluate(value, planning) == {"sub": UNKNOWN, "join": UNKNOWN, "known": "dev"}
