"""Put the lake's code where its jobs look for it."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from laguna.deployment.code import Code


def upload_code(s3: Any, bucket: str, code: Code) -> list[str]:
    """Upload the objects of `code` that `bucket` does not have; returns their keys.

    Keys carry the code's version, so an object that exists already has the right contents.
    """
    missing = [key for key in code.objects if not _exists(s3, bucket, key)]
    for key in missing:
        s3.put_object(Bucket=bucket, Key=key, Body=code.objects[key])
    return missing


def _exists(s3: Any, bucket: str, key: str) -> bool:
    try:
        s3.head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            return False
        raise
    return True
