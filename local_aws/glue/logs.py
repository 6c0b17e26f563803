"""What a run prints, on its way to CloudWatch Logs.

Lines are collected and sent in batches by a thread, so that neither the script nor Spark waits for a log.
A log that cannot be delivered is dropped with a warning: it never fails a run.
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

logger = logging.getLogger(__name__)

MOST_EVENTS = 10_000
MOST_BYTES = 1_000_000
EVENT_OVERHEAD = 26
LONGEST_EVENT = 60_000
"""Characters, which are at most 240 KB of the 256 KB an event may have."""
SEND_EVERY = 0.3
CLOSE_SECONDS = 10.0

Event = dict[str, Any]


class LogStream:
    """One stream of one group, both made when the first line is sent. Threads may share it.

    Args:
        client: a boto3 `logs` client.
    """

    def __init__(self, client: Any, group: str, stream: str) -> None:
        self._client = client
        self._names = {"logGroupName": group, "logStreamName": stream}
        self._lines: queue.Queue[Event | None] = queue.Queue(maxsize=2 * MOST_EVENTS)
        self._exists = False
        self._thread = threading.Thread(target=self._send_all, name=f"log-{stream[:11]}", daemon=True)
        self._thread.start()

    def write(self, line: str) -> None:
        """Add one line, at the present time."""
        now = int(time.time() * 1000)
        for start in range(0, len(line), LONGEST_EVENT) or (0,):
            # CloudWatch refuses an empty message, and Glue's logs keep empty lines.
            message = line[start : start + LONGEST_EVENT] or " "
            self._lines.put({"timestamp": now, "message": message})

    def close(self) -> None:
        """Send what is left, for some seconds at most."""
        self._lines.put(None)
        self._thread.join(CLOSE_SECONDS)

    def _send_all(self) -> None:
        more = True
        while more:
            events, more = self._collect()
            for batch in batches(events):
                self._send(batch)

    def _collect(self) -> tuple[list[Event], bool]:
        """The lines of the next moment, and whether more may come."""
        first = self._lines.get()
        if first is None:
            return [], False
        events, deadline = [first], time.monotonic() + SEND_EVERY
        while len(events) < MOST_EVENTS:
            try:
                event = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                break
            if event is None:
                return events, False
            events.append(event)
        return events, True

    def _send(self, batch: list[Event]) -> None:
        try:
            if not self._exists:
                self._create()
            self._client.put_log_events(**self._names, logEvents=batch)
        except (BotoCoreError, ClientError) as error:
            logger.warning("%d lines of %s were lost: %s", len(batch), self._names, error)

    def _create(self) -> None:
        there = self._client.exceptions.ResourceAlreadyExistsException
        with suppress(there):
            self._client.create_log_group(logGroupName=self._names["logGroupName"])
        with suppress(there):
            self._client.create_log_stream(**self._names)
        self._exists = True


def batches(events: list[Event]) -> Iterator[list[Event]]:
    """Cut `events` into batches that PutLogEvents takes."""
    batch: list[Event] = []
    size = 0
    for event in events:
        weight = len(event["message"].encode()) + EVENT_OVERHEAD
        if batch and size + weight > MOST_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(event)
        size += weight
    if batch:
        yield batch
