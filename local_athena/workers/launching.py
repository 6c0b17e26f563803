"""Begins worker processes: by a fork server on Linux, with an interpreter each elsewhere.

One fork server serves the whole process, as what it has loaded is the same for every region.
"""

from __future__ import annotations

import atexit
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from local_athena.workers.channel import Channel
from local_athena.workers.fork_server import FORK, LOAD, PID

ENVIRONMENT = {
    # A library's threads would be lost in a fork, and each would cost a stack.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    # Address space counts toward the bound of a worker's memory.
    "MALLOC_ARENA_MAX": "2",
}


class LaunchError(Exception):
    """No worker could be started."""


@dataclass(slots=True)
class Process:
    """A worker's process, and our end of the conversation with it."""

    pid: int
    channel: Channel
    _watched: int | None = None
    """A descriptor of the process: unlike its number it is never another process's."""
    _child: subprocess.Popen[bytes] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        with self._lock:
            if self._child is not None:
                return self._child.poll() is None
            return self._watched is not None and not _ended(self._watched, 0)

    def kill(self) -> None:
        """End it at once."""
        with self._lock, suppress(ProcessLookupError):
            if self._child is not None:
                self._child.kill()
            elif self._watched is not None:
                signal.pidfd_send_signal(self._watched, signal.SIGKILL)

    def release(self) -> None:
        """End it and let go of it."""
        self.kill()
        self.channel.close()
        with self._lock:
            if self._child is not None:
                self._child.wait()
            elif self._watched is not None:
                _ended(self._watched, 2000)
                os.close(self._watched)
                self._watched = None


def _ended(descriptor: int, milliseconds: int) -> bool:
    """Whether a process ends within a time; `poll` takes descriptors of any number."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(milliseconds))


class Launcher(Protocol):
    """A way to begin workers."""

    def launch(self) -> Process:
        """A new process, which waits to be told what it is.

        Raises:
            LaunchError: none could be started.
        """
        ...

    def load(self, package: str) -> None:
        """Let later workers have a package from their start, where that helps."""
        ...

    @property
    def pid(self) -> int | None:
        """The process that workers are forked from, when there is one."""
        ...


class Spawner:
    """An interpreter for each worker."""

    pid = None

    def launch(self) -> Process:
        """A new process.

        Raises:
            LaunchError: none could be started.
        """
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "local_athena.workers.spawned", str(theirs.fileno())]
        with theirs:
            child = _started(command, theirs)
        return Process(child.pid, Channel(ours), None, child)

    def load(self, package: str) -> None:
        """Each worker loads what it needs."""


class ForkServer:
    """A process that forks workers, started when it is needed and again when it has ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._loaded: set[str] = set()

    @property
    def pid(self) -> int | None:
        """The process that workers are forked from."""
        child = self._child
        return child.pid if child is not None else None

    def start(self) -> None:
        """Begin it now, so that it has loaded when the first worker is wanted."""
        with self._lock:
            self._running()

    def launch(self) -> Process:
        """A new process.

        Raises:
            LaunchError: none could be started.
        """
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            pid = self._forked(theirs)
        try:
            return Process(pid, Channel(ours), os.pidfd_open(pid))
        except ProcessLookupError as error:
            raise LaunchError("the worker ended at once") from error

    def load(self, package: str) -> None:
        """Let later workers have a package from their start."""
        if package in self._loaded:
            return
        with self._lock, suppress(OSError):
            if package not in self._loaded:
                control = self._running()
                self._loaded.add(package)
                control.sendall(LOAD + package.encode())

    def close(self) -> None:
        """End it, and with it all of its workers."""
        with self._lock:
            if self._control is not None:
                self._ended(self._control)

    def _ended(self, control: socket.socket) -> None:
        control.close()
        if self._child is not None:
            self._child.kill()
            self._child.wait()
        self._control = self._child = None

    def _forked(self, theirs: socket.socket) -> int:
        for _ in range(2):  # one that was killed is begun anew
            control = self._running()
            with suppress(OSError):
                socket.send_fds(control, [FORK], [theirs.fileno()])
                answer = control.recv(PID.size, socket.MSG_WAITALL)
                if len(answer) == PID.size:
                    return int(PID.unpack(answer)[0])
            self._ended(control)
        raise LaunchError("the fork server ended")

    def _running(self) -> socket.socket:
        if self._control is None:
            self._loaded.clear()
            # Each order is a message of its own: an order's socket is never read with another order.
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            command = [sys.executable, "-m", "local_athena.workers.fork_server", str(theirs.fileno())]
            with theirs:
                self._child = _started(command, theirs)
            self._control = ours
        return self._control


def _started(command: list[str], end: socket.socket) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        pass_fds=[end.fileno()],
        env={**os.environ, **ENVIRONMENT},
    )


_fork_server: ForkServer | None = None
_making = threading.Lock()


def launcher() -> Launcher:
    """This process's way to begin workers."""
    global _fork_server
    if not sys.platform.startswith("linux"):
        return Spawner()
    with _making:
        if _fork_server is None:
            _fork_server = ForkServer()
            atexit.register(_fork_server.close)
        return _fork_server


def start_early() -> None:
    """Begin what loads for a while, before the first worker is wanted."""
    found = launcher()
    if isinstance(found, ForkServer):
        found.start()
