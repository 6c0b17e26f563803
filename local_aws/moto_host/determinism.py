"""Make moto's random ids repeatable: a replayed request draws what it drew the first time.

moto takes every id, ARN suffix and secret from one `random.Random` of its own (`mock_random`), so that
tests can seed it. Here it is an instance that holds a generator for each thread: a request that changes
data runs with a seed of its own, and neither reads nor running state machines disturb what it draws.
"""

from __future__ import annotations

import random
import secrets
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol, cast


class Randomness(Protocol):
    """moto's random object, as `install` makes it."""

    def seeded(self, seed: int) -> AbstractContextManager[None]:
        """Draw from `seed` in this thread until the block ends."""


def new_seed() -> int:
    """A seed for one request, unpredictable, that SQLite can hold (63 bits)."""
    return secrets.randbits(63)


class _PerThread(threading.local):
    def __init__(self) -> None:
        self.generator = random.Random()  # noqa: S311 - moto's ids need to repeat, not to resist guessing


def install() -> Randomness:
    """Give moto a generator for each thread and return it; before any moto service is imported."""
    from moto.moto_api import _internal
    from moto.moto_api._internal.moto_random import MotoRandom

    class ThreadRandom(MotoRandom):  # type: ignore[misc]
        """moto's random object, drawing from the calling thread's generator."""

        def __init__(self) -> None:
            self._per_thread = _PerThread()
            super().__init__()

        def random(self) -> float:
            return self._per_thread.generator.random()

        def getrandbits(self, k: int) -> int:
            return self._per_thread.generator.getrandbits(k)

        def seed(self, *args: Any, **kwargs: Any) -> None:
            self._per_thread.generator.seed(*args, **kwargs)

        @contextmanager
        def seeded(self, seed: int) -> Iterator[None]:
            """Draw from `seed` in this thread until the block ends."""
            before = self._per_thread.generator
            self._per_thread.generator = random.Random(seed)  # noqa: S311
            try:
                yield
            finally:
                self._per_thread.generator = before

    generator = ThreadRandom()
    _internal.mock_random = generator
    return cast(Randomness, generator)
