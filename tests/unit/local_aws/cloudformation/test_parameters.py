"""The values of parameters, and their constraints."""

from __future__ import annotations

from typing import Any

import pytest

from local_aws.cloudformation.template.parameters import choose_values, read_parameter, value_of
from local_aws.errors import AwsError


def chosen(body: dict[str, Any], value: str | None = None, previous: str | None = None) -> Any:
    parameter = read_parameter("P", body)
    given: list[dict[str, Any]] = []
    if value is not None:
        given = [{"ParameterKey": "P", "ParameterValue": value}]
    elif previous is not None:
        given = [{"ParameterKey": "P", "UsePreviousValue": True}]
    texts = choose_values({"P": parameter}, given, {} if previous is None else {"P": previous})
    return value_of(parameter, texts["P"])


def refusal(body: dict[str, Any], value: str | None = None) -> str:
    with pytest.raises(AwsError) as error:
        chosen(body, value)
    assert error.value.code == "ValidationError"
    return error.value.message


def test_a_given_value_wins_over_the_default() -> None:
    assert chosen({"Type": "String", "Default": "dev"}) == "dev"
    assert chosen({"Type": "String", "Default": "dev"}, "prod") == "prod"
    assert chosen({"Type": "String", "Default": "dev"}, previous="test") == "test"
    assert chosen({"Type": "Number", "Default": 15}) == "15"


def test_lists_are_split_at_commas_and_trimmed() -> None:
    assert chosen({"Type": "CommaDelimitedList"}, "a, b,c") == ["a", "b", "c"]
    assert chosen({"Type": "List<Number>"}, "1,2") == ["1", "2"]
    assert chosen({"Type": "AWS::SSM::Parameter::Value<CommaDelimitedList>"}, "x,y") == ["x", "y"]


REFUSED: list[tuple[dict[str, Any], str | None, str]] = [
    ({"Type": "String"}, None, "Parameters: [P] must have values"),
    ({"Type": "Number"}, "x", "Parameter 'P' must be a number"),
    ({"Type": "List<Number>"}, "1,x", "Parameter 'P' must be a number"),
    ({"Type": "String", "AllowedValues": ["a", "b"]}, "c", "Parameter 'P' must be one of AllowedValues"),
    ({"Type": "String", "AllowedPattern": "[a-z]+"}, "a1", "Parameter 'P' must match pattern [a-z]+"),
    ({"Type": "String", "MinLength": "3"}, "ab", "Parameter 'P' must contain at least 3 characters"),
    ({"Type": "String", "MaxLength": 1}, "ab", "Parameter 'P' must contain at most 1 characters"),
    ({"Type": "Number", "MinValue": 1}, "0.5", "Parameter 'P' must be a number not less than 1"),
    ({"Type": "Number", "MaxValue": 5}, "6", "Parameter 'P' must be a number not greater than 5"),
    (
        {"Type": "String", "AllowedPattern": "[a-z]+", "ConstraintDescription": "lower case"},
        "A",
        "Parameter 'P' failed to satisfy constraint: lower case",
    ),
]


@pytest.mark.parametrize(("body", "value", "message"), REFUSED, ids=[message for *_, message in REFUSED])
def test_a_value_outside_its_constraints_is_refused(
    body: dict[str, Any], value: str | None, message: str
) -> None:
    assert refusal(body, value) == message


def test_a_parameter_that_is_not_declared_is_refused() -> None:
    with pytest.raises(AwsError, match=r"Parameters: \[X\] do not exist in the template"):
        choose_values({}, [{"ParameterKey": "X", "ParameterValue": "1"}], {})


def test_a_previous_value_must_exist() -> None:
    with pytest.raises(AwsError, match="not in the previous template"):
        choose_values(
            {"P": read_parameter("P", {"Type": "String"})},
            [{"ParameterKey": "P", "UsePreviousValue": True}],
            {},
        )


@pytest.mark.parametrize("kind", ["Strin", "List<Bool>", 7, None])
def test_an_unknown_type_is_refused(kind: Any) -> None:
    assert "Unrecognized parameter type" in refusal({"Type": kind}, "x")
