"""What a run's script asks of the server beside AWS's own operations, over a pair of sockets.

The script's process is given one end when it starts, so no other process can speak for the run and nothing
listens anywhere. A request is a line of JSON, and so is its answer: `{"answer": …}`, or `{"error":
{"code", "message"}}`. An answer is sent when what it says is stored.
"""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, BinaryIO

from local_aws.errors import AwsError
from local_aws.storage.answers import answer_for

logger = logging.getLogger(__name__)

LONGEST_LINE = 2**23
"""Bytes of a request. Scripts know the number too (`job_path/run_channel.py`)."""
CLOSE_SECONDS = 5.0

Handler = Callable[[dict[str, Any]], dict[str, Any]]


class RunChannel:
    """The server's end, which a thread of its own answers with `handler` until the script is gone."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._socket, self.script_end = socket.socketpair()
        self._thread = threading.Thread(target=self._serve, name="job-run-channel", daemon=True)

    def start(self) -> None:
        """Answer from now on; the script's process has its end."""
        self.script_end.close()
        self._thread.start()

    def close(self) -> None:
        """Answer no more."""
        self.script_end.close()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        if self._thread.is_alive():
            self._thread.join(CLOSE_SECONDS)
        self._socket.close()

    def _serve(self) -> None:
        try:
            with suppress(OSError, ValueError), self._socket.makefile("rb") as requests:
                self._answer_all(requests)
        finally:
            # A script that waits for an answer must not wait for ever.
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def _answer_all(self, requests: BinaryIO) -> None:
        while line := requests.readline(LONGEST_LINE):
            if not line.endswith(b"\n"):
                self._send(_error("InvalidInputException", "A request on the run's channel is too long."))
                return
            self._send(self._answer(line))

    def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            request = json.loads(line)
            if not isinstance(request, dict):
                raise ValueError("no object")
        except (ValueError, RecursionError):
            return _error("InvalidInputException", "A request on the run's channel is a JSON object.")
        try:
            return {"answer": self._handler(request)}
        except AwsError as error:
            return _error(error.code, error.message)
        except Exception as error:
            logger.exception("A request of a job run failed in the server")
            told = answer_for(error)
            return _error("InternalServiceException", told.message if told else "Internal service exception")

    def _send(self, answer: dict[str, Any]) -> None:
        self._socket.sendall(json.dumps(answer).encode() + b"\n")


def _error(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}
