"""The script's end of the run's channel to the server, by which `awsglue` loads and commits bookmarks.

The other end is `local_aws/glue/jobs/run_channel.py`. A process that the script starts does not have it.
"""

from __future__ import annotations

import json
import os
import socket
import threading
from typing import Any

LONGEST_LINE = 2**23
"""Bytes of a request that the server reads."""


class ChannelError(Exception):
    """The server refused a request; the text begins with AWS's code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class BookmarkVersionMismatch(ChannelError):
    """Another run committed the job's bookmark after this one loaded it."""


REFUSALS = {"GLUE_JOB_BOOKMARK_VERSION_MISMATCH_ERROR": BookmarkVersionMismatch}


class Channel:
    """Asks the server, one request at a time."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._answers = end.makefile("rb")
        self._lock = threading.Lock()

    def ask(self, operation: str, **members: Any) -> dict[str, Any]:
        """What the server answers.

        Raises:
            ChannelError: it refuses.
        """
        line = json.dumps({"operation": operation, **members}).encode() + b"\n"
        if len(line) > LONGEST_LINE:
            raise ChannelError("InvalidInputException", f"{operation} is of more than {LONGEST_LINE} bytes.")
        with self._lock:
            self._end.sendall(line)
            answered = self._answers.readline()
        if not answered.endswith(b"\n"):
            raise ChannelError("InternalServiceException", "The local AWS ended.")
        answer = json.loads(answered)
        if "error" in answer:
            code = answer["error"]["code"]
            raise REFUSALS.get(code, ChannelError)(code, answer["error"]["message"])
        found: dict[str, Any] = answer["answer"]
        return found


channel: Channel | None = None
"""The run's; None in a process that is not a run's own."""


def open_channel(number: int) -> None:
    """Use the socket that this process was given as file `number`."""
    global channel
    os.set_inheritable(number, False)
    channel = Channel(socket.socket(fileno=number))
