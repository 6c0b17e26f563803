"""boto3 clients for the public APIs of this very server, made once each for whom they act.

A stack's calls are made as the caller of the operation, as CloudFormation does without a service role: with a
session of that principal. The account itself signs with `test`.
"""

from __future__ import annotations

import functools
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from botocore.config import Config

from local_aws.caller import Principal, acting
from local_aws.cloudformation.types.shapes import botocore_session
from local_aws.identity.sessions import Sessions
from local_aws.settings import Settings

_MAKING = threading.Lock()
"""Making a client is not thread-safe, using one is."""

LIFETIME = timedelta(hours=36)
RENEWED_BEFORE = timedelta(hours=12)
"""No operation takes as long."""
MOST_CLIENTS = 200

_OWN = {
    "aws_access_key_id": "test",
    "aws_secret_access_key": "test",
}


@functools.cache
def _session() -> Any:
    # One for all regions: each boto3 session on a botocore session adds methods to its clients' classes, and
    # a second one fails at it ("attribute already exists in class dict").
    return boto3.Session(botocore_session=botocore_session())


class Clients:
    """`clients("glue")` in one region, acting for whom the thread works."""

    def __init__(self, settings: Settings, region: str, sessions: Sessions) -> None:
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
        self._sessions = sessions
        self._made: dict[tuple[str, Principal | None], tuple[Any, datetime]] = {}

    def __call__(self, service: str) -> Any:
        """The client of a service, named as in boto3."""
        who = acting()
        who = who if who is not None and who.kind in ("user", "session") else None
        with _MAKING:
            client, ends = self._made.get((service, who), (None, datetime.min.replace(tzinfo=UTC)))
            if client is None or ends - datetime.now(UTC) < RENEWED_BEFORE:
                if len(self._made) >= MOST_CLIENTS:
                    self._made.clear()
                client, ends = self._make(service, who)
                self._made[service, who] = client, ends
            return client

    def _make(self, service: str, who: Principal | None) -> tuple[Any, datetime]:
        credentials, ends = _OWN, datetime.max.replace(tzinfo=UTC)
        if who is not None:
            session = self._sessions.give(who, LIFETIME)
            ends = session.ends
            credentials = {
                "aws_access_key_id": session.access_key_id,
                "aws_secret_access_key": session.secret,
                "aws_session_token": session.token,
            }
        client = _session().client(
            service,
            region_name=self._region,
            endpoint_url=self._settings.endpoint,
            config=self._config,
            **credentials,
        )
        return client, ends
