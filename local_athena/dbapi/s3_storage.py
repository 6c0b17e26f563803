"""Objects of S3 for the engine: listed, written and deleted by boto3, read by DuckDB's httpfs.

DuckDB gets the session's credentials as a secret and can open `s3://` and nothing else; the extension comes
as a wheel, so nothing is downloaded.
https://duckdb.org/docs/stable/core_extensions/httpfs/s3api
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from local_athena.engine.s3_reading import READ_BYTES, RangeReader, httpfs
from local_athena.protocols import StorageError, StoredFile
from local_athena.sql.build import commas, sql, string, word
from local_athena.sql.writer import write

SETTINGS = {"allow_persistent_secrets": "false", "s3_url_compatibility_mode": "true", "http_proxy": ""}


class S3Storage:
    """`local_athena.protocols.Storage` over the S3 of a boto3 session."""

    def __init__(self, session: Any, endpoint_url: str | None = None) -> None:
        self._session = session
        self._s3 = session.client("s3", endpoint_url=endpoint_url)
        self._bound_to: tuple[Any, ...] = ()

    def list_files(self, location: str) -> Iterator[StoredFile]:
        """Every object whose key starts with the location, in byte order of keys."""
        bucket, prefix = _split(location)
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        with _errors(location):
            for page in pages:
                for found in page.get("Contents", ()):
                    uri = f"s3://{bucket}/{found['Key']}"
                    yield StoredFile(uri, found["Size"], found["LastModified"], found["ETag"])

    def open_path(self, uri: str) -> str:
        """The URI itself, which httpfs opens."""
        return uri

    def open_file(self, uri: str) -> BinaryIO:
        """The object's bytes, fetched as they are read; the caller closes it."""
        bucket, key = _split(uri)
        with _errors(uri):
            head = self._s3.head_object(Bucket=bucket, Key=key)
        request = {"Bucket": bucket, "Key": key, "IfMatch": head["ETag"]}

        def fetch(first: int, last: int) -> bytes:
            body: bytes = self._s3.get_object(**request, Range=f"bytes={first}-{last}")["Body"].read()
            return body

        return cast(BinaryIO, io.BufferedReader(RangeReader(fetch, head["ContentLength"]), READ_BYTES))

    def readable_folders(self) -> list[str]:
        """S3, and no other URL or file."""
        return ["s3://"]

    def prepare(self, database: Any) -> None:
        """Load httpfs and bind `s3://` to the session's credentials."""
        database.execute(write(sql("LOAD {}", string(str(httpfs())))))
        for name, value in SETTINGS.items():
            database.execute(write(sql("SET GLOBAL {} = {}", word(name), string(value))))
        self._bound_to = ()
        self.refresh(database)

    def refresh(self, connection: Any) -> None:
        """Give DuckDB the credentials of this moment; those of a role or of SSO change."""
        found = self._session.get_credentials()
        frozen = found.get_frozen_credentials() if found is not None else None
        if frozen is None or frozen == self._bound_to:
            return
        address = urlsplit(self._s3.meta.endpoint_url)
        aws = address.netloc.endswith((".amazonaws.com", ".amazonaws.com.cn"))
        values = {
            "KEY_ID": frozen.access_key,
            "SECRET": frozen.secret_key,
            "SESSION_TOKEN": frozen.token or "",
            "REGION": self._s3.meta.region_name,
            "ENDPOINT": address.netloc,
            "URL_STYLE": "vhost" if aws else "path",
            "USE_SSL": str(address.scheme == "https").lower(),
            "SCOPE": "s3://",
        }
        options = commas(sql("{} {}", word(name), string(value)) for name, value in values.items() if value)
        connection.execute(write(sql("CREATE OR REPLACE SECRET athena (TYPE s3, {})", options)))
        self._bound_to = frozen

    def write(self, uri: str, data: bytes | Path, content_type: str = "application/octet-stream") -> None:
        """Put an object; a file is removed afterwards."""
        bucket, key = _split(uri)
        with _errors(uri):
            if isinstance(data, bytes):
                self._s3.put_object(Bucket=bucket, Key=key, Body=data, ContentType=content_type)
                return
            self._s3.upload_file(str(data), bucket, key, ExtraArgs={"ContentType": content_type})
        data.unlink()

    def delete(self, uri: str) -> None:
        """Remove an object."""
        bucket, key = _split(uri)
        with _errors(uri):
            self._s3.delete_object(Bucket=bucket, Key=key)


def _split(uri: str) -> tuple[str, str]:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


@contextmanager
def _errors(uri: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        raise StorageError("NoSuchKey" if code == "404" else code, uri) from error
