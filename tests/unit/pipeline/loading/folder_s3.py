"""The few calls of boto3's S3 client that a load makes, on a folder that Spark reads and writes too."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class FolderS3:
    """Keys are the files below `folder`; files whose name begins with a dot are Hadoop's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get_paginator(self, operation: str) -> FolderS3:
        assert operation == "list_objects_v2"
        return self

    def paginate(self, *, Bucket: str, Prefix: str) -> Iterator[dict[str, Any]]:  # noqa: N803 (boto3's names)
        assert Bucket == "lake"
        files = (path for path in self.folder.rglob("*") if path.is_file() and not path.name.startswith("."))
        keys = sorted(path.relative_to(self.folder).as_posix() for path in files)
        # A page for each key, so that paging is gone through.
        for key in keys:
            if key.startswith(Prefix):
                yield {"Contents": [{"Key": key, "ETag": self.etag(key)}]}

    def etag(self, key: str) -> str:
        return hashlib.md5((self.folder / key).read_bytes()).hexdigest()

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803
        return {"Body": io.BytesIO((self.folder / Key).read_bytes())}

    def put_object(self, *, Bucket: str, Key: str, Body: bytes, ContentType: str) -> None:  # noqa: N803
        path = self.folder / Key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(Body)

    def delete_object(self, *, Bucket: str, Key: str) -> None:  # noqa: N803
        (self.folder / Key).unlink(missing_ok=True)
