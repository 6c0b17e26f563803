"""Messages over a socket that only two processes hold: a length, then a pickle of known value classes.

A worker runs what clients wrote, so what comes from it is not trusted to name classes: anything beyond the
list below ends the conversation.
"""

from __future__ import annotations

import io
import pickle
import socket
import struct
import threading
from contextlib import suppress
from typing import Any

HEADER = struct.Struct("!Q")
LARGEST = 1 << 30
"""Bytes of a message. Rows travel in files; a catalog's page or a metadata file is far below it."""
VALUES = {
    "datetime": ("datetime", "date", "timezone", "timedelta"),
    "pathlib": ("PosixPath", "PurePosixPath", "Path"),
    "decimal": ("Decimal",),
    "builtins": ("set", "frozenset"),
    "dateutil.tz.tz": ("tzutc", "tzlocal"),
    "local_athena.parse.kinds": ("Statement", "Kind"),
    "local_athena.protocols": ("StoredFile",),
    "local_athena.statements.jobs": ("Job", "Session", "Request", "Analysis"),
    "local_athena.statements.outcome": ("Outcome",),
    "local_athena.statements.undo": ("Undo",),
    "local_athena.workers.messages": (
        "Boot",
        "Analyse",
        "Run",
        "StopRequest",
        "Ready",
        "Call",
        "Answer",
        "Failure",
    ),
    "local_athena.workers.listing": ("Page",),
}
"""The classes that a message may hold, by module."""


class Disconnected(Exception):
    """The other process is gone, or says what no message is."""


class Channel:
    """One end of a conversation; any thread may send, one receives."""

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._sending = threading.Lock()

    def send(self, message: Any) -> None:
        """Send a message.

        Raises:
            Disconnected: the other process is gone.
        """
        data = pickle.dumps(message, protocol=5)
        try:
            with self._sending:
                self._socket.sendall(HEADER.pack(len(data)) + data)
        except OSError as error:
            raise Disconnected from error

    def receive(self) -> Any:
        """Wait for the next message.

        Raises:
            Disconnected: the other process is gone, or what it sent is no message.
        """
        (length,) = HEADER.unpack(self._exactly(HEADER.size))
        if length > LARGEST:
            raise Disconnected(f"a message of {length} bytes")
        try:
            return _Values(io.BytesIO(self._exactly(length))).load()
        except (pickle.UnpicklingError, EOFError, AttributeError, TypeError, ValueError, IndexError) as error:
            raise Disconnected("no message") from error

    def close(self) -> None:
        """End the conversation; a `receive` that waits ends with it."""
        with suppress(OSError):  # the other process may have ended it
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _exactly(self, count: int) -> bytes:
        data = bytearray()
        while len(data) < count:
            try:
                part = self._socket.recv(min(count - len(data), 1 << 20))
            except OSError as error:
                raise Disconnected from error
            if not part:
                raise Disconnected
            data += part
        return bytes(data)


class _Values(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if name not in VALUES.get(module, ()):
            raise pickle.UnpicklingError(f"{module}.{name} is no value of a message")
        return super().find_class(module, name)
