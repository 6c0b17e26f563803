"""An execution's end comes once, and comes: a history has 25,000 events, and an Express execution 5 minutes.

moto's interpreter knows neither limit, so that a loop without a way out grew its process until somebody
stopped it; and it lets what a stopped state still does (the next state's name, which is refused by then) be
the reason of the end.
https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (checked 2026-11).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from moto.stepfunctions.parser.api import ExecutionFailedEventDetails
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager
from moto.stepfunctions.parser.asl.eval.program_state import ProgramRunning

MOST_EVENTS = 25_000
EXPRESS_SECONDS = 300.0
FULL = {
    "error": "States.Runtime",
    "cause": f"The execution reached the maximum number of history events ({MOST_EVENTS}).",
}


ENDS = ("ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut")


class BoundedHistory(EventManager):  # type: ignore[misc]
    """Calls `full` once, when there is room for no more than the last event.

    Nothing comes after the event that ends the execution, whatever its other branches still do.

    The history of an Express execution, which nobody can ask for, has no last event: it forgets its first.
    """

    def __init__(self, logging_session: Any, full: Callable[[], None], *, forgets: bool) -> None:
        super().__init__(cloud_watch_logging_session=logging_session)
        self._full = full
        self._forgets = forgets
        self._has_ended = False

    def add_event(self, *arguments: Any, **named: Any) -> int:
        """Add one, as moto does."""
        number: int = super().add_event(*arguments, **named)
        if self._forgets:
            with self._mutex:
                if len(self._history_event_list) >= MOST_EVENTS:
                    del self._history_event_list[: MOST_EVENTS // 2]
        elif number == MOST_EVENTS - 1:
            self._full()
        return number

    def _publish_history_event(self, *, event_type: str, **event: Any) -> None:
        if not self._has_ended:
            super()._publish_history_event(event_type=event_type, **event)

    def _publish_history_log(self, *, event_type: str, **event: Any) -> None:
        """Is called after the event was published."""
        if not self._has_ended:
            super()._publish_history_log(event_type=event_type, **event)
        self._has_ended = self._has_ended or event_type in ENDS


class BoundedEnvironment(Environment):  # type: ignore[misc]
    """What a program runs in; the first end of it is the one that counts."""

    def bound(self) -> threading.Timer | None:
        """Set the limits, before there is any event; the timer of an Express execution, not yet started."""
        express = not self.is_standard_workflow()
        self.event_manager = BoundedHistory(self.cloud_watch_logging_session, self._is_full, forgets=express)
        if not express:
            return None
        timer = threading.Timer(EXPRESS_SECONDS, self.set_timed_out)
        timer.daemon = True
        return timer

    def set_error(self, error: ExecutionFailedEventDetails) -> None:
        """End with an error."""
        with self._state_mutex:
            if self._is_open():
                super().set_error(error)

    def set_timed_out(self) -> None:
        """End because the time is over."""
        with self._state_mutex:
            if self._is_open():
                super().set_timed_out()

    def _is_full(self) -> None:
        self.set_error(ExecutionFailedEventDetails(**FULL))

    def _is_open(self) -> bool:
        return self._program_state is None or isinstance(self._program_state, ProgramRunning)
