"""boto3's clients of this server's own services, as far as Glue needs them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import boto3

from local_aws.settings import Settings

Clients = Callable[[str], Any]
"""Gives a boto3 client of a service by its name."""


def server_clients(settings: Settings, region: str) -> Clients:
    """The clients of this server's services by their names, each made when it is asked for first."""

    make: Any = boto3.client

    @cache
    def client(service: str) -> Any:
        return make(
            service,
            endpoint_url=settings.endpoint,
            region_name=region,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106 - the local AWS takes any
        )

    return client
