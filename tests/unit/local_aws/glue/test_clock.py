"""A clock that calls once a minute."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from local_aws.glue import clock
from local_aws.glue.clock import Clock


class Shifted(datetime):
    """The present, shifted so that a minute is about to begin."""

    shift = timedelta()

    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
        return datetime.now(UTC) + cls.shift


@pytest.fixture(autouse=True)
def almost_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now(UTC)
    Shifted.shift = now.replace(second=59, microsecond=700_000) - now
    monkeypatch.setattr(clock, "datetime", Shifted)


def test_a_clock_calls_with_the_minute_that_begins() -> None:
    called: list[datetime] = []
    event = threading.Event()

    def each_minute(minute: datetime) -> None:
        called.append(minute)
        event.set()
        raise RuntimeError("what is due fails, and the clock goes on")

    running = Clock("test-clock", each_minute)
    running.start()
    assert event.wait(20)
    running.close()
    [minute] = called
    assert (minute.second, minute.microsecond, minute.tzinfo) == (0, 0, UTC)


def test_a_clock_that_is_closed_calls_no_more() -> None:
    event = threading.Event()
    running = Clock("test-clock", lambda minute: event.set())
    running.start()
    running.close()
    assert not event.wait(1)
