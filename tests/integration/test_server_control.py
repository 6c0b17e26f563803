"""Starting, finding and stopping servers."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import subprocess
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


def test_a_server_that_is_too_busy_to_answer_is_ended_all_the_same(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = control.start(settings).pid
    monkeypatch.setattr(control, "SETTLE_TIMEOUT", 0.1)
    monkeypatch.setattr(control, "_health", lambda *_: None)
    (settings.state / "server.json").unlink()
    assert control.stop(settings)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert control.stop(settings) is False


def test_a_note_of_another_process_ends_nobody(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.state.mkdir(parents=True)
    monkeypatch.setattr(control, "SETTLE_TIMEOUT", 0.1)
    with subprocess.Popen(["/bin/sleep", "60"]) as other, (settings.state / "lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write(json.dumps({"pid": other.pid, "port": settings.port, "host": "127.0.0.1"}))
        lock.flush()
        with pytest.raises(control.ServerError, match="does not answer"):
            control.stop(settings)
        assert other.poll() is None
        other.kill()
