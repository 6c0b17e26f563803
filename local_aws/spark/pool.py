"""A few warm JVMs, lent to one job at a time.

Spark allows one SparkContext in a JVM, so jobs that run at the same time need a JVM each. One is started
with the server and rehearses; another is started when a job finds none free, up to the limit; further
jobs wait. A job that wants jars beside Spark's gets a JVM that was started with them, for which an idle one
of another kind makes room. A JVM comes back reset. One whose job did not end by itself, or that cannot be
reset, is thrown away: nothing a job does to its JVM reaches the next.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path

from local_aws.spark.java import NoJava
from local_aws.spark.jvm import SparkJvm
from local_aws.spark.launch import JvmFailed
from local_aws.spark.properties import glue_properties

logger = logging.getLogger(__name__)

REHEARSAL = Path(__file__).parent / "rehearsal.py"
REHEARSAL_SECONDS = 300
DEFAULT_JVMS = 2
GIGABYTE = 2**30

Jars = tuple[Path, ...]
"""Jars and folders of jars beside PySpark's and the server's own: the kind of a JVM."""
MakeJvm = Callable[[Path, str, Jars], SparkJvm]


class WarmSpark:
    """The JVMs of one server. Threads may share it.

    Args:
        folder: an own folder for the JVMs' scratch files, on the same disk as the object store.
        limit: the most JVMs at a time.
        memory: the heap of each, in Java's notation.
        always: the jars that every JVM has beside PySpark's.
    """

    def __init__(
        self, folder: Path, limit: int, memory: str, make_jvm: MakeJvm = SparkJvm, always: Jars = ()
    ) -> None:
        self.folder = folder
        self.always = always
        self.limit = limit
        self._memory = memory
        self._make_jvm = make_jvm
        self._names = count(1)
        self._changed = threading.Condition()
        self._idle: list[SparkJvm] = []
        self._lent: set[SparkJvm] = set()
        self._starting: set[SparkJvm] = set()
        self._kinds: dict[SparkJvm, Jars] = {}
        self._getting_ready: Counter[Jars] = Counter()
        self._waiting: Counter[Jars] = Counter()
        self._failures: dict[Jars, Exception] = {}
        self._closed = False

    @classmethod
    def from_environment(
        cls, folder: Path, always: Jars = (), environment: Mapping[str, str] = os.environ
    ) -> WarmSpark:
        """A pool as `LAGUNA_SPARK_JVMS` (a number) and `LAGUNA_SPARK_MEMORY` (such as `2g`) say.

        `jars` is a folder of jars beside PySpark's own.

        Raises:
            ValueError: `LAGUNA_SPARK_JVMS` is no number above 0.
        """
        text = environment.get("LAGUNA_SPARK_JVMS") or str(DEFAULT_JVMS)
        if not text.isdigit() or int(text) < 1:
            raise ValueError(f"LAGUNA_SPARK_JVMS is '{text}', not a number of JVMs from 1 up")
        limit = int(text)
        memory = environment.get("LAGUNA_SPARK_MEMORY") or default_memory(limit)
        return cls(folder, limit, memory, always=always)

    def warm_up(self) -> None:
        """Start the first JVM in the background."""
        with self._changed:
            self._start_one((), rehearse=True)

    def acquire(self, cancelled: Callable[[], bool] = lambda: False, jars: Jars = ()) -> SparkJvm | None:
        """Borrow a JVM with `jars`, waiting for one; None once `cancelled()` is true.

        Those that every JVM has need not be asked for.

        Raises:
            NoJava, JvmFailed: no JVM can be started.
        """
        jars = tuple(one for one in jars if one not in self.always)
        with self._changed:
            self._waiting[jars] += 1
            self._failures.pop(jars, None)
            try:
                return self._await_idle(cancelled, jars)
            finally:
                self._waiting[jars] -= 1

    def release(self, jvm: SparkJvm, *, reusable: bool) -> None:
        """Give a JVM back: it is reset in the background, or ended at once when it is not `reusable`."""
        jvm.listener = None
        if not reusable:
            jvm.kill()
        with self._changed:
            self._lent.discard(jvm)
            self._getting_ready[self._kinds[jvm]] += 1
        threading.Thread(
            target=self._take_back, args=(jvm, reusable), name="spark-reset", daemon=True
        ).start()

    def status(self) -> dict[str, int]:
        """How many JVMs wait for a job, run one, and get ready."""
        with self._changed:
            return {
                "warm": len(self._idle),
                "running": len(self._lent),
                "starting": self._getting_ready.total(),
            }

    def close(self) -> None:
        """End every JVM, lent ones and those that are starting too."""
        with self._changed:
            self._closed = True
            jvms = [*self._idle, *self._lent, *self._starting]
            self._idle.clear()
            self._changed.notify_all()
        for jvm in jvms:
            jvm.kill()

    def _await_idle(self, cancelled: Callable[[], bool], jars: Jars) -> SparkJvm | None:
        while not cancelled():
            if self._closed:
                raise JvmFailed("the server is stopping")
            if jars in self._failures:
                raise self._failures[jars]
            jvm = self._taken(jars)
            if jvm is not None:
                return jvm
            if self._waiting[jars] > self._getting_ready[jars] and self._has_room(jars):
                self._start_one(jars, rehearse=False)
            self._changed.wait(timeout=0.5)
        return None

    def _taken(self, jars: Jars) -> SparkJvm | None:
        for jvm in [one for one in reversed(self._idle) if self._kinds[one] == jars]:
            self._idle.remove(jvm)
            if jvm.alive:
                self._lent.add(jvm)
                return jvm
            self._end(jvm)
        return None

    def _has_room(self, jars: Jars) -> bool:
        """Whether one more may be started; an idle one of another kind makes room for it."""
        if self._size() >= self.limit:
            others = [one for one in self._idle if self._kinds[one] != jars]
            if not others:
                return False
            self._idle.remove(others[0])
            self._end(others[0])
        return True

    def _take_back(self, jvm: SparkJvm, reusable: bool) -> None:
        ready = reusable and _can_be_reset(jvm)
        with self._changed:
            self._getting_ready[self._kinds[jvm]] -= 1
            if ready and not self._closed:
                self._idle.append(jvm)
            else:
                self._end(jvm)
            if not ready and not self._idle and not self._closed:
                self._start_one((), rehearse=True)
            self._changed.notify_all()

    def _end(self, jvm: SparkJvm) -> None:
        jvm.kill()
        self._kinds.pop(jvm, None)

    def _size(self) -> int:
        return len(self._idle) + len(self._lent) + self._getting_ready.total()

    def _start_one(self, jars: Jars, *, rehearse: bool) -> None:
        self._getting_ready[jars] += 1
        threading.Thread(target=self._start, args=(jars, rehearse), name="spark-start", daemon=True).start()

    def _start(self, jars: Jars, rehearse: bool) -> None:
        jvm: SparkJvm | None = None
        failure: Exception | None = None
        try:
            folder = self.folder / f"spark-{os.getpid()}-{next(self._names)}"
            jvm = self._make_jvm(folder, self._memory, (*self.always, *jars))
            with self._changed:
                self._kinds[jvm] = jars
                self._starting.add(jvm)
                if self._closed:
                    raise JvmFailed("the server is stopping")
            jvm.await_ready()
            # A job that waits already is its own rehearsal.
            if rehearse and not self._waiting[jars]:
                _rehearse(jvm)
        except (NoJava, JvmFailed, OSError) as error:
            logger.warning("Spark could not be started: %s", error)
            failure = error
        self._started(jvm, jars, failure)

    def _started(self, jvm: SparkJvm | None, jars: Jars, failure: Exception | None) -> None:
        with self._changed:
            self._getting_ready[jars] -= 1
            self._failures.pop(jars, None)
            if failure is not None:
                self._failures[jars] = failure
            if jvm is not None:
                self._starting.discard(jvm)
                if failure is None and not self._closed:
                    self._idle.append(jvm)
                else:
                    self._end(jvm)
            self._changed.notify_all()


def default_memory(limit: int) -> str:
    """A heap such that all JVMs together take half of the machine's memory, from 1 to 4 GB each."""
    physical = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return f"{min(4, max(1, physical // 2 // limit // GIGABYTE))}g"


def _can_be_reset(jvm: SparkJvm) -> bool:
    try:
        jvm.reset()
    except JvmFailed as error:
        logger.warning("A Spark JVM is replaced: %s", error)
        return False
    return True


def _rehearse(jvm: SparkJvm) -> None:
    """Run the rehearsal on `jvm`, which is ended when it fails: a job then gets another one, unrehearsed."""
    command = [sys.executable, str(REHEARSAL), str(jvm.folder / "local")]
    try:
        jvm.prepare(glue_properties("rehearsal", os.cpu_count() or 1))
        environment = {**os.environ, **jvm.client_environment()}
        subprocess.run(command, env=environment, check=True, capture_output=True, timeout=REHEARSAL_SECONDS)
        jvm.reset()
    except (subprocess.SubprocessError, JvmFailed) as error:
        logger.warning("A Spark JVM is ended: its rehearsal failed: %s", error)
        jvm.kill()
