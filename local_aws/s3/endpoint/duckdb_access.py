"""DuckDB on an S3 endpoint, by its httpfs extension.

The extension comes as a wheel and is loaded from its file, so nothing is downloaded. The only place that the
DuckDB may then reach is `s3://`, which a secret binds to the endpoint: URLs with other schemes are not
allowed, and query parameters in an `s3://` URL, which could name another host, are switched off.
https://duckdb.org/docs/stable/core_extensions/httpfs/s3api
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from local_athena.engine.s3_reading import httpfs
from local_athena.sql.build import commas, sql, string, word
from local_athena.sql.writer import write
from local_aws.s3.store import DuckDBAccess

SETTINGS = {
    # Secrets of the person's own DuckDB are none of this one's.
    "allow_persistent_secrets": "false",
    # Keys are names, not patterns, and `?s3_endpoint=…` in one is a part of it. (With
    # `enable_global_s3_configuration` off, this is not looked at, and neither is the secret's own.)
    "s3_url_compatibility_mode": "true",
    # A proxy is for the outside; the endpoint is on this machine or beside it.
    "http_proxy": "",
    "http_timeout": "30",
}


class EndpointAccess(DuckDBAccess):
    """The objects of the endpoint that `endpoint()` names at the time of a query."""

    def __init__(
        self,
        endpoint: Callable[[], str],
        region: str,
        *,
        aws_access_key_id: str,
        aws_secret_access_key: str,
    ) -> None:
        self._endpoint = endpoint
        self._region = region
        self._key, self._secret = aws_access_key_id, aws_secret_access_key
        self._bound_to = ""

    def path(self, bucket: str, key: str) -> str:
        """The URI; whether there is such an object is seen when it is opened."""
        return f"s3://{bucket}/{key}"

    def roots(self) -> list[str]:
        """S3, and no other URL."""
        return ["s3://"]

    def prepare(self, database: Any) -> None:
        """Load httpfs and bind `s3://`, which must be done once while DuckDB may still open files."""
        database.execute(write(sql("LOAD {}", string(str(httpfs())))))
        for name, value in SETTINGS.items():
            database.execute(write(sql("SET GLOBAL {} = {}", word(name), string(value))))
        self._bound_to = ""
        self.refresh(database)

    def refresh(self, connection: Any) -> None:
        """Bind `s3://` to the endpoint, when it is another than before."""
        endpoint = self._endpoint()
        if endpoint == self._bound_to:
            return
        values = {
            "KEY_ID": self._key,
            "SECRET": self._secret,
            "REGION": self._region,
            "ENDPOINT": urlsplit(endpoint).netloc,
            "URL_STYLE": "path",
            "SCOPE": "s3://",
            "USE_SSL": "false",
        }
        options = commas(sql("{} {}", word(name), string(value)) for name, value in values.items())
        connection.execute(write(sql("CREATE OR REPLACE SECRET laguna (TYPE s3, {})", options)))
        self._bound_to = endpoint
