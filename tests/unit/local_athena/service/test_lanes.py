from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from queue import Queue

import pytest

from local_athena.service import lanes
from local_athena.service.lanes import DDL, DML, Lane, LaneSize, sizes_for

Started = Queue[str]


class Items:
    """Items that tell when they begin and run until they are let go."""

    def __init__(self) -> None:
        self.started: Started = Queue()
        self.ends: dict[str, threading.Event] = {}

    def run(self, item: str) -> None:
        end = self.ends.setdefault(item, threading.Event())
        self.started.put(item)
        end.wait(30)

    def begun(self) -> str:
        return self.started.get(timeout=30)

    def let_go(self, item: str) -> None:
        self.ends[item].set()


Make = Callable[[LaneSize], "Lane[str]"]


@pytest.fixture
def items() -> Items:
    return Items()


@pytest.fixture
def lane(items: Items) -> Iterator[Make]:
    made: list[Lane[str]] = []

    def make(size: LaneSize) -> Lane[str]:
        made.append(Lane("test", size, items.run))
        return made[-1]

    yield make
    for end in items.ends.values():
        end.set()
    for one in made:
        one.close(30)


def test_items_start_in_the_order_they_came_when_a_slot_is_free(
    items: Items, lane: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "PATIENCE_SECONDS", 3600.0)
    queue = lane(LaneSize(slots=1, workers=4, quota=9))
    for item in "abc":
        queue.add(item)
    for item in "abc":
        assert items.begun() == item
        assert items.started.empty()
        items.let_go(item)


def test_a_long_item_gives_its_slot_up(items: Items, lane: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "PATIENCE_SECONDS", 0.01)
    queue = lane(LaneSize(slots=1, workers=2, quota=9))
    queue.add("long")
    assert items.begun() == "long"
    queue.add("short")
    assert items.begun() == "short"
    assert not items.ends["long"].is_set()


def test_no_more_items_run_than_there_are_workers(
    items: Items, lane: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "PATIENCE_SECONDS", 0.0)
    queue = lane(LaneSize(slots=1, workers=2, quota=9))
    for item in "abc":
        queue.add(item)
    first = items.begun()
    items.begun()
    assert items.started.empty()
    items.let_go(first)
    assert items.begun() == "c"


def test_an_item_that_waits_can_be_withdrawn_and_never_starts(
    items: Items, lane: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "PATIENCE_SECONDS", 3600.0)
    queue = lane(LaneSize(slots=1, workers=2, quota=9))
    for item in "abc":
        queue.add(item)
    assert items.begun() == "a"
    assert queue.withdraw("b")
    assert not queue.withdraw("a")
    items.let_go("a")
    assert items.begun() == "c"


def test_a_closed_lane_starts_nothing(items: Items, lane: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "PATIENCE_SECONDS", 3600.0)
    queue = lane(LaneSize(slots=1, workers=1, quota=9))
    queue.add("a")
    queue.add("b")
    assert items.begun() == "a"
    queue.close(0)
    items.let_go("a")
    queue.close(30)
    assert items.started.empty()


GIB = 1 << 30


@pytest.mark.parametrize(("cores", "memory", "queries"), [(1, 8, 8), (4, 16, 16), (2, 1, 2), (64, 256, 24)])
def test_as_many_queries_run_as_the_machine_has_cores_and_memory_for(
    cores: int, memory: int, queries: int
) -> None:
    sizes = sizes_for(cores, memory * GIB)
    assert sizes[DML].workers == queries
    assert sizes[DML].slots <= queries


def test_what_may_wait_is_no_affair_of_the_machine() -> None:
    for sizes in (sizes_for(1, GIB), sizes_for(64, 256 * GIB)):
        assert (sizes[DML].quota, sizes[DDL].quota) == (200, 20)
