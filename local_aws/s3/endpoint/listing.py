"""What an endpoint has: its buckets, and which version of each object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

UNCOMMITTED = ("_temporary", ".spark-staging-", ".hive-staging")
"""How segments of keys begin that Spark has not committed; they do not outlive the server, as jobs do not."""


class Version(NamedTuple):
    """What a listing says of an object: another one for other content."""

    etag: str
    modified: float


UNKNOWN = Version("", 0.0)

Listing = dict[str, dict[str, Version]]
"""Versions by bucket and key."""


def list_all(s3: Any) -> Listing:
    """The versions of all objects that are committed."""
    return {found["Name"]: dict(_list(s3, found["Name"])) for found in s3.list_buckets()["Buckets"]}


def _list(s3: Any, bucket: str) -> Iterator[tuple[str, Version]]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for found in page.get("Contents", ()):
            if not any(part.startswith(UNCOMMITTED) for part in found["Key"].split("/")):
                yield found["Key"], Version(found["ETag"].strip('"'), found["LastModified"].timestamp())


def region_of(s3: Any, bucket: str) -> str:
    """A bucket's region; S3 has no word for its first one."""
    return s3.get_bucket_location(Bucket=bucket).get("LocationConstraint") or "us-east-1"


def create_bucket(s3: Any, bucket: str, region: str) -> None:
    """Make a bucket in a region."""
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=bucket, **place)
