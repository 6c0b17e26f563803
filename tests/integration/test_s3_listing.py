"""Listings through boto3: order, prefixes, delimiters and pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.conftest import LocalAws

BUCKET = "listing-test"
KEYS = [
    "a",
    "a/",
    "a/b/1",
    "a/b/2",
    "a/c",
    "a0",
    "b/x y+z.csv",
    "b/ñandú",
    "c&d<e>",
    "z",
    "ñ/1",
]


@pytest.fixture(scope="module")
def s3(aws: LocalAws) -> Iterator[Any]:
    client = aws.client("s3")
    client.create_bucket(Bucket=BUCKET)
    for key in reversed(KEYS):
        client.put_object(Bucket=BUCKET, Key=key, Body=key.encode())
    yield client
    client.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": key} for key in KEYS]})
    client.delete_bucket(Bucket=BUCKET)


def keys(answer: dict[str, Any]) -> list[str]:
    return [entry["Key"] for entry in answer.get("Contents", [])]


def prefixes(answer: dict[str, Any]) -> list[str]:
    return [entry["Prefix"] for entry in answer.get("CommonPrefixes", [])]


@pytest.mark.parametrize("operation", ["list_objects", "list_objects_v2"])
@pytest.mark.parametrize("page_size", [1, 2, 3, 1000])
@pytest.mark.parametrize("prefix", ["", "a", "a/", "b/ñ", "none"])
@pytest.mark.parametrize("delimiter", ["", "/", "/b"])
def test_pages_make_up_the_whole(
    s3: Any, operation: str, page_size: int, prefix: str, delimiter: str
) -> None:
    pages = s3.get_paginator(operation).paginate(
        Bucket=BUCKET, Prefix=prefix, Delimiter=delimiter, PaginationConfig={"PageSize": page_size}
    )
    found_keys, found_prefixes = [], []
    for page in pages:
        assert len(keys(page)) + len(prefixes(page)) <= page_size
        found_keys += keys(page)
        found_prefixes += prefixes(page)
    expected_keys, expected_prefixes = [], []
    for key in (key for key in KEYS if key.startswith(prefix)):
        head, found, _ = key[len(prefix) :].partition(delimiter) if delimiter else (key, "", "")
        if not found:
            expected_keys.append(key)
        elif prefix + head + found not in expected_prefixes:
            expected_prefixes.append(prefix + head + found)
    assert (found_keys, found_prefixes) == (expected_keys, expected_prefixes)


def test_start_after_begins_behind_a_key_that_need_not_exist(s3: Any) -> None:
    answer = s3.list_objects_v2(Bucket=BUCKET, StartAfter="a/b/11", FetchOwner=True)
    assert keys(answer) == KEYS[3:]
    assert answer["KeyCount"] == len(KEYS) - 3
    assert len(answer["Contents"][0]["Owner"]["ID"]) == 64


def test_a_page_of_nothing(s3: Any) -> None:
    answer = s3.list_objects_v2(Bucket=BUCKET, MaxKeys=0)
    assert (keys(answer), answer["IsTruncated"], answer["KeyCount"]) == ([], False, 0)


@pytest.mark.parametrize(
    "arguments", [{"ContinuationToken": "no token"}, {"MaxKeys": -1}, {"EncodingType": "base64"}]
)
def test_a_listing_that_s3_refuses(s3: Any, arguments: dict[str, Any]) -> None:
    with pytest.raises(ClientError, match="InvalidArgument"):
        s3.list_objects_v2(Bucket=BUCKET, **arguments)


def test_versions_of_a_bucket_that_never_had_any_are_null(s3: Any) -> None:
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=BUCKET, PaginationConfig={"PageSize": 4})
    versions = [version for page in pages for version in page["Versions"]]
    assert [version["Key"] for version in versions] == KEYS
    assert {(version["VersionId"], version["IsLatest"]) for version in versions} == {("null", True)}
