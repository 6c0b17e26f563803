"""Refuse a deployment whose bucket names somebody has already, before anything is made.

CloudFormation would say so too, after it had made and removed half of the stack. A bucket may also be the
lake's own of before: the template keeps buckets when their stack is deleted.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html (checked 2026-11-21): 404 is nobody's,
403 another account's or one that may not be seen.
"""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from laguna.errors import BucketNameTaken


def refuse_taken_names(s3: Any, buckets: tuple[str, ...]) -> None:
    """Return when no account has a bucket of these names.

    Raises:
        BucketNameTaken: one does.
        ClientError: S3 answered neither.
    """
    for bucket in buckets:
        try:
            head = s3.head_bucket(Bucket=bucket)
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            if status == 404:
                continue
            if status != 403:
                raise
            raise BucketNameTaken(
                f"The bucket name '{bucket}' is taken by another account, or you may not see it; choose "
                "another bucket_name in laguna.toml."
            ) from error
        where = head.get("BucketRegion") or head["ResponseMetadata"]["HTTPHeaders"].get("x-amz-bucket-region")
        raise BucketNameTaken(
            f"The bucket '{bucket}' exists already"
            + (f" in {where}" if where else "")
            + " and is in no stack; "
            f"delete it ('aws s3 rb --force s3://{bucket}'), or choose another bucket_name in laguna.toml."
        )
