"""boto3 clients for tasks: they call the gateway (`AWS_ENDPOINT_URL`), as any other client does.

moto makes a client for every call, which costs more than a local call itself; these are kept. A task acts as
a session of its state machine's role, which STS gives as to anybody; one whose role IAM does not have acts as
the account itself, as machines with a made-up role always have here.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

# A definition's parameters are checked by the service, whose error the task then fails with. A task may take
# hours, and Step Functions, not the client, retries it.
CONFIG = Config(
    parameter_validation=False,
    retries={"total_max_attempts": 1},
    read_timeout=None,
    inject_host_prefix=False,
    max_pool_connections=50,
)

ROLE_SESSION = "states"
RENEWED_BEFORE = timedelta(minutes=10)
ASKED_AGAIN = timedelta(minutes=1)
"""How long a role that IAM does not have is not looked for again."""
MOST_CLIENTS = 200

OWN = {
    "aws_access_key_id": "test",
    "aws_secret_access_key": "test",
}


@cache
def client_of(service: str, region: str) -> Any:
    """The client of `service` (botocore's name) in `region`, which acts as the account itself."""
    return _make(service, region, OWN)


class RoleClients:
    """Clients that act as roles; one thread makes one at a time."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str, str], tuple[Any, datetime]] = {}
        self._lock = threading.Lock()

    def client_of(self, service: str, region: str, role_arn: str) -> Any:
        """The client of `service` in `region` for a task of a machine with this role. Not to be kept."""
        key = (service, region, role_arn)
        with self._lock:
            client, until = self._made.get(key, (None, datetime.min.replace(tzinfo=UTC)))
            if client is None or datetime.now(UTC) >= until:
                if len(self._made) >= MOST_CLIENTS:
                    self._made.clear()
                client, until = self._make(service, region, role_arn)
                self._made[key] = client, until
            return client

    def _make(self, service: str, region: str, role_arn: str) -> tuple[Any, datetime]:
        try:
            assumed = client_of("sts", region).assume_role(RoleArn=role_arn, RoleSessionName=ROLE_SESSION)
        except ClientError:
            return client_of(service, region), datetime.now(UTC) + ASKED_AGAIN
        given = assumed["Credentials"]
        credentials = {
            "aws_access_key_id": given["AccessKeyId"],
            "aws_secret_access_key": given["SecretAccessKey"],
            "aws_session_token": given["SessionToken"],
        }
        return _make(service, region, credentials), given["Expiration"] - RENEWED_BEFORE


def _make(service: str, region: str, credentials: dict[str, str]) -> Any:
    make: Any = boto3.client
    return make(service, region_name=region, config=CONFIG, **credentials)


role_clients = RoleClients()
"""Those of this process."""
