"""CreateBucket, HeadBucket, DeleteBucket, ListBuckets, GetBucketLocation.

One namespace for all regions, as on AWS; a bucket answers whatever region a request was signed for.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from local_aws.caller import Caller
from local_aws.errors import AwsError
from local_aws.s3.acl import check_object_acl, owner_of
from local_aws.s3.bucket_documents import OWNERSHIPS
from local_aws.s3.bucket_settings import BucketSettings
from local_aws.s3.errors import invalid_argument, malformed_xml, unsupported
from local_aws.s3.folder_store import FolderStore
from local_aws.s3.tags import BUCKET_LIMIT, tag_set, tags_of_set

LEGACY_REGION = "us-east-1"
"""The region that has no location constraint and answers to all."""
_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d", re.ASCII)
_MAX_BUCKETS = 10_000


class Buckets:
    """Buckets as wholes."""

    def __init__(self, store: FolderStore) -> None:
        self._store = store

    def create_bucket(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Make a bucket with the settings that S3 has given new ones since April 2023."""
        name = request["Bucket"]
        configuration = request.get("CreateBucketConfiguration") or {}
        region = _region_of(configuration, caller.region)
        settings = _first_settings(request, configuration)
        check_object_acl("CreateBucket", request, BucketSettings(self._store.database, name))
        try:
            self._store.create_bucket(name, region, settings)
        except AwsError as error:
            # The one region where making one's own bucket again succeeds.
            is_repeated = error.code == "BucketAlreadyOwnedByYou"
            if not (is_repeated and caller.region == region == LEGACY_REGION == self._region(name)):
                raise
        return {"Location": f"/{name}", "BucketArn": f"arn:aws:s3:::{name}"}

    def _region(self, name: str) -> str:
        return self._store.bucket(name).region

    def head_bucket(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Whether the bucket is there, and where."""
        bucket = self._store.bucket(request["Bucket"])
        arn = f"arn:aws:s3:::{bucket.name}"
        return {"BucketArn": arn, "BucketRegion": bucket.region, "AccessPointAlias": False}

    def delete_bucket(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Remove an empty bucket and its settings."""
        self._store.delete_bucket(request["Bucket"])
        return {}

    def get_bucket_location(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """The location constraint, which `us-east-1` does not have."""
        region = self._region(request["Bucket"])
        return {"LocationConstraint": "" if region == LEGACY_REGION else region}

    def list_buckets(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """The buckets by name, in pages when the request says how long."""
        prefix, after = request.get("Prefix") or "", request.get("ContinuationToken") or ""
        region, limit = request.get("BucketRegion"), _max_buckets(request.get("MaxBuckets"))
        found = [
            bucket
            for bucket in self._store.buckets()
            if bucket.name.startswith(prefix) and bucket.name > after and region in (None, bucket.region)
        ]
        page = found[:limit]
        answer: dict[str, Any] = {
            "Buckets": [
                {
                    "Name": bucket.name,
                    "CreationDate": bucket.created,
                    "BucketRegion": bucket.region,
                    "BucketArn": f"arn:aws:s3:::{bucket.name}",
                }
                for bucket in page
            ],
            "Owner": owner_of(caller.account_id),
        }
        if prefix:
            answer["Prefix"] = prefix
        if len(found) > len(page):
            answer["ContinuationToken"] = page[-1].name
        return answer


def _region_of(configuration: Mapping[str, Any], endpoint_region: str) -> str:
    constraint = configuration.get("LocationConstraint")
    if configuration.get("Location") or configuration.get("Bucket"):
        raise unsupported("CreateBucket", "directory buckets")
    if constraint is None:
        if endpoint_region != LEGACY_REGION:
            raise _illegal_constraint("unspecified")
        return LEGACY_REGION
    region = "eu-west-1" if constraint == "EU" else str(constraint)
    if region == LEGACY_REGION or not _REGION.fullmatch(region):
        message = "The specified location-constraint is not valid"
        raise AwsError("InvalidLocationConstraint", message, LocationConstraint=constraint)
    if endpoint_region not in (LEGACY_REGION, region):
        raise _illegal_constraint(region)
    return region


def _illegal_constraint(constraint: str) -> AwsError:
    return AwsError(
        "IllegalLocationConstraintException",
        f"The {constraint} location constraint is incompatible for the region specific endpoint this request "
        "was sent to.",
    )


def _first_settings(request: Mapping[str, Any], configuration: Mapping[str, Any]) -> dict[str, Any]:
    if request.get("ObjectLockEnabledForBucket"):
        raise unsupported("CreateBucket", "ObjectLockEnabledForBucket, as object versions are not kept")
    ownership = request.get("ObjectOwnership") or "BucketOwnerEnforced"
    if ownership not in OWNERSHIPS:
        raise malformed_xml()
    blocked = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    settings: dict[str, Any] = {
        "ownership": {"Rules": [{"ObjectOwnership": ownership}]},
        "public_access": dict.fromkeys(blocked, True),
    }
    if configuration.get("Tags"):
        tags = tags_of_set({"TagSet": configuration["Tags"]}, BUCKET_LIMIT)
        settings["tagging"] = {"TagSet": tag_set(tags)}
    return settings


def _max_buckets(value: int | None) -> int | None:
    if value is not None and not 1 <= value <= _MAX_BUCKETS:
        message = f"Argument max-buckets must be an integer between 1 and {_MAX_BUCKETS}"
        raise invalid_argument(message, "max-buckets", value)
    return value
