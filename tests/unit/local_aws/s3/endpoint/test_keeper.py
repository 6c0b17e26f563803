"""Which LocalStack is admitted, and when its objects are copied; LocalStack and the copy are stand-ins."""

from __future__ import annotations

from typing import Any

import pytest

from local_aws.gateway.http import HttpRequest
from local_aws.s3.endpoint import keeper as module
from local_aws.s3.endpoint.keeper import Gone, Keeper


class Copy:
    """Remembers what was asked of it."""

    def __init__(self) -> None:
        self.calls: list[Any] = []
        self.known: str | None = None

    def session(self) -> str | None:
        return self.known

    def set_session(self, session: str) -> None:
        self.known = session

    def put_back(self, s3: Any) -> int:
        self.calls.append("put back")
        return 0

    def take(self, s3: Any, listing: Any, settings_of: set[str]) -> int:
        self.calls.append(("take", settings_of))
        return 0

    def distrust(self, bucket: str, key: str) -> None:
        self.calls.append(("distrust", bucket, key))


@pytest.fixture
def sessions(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The answers to the coming questions for LocalStack's session; the last one stays."""
    coming: list[str | None] = ["first"]
    monkeypatch.setattr(
        module, "session_at", lambda endpoint: coming.pop(0) if len(coming) > 1 else coming[0]
    )
    monkeypatch.setattr(module, "list_all", lambda s3: {"lake": {}})
    monkeypatch.setattr(module, "s3_client", lambda endpoint, region: None)
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.0)
    return coming


@pytest.fixture
def copy() -> Copy:
    return Copy()


@pytest.fixture
def keeper(copy: Copy, sessions: list[str | None]) -> Keeper:
    return Keeper(copy, "us-east-1", lambda: "http://localstack", lambda: None)  # type: ignore[arg-type]


def test_a_new_localstack_is_admitted_only_with_its_objects(keeper: Keeper, copy: Copy) -> None:
    assert not keeper.admits("first")
    keeper.step()
    assert copy.calls == ["put back"]
    assert keeper.admits("first")
    assert not keeper.admits("second")
    assert not keeper.admits(None)


def test_the_localstack_of_before_is_the_truth(keeper: Keeper, copy: Copy) -> None:
    copy.known = "first"
    keeper.step()
    keeper.step()
    assert copy.calls == [("take", set())]


def test_one_that_ends_while_it_is_listed_is_not_mirrored(
    keeper: Keeper, copy: Copy, sessions: list[str | None]
) -> None:
    keeper.step()
    sessions[:] = ["first", None]
    with pytest.raises(Gone):
        keeper.step()
    assert copy.calls == ["put back"]


def test_one_that_started_anew_is_given_its_objects_and_not_mirrored(
    keeper: Keeper, copy: Copy, sessions: list[str | None]
) -> None:
    keeper.step()
    sessions[:] = ["second"]
    keeper.step()
    assert copy.calls == ["put back", "put back"]
    assert keeper.admits("second")
    assert not keeper.admits("first")


def test_one_that_starts_anew_while_it_is_given_its_objects_is_not_admitted(
    keeper: Keeper, sessions: list[str | None]
) -> None:
    sessions[:] = ["first", "second"]
    with pytest.raises(Gone):
        keeper.step()
    assert not keeper.admits("first")


@pytest.mark.parametrize(
    ("method", "target", "status", "noted"),
    [
        ("PUT", "/lake/a%20b?tagging", 200, [("distrust", "lake", "a b")]),
        ("PUT", "/lake/a", 200, []),
        ("GET", "/lake/a?tagging", 200, []),
        ("PUT", "/lake/a?tagging", 404, []),
    ],
)
def test_a_change_that_no_listing_shows_is_noted(
    keeper: Keeper, copy: Copy, method: str, target: str, status: int, noted: list[Any]
) -> None:
    keeper.answered(request(method, target), status)
    assert copy.calls == noted


def test_settings_are_read_again_after_a_change_of_their_bucket(keeper: Keeper, copy: Copy) -> None:
    keeper.step()
    keeper.answered(request("PUT", "/lake?policy"), 204)
    keeper._look(every_setting=False)
    assert copy.calls[-1] == ("take", {"lake"})


def request(method: str, target: str) -> HttpRequest:
    path, _, query = target.partition("?")
    return HttpRequest(method, path, query, {"host": "localhost:4566"}, [], None)
