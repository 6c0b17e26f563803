"""boto3 clients for tasks: they call the gateway (`AWS_ENDPOINT_URL`), as any other client does.

moto makes a client for every call, which costs more than a local call itself; these are kept.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

# A definition's parameters are checked by the service, whose error the task then fails with. A task may take
# hours, and Step Functions, not the client, retries it.
CONFIG = Config(
    parameter_validation=False,
    retries={"total_max_attempts": 1},
    read_timeout=None,
    inject_host_prefix=False,
    max_pool_connections=50,
)


@cache
def client_of(service: str, region: str) -> Any:
    """The client of `service` (botocore's name) in `region`."""
    make: Any = boto3.client
    return make(
        service,
        region_name=region,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the local AWS takes any
        config=CONFIG,
    )
