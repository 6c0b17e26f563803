"""What S3's events in a queue say has changed, for crawlers of event mode.

Messages are S3's own, or wrapped by SNS. They are deleted once the crawl that they led to is complete; one
that is none goes to the dead-letter queue when there is one. See
https://docs.aws.amazon.com/glue/latest/dg/crawler-s3-event-notifications.html (November 2026).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

from botocore.exceptions import BotoCoreError, ClientError

MOST_MESSAGES = 100_000
"""That one crawl takes; the rest is left to the next."""
_BATCH = 10
Place = tuple[str, str]
"""Bucket and key of an object that was made or removed."""


@dataclass(frozen=True, slots=True)
class EventQueue:
    """The ARN of a queue, and of its dead-letter queue or nothing."""

    arn: str
    dead_letters: str = ""


@dataclass(slots=True)
class Events:
    """The messages of some queues: `places` is what they name."""

    clients: Callable[[str], Any]
    log: Callable[[str], None]
    places: set[Place] = field(default_factory=set)
    _taken: list[tuple[str, str]] = field(default_factory=list)

    def receive(self, queue: EventQueue, check: Callable[[], None]) -> None:
        """Take what a queue holds now.

        Raises:
            ClientError: there is no such queue.
        """
        url = self._url(queue.arn)
        while len(self._taken) < MOST_MESSAGES:
            check()
            messages = (
                self.clients("sqs")
                .receive_message(
                    QueueUrl=url, MaxNumberOfMessages=_BATCH, WaitTimeSeconds=0, VisibilityTimeout=3600
                )
                .get("Messages")
            )
            if not messages:
                return
            for message in messages:
                self._take(url, queue, message)

    def settle(self, *, done: bool) -> None:
        """Delete the messages of a crawl that is done, and let those of another be received again."""
        try:
            (self._delete if done else self._give_back)()
        except (BotoCoreError, ClientError) as error:
            # They come again after their time, which does no harm.
            self.log(f"WARN : Messages of the queue could not be settled: {error}")

    def _delete(self) -> None:
        by_queue: dict[str, list[str]] = {}
        for url, handle in self._taken:
            by_queue.setdefault(url, []).append(handle)
        for url, handles in by_queue.items():
            for start in range(0, len(handles), _BATCH):
                entries = [
                    {"Id": str(number), "ReceiptHandle": handle}
                    for number, handle in enumerate(handles[start : start + _BATCH])
                ]
                self.clients("sqs").delete_message_batch(QueueUrl=url, Entries=entries)

    def _give_back(self) -> None:
        for url, handle in self._taken:
            self.clients("sqs").change_message_visibility(
                QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0
            )

    def _take(self, url: str, queue: EventQueue, message: dict[str, Any]) -> None:
        try:
            self.places.update(places_of(message["Body"]))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            self.log(f"WARN : Message {message['MessageId']} of {queue.arn} is not an event of Amazon S3")
            if queue.dead_letters:
                dead = self._url(queue.dead_letters)
                self.clients("sqs").send_message(QueueUrl=dead, MessageBody=message["Body"])
        self._taken.append((url, message["ReceiptHandle"]))

    def _url(self, arn: str) -> str:
        name = arn.rpartition(":")[2]
        return str(self.clients("sqs").get_queue_url(QueueName=name)["QueueUrl"])


def places_of(body: str) -> Iterator[Place]:
    """The objects that a message names; none for S3's test event.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: it is not an event of S3's.
    """
    document = json.loads(body)
    if "Message" in document and "Records" not in document:
        document = json.loads(document["Message"])
    if document.get("Event") == "s3:TestEvent":
        return
    for record in document["Records"]:
        # Keys are written as in a form: a blank is a plus.
        yield record["s3"]["bucket"]["name"], unquote_plus(record["s3"]["object"]["key"])
