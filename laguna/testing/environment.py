"""The environment in which code under test finds the local AWS, and nothing of a developer's own AWS.

Every SDK and the AWS CLI read these variables, so the code needs no change. A profile, a session token or an
endpoint of one service would win over them, hence they are taken away.
https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html (checked 2026-11)
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

LOOPBACK = "127.0.0.1,localhost"
TAKEN_AWAY = frozenset(
    {
        "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_ROLE_ARN",
        "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    }
)  # fmt: skip
ENDPOINT_OF_A_SERVICE = "AWS_ENDPOINT_URL_"


@contextmanager
def aws_environment(region: str, endpoint: str = "") -> Iterator[None]:
    """Within the block the environment leads to `endpoint`; afterwards it is as it was before."""
    before = dict(os.environ)
    try:
        for name in list(os.environ):
            if name in TAKEN_AWAY or name.startswith(ENDPOINT_OF_A_SERVICE):
                del os.environ[name]
        os.environ.update(variables(region, endpoint, before))
        _forget_default_session()
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        _forget_default_session()


def variables(region: str, endpoint: str, environment: Mapping[str, str]) -> dict[str, str]:
    """What is set, given the `environment` around it."""
    no_proxy = environment.get("NO_PROXY") or environment.get("no_proxy")
    past_proxies = f"{no_proxy},{LOOPBACK}" if no_proxy else LOOPBACK
    return {
        **({"AWS_ENDPOINT_URL": endpoint} if endpoint else {}),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": region,
        "AWS_REGION": region,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": past_proxies,
        "no_proxy": past_proxies,
    }


def _forget_default_session() -> None:
    # `boto3.client` keeps a session with the credentials it found first.
    boto3: Any = sys.modules.get("boto3")
    if boto3 is not None:
        boto3.DEFAULT_SESSION = None
