"""Stop really stops: how a statement that runs learns that it is to end, wherever it is.

What computes in DuckDB is interrupted; a loop of ours asks `checkpoint()` between its steps. From `seal()`
on, which stands before the change that everybody sees, a stop comes too late and is ignored, so that
CANCELLED always means that nothing was changed.
https://docs.aws.amazon.com/athena/latest/APIReference/API_StopQueryExecution.html
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from local_athena.errors import QueryCancelled


class Stop:
    """The wish to stop one statement; any thread may voice it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._interrupt: Callable[[], None] | None = None
        self._sealed = False
        self.asked = False

    @property
    def sealed(self) -> bool:
        """Whether a stop comes too late."""
        return self._sealed

    def ask(self) -> None:
        """End the statement at its next step; a sealed one goes on."""
        with self._lock:
            if self._sealed:
                return
            self.asked = True
            if self._interrupt is not None:
                self._interrupt()

    def check(self) -> None:
        """Go on, unless a stop was asked for.

        Raises:
            QueryCancelled: it was.
        """
        if self.asked:
            raise QueryCancelled()

    def seal(self) -> None:
        """Take no stop from here on.

        Raises:
            QueryCancelled: one was asked for before.
        """
        with self._lock:
            self.check()
            self._sealed = True

    @contextmanager
    def interrupting(self, interrupt: Callable[[], None]) -> Iterator[None]:
        """Within the block a stop calls `interrupt`, which must not wait."""
        with self._lock:
            self.check()
            outer, self._interrupt = self._interrupt, interrupt
        try:
            yield
        finally:
            with self._lock:
                self._interrupt = outer


_current: ContextVar[Stop | None] = ContextVar("stop", default=None)


@contextmanager
def stoppable(stop: Stop) -> Iterator[None]:
    """What this thread does within the block ends when `stop` is asked for."""
    token = _current.set(stop)
    try:
        yield
    finally:
        _current.reset(token)


def checkpoint() -> None:
    """A step of a long loop.

    Raises:
        QueryCancelled: the statement that this thread runs was stopped.
    """
    stop = _current.get()
    if stop is not None:
        stop.check()


def seal() -> None:
    """The statement that this thread runs is about to change what others see.

    Raises:
        QueryCancelled: it was stopped before.
    """
    stop = _current.get()
    if stop is not None:
        stop.seal()


@contextmanager
def interrupting(interrupt: Callable[[], None]) -> Iterator[None]:
    """Within the block a stop of this thread's statement calls `interrupt`."""
    stop = _current.get()
    if stop is None:
        yield
        return
    with stop.interrupting(interrupt):
        yield
