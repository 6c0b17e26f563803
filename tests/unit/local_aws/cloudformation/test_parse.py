"""Template text to plain values."""

from __future__ import annotations

import pytest

from local_aws.cloudformation.template.parse import parse_template
from local_aws.errors import AwsError


def refusal(text: str) -> str:
    with pytest.raises(AwsError) as error:
        parse_template(text)
    assert error.value.code == "ValidationError"
    return error.value.message


SHORT_FORMS = {
    "!Ref Bucket": {"Ref": "Bucket"},
    "!Sub '${A}-x'": {"Fn::Sub": "${A}-x"},
    "!GetAtt Bucket.Arn": {"Fn::GetAtt": ["Bucket", "Arn"]},
    "!GetAtt Stack.Outputs.Name": {"Fn::GetAtt": ["Stack", "Outputs.Name"]},
    "!GetAtt [Bucket, Arn]": {"Fn::GetAtt": ["Bucket", "Arn"]},
    "!Join ['-', [a, !Ref B]]": {"Fn::Join": ["-", ["a", {"Ref": "B"}]]},
    "!Select [0, !Split [',', 'a,b']]": {"Fn::Select": [0, {"Fn::Split": [",", "a,b"]}]},
    "!If [IsProd, 1, !Ref AWS::NoValue]": {"Fn::If": ["IsProd", 1, {"Ref": "AWS::NoValue"}]},
    "!Not [!Condition IsProd]": {"Fn::Not": [{"Condition": "IsProd"}]},
    "!FindInMap [M, !Ref AWS::Region, k]": {"Fn::FindInMap": ["M", {"Ref": "AWS::Region"}, "k"]},
    "!ImportValue shared": {"Fn::ImportValue": "shared"},
    "!Base64 text": {"Fn::Base64": "text"},
    "!Cidr [10.0.0.0/16, 2, 8]": {"Fn::Cidr": ["10.0.0.0/16", 2, 8]},
    "!Sub ['${x}', {x: !Ref B}]": {"Fn::Sub": ["${x}", {"x": {"Ref": "B"}}]},
}


@pytest.mark.parametrize("text", SHORT_FORMS)
def test_a_short_form_is_the_function_it_stands_for(text: str) -> None:
    assert parse_template(f"value: {text}") == {"value": SHORT_FORMS[text]}


def test_dates_stay_text_and_keys_become_text() -> None:
    parsed = parse_template("AWSTemplateFormatVersion: 2010-09-09\nMappings: {M: {1: {2: x}}}")
    assert parsed == {"AWSTemplateFormatVersion": "2010-09-09", "Mappings": {"M": {"1": {"2": "x"}}}}


def test_json_and_flow_style_yaml_both_start_with_a_brace() -> None:
    assert parse_template('{"Resources": {"A": 1}}') == {"Resources": {"A": 1}}
    assert parse_template("{Resources: {A: !Ref B}}") == {"Resources": {"A": {"Ref": "B"}}}


def test_a_key_that_appears_twice_is_refused() -> None:
    assert "duplicate key 'A'" in refusal("Resources:\n  A: 1\n  A: 2\n")
    assert "duplicate key 'A'" in refusal('{"Resources": {"A": 1, "A": 2}}')


@pytest.mark.parametrize("text", ["", "just text", "[1, 2]", "42"])
def test_what_is_not_an_object_is_refused(text: str) -> None:
    assert refusal(text) == "Template format error: unsupported structure."


def test_broken_text_is_refused_with_its_place() -> None:
    assert refusal('{"a": 1,\n "b" 2}').startswith("Template format error: JSON not well-formed. (line 2")
    assert refusal("a: [1\nb: 2").startswith("Template format error: YAML not well-formed. (line 2")
    assert "unknown tag !Nope" in refusal("a: !Nope b")


def test_aliases_are_refused() -> None:
    assert (
        refusal("a: &x 1\nb: *x")
        == "Template error: YAML aliases are not allowed in CloudFormation templates"
    )


def test_deep_nesting_is_refused_and_does_not_crash() -> None:
    assert "nested too deeply" in refusal("[" * 500 + "]" * 500)
