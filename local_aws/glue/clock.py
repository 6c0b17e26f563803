"""A thread that calls a function once a minute, for what is done by schedule.

What was due while the server was down, or the machine slept, is not made up for, as on AWS.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

logger = logging.getLogger(__name__)


class Clock:
    """Calls `each_minute` with every minute (UTC) that begins from `start` to `close`."""

    def __init__(self, name: str, each_minute: Callable[[datetime], None]) -> None:
        self._each_minute = each_minute
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._watch, name=name, daemon=True)

    def start(self) -> None:
        """Begin to call."""
        self._thread.start()

    def close(self) -> None:
        """Call no more."""
        self._closed.set()

    def _watch(self) -> None:
        minute = datetime.now(UTC).replace(second=0, microsecond=0)
        while True:
            minute += timedelta(minutes=1)
            if self._closed.wait(max(0.0, (minute - datetime.now(UTC)).total_seconds())):
                return
            if datetime.now(UTC) - minute > timedelta(minutes=2):
                # The machine slept; only what is due now is done.
                minute = datetime.now(UTC).replace(second=0, microsecond=0)
            try:
                self._each_minute(minute)
            except Exception:
                logger.exception("What was due at %s", minute)
