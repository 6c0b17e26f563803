"""SQS's long polls as repeated short ones.

Receiving a message changes data, and such requests run one at a time; a ReceiveMessage that waits inside
moto would keep out the very SendMessage it waits for.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html (checked
2026-11).
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from local_aws.moto_host.application import Application
from local_aws.moto_host.messages import Request, Response
from local_aws.moto_host.operations import operation_of, received_messages

POLL_SECONDS = 0.05
MAX_WAIT_SECONDS = 20
_WAIT = "ReceiveMessageWaitTimeSeconds"


class LongPolls:
    """An application in front of one that must not be kept waiting."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, request: Request) -> Response:
        """Answer at once, or for a long poll when there is a message or its time is over."""
        operation = operation_of(request)
        if (operation.service, operation.name) != ("sqs", "ReceiveMessage"):
            return self._application(request)
        fields = _fields(request)
        wait = str(fields.get("WaitTimeSeconds", "")) or self._wait_of_queue(request, fields)
        if not wait.isdigit() or not 0 < int(wait) <= MAX_WAIT_SECONDS:
            return self._application(request)
        short = _with_fields(request, {**fields, "WaitTimeSeconds": 0})
        deadline = time.monotonic() + int(wait)
        while True:
            response = self._application(short)
            over = time.monotonic() + POLL_SECONDS > deadline
            if over or not response.succeeded or received_messages(response):
                return response
            time.sleep(POLL_SECONDS)

    def _wait_of_queue(self, request: Request, fields: dict[str, object]) -> str:
        """The queue's own wait, as text; empty when it cannot be told."""
        queue = {"QueueUrl": fields.get("QueueUrl", "")}
        if request.header("x-amz-target"):
            question = _with_fields(request, {**queue, "AttributeNames": [_WAIT]}, "GetQueueAttributes")
        else:
            question = _with_fields(request, {**queue, "AttributeName.1": _WAIT}, "GetQueueAttributes")
        answer = self._application(question)
        found = re.search(rb'(?:": ?"|<Value>)(\d+)', answer.body) if answer.succeeded else None
        return found.group(1).decode() if found else ""


def _fields(request: Request) -> dict[str, object]:
    if not request.header("x-amz-target"):
        return dict(parse_qsl(request.body.decode(errors="replace")))
    try:
        fields = json.loads(request.body or b"{}")
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}


def _with_fields(request: Request, fields: dict[str, object], action: str | None = None) -> Request:
    """`request` with other input and, if given, for another action."""
    if not request.header("x-amz-target"):
        form = {**fields, "Action": action or "ReceiveMessage", "Version": "2012-11-05"}
        return replace(request, body=urlencode(form).encode())
    target = f"AmazonSQS.{action or 'ReceiveMessage'}"
    headers = [(name, target if name.lower() == "x-amz-target" else value) for name, value in request.headers]
    return replace(request, headers=headers, body=json.dumps(fields).encode())
