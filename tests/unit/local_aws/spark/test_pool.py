"""The pool with JVMs that are none."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local_aws.spark import JvmFailed, WarmSpark


class FakeJvm:
    made: list[FakeJvm]

    def __init__(self, folder: Path, memory: str, jars: tuple[Path, ...]) -> None:
        self.alive = True
        self.jars = jars
        self.resets = 0
        self.can_be_reset = True
        self.listener: Any = None
        FakeJvm.made.append(self)

    def await_ready(self) -> None:
        pass

    def reset(self) -> None:
        if not self.can_be_reset:
            raise JvmFailed("it hangs")
        self.resets += 1

    def kill(self) -> None:
        self.alive = False


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[WarmSpark]:
    FakeJvm.made = []
    pool = WarmSpark(tmp_path, 2, "1g", FakeJvm)  # type: ignore[arg-type]
    yield pool
    pool.close()


def borrow(pool: WarmSpark) -> Any:
    jvm = pool.acquire()
    assert jvm is not None
    return jvm


def test_a_jvm_is_used_again_after_it_was_reset(pool: WarmSpark) -> None:
    first = borrow(pool)
    pool.release(first, reusable=True)
    again = borrow(pool)
    assert again is first
    assert first.resets == 1


def test_jobs_at_the_same_time_have_a_jvm_each(pool: WarmSpark) -> None:
    assert borrow(pool) is not borrow(pool)


def test_above_the_limit_a_job_waits_for_a_jvm_to_come_back(pool: WarmSpark) -> None:
    first, _second = borrow(pool), borrow(pool)
    got: list[Any] = []
    waiter = threading.Thread(target=lambda: got.append(pool.acquire()))
    waiter.start()
    time.sleep(0.05)
    assert got == []
    pool.release(first, reusable=True)
    waiter.join(10)
    assert got == [first]
    assert len(FakeJvm.made) == 2


def test_a_job_with_jars_has_a_jvm_that_was_started_with_them(pool: WarmSpark, tmp_path: Path) -> None:
    plain = borrow(pool)
    pool.release(plain, reusable=True)
    iceberg, other = (tmp_path / "iceberg",), (tmp_path / "other",)
    with_jars = pool.acquire(jars=iceberg)
    assert with_jars is not plain
    assert FakeJvm.made[-1].jars == iceberg
    pool.release(with_jars, reusable=True)
    assert pool.acquire(jars=iceberg) is with_jars
    pool.release(with_jars, reusable=True)
    # Two are there, which is the limit: the one that was idle longest makes room.
    third = pool.acquire(jars=other)
    assert (plain.alive, with_jars.alive, third.alive) == (False, True, True)
    assert FakeJvm.made[-1].jars == other


def test_a_job_that_waits_can_be_cancelled(pool: WarmSpark) -> None:
    borrow(pool), borrow(pool)
    assert pool.acquire(lambda: True) is None


@pytest.mark.parametrize("damage", ["not reusable", "cannot be reset", "dead"])
def test_a_damaged_jvm_is_replaced(pool: WarmSpark, damage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local_aws.spark.pool._rehearse", lambda jvm: None)
    first = borrow(pool)
    first.can_be_reset = damage == "not reusable"
    pool.release(first, reusable=damage != "not reusable")
    second = borrow(pool)
    assert second is not first
    assert (first.alive, second.alive) == (False, True)


def test_a_jvm_that_died_while_idle_is_not_lent(pool: WarmSpark) -> None:
    first = borrow(pool)
    pool.release(first, reusable=True)
    deadline = time.monotonic() + 10
    while not first.resets and time.monotonic() < deadline:
        time.sleep(0.01)
    first.alive = False
    assert borrow(pool) is not first


def test_a_job_is_told_when_no_jvm_can_be_started(tmp_path: Path) -> None:
    def broken(folder: Path, memory: str, jars: tuple[Path, ...]) -> Any:
        raise JvmFailed("no memory")

    pool = WarmSpark(tmp_path, 1, "1g", broken)
    with pytest.raises(JvmFailed, match="no memory"):
        pool.acquire()


def test_closing_ends_every_jvm(pool: WarmSpark) -> None:
    borrow(pool), borrow(pool)
    pool.close()
    assert [jvm.alive for jvm in FakeJvm.made] == [False, False]
    with pytest.raises(JvmFailed, match="stopping"):
        pool.acquire()


def test_the_environment_says_how_many_jvms_and_how_large(tmp_path: Path) -> None:
    assert WarmSpark.from_environment(tmp_path, environment={}).limit == 2
    assert WarmSpark.from_environment(tmp_path, environment={"LAGUNA_SPARK_JVMS": "3"}).limit == 3
    with pytest.raises(ValueError, match="LAGUNA_SPARK_JVMS is 'many'"):
        WarmSpark.from_environment(tmp_path, environment={"LAGUNA_SPARK_JVMS": "many"})


def test_closing_ends_a_jvm_that_is_only_starting(pool: WarmSpark, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = threading.Event()

    def wait_until_killed(jvm: FakeJvm) -> None:
        waiting.set()
        while jvm.alive:
            time.sleep(0.01)
        raise JvmFailed("killed")

    monkeypatch.setattr(FakeJvm, "await_ready", wait_until_killed)
    pool.warm_up()
    assert waiting.wait(10)
    pool.close()
    assert [jvm.alive for jvm in FakeJvm.made] == [False]
