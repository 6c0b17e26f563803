"""What a policy lets anybody do."""

from __future__ import annotations

import time
from typing import Any

import pytest

from local_aws.identity.anybody import anybody_may
from local_aws.identity.conditions import holds
from local_aws.identity.wildcards import matches

ARN = "arn:aws:s3:::lake"
CONTEXT = {
    "aws:sourceip": "127.0.0.1",
    "s3:prefix": "open/a",
    "aws:securetransport": "true",
    "s3:max-keys": "10",
}


def statement(**parts: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{ARN}/*", **parts}


def may(*statements: dict[str, Any], action: str = "s3:GetObject", key: str = "/k") -> bool:
    return anybody_may({"Statement": list(statements)}, action, f"{ARN}{key}", CONTEXT)


@pytest.mark.parametrize(
    "allowing",
    [
        {},
        {"Principal": {"AWS": "*"}},
        {"Principal": {"AWS": ["arn:aws:iam::1:root", "*"]}},
        {"Action": "*"},
        {"Action": ["s3:List*", "S3:get*"]},
        {"Action": "s3:GetObjec?"},
        {"Resource": "*"},
        {"Resource": [f"{ARN}/other", f"{ARN}/k"]},
        {"Condition": {"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}},
    ],
)
def test_a_statement_for_everyone_allows(allowing: dict[str, Any]) -> None:
    assert may(statement(**allowing))


@pytest.mark.parametrize(
    "other",
    [
        {"Principal": {"AWS": "arn:aws:iam::000000000000:root"}},
        {"Principal": {"Service": "*"}},
        {"Action": "s3:PutObject"},
        {"Action": "s3:GetObjectTagging"},
        {"Resource": f"{ARN}/K"},
        {"Resource": ARN},
        {"Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}},
        {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}},
        {"Condition": {"Bogus": {"aws:SourceIp": "127.0.0.1"}}},
        {"Condition": {"IpAddress": {"aws:SourceIp": "no network"}}},
        {"Condition": "x"},
    ],
)
def test_a_statement_for_others_or_that_cannot_be_read_allows_nothing(other: dict[str, Any]) -> None:
    assert not may(statement(**other))


def test_what_is_left_out_by_not_is_not_allowed() -> None:
    allow = {"Effect": "Allow", "Principal": "*", "NotAction": "s3:Get*", "NotResource": f"{ARN}/secret*"}
    assert may(allow, action="s3:PutObject")
    assert not may(allow)
    assert not may(allow, action="s3:PutObject", key="/secret/1")


def test_a_denial_wins_and_one_that_cannot_be_read_denies() -> None:
    for condition in ({}, {"Condition": {"Bogus": {"x": "y"}}}):
        assert not may(statement(), statement(Effect="Deny", **condition))
    assert may(statement(), statement(Effect="Deny", Condition={"Bool": {"aws:SecureTransport": "false"}}))
    assert may(statement(), statement(Effect="Deny", Principal={"AWS": "arn:aws:iam::1:user/x"}))
    everyone_but = {
        "Effect": "Deny",
        "NotPrincipal": {"AWS": "arn:aws:iam::1:root"},
        "Action": "*",
        "Resource": "*",
    }
    assert not may(statement(), everyone_but)
    assert not may()


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"StringLike": {"s3:prefix": ["closed/*", "open/*"]}}, True),
        ({"StringNotLike": {"s3:prefix": "open/*"}}, False),
        ({"StringNotEquals": {"aws:referer": "x"}}, True),
        ({"StringEquals": {"aws:referer": "x"}}, False),
        ({"StringEqualsIfExists": {"aws:referer": "x"}}, True),
        ({"Null": {"aws:referer": "true"}}, True),
        ({"Null": {"s3:prefix": True}}, False),
        ({"NumericLessThanEquals": {"s3:max-keys": 10}}, True),
        ({"NumericLessThan": {"s3:max-keys": "10"}}, False),
        ({"NumericEquals": {"s3:prefix": "10"}}, None),
        ({"Bool": {"aws:SecureTransport": True}}, True),
        ({"NotIpAddress": {"aws:SourceIp": ["10.0.0.0/8"]}}, True),
        ({"StringEquals": {"s3:prefix": "open/a"}, "Bool": {"aws:SecureTransport": "false"}}, False),
        ({"Bogus": {"x": "y"}, "Bool": {"aws:SecureTransport": "false"}}, False),
        ({"Bogus": {"x": "y"}, "Bool": {"aws:SecureTransport": "true"}}, None),
        ({"StringNotEquals": "x"}, None),
        ({"ForAnyValue:StringEquals": {"s3:prefix": "open/a"}}, True),
    ],
)
def test_conditions(condition: dict[str, Any], expected: bool | None) -> None:
    assert holds(condition, CONTEXT) is expected


def test_times_are_compared() -> None:
    context = {"aws:currenttime": "2026-06-01T00:00:00+00:00"}
    assert holds({"DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}, context)
    assert holds({"DateLessThan": {"aws:CurrentTime": "2026-01-01"}}, context) is False


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [("*", "", True), ("a*b*c", "axxbyyc", True), ("a*b", "ab\n", False), ("?", "", False),
     ("a?c", "abc", True), ("*a", "ba", True), ("**", "x", True), ("a", "ab", False), ("[a]", "a", False)],
)  # fmt: skip
def test_wildcards(pattern: str, text: str, found: bool) -> None:
    assert matches(pattern, text) is found


def test_many_stars_take_no_longer_than_a_few() -> None:
    began = time.monotonic()
    assert not matches("a*" * 500 + "b", "a" * 1000)
    assert time.monotonic() - began < 2
