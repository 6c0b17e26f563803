"""Empty and delete the lake's buckets; CloudFormation deletes no bucket that holds objects."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from laguna.errors import StackFailed


def empty_bucket(s3: Any, bucket: str) -> int:
    """Delete every object of `bucket`; returns how many. No bucket is no error."""
    deleted = 0
    try:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            keys = [{"Key": item["Key"]} for item in page.get("Contents", [])]
            if keys:
                answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})
                _refuse_errors(bucket, answer.get("Errors", []))
            deleted += len(keys)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchBucket":
            raise
    return deleted


def delete_bucket(s3: Any, bucket: str) -> bool:
    """Delete an empty bucket; returns False when it was gone already."""
    try:
        s3.delete_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchBucket":
            raise
        return False
    return True


def _refuse_errors(bucket: str, errors: list[dict[str, str]]) -> None:
    for error in errors:
        raise StackFailed(
            f"s3://{bucket}/{error['Key']} could not be deleted ({error['Code']}: {error['Message']}); "
            "delete it by hand, then run 'laguna destroy' again."
        )
