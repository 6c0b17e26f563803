"""The object store behind an S3 endpoint: what Athena, the crawlers and the jobs need of it.

Its own requests go through our gateway, like any client's, and so share its retries, and its refusal to talk
to a LocalStack that has not been given its objects back. Spark (S3A) and DuckDB (httpfs) go to the endpoint
directly, without a copy through this process.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local_athena.engine.s3_reading import READ_BYTES, RangeReader
from local_aws.errors import AwsError
from local_aws.s3.endpoint.duckdb_access import EndpointAccess
from local_aws.s3.errors import no_such_bucket, no_such_key
from local_aws.s3.store import BucketInfo, DuckDBAccess, ObjectFile, ObjectStore
from local_aws.spark.properties import s3a_properties

CREDENTIALS: dict[str, Any] = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
DOCUMENTS = {
    "cors": ("get_bucket_cors", ""),
    "policy": ("get_bucket_policy", "Policy"),
    "public_access": ("get_public_access_block", "PublicAccessBlockConfiguration"),
}
"""The operation that reads a document, and the member of its answer."""
NOT_SET = {"NoSuchCORSConfiguration", "NoSuchBucketPolicy", "NoSuchPublicAccessBlockConfiguration"}
MISSING = {"404", "NoSuchKey"}


class EndpointStore(ObjectStore):
    """The buckets of the endpoint that `endpoint()` names, reached through `gateway`.

    The endpoint may change: a LocalStack that was started anew has another port.
    """

    def __init__(self, gateway: str, region: str, endpoint: Callable[[], str]) -> None:
        self._region = region
        self._endpoint = endpoint
        self._s3 = s3_client(gateway, region)

    def buckets(self) -> list[BucketInfo]:
        """All buckets by name."""
        with _aws_errors():
            answer = self._s3.list_buckets()
        return [
            BucketInfo(found["Name"], found.get("BucketRegion") or self._region, found["CreationDate"])
            for found in answer["Buckets"]
        ]

    def list_files(self, bucket: str, prefix: str = "", start_after: str = "") -> Iterator[ObjectFile]:
        """Objects as files; raises `NoSuchBucket`."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=bucket, Prefix=prefix, StartAfter=start_after
        )
        with _aws_errors(bucket):
            for page in pages:
                for found in page.get("Contents", ()):
                    version = f"{found['ETag']}-{found['LastModified'].timestamp()}"
                    yield ObjectFile(found["Key"], found["Size"], found["LastModified"], version)

    def reader(self, bucket: str, key: str) -> BinaryIO:
        """An object's bytes, fetched as they are read; raises `NoSuchBucket`, `NoSuchKey`."""
        with _aws_errors(bucket, key):
            head = self._s3.head_object(Bucket=bucket, Key=key)
        request = {"Bucket": bucket, "Key": key, "IfMatch": head["ETag"]}

        def fetch(first: int, last: int) -> bytes:
            with _aws_errors(bucket, key):
                answer = self._s3.get_object(**request, Range=f"bytes={first}-{last}")
                body: bytes = answer["Body"].read()
            return body

        return cast(BinaryIO, io.BufferedReader(RangeReader(fetch, head["ContentLength"]), READ_BYTES))

    def put(
        self,
        bucket: str,
        key: str,
        data: bytes | Path,
        *,
        content_type: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        """Store bytes or a file, which is removed; raises `NoSuchBucket`."""
        extra: dict[str, Any] = {"ContentType": content_type} if content_type else {}
        extra["Metadata"] = dict(metadata or {})
        with _aws_errors(bucket):
            if isinstance(data, bytes):
                self._s3.put_object(Bucket=bucket, Key=key, Body=data, **extra)
            else:
                self._s3.upload_file(str(data), bucket, key, ExtraArgs=extra)
                data.unlink()

    def delete(self, bucket: str, key: str) -> None:
        """Remove an object; raises `NoSuchBucket`."""
        with _aws_errors(bucket):
            self._s3.delete_object(Bucket=bucket, Key=key)

    def document(self, bucket: str, name: str) -> Any | None:
        """A document that the bucket's owner has set, or None; raises `NoSuchBucket`."""
        operation, member = DOCUMENTS[name]
        try:
            with _aws_errors(bucket):
                answer = getattr(self._s3, operation)(Bucket=bucket)
        except AwsError as error:
            if error.code in NOT_SET:
                return None
            raise
        return answer[member] if member else answer

    def for_spark(self, staging: Path) -> dict[str, str]:
        """S3A on the endpoint."""
        return s3a_properties(self._endpoint(), self._region, staging, **CREDENTIALS)

    def for_duckdb(self) -> DuckDBAccess:
        """httpfs on the endpoint."""
        return EndpointAccess(self._endpoint, self._region, **CREDENTIALS)


def s3_client(endpoint: str, region: str) -> Any:
    """A boto3 client for `endpoint`, with the paths that every endpoint understands."""
    config = Config(
        s3={"addressing_style": "path"},
        retries={"mode": "standard", "max_attempts": 3},
        connect_timeout=5,
        read_timeout=90,
        max_pool_connections=32,
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    session = boto3.Session(**CREDENTIALS, region_name=region)
    return session.client("s3", endpoint_url=endpoint, config=config)


@contextmanager
def _aws_errors(bucket: str = "", key: str = "") -> Iterator[None]:
    """What boto3 raises, as the error that the store promises."""
    try:
        yield
    except ClientError as error:
        code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        if code == "NoSuchBucket":
            raise no_such_bucket(bucket) from error
        if code in MISSING:  # of a HEAD there is only the status
            raise no_such_key(key) from error
        raise AwsError(code, message, status) from error
    except (BotoCoreError, OSError) as error:
        raise AwsError("ServiceUnavailable", f"S3 did not answer: {error}", 503) from error
