"""boto3 clients for the public APIs of this very server, made once each."""

from __future__ import annotations

import functools
import threading
from typing import Any

import boto3
from botocore.config import Config

from local_aws.cloudformation.types.shapes import botocore_session
from local_aws.settings import Settings

_MAKING = threading.Lock()
"""Making a client is not thread-safe, using one is."""


@functools.cache
def _session() -> Any:
    # One for all regions: each boto3 session on a botocore session adds methods to its clients' classes, and
    # a second one fails at it ("attribute already exists in class dict").
    return boto3.Session(
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the local server's
        botocore_session=botocore_session(),
    )


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
        self._made: dict[str, Any] = {}

    def __call__(self, service: str) -> Any:
        """The client of a service, named as in boto3."""
        with _MAKING:
            if service not in self._made:
                self._made[service] = _session().client(
                    service,
                    region_name=self._region,
                    endpoint_url=self._settings.endpoint,
                    config=self._config,
                )
            return self._made[service]
