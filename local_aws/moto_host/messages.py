"""What travels between the server and moto's process: HTTP requests and answers, in frames on one socket.

A frame is two lengths (big-endian, 4 bytes each), a JSON head and the body's bytes as they are. Answers
carry the number of their request, so that a long poll does not hold up the others. HTTP itself would need
a port that other programs can reach, and a parser on both sides, for the same four values.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import Any

LENGTHS = struct.Struct(">II")

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request; `target` is the path with its query as the client sent it, still escaped."""

    method: str
    target: str
    headers: Headers
    body: bytes

    def header(self, name: str) -> str | None:
        """The first value of `name` (lower case), or None."""
        return next((value for key, value in self.headers if key.lower() == name), None)


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP answer."""

    status: int
    headers: Headers
    body: bytes

    @property
    def succeeded(self) -> bool:
        """Whether the status is one of the 200s."""
        return 200 <= self.status < 300


def frame(head: dict[str, Any], body: bytes) -> bytes:
    """One frame, ready to be written."""
    encoded = json.dumps(head, separators=(",", ":")).encode()
    return LENGTHS.pack(len(encoded), len(body)) + encoded + body


def request_frame(number: int, request: Request) -> bytes:
    """The frame of request `number`."""
    head = {
        "number": number,
        "method": request.method,
        "target": request.target,
        "headers": request.headers,
    }
    return frame(head, request.body)


def request_of(head: dict[str, Any], body: bytes) -> Request:
    """The request that `request_frame` wrote."""
    return Request(head["method"], head["target"], [(name, value) for name, value in head["headers"]], body)


def question_frame(number: int, question: str, about: str) -> bytes:
    """The frame of a question that is no request of a client's."""
    return frame({"number": number, "question": question, "about": about}, b"")


def answer_frame(number: int, answer: dict[str, Any] | None) -> bytes:
    """The frame of the answer to a question."""
    return response_frame(number, Response(200, [], json.dumps(answer).encode()))


def response_frame(number: int, response: Response) -> bytes:
    """The frame of the answer to request `number`."""
    return frame({"number": number, "status": response.status, "headers": response.headers}, response.body)


def response_of(head: dict[str, Any], body: bytes) -> Response:
    """The answer that `response_frame` wrote."""
    return Response(head["status"], [(name, value) for name, value in head["headers"]], body)
