"""Where a crawl writes its log: the CloudWatch Logs of this server."""

from __future__ import annotations

from local_aws.glue.crawlers.runner import LogSink
from local_aws.glue.logs import LogStream
from local_aws.glue.server_clients import Clients


def cloudwatch_sink(clients: Clients) -> LogSink:
    """A sink that writes to the CloudWatch Logs of this server."""

    def write(group: str, stream: str, lines: list[str]) -> None:
        log = LogStream(clients("logs"), group, stream)
        for line in lines:
            log.write(line)
        log.close()

    return write
