"""The log of a crawl, on its way to CloudWatch Logs."""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3

from local_aws.glue.crawlers.runner import LogSink
from local_aws.glue.logs import LogStream
from local_aws.settings import Settings


def cloudwatch_sink(settings: Settings, region: str) -> LogSink:
    """A sink that writes to the CloudWatch Logs of this server."""

    @cache
    def client() -> Any:
        return boto3.client(
            "logs",
            endpoint_url=settings.endpoint,
            region_name=region,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106 - the local AWS takes any
        )

    def write(group: str, stream: str, lines: list[str]) -> None:
        log = LogStream(client(), group, stream)
        for line in lines:
            log.write(line)
        log.close()

    return write
