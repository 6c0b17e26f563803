"""Parts of requests, read without a server: ranges, tags, names, policies, presigned URLs."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local_aws.errors import AwsError
from local_aws.s3.bucket_names import check_new_bucket_name
from local_aws.s3.bucket_policy import check_policy, is_public
from local_aws.s3.copies import CopySource, copy_source_of
from local_aws.s3.presigned import check_presigned
from local_aws.s3.ranges import ByteRange, parse_range
from local_aws.s3.tags import tags_of_header

NOW = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bytes=0-0", ByteRange(0, 1)),
        ("bytes=5-", ByteRange(5, 10)),
        ("bytes=-3", ByteRange(7, 10)),
        ("bytes=0-1,4-5", None),
        ("bytes=5-2", None),
        ("bytes=-", None),
        ("items=0-1", None),
        ("bytes=٣-٤", None),
    ],
)
def test_a_range_is_read_or_ignored(text: str, expected: ByteRange | None) -> None:
    assert parse_range(text, 10) == expected


@pytest.mark.parametrize(("text", "size"), [("bytes=10-", 10), ("bytes=-0", 10), ("bytes=0-", 0)])
def test_a_range_without_a_byte_is_invalid(text: str, size: int) -> None:
    with pytest.raises(AwsError, match="InvalidRange"):
        parse_range(text, size)


def test_tags_in_a_header_are_a_query() -> None:
    assert tags_of_header("zona=raw&pa%C3%ADs=Colombia&empty=") == {
        "zona": "raw",
        "país": "Colombia",
        "empty": "",
    }


@pytest.mark.parametrize("text", ["a=1&a=2", "a", "a=%ff", "&".join(f"t{number}=1" for number in range(11))])
def test_tags_that_s3_refuses(text: str) -> None:
    with pytest.raises(AwsError):
        tags_of_header(text)


@pytest.mark.parametrize("name", ["abc", "my.bucket-1", "a" * 63, "0-0"])
def test_names_that_a_bucket_may_have(name: str) -> None:
    check_new_bucket_name(name)


@pytest.mark.parametrize(
    "name",
    ["ab", "a" * 64, "-ab", "ab-", "A-b", "a_b", "1.2.3.4", "a..b", "xn--a", "a-s3alias", "ñandú", "a/b"],
)
def test_names_that_a_bucket_may_not_have(name: str) -> None:
    with pytest.raises(AwsError, match="InvalidBucketName"):
        check_new_bucket_name(name)


@pytest.mark.parametrize(
    ("principal", "condition", "expected"),
    [
        ("*", None, True),
        ({"AWS": "*"}, None, True),
        ({"AWS": ["arn:aws:iam::1:root", "*"]}, None, True),
        ("*", {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, False),
        ({"Service": "glue.amazonaws.com"}, None, False),
    ],
)
def test_a_policy_is_public_when_everyone_is_allowed(
    principal: Any, condition: dict[str, Any] | None, expected: bool
) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "s3:*",
        "Resource": "arn:aws:s3:::lake/*",
    }
    if condition:
        statement["Condition"] = condition
    assert is_public(check_policy(json.dumps({"Statement": statement}), "lake")) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/lake/a%20b/%C3%B1", CopySource("lake", "a b/ñ")),
        ("lake/a%3FversionId=1?versionId=null", CopySource("lake", "a?versionId=1")),
    ],
)
def test_a_copy_source_is_decoded(text: str, expected: CopySource) -> None:
    assert copy_source_of({"CopySource": text}) == expected


def presigned(age: timedelta, lifetime: str) -> dict[str, str]:
    return {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": "t/20260102/us-east-1/s3/aws4_request",
        "X-Amz-Signature": "0",
        "X-Amz-SignedHeaders": "host",
        "X-Amz-Date": f"{NOW - age:%Y%m%dT%H%M%SZ}",
        "X-Amz-Expires": lifetime,
    }


def test_a_presigned_url_is_good_until_its_time() -> None:
    check_presigned(presigned(timedelta(seconds=59), "60"), NOW)
    check_presigned({"AWSAccessKeyId": "t", "Signature": "0", "Expires": f"{NOW.timestamp():.0f}"}, NOW)
    check_presigned({}, NOW)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (presigned(timedelta(seconds=61), "60"), "AccessDenied"),
        (presigned(timedelta(), "604801"), "AuthorizationQueryParametersError"),
        (presigned(timedelta(), "-1"), "AuthorizationQueryParametersError"),
        (presigned(timedelta(), "３"), "AuthorizationQueryParametersError"),
        (
            presigned(timedelta(), "9") | {"X-Amz-Date": "99991231T235959Z"},
            "AuthorizationQueryParametersError",
        ),
        ({"X-Amz-Signature": "0"}, "AuthorizationQueryParametersError"),
        ({"AWSAccessKeyId": "t", "Signature": "0", "Expires": "1"}, "AccessDenied"),
    ],
)
def test_a_presigned_url_that_is_refused(query: dict[str, str], code: str) -> None:
    with pytest.raises(AwsError) as error:
        check_presigned(query, NOW)
    assert error.value.code == code
