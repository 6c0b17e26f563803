"""The lake's bucket, as the jobs use it: a few calls of S3, and the URIs that Spark is given."""

from __future__ import annotations

from typing import Any


class Lake:
    """One bucket. `s3` is boto3's client; `root` is the URI under which Spark sees the keys."""

    def __init__(self, s3: Any, bucket: str, root: str | None = None) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._root = root or f"s3://{bucket}"

    def uri(self, key: str) -> str:
        """Where Spark finds `key`."""
        return f"{self._root}/{key}"

    def etags(self, prefix: str) -> dict[str, str]:
        """The ETag of every object below `prefix` by its key, in the order of keys."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        return {item["Key"]: item["ETag"] for page in pages for item in page.get("Contents", [])}

    def read(self, key: str) -> bytes:
        """The contents of an object."""
        content: bytes = self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        return content

    def write(self, key: str, content: bytes, content_type: str) -> None:
        """Put an object."""
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=content, ContentType=content_type)

    def delete(self, key: str) -> None:
        """Delete an object, which may be gone already."""
        self._s3.delete_object(Bucket=self._bucket, Key=key)
