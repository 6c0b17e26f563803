"""The channel between the server and a run's script."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from local_aws.errors import AwsError
from local_aws.glue.jobs import run_channel
from local_aws.glue.jobs.run_channel import RunChannel
from tests.unit.local_aws.glue.jobs.test_process import Script


def handler(request: dict[str, Any]) -> dict[str, Any]:
    if request["operation"] == "refuse":
        raise AwsError("EntityNotFoundException", "Nothing there.")
    if request["operation"] == "break":
        raise RuntimeError("/home/someone/secret")
    return {"seen": request}


@pytest.fixture
def end() -> Iterator[socket.socket]:
    channel = RunChannel(handler)
    mine = channel.script_end.dup()
    mine.settimeout(20)
    channel.start()
    yield mine
    mine.close()
    channel.close()


def ask(end: socket.socket, line: bytes) -> dict[str, Any]:
    end.sendall(line + b"\n")
    return dict(json.loads(end.makefile("rb").readline()))


def test_a_line_is_answered_by_a_line(end: socket.socket) -> None:
    assert ask(end, '{"operation": "ñ"}'.encode()) == {"answer": {"seen": {"operation": "ñ"}}}


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"\xff", b'{"a": ' + b"[" * 100_000])
def test_a_line_that_is_no_request_is_refused_and_the_next_one_answered(
    end: socket.socket, line: bytes
) -> None:
    assert ask(end, line)["error"]["code"] == "InvalidInputException"
    assert "answer" in ask(end, b'{"operation": "x"}')


def test_refusals_have_awss_words_and_other_failures_tell_nothing_of_the_machine(end: socket.socket) -> None:
    assert ask(end, b'{"operation": "refuse"}') == {
        "error": {"code": "EntityNotFoundException", "message": "Nothing there."}
    }
    assert ask(end, b'{"operation": "break"}') == {
        "error": {"code": "InternalServiceException", "message": "Internal service exception"}
    }


def test_a_line_without_end_is_not_read_to_its_end(
    end: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_channel, "LONGEST_LINE", 100)
    assert "answer" in ask(end, b'{"operation": "x"}')
    end.sendall(b"x" * 100)
    with end.makefile("rb") as answers:
        assert json.loads(answers.readline())["error"]["message"].endswith("too long.")
        assert answers.readline() == b""


def test_a_script_has_the_channel_and_what_it_starts_does_not(tmp_path: Any) -> None:
    script = Script(tmp_path)
    channel = RunChannel(handler)
    process = script.start(
        """
        import os, run_channel
        print(run_channel.channel.ask("a", b="ñ"))
        try:
            run_channel.channel.ask("refuse")
        except run_channel.ChannelError as error:
            print(error)
        number = run_channel.channel._end.fileno()
        print(os.system(f"test -e /proc/self/fd/{number}") != 0)
        """,
        sockets={"channel": channel.script_end},
    )
    channel.start()
    assert process.wait(60)
    assert process.ended().error is None
    channel.close()
    assert script.lines == [
        "{'seen': {'operation': 'a', 'b': 'ñ'}}", "EntityNotFoundException: Nothing there.", "True",
    ]  # fmt: skip
