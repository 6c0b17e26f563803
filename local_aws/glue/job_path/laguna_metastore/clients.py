"""Glue and S3 by boto3, with the job's own credentials and endpoint, made when they are first needed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import boto3

SCHEMES = ("s3", "s3a", "s3n")


class Clients:
    """Shared by the connections of a job; boto3's clients may be used by several threads."""

    def __init__(self) -> None:
        self._session = boto3.session.Session()
        self._making = threading.Lock()

    @cached_property
    def glue(self) -> Any:
        """Glue."""
        with self._making:
            return self._session.client("glue")

    @cached_property
    def s3(self) -> Any:
        """S3."""
        with self._making:
            return self._session.client("s3")

    def pages(self, operation: str, member: str, **request: Any) -> Iterator[dict[str, Any]]:
        """What an operation lists in `member`, page after page."""
        for page in self.glue.get_paginator(operation).paginate(**request):
            yield from page[member]

    def all(self, operation: str, member: str, **request: Any) -> list[dict[str, Any]]:
        """What an operation lists in `member`."""
        return list(self.pages(operation, member, **request))

    def make_folder(self, location: str | None) -> None:
        """Leave the empty object by which S3A marks a folder: Spark does not read a path that is missing."""
        bucket, folder = _place(location)
        if folder and not self.s3.list_objects_v2(Bucket=bucket, Prefix=folder, MaxKeys=1).get("Contents"):
            self.s3.put_object(Bucket=bucket, Key=folder)

    def delete_objects(self, location: str | None) -> None:
        """Delete the objects of a folder; nothing when `location` names no folder of a bucket."""
        bucket, folder = _place(location)
        if not folder:
            return
        for page in self.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=folder):
            keys = [{"Key": one["Key"]} for one in page.get("Contents", ())]
            if keys:
                self.s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})


def _place(location: str | None) -> tuple[str, str]:
    """Bucket and prefix of a folder in S3; the prefix is empty when it is elsewhere or the bucket's root."""
    scheme, _, rest = (location or "").partition("://")
    bucket, _, folder = rest.partition("/")
    if scheme not in SCHEMES or not folder.strip("/"):
        return bucket, ""
    return bucket, folder.rstrip("/") + "/"
