"""Starting, finding and stopping servers."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_aws import control
from local_aws.settings import Settings
from tests.conftest import LocalAws, free_port


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    monkeypatch.setenv("LAGUNA_WARM_SPARK", "0")
    settings = Settings(state=tmp_path / "state", port=free_port())
    yield settings
    control.stop(settings)


def test_what_was_made_survives_down_and_up_and_kill_9(settings: Settings) -> None:
    first = control.start(settings)
    aws = LocalAws(settings)
    aws.client("s3").create_bucket(Bucket="lake")
    aws.client("s3").put_object(Bucket="lake", Key="a/b", Body=b"text", Metadata={"k": "v"})
    aws.client("glue").create_database(DatabaseInput={"Name": "d"})
    key = aws.client("iam").create_user(UserName="u")["User"]["UserId"]
    assert control.stop(settings)
    second = control.start(settings)
    assert second.pid != first.pid
    os.kill(second.pid, signal.SIGKILL)
    assert control.status(settings) is None
    control.start(settings)
    answer = aws.client("s3").get_object(Bucket="lake", Key="a/b")
    assert (answer["Body"].read(), answer["Metadata"]) == (b"text", {"k": "v"})
    assert aws.client("glue").get_database(Name="d")["Database"]["Name"] == "d"
    assert aws.client("iam").get_user(UserName="u")["User"]["UserId"] == key


def test_starting_twice_finds_the_first(settings: Settings) -> None:
    assert control.start(settings).pid == control.start(settings).pid


def test_a_port_in_use_is_one_sentence(settings: Settings) -> None:
    with socket.socket() as other:
        other.bind((settings.host, settings.port))
        other.listen()
        with pytest.raises(control.ServerError, match=f"port {settings.port} is in use"):
            control.start(settings)


def test_two_servers_never_share_a_state_folder(settings: Settings) -> None:
    control.start(settings)
    elsewhere = Settings(state=settings.state, port=free_port())
    with pytest.raises(control.ServerError, match=f"already runs on port {settings.port}"):
        control.start(elsewhere)


def test_stopping_nothing_says_so(settings: Settings) -> None:
    assert control.stop(settings) is False
    assert control.status(settings) is None
