"""The workers of a region: some idle and warm, more when they are wanted, none that has grown old.

A worker serves one statement at a time, since Python runs one thread at a time in a process. Who wants one
gets the idle one that was used last, whose caches are warm; when there is none, a new one.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from local_athena.workers.launching import Launcher, LaunchError
from local_athena.workers.limits import resident, yield_to_others
from local_athena.workers.memory import MemoryBounds
from local_athena.workers.messages import Boot
from local_athena.workers.worker import CLOSED, OUT_OF_MEMORY, Worker, WorkerDied

logger = logging.getLogger(__name__)

WARM = 2
"""How many are kept, busy or idle."""
IDLE_SECONDS = 15.0
"""How long one more than those stays idle before it ends."""
WATCH_SECONDS = 0.05
"""How often the memory and the deadlines of busy workers are looked at."""
LONG_SECONDS = 2.0
"""A statement that runs for longer lets shorter ones and the server go first, where not all can."""
ATTEMPTS = 3
HEAVY = 64 << 20
"""Bytes by which an idle worker may have grown before a new one takes its place."""


class Pool:
    """Lends workers. `boot` is what each is told, but for its own folder."""

    def __init__(self, launcher: Launcher, boot: Boot, bounds: MemoryBounds) -> None:
        self._launcher, self._boot, self._bounds = launcher, boot, bounds
        self._lock = threading.Lock()
        self._started = threading.Event()
        """Set when a worker has been lent: there is something to watch."""
        self._wanted = threading.Event()
        """Set when there may be too few."""
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._folders: dict[Worker, Boot] = {}
        self._deaths = 0
        self._closed = False
        self._threads = [
            threading.Thread(target=work, name=f"workers-{name}", daemon=True)
            for name, work in (("keeper", self._keep), ("watch", self._watch))
        ]
        for thread in self._threads:
            thread.start()

    @contextmanager
    def lease(self) -> Iterator[Worker]:
        """A worker for a statement; it goes back when the block ends, and is replaced if it is worn.

        Raises:
            LaunchError: none could be started.
        """
        worker = self._taken() or self._new()
        worker.since, worker.deadline, worker.overdue = time.monotonic(), None, ""
        with self._lock:
            self._busy.add(worker)
        self._started.set()
        try:
            yield worker
        except WorkerDied as died:
            self._deaths += died.why is None
            raise
        finally:
            self._returned(worker)

    def renew(self, boot: Boot) -> None:
        """From now on workers are told this; idle ones are replaced, busy ones when they come back."""
        with self._lock:
            self._boot = boot
            for worker in (*self._idle, *self._busy):
                worker.worn = True
            old = [self._idle.pop() for _ in list(self._idle)]
        self._wanted.set()
        for worker in old:
            self._end(worker)

    def status(self) -> dict[str, Any]:
        """Counts and bytes, for the health page."""
        with self._lock:
            busy, idle = len(self._busy), len(self._idle)
            pids = [worker.process.pid for worker in (*self._busy, *self._idle)]
        taken = resident(pids)
        return {
            "busy": busy,
            "idle": idle,
            "deaths": self._deaths,
            "memory": sum(taken.values()),
            "memory_bound": self._bounds.all,
        }

    def close(self) -> None:
        """End all of them, whatever they do."""
        with self._lock:
            self._closed = True
            workers = [*self._busy, *self._idle]
            idle, self._idle = self._idle, []
        self._wanted.set()
        self._started.set()
        for worker in workers:
            worker.kill(CLOSED)
        for worker in idle:
            self._end(worker)
        for thread in self._threads:
            thread.join(timeout=5)

    def _taken(self) -> Worker | None:
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if worker.process.alive:
                    return worker
                self._deaths += 1
                self._end(worker)
            self._wanted.set()
        return None

    def _new(self) -> Worker:
        for attempt in range(ATTEMPTS):
            if self._closed:
                raise LaunchError("the server is stopping")
            try:
                return self._launched()
            except (LaunchError, WorkerDied) as error:
                logger.warning("A worker could not be started (attempt %s): %s", attempt + 1, error)
        raise LaunchError("no worker could be started")

    def _launched(self) -> Worker:
        boot = replace(self._boot, scratch=self._boot.scratch / f"worker-{uuid.uuid4().hex[:12]}")
        process = self._launcher.launch()
        worker = Worker(process, 0)
        self._folders[worker] = boot
        try:
            worker.boot(boot)
        except BaseException:
            self._end(worker)
            raise
        worker.resting = resident([process.pid]).get(process.pid, 0)
        return worker

    def _returned(self, worker: Worker) -> None:
        for package in worker.loaded:
            self._launcher.load(package)
        with self._lock:
            self._busy.discard(worker)
            keep = not (worker.worn or self._closed) and worker.grown < self._bounds.all // 4
            if keep:
                worker.since = time.monotonic()
                self._idle.append(worker)
        if not keep:
            self._end(worker)
            self._wanted.set()

    def _end(self, worker: Worker) -> None:
        worker.process.release()
        boot = self._folders.pop(worker, None)
        if boot is not None:
            shutil.rmtree(boot.scratch, ignore_errors=True)

    def _keep(self) -> None:
        """Have some warm, and end those that nobody needs."""
        while not self._closed:
            with self._lock:
                few = not self._idle or len(self._idle) + len(self._busy) < WARM
            if few:
                self._add()
            else:
                self._wanted.wait(1.0)
                self._wanted.clear()
            for worker in self._spare():
                self._end(worker)

    def _add(self) -> None:
        try:
            worker = self._new()
        except LaunchError:
            time.sleep(1.0)
            return
        worker.since = time.monotonic()
        with self._lock:
            keep = not self._closed
            if keep:
                self._idle.insert(0, worker)
        if not keep:
            self._end(worker)

    def _spare(self) -> list[Worker]:
        now = time.monotonic()
        with self._lock:
            old = [worker for worker in self._idle if now - worker.since > IDLE_SECONDS]
            over = len(self._idle) + len(self._busy) - WARM
            spare = old[: max(0, over)]
            spare += [w for w in old if w not in spare and w.grown > HEAVY]
            for worker in spare:
                self._idle.remove(worker)
        return spare

    def _watch(self) -> None:
        """Kill what is over its time, and the largest when all together are over the bound."""
        while not self._closed:
            self._started.wait()
            time.sleep(WATCH_SECONDS)  # most have ended by then
            with self._lock:
                busy = list(self._busy)
                if not busy:
                    self._started.clear()
            self._check(busy)

    def _check(self, busy: list[Worker]) -> None:
        now = time.monotonic()
        sizes = resident([worker.process.pid for worker in busy])
        for worker in busy:
            worker.grown = max(0, sizes.get(worker.process.pid, 0) - worker.resting)
            if worker.deadline is not None and now > worker.deadline:
                worker.kill(worker.overdue)
            elif not worker.yielding and now - worker.since > LONG_SECONDS:
                worker.yielding = worker.worn = True  # its priority cannot be raised again
                yield_to_others(worker.process.pid)
        running = [worker for worker in busy if worker.killed is None]
        if running and sum(worker.grown for worker in running) > self._bounds.all:
            max(running, key=lambda worker: worker.grown).kill(OUT_OF_MEMORY)
