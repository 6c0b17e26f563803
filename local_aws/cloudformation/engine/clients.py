"""boto3 clients for the public APIs of this very server, made once each."""

from __future__ import annotations

import threading
from typing import Any

import boto3
from botocore.config import Config

from local_aws.cloudformation.types.shapes import botocore_session
from local_aws.settings import Settings


class Clients:
    """`clients("glue")` in one region."""

    def __init__(self, settings: Settings, region: str) -> None:
        # The clients of an operation may outlast one request but never the server, so nothing is retried
        # for long.
        self._config = Config(
            retries={"total_max_attempts": 2, "mode": "standard"},
            connect_timeout=5,
            max_pool_connections=16,
            s3={"addressing_style": "path"},
        )
        self._settings = settings
        # The session is shared with the other regions, so it cannot be what holds the region.
        self._region = region
        self._session: Any = boto3.Session(
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106 - the local server's
            botocore_session=botocore_session(),
        )
        self._made: dict[str, Any] = {}
        # Making a client is not thread-safe, using one is.
        self._lock = threading.Lock()

    def __call__(self, service: str) -> Any:
        """The client of a service, named as in boto3."""
        with self._lock:
            if service not in self._made:
                self._made[service] = self._session.client(
                    service,
                    region_name=self._region,
                    endpoint_url=self._settings.endpoint,
                    config=self._config,
                )
            return self._made[service]
