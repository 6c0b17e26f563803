"""Who runs next: statements wait in the order they came, and a long one keeps no short one waiting.

A lane has few slots, so that queries that run together do not take each other's memory and processor. How
long a query takes is not known before; so one that has run for a while gives its slot up and runs on beside
the next, until all of the lane's workers are busy. How many those are is the machine's affair: more processes
than it has cores and memory for would starve the server that answers all clients. What may wait is AWS's
affair. Definitions have a lane of their own, as on Athena, which counts DDL and DML apart
(https://docs.aws.amazon.com/athena/latest/ug/service-limits.html).
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable
from contextvars import Context, copy_context
from dataclasses import dataclass
from typing import Generic, TypeVar

from local_athena.engine.memory import machine_memory

T = TypeVar("T")
PATIENCE_SECONDS = 0.5
"""How long a statement holds its slot."""


@dataclass(frozen=True, slots=True)
class LaneSize:
    """`slots` start together; `workers` is the most that ever run; `quota` is the most that run or wait."""

    slots: int
    workers: int
    quota: int


DDL, DML = "DDL", "DML"
PER_CORE = 4
"""Statements for a core: long ones must leave short ones a place, and each gets a share worth having."""
MEMORY_OF_ONE = 512 << 20
"""Bytes of the machine for each: a process that has just begun takes a fifth of it."""
FEWEST, FEW = 2, 8
"""As many run at least, on a machine with little memory and on one with few cores: endless ones are no rarity
there, and short ones run beside them."""


def sizes_for(cores: int, memory: int) -> dict[str, LaneSize]:
    """The lanes of a machine with so many cores and so many bytes of memory."""
    queries = min(max(FEW, PER_CORE * cores), max(FEWEST, memory // MEMORY_OF_ONE), 24)
    changes = max(FEWEST, min(queries // 2, 8))
    return {
        DDL: LaneSize(slots=2, workers=changes, quota=20),
        DML: LaneSize(slots=min(4, queries), workers=queries, quota=200),
    }


SIZES = sizes_for(os.cpu_count() or 1, machine_memory())
"""The quotas are those of us-east-1: https://docs.aws.amazon.com/general/latest/gr/athena.html#amazon-athena-limits"""


class Lane(Generic[T]):
    """Calls `run` with one item after another, several at a time, each in the context it was added in."""

    def __init__(self, name: str, size: LaneSize, run: Callable[[T], None]) -> None:
        self._size, self._run = size, run
        self._waiting: deque[tuple[T, Context]] = deque()
        self._starts: dict[int, float] = {}
        """When each worker that is busy began, by its number."""
        self._closed = False
        self._changed = threading.Condition()
        self._threads = [
            threading.Thread(target=self._work, args=(i,), name=f"athena-{name}-{i}", daemon=True)
            for i in range(size.workers)
        ]
        for thread in self._threads:
            thread.start()

    def add(self, item: T) -> None:
        """Let an item wait for its turn."""
        with self._changed:
            self._waiting.append((item, copy_context()))
            self._changed.notify()

    def withdraw(self, item: T) -> bool:
        """Take an item out that still waits; says whether it did."""
        with self._changed:
            for waiting in self._waiting:
                if waiting[0] == item:
                    self._waiting.remove(waiting)
                    return True
            return False

    def status(self) -> dict[str, int]:
        """How many items wait and run."""
        with self._changed:
            return {"waiting": len(self._waiting), "running": len(self._starts)}

    def close(self, seconds: float) -> None:
        """Start nothing more, and wait up to `seconds` for what runs."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(timeout=max(0.0, deadline - time.monotonic()))

    def _work(self, number: int) -> None:
        while (item := self._next(number)) is not None:
            try:
                item[1].run(self._run, item[0])
            finally:
                with self._changed:
                    del self._starts[number]

    def _next(self, number: int) -> tuple[T, Context] | None:
        """The next item when there is a slot for it; None when the lane is closed."""
        with self._changed:
            while not self._closed:
                patience = self._seconds_to_a_slot()
                if self._waiting and patience <= 0:
                    self._starts[number] = time.monotonic()
                    item = self._waiting.popleft()
                    if self._waiting:  # the next may start, too, when there is a slot
                        self._changed.notify()
                    return item
                self._changed.wait(patience if self._waiting else None)
        return None

    def _seconds_to_a_slot(self) -> float:
        now = time.monotonic()
        young = sorted(start for start in self._starts.values() if now - start < PATIENCE_SECONDS)
        if len(young) < self._size.slots:
            return 0.0
        return young[-self._size.slots] + PATIENCE_SECONDS - now
