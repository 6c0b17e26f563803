"""Who is inside: the requests under way, and a way to have none for a moment.

A snapshot must not see half a change, so while it is saved or loaded new requests wait, in the order they
came, and those under way end first.
"""

from __future__ import annotations

import asyncio
import itertools


class StillBusy(Exception):
    """Requests did not end in time; `requests` are those."""

    def __init__(self, requests: list[str]) -> None:
        super().__init__(", ".join(requests))
        self.requests = requests


class Traffic:
    """Used from one event loop."""

    def __init__(self) -> None:
        self._inside: dict[int, str] = {}
        self._numbers = itertools.count()
        self._open = asyncio.Event()
        self._open.set()
        self._left = asyncio.Event()

    async def enter(self, what: str) -> int:
        """Begin a request as soon as the gate is open; `what` tells a person which one it is."""
        if not self._open.is_set():
            await self._open.wait()
        number = next(self._numbers)
        self._inside[number] = what
        return number

    def leave(self, number: int) -> None:
        """End the request that `enter` gave that number."""
        del self._inside[number]
        self._left.set()

    async def stop(self, seconds: float) -> None:
        """Let nobody in and wait until everybody has left; `resume` lets them in again.

        Raises:
            StillBusy: somebody was still inside after `seconds`; the others are let in again.
        """
        self._open.clear()
        try:
            await self._wait_until_empty(seconds)
        except BaseException:
            self.resume()
            raise

    def resume(self) -> None:
        """Let those who wait in."""
        self._open.set()

    async def _wait_until_empty(self, seconds: float) -> None:
        deadline = asyncio.get_running_loop().time() + seconds
        while self._inside:
            self._left.clear()
            left = deadline - asyncio.get_running_loop().time()
            try:
                await asyncio.wait_for(self._left.wait(), max(left, 0))
            except TimeoutError as error:
                raise StillBusy(list(self._inside.values())) from error
