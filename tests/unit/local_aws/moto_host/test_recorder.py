import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local_aws.moto_host.journal import Entry, Journal
from local_aws.moto_host.messages import Request, Response
from local_aws.moto_host.operations import Operation
from local_aws.moto_host.recorder import Recorder, replay

SIGNED = ("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/iam/aws4_request, x")


class Draws:
    """A stand-in for moto's random object."""

    def __init__(self) -> None:
        self.generator = random.Random()

    @contextmanager
    def seeded(self, seed: int) -> Iterator[None]:
        self.generator = random.Random(seed)
        yield


class Store:
    """An application that keeps names with an id and a time; `Bad` is refused, `Broken` raises."""

    def __init__(self, draws: Draws) -> None:
        self.kept: list[tuple[bytes, int, float]] = []
        self._draws = draws

    def prepare(self, request: Request) -> None:
        pass

    def __call__(self, request: Request) -> Response:
        if request.body == b"Broken":
            raise RuntimeError("broken")
        if request.body == b"Bad":
            return Response(400, [], b"")
        self.kept.append((request.body, self._draws.generator.getrandbits(64), time.time()))
        return Response(200, [], b"")


class Letters:
    """Keeps something of a key, and remembers what was put back."""

    def __init__(self) -> None:
        self.put: list[tuple[str | None, bytes]] = []

    def take(self, operation: Operation, response: Response) -> bytes | None:
        return b"KEPT" if operation.name == "CreateKey" else None

    def put_back(self, operation: Operation, response: Response, keepsake: bytes) -> None:
        self.put.append((operation.name, keepsake))


def request(operation: str, name: bytes) -> Request:
    return Request("POST", "/", [SIGNED, ("X-Amz-Target", f"IAM.{operation}")], name)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.sqlite")


def test_replaying_gives_the_same_data_ids_and_times(journal: Journal) -> None:
    draws = Draws()
    first = Store(draws)
    recorder = Recorder(first, journal, draws, Letters())
    for name in (b"a", b"b", b"c"):
        recorder(request("CreateRole", name))

    draws = Draws()
    second = Store(draws)
    assert replay(journal.entries(), second, draws, Letters()) == 0

    assert [(name, drawn) for name, drawn, _ in second.kept] == [
        (name, drawn) for name, drawn, _ in first.kept
    ]
    for before, after in zip(first.kept, second.kept, strict=True):
        assert after[2] == pytest.approx(before[2], abs=1)


def test_reads_and_refusals_are_not_journaled(journal: Journal) -> None:
    draws = Draws()
    recorder = Recorder(Store(draws), journal, draws, Letters())
    recorder(request("GetRole", b"a"))
    recorder(request("CreateRole", b"Bad"))
    assert list(journal.entries()) == []


def test_an_entry_that_fails_is_counted_and_the_others_come_back(journal: Journal) -> None:
    for name in (b"a", b"Broken", b"Bad", b"b"):
        journal.append(Entry(1_000_000.0, 1, request("CreateRole", name)))
    draws = Draws()
    store = Store(draws)
    assert replay(journal.entries(), store, draws, Letters()) == 2
    assert [name for name, _, _ in store.kept] == [b"a", b"b"]


def test_entries_are_run_at_the_time_they_were_journaled(journal: Journal) -> None:
    journal.append(Entry(1_000_000.0, 1, request("CreateRole", b"a")))
    draws = Draws()
    store = Store(draws)
    replay(journal.entries(), store, draws, Letters())
    assert store.kept[0][2] == pytest.approx(1_000_000.0, abs=60)


def test_the_journal_keeps_requests_byte_for_byte(tmp_path: Path) -> None:
    entry = Entry(1.5, 2**62, Request("PUT", "/a%20b?c=%2F", [("X-A", "á"), ("X-A", "b")], b"\x00\xff"), b"k")
    Journal(tmp_path / "journal.sqlite").append(entry)
    assert list(Journal(tmp_path / "journal.sqlite").entries()) == [entry]


def test_what_replaying_does_not_give_back_is_kept_and_put_back(journal: Journal) -> None:
    draws = Draws()
    recorder = Recorder(Store(draws), journal, draws, Letters())
    recorder(request("CreateKey", b"a"))
    recorder(request("CreateRole", b"b"))
    letters = Letters()
    replay(journal.entries(), Store(draws), draws, letters)
    assert letters.put == [("CreateKey", b"KEPT")]
