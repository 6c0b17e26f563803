"""What a crawl needs of the other services of this server: CloudWatch Logs for its log, SQS and DynamoDB."""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3

from local_aws.glue.crawlers.lake_crawl import Clients
from local_aws.glue.crawlers.runner import LogSink
from local_aws.glue.logs import LogStream
from local_aws.settings import Settings


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


def cloudwatch_sink(clients: Clients) -> LogSink:
    """A sink that writes to the CloudWatch Logs of this server."""

    def write(group: str, stream: str, lines: list[str]) -> None:
        log = LogStream(clients("logs"), group, stream)
        for line in lines:
            log.write(line)
        log.close()

    return write
