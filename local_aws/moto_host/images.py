"""The server's side of images: which there are, and getting copies of them.

The first image, moto with an empty journal, is a process that is started when it is first asked for; the
images of other states are its copies. They are kept for the states asked for last, and all work is done in
one thread, so an image that is still being made is waited for.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from local_aws.settings import Settings

logger = logging.getLogger(__name__)

KEPT = 4
"""Images of states, beside the empty one: each has some 20 MB that it does not share."""
EMPTY = "empty"
PATIENCE = 60.0
"""Seconds for an image to answer; the first one imports moto."""


class Process(Protocol):
    """What moto's host needs of a process; `subprocess.Popen` has it too."""

    @property
    def pid(self) -> int:
        """Its process id."""

    def kill(self) -> None:
        """End it now."""

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, when it has ended; raises `subprocess.TimeoutExpired`."""


@dataclass(frozen=True, slots=True)
class Fork:
    """A process that an image forked; whoever reaps it, it is not us, and its exit code is not known."""

    pid: int

    def kill(self) -> None:
        """End it now."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """0, when it has ended."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while self._lives():
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("moto", timeout or 0)
            time.sleep(0.002)
        return 0

    def _lives(self) -> bool:
        # In a container we may be process 1, whom the orphans of an image that has ended are left to.
        with suppress(ChildProcessError):
            os.waitpid(self.pid, os.WNOHANG)
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True


class _Image:
    """One image, by our end of its socket."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        control.settimeout(PATIENCE)
        self._answers: BinaryIO = control.makefile("rb")
        self._answer("ready")

    def copy(self, theirs: socket.socket, journal: Path | None = None) -> int:
        """A copy that serves `theirs`, or is an image with a saved journal; its process id."""
        order = json.dumps({"journal": str(journal) if journal else None}).encode()
        socket.send_fds(self._control, [order], [theirs.fileno()])
        return int(self._answer("pid"))

    def close(self) -> None:
        """End it."""
        self._answers.close()
        self._control.close()

    def _answer(self, name: str) -> Any:
        line = self._answers.readline()
        if not line:
            raise ConnectionResetError("moto's image ended")
        return json.loads(line)[name]


class Images:
    """The images of one server."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._images: OrderedDict[str, _Image] = OrderedDict()
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="moto-images")

    def prepare(self, mark: str, journal: Path) -> None:
        """Begin to make the image of the state that the saved `journal` with that mark leads to."""
        self._thread.submit(self._image, mark, journal).add_done_callback(self._report)

    def fork(self, mark: str, journal: Path) -> tuple[Process, socket.socket]:
        """A process with that state that serves, and our end of its socket; waits for the image.

        Raises:
            OSError: no image can be made.
        """
        return self._thread.submit(self._fork, mark, journal).result()

    def close(self) -> None:
        """End all images; one that is still being made is not waited for."""
        self._closed = True
        if self._process is not None:
            self._process.kill()
        self._thread.shutdown(cancel_futures=True)
        while self._images:
            self._images.popitem()[1].close()
        self._end_process()

    def _end_process(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _fork(self, mark: str, journal: Path) -> tuple[Process, socket.socket]:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                return Fork(self._image(mark, journal).copy(theirs)), ours
            except (OSError, ValueError):
                ours.close()
                self._forget(mark)
                raise

    def _image(self, mark: str, journal: Path) -> _Image:
        made = self._images.get(mark)
        if made is None:
            made = self._first() if mark == EMPTY else self._copy_of_first(journal)
            self._images[mark] = made
        self._images.move_to_end(mark)
        self._forget_oldest()
        return made

    def _copy_of_first(self, journal: Path) -> _Image:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._image(EMPTY, journal).copy(theirs, journal)
            except OSError:
                self._forget(EMPTY)
                raise
        return _Image(ours)

    def _first(self) -> _Image:
        if self._closed:
            raise ConnectionResetError("the server is closing")
        self._end_process()
        ours, theirs = socket.socketpair()
        settings = self._settings
        command = [
            sys.executable, "-m", "local_aws.moto_host", "--state", str(settings.state), "--image",
            "--endpoint", settings.endpoint, "--account-id", settings.account_id,
        ]  # fmt: skip
        with theirs:
            self._process = subprocess.Popen(command, stdin=theirs.fileno())
        return _Image(ours)

    def _forget_oldest(self) -> None:
        while len(self._images) > KEPT + 1:
            oldest = next(mark for mark in self._images if mark != EMPTY)
            self._forget(oldest)

    def _forget(self, mark: str) -> None:
        image = self._images.pop(mark, None)
        if image is not None:
            image.close()

    def _report(self, made: Future[_Image]) -> None:
        if not made.cancelled() and (error := made.exception()) is not None and not self._closed:
            logger.warning("An image of moto could not be made: %s", error)
