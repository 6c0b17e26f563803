"""Job.init and Job.commit, with a server that is a stand-in."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
import run_channel
from awsglue import bookmarks
from awsglue.bookmark_state import BookmarkUnreadable, Limits, S3Object
from awsglue.job import Job
from run_channel import BookmarkVersionMismatch

ENABLED = {"job_bookmark_option": "job-bookmark-enable", "JOB_NAME": "clientes"}
PAUSED = {"job_bookmark_option": "job-bookmark-pause"}
A, B, C = (S3Object("lake", key, 1, round(time.time() * 1000)) for key in "abc")


class Server:
    """Keeps a state, and what a run of an earlier time committed."""

    def __init__(self) -> None:
        self.version, self.state = 0, "{}"
        self.old: dict[str, str] = {}
        self.asked: list[str] = []

    def ask(self, operation: str, **members: Any) -> dict[str, Any]:
        self.asked.append(operation)
        if operation == "commit":
            if members["version"] != self.version:
                raise BookmarkVersionMismatch("GLUE_JOB_BOOKMARK_VERSION_MISMATCH_ERROR", "too late")
            self.version += 1
            self.state = members["state"]
            return {"version": self.version}
        window = {name: self.old[run] for name, run in members.items()}
        return {"job": "clientes", "version": self.version, "state": self.state, **window}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    made = Server()
    monkeypatch.setattr(run_channel, "channel", made)
    monkeypatch.setattr(bookmarks, "current", None)
    monkeypatch.setattr(Job, "_is_initialized", False)
    return made


def read(*objects: S3Object, name: str = "source") -> str:
    assert bookmarks.current is not None
    return "".join(one.key for one in bookmarks.current.choose(name, objects, Limits()))


def run(*objects: S3Object, **args: Any) -> str:
    Job.init("clientes", {**ENABLED, **args})
    found = read(*objects)
    Job.commit()
    return found


def test_a_job_is_initialised_before_it_is_committed(server: Server) -> None:
    with pytest.raises(RuntimeError, match=r"before Job\.init"):
        Job(None).commit()
    Job(None).init("clientes", {"job_bookmark_option": "job-bookmark-disable"})
    assert Job.isInitialized()
    Job.commit()
    Job.init("clientes")
    Job.commit()
    assert server.asked == []


def test_only_what_was_committed_is_read(server: Server) -> None:
    Job.init("clientes", ENABLED)
    assert (read(A), read(A)) == ("a", "a")
    assert (run(A, B), run(A, B, C)) == ("ab", "c")


def test_each_name_has_a_state_of_its_own_and_those_of_other_runs_stay(server: Server) -> None:
    assert run(A) == "a"
    Job.init("clientes", ENABLED)
    assert (read(A, name="other"), read(A)) == ("a", "")
    Job.commit()
    assert set(json.loads(server.state)) == {"source", "other"}
    Job.init("clientes", ENABLED)
    Job.commit()
    assert set(json.loads(server.state)) == {"source", "other"}


def test_a_job_may_commit_more_than_once(server: Server) -> None:
    Job.init("clientes", ENABLED)
    read(A)
    Job.commit()
    assert read(A, B) == "b"
    Job.commit()
    assert (server.version, run(A, B)) == (2, "")


def test_a_paused_bookmark_reads_what_is_new_and_stays_as_it_is(server: Server) -> None:
    run(A)
    before = server.state
    assert (run(A, B, **PAUSED), run(A, B, **PAUSED)) == ("b", "b")
    assert server.state == before


def test_a_paused_bookmark_has_a_window_between_two_runs(server: Server) -> None:
    for number, objects in enumerate([(A,), (A, B), (A, B, C)]):
        run(*objects)
        server.old[f"jr_{number}"] = server.state
    window = {"job_bookmark_from": "jr_0", "job_bookmark_to": "jr_1"}
    assert run(A, B, C, **PAUSED, **window) == "b"


def test_of_two_runs_that_loaded_one_version_the_later_commit_is_refused(server: Server) -> None:
    Job.init("clientes", ENABLED)
    read(A)
    server.version += 1
    with pytest.raises(BookmarkVersionMismatch, match="GLUE_JOB_BOOKMARK_VERSION_MISMATCH_ERROR"):
        Job.commit()


@pytest.mark.parametrize("name", ["", None])
def test_a_job_without_a_name_has_no_bookmark(server: Server, name: Any) -> None:
    with pytest.raises(ValueError, match="JOB_NAME"):
        Job.init(name, ENABLED)
    assert not Job.isInitialized()


def test_a_process_that_is_no_run_has_none(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_channel, "channel", None)
    with pytest.raises(RuntimeError, match="Spark jobs"):
        Job.init("clientes", ENABLED)


@pytest.mark.parametrize("state", ["no json", '{"source": {"jsonClass": "x"}}', '{"source": 1}'])
def test_a_bookmark_that_cannot_be_read_names_the_job_and_the_way_out(server: Server, state: str) -> None:
    server.state = state
    with pytest.raises(BookmarkUnreadable, match=r"of the job clientes cannot be read .*ResetJobBookmark"):
        run(A)
