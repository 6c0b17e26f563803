"""moto, seen from the server: a child process that answers forwarded requests.

Importing moto takes 1 to 5 seconds and its state machines run in threads; in a process of its own it
delays neither the server's start nor S3, a crash costs only itself, and the journal can be replayed under
a changed clock. Parent and child share a socket pair and nothing else: when either ends, the other
notices at once. See `docs/decisions/moto-in-a-child-process.md`.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import logging
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from local_aws.errors import AwsError
from local_aws.moto_host.failures import failure
from local_aws.moto_host.images import Process
from local_aws.moto_host.messages import (
    LENGTHS,
    Headers,
    Request,
    Response,
    question_frame,
    request_frame,
    response_of,
)
from local_aws.moto_host.operations import operation_of
from local_aws.settings import Settings

logger = logging.getLogger(__name__)

CLOSE_SECONDS = 5.0
ENDED = "ended before it answered; repeat the request"


@dataclass
class _Child:
    """One life of the child process; `writer` appears when an event loop first talks to it."""

    process: Process
    socket: socket.socket
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    writer: asyncio.StreamWriter | None = None
    reading: asyncio.Task[None] | None = None
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: dict[int, asyncio.Future[Response]] = field(default_factory=dict)


class MotoHost:
    """Starts moto's process, forwards requests to it, and starts it again when it dies.

    All forwarding is done on one event loop.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._child: _Child | None = None
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._closed = False
        self._suspended = False
        self._loop: asyncio.AbstractEventLoop | None = None

    def work_on(self, loop: asyncio.AbstractEventLoop) -> None:
        """Do all forwarding on this event loop."""
        self._loop = loop

    def start(self) -> None:
        """Start the process without waiting for it; requests wait until it is ready."""
        with self._lock:
            if self._child is None and not self._closed and not self._suspended:
                self._child = self._spawn()

    def close(self) -> None:
        """End the process, which archives what its running executions have done so far."""
        with self._lock:
            self._closed = True
            child, self._child = self._child, None
        if child is None:
            return
        with contextlib.suppress(OSError):  # the event loop, when it ended, closed it
            child.socket.shutdown(socket.SHUT_RDWR)
        if not child.ready.is_set():
            child.process.kill()  # it has served nothing yet, so there is nothing to archive
        try:
            child.process.wait(CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()
        if child.writer is None:
            child.socket.close()

    async def ready(self) -> None:
        """Wait until the process has replayed its journal.

        Raises:
            ConnectionError: it cannot start, or the server closes.
        """
        child = self._attended()
        assert child.reading is not None
        ready = asyncio.create_task(child.ready.wait())
        await asyncio.wait([ready, child.reading], return_when=asyncio.FIRST_COMPLETED)
        if not child.ready.is_set():
            ready.cancel()
            raise ConnectionResetError(ENDED)

    async def suspend(self) -> None:
        """End the process, which has nothing to do, and start no other until `resume`."""
        with self._lock:
            self._suspended = True
            child, self._child = self._child, None
        if child is None:
            return
        child.process.kill()
        if child.reading is None:
            child.socket.close()
        else:
            await child.reading
        await asyncio.to_thread(child.process.wait, CLOSE_SECONDS)

    def resume(self, process: Process | None = None, ours: socket.socket | None = None) -> None:
        """Go on with a process that serves already, by our end of its socket, or with a new one."""
        with self._lock:
            self._suspended = False
            if process is not None and ours is not None:
                self._child = _Child(process, ours)
        self._attended()

    async def forward(
        self, method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes
    ) -> tuple[int, Headers, bytes]:
        """Send one HTTP request to moto as it is; `target` is the path and query as received.

        Returns:
            Status, headers and body of moto's answer, or of a ServiceUnavailable error (503), when the
            process cannot start or ended while it worked on this.
        """
        request = Request(method, target, list(headers), body)
        try:
            response = await self._exchange_request(request)
        except ConnectionError as error:
            response = await self._after_the_end(request, error)
        return response.status, response.headers, response.body

    async def ask(self, question: str, about: str) -> dict[str, Any] | None:
        """Ask for something of moto's that no API tells (`questions.py`).

        Raises:
            AwsError: ServiceUnavailable (503), when the process cannot start or ended meanwhile.
        """
        for last in (False, True):
            try:
                number = next(self._numbers)
                response = await self._exchange(number, question_frame(number, question, about))
                answer: dict[str, Any] | None = json.loads(response.body)
                return answer
            except ConnectionError as error:
                if last:
                    message = f"The process that runs moto's services {error}."
                    raise AwsError("ServiceUnavailable", message, 503) from error
        raise AssertionError("the second attempt returns or raises")

    def ask_now(self, question: str, about: str) -> dict[str, Any] | None:
        """`ask`, from a thread other than the event loop's.

        Raises:
            AwsError: ServiceUnavailable (503).
        """
        if self._loop is None:
            raise AwsError("ServiceUnavailable", "The server is not up yet.", 503)
        return asyncio.run_coroutine_threadsafe(self.ask(question, about), self._loop).result()

    async def _after_the_end(self, request: Request, error: ConnectionError) -> Response:
        """Ask again for data; a change may have been made and journaled, so its client must decide."""
        try:
            if not operation_of(request).changes_data:
                return await self._exchange_request(request)
        except ConnectionError as again:
            error = again
        message = f"The process that runs moto's services {error}."
        return failure(request, 503, "ServiceUnavailable", message)

    async def _exchange_request(self, request: Request) -> Response:
        number = next(self._numbers)
        return await self._exchange(number, request_frame(number, request))

    async def _exchange(self, number: int, data: bytes) -> Response:
        child = self._attended()
        answer: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        child.waiting[number] = answer
        try:
            await self._send(child, data)
            return await answer
        finally:
            child.waiting.pop(number, None)

    async def _send(self, child: _Child, data: bytes) -> None:
        await child.connected.wait()
        assert child.writer is not None
        assert child.reading is not None
        try:
            child.writer.write(data)
            await child.writer.drain()
        except (ConnectionError, RuntimeError) as error:  # the latter is uvloop's, for a closed socket
            # Writing fails before reading does; only after that is there another process.
            await asyncio.wait([child.reading])
            raise ConnectionResetError(ENDED) from error

    def _attended(self) -> _Child:
        self.start()
        child = self._child
        if child is None:
            raise ConnectionResetError("is shut down with the server")
        if child.reading is None:
            child.reading = asyncio.create_task(self._attend(child))
        return child

    def _spawn(self) -> _Child:
        ours, theirs = socket.socketpair()
        settings = self._settings
        command = [
            sys.executable, "-m", "local_aws.moto_host", "--state", str(settings.state),
            "--endpoint", settings.endpoint, "--account-id", settings.account_id,
        ]  # fmt: skip
        with theirs:
            process = subprocess.Popen(command, stdin=theirs.fileno())
        return _Child(process, ours)

    async def _attend(self, child: _Child) -> None:
        """Hand out answers until the process ends, then start another one."""
        reader, child.writer = await asyncio.open_connection(sock=child.socket)
        child.connected.set()
        try:
            while True:
                head_length, body_length = LENGTHS.unpack(await reader.readexactly(LENGTHS.size))
                head = json.loads(await reader.readexactly(head_length))
                body = await reader.readexactly(body_length)
                if "ready" in head:
                    child.ready.set()
                elif (answer := child.waiting.get(head["number"])) is not None and not answer.done():
                    answer.set_result(response_of(head, body))
        except (asyncio.IncompleteReadError, ConnectionError):
            self._ended(child)
        finally:
            child.writer.close()

    def _ended(self, child: _Child) -> None:
        for answer in child.waiting.values():
            if not answer.done():
                answer.set_exception(ConnectionResetError(ENDED))
        child.process.kill()
        code = child.process.wait()
        with self._lock:
            if self._child is not child:
                return
            self._child = None
        if self._closed:
            return
        logger.error("moto's process (pid %d) ended with exit code %s", child.process.pid, code)
        # A process that fails before it is ready would fail again at once; the next request tries again.
        if child.ready.is_set():
            self._attended()
