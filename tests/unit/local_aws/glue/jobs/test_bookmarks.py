"""The operations on bookmarks, and what a run's script loads and commits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from local_aws.errors import AwsError
from local_aws.glue.jobs import bookmark_store
from local_aws.glue.jobs.bookmarks import RunBookmark
from tests.unit.local_aws.glue.jobs.conftest import make_glue

MANY_RUNS = {"ExecutionProperty": {"MaxConcurrentRuns": 10}}


def run_of(glue: Any, job: str = "clientes") -> RunBookmark:
    """A run under way."""
    run_id = glue.start_job_run(JobName=job)["JobRunId"]
    return RunBookmark(glue.bookmarks, glue.runs.run(run_id), glue.runs.job_id(job))


def load(run: RunBookmark, **window: str) -> dict[str, Any]:
    return run.answer({"operation": "load", **window})


def commit(run: RunBookmark, state: str, version: int | None = None) -> int:
    loaded = load(run)["version"] if version is None else version
    return int(run.answer({"operation": "commit", "version": loaded, "state": state})["version"])


def id_of(run: RunBookmark) -> str:
    return str(run._run["Id"])


def refused(call: Any, *arguments: Any, **named: Any) -> tuple[str, str]:
    with pytest.raises(AwsError) as error:
        call(*arguments, **named)
    return error.value.code, error.value.message


@pytest.fixture
def job(glue: Any) -> Any:
    glue.job(**MANY_RUNS)
    return glue


def test_a_job_has_no_bookmark_before_a_run_commits_one(job: Any) -> None:
    assert load(run_of(job)) == {"job": "clientes", "version": 0, "state": "{}"}
    for call in (job.get_job_bookmark, job.reset_job_bookmark):
        for name in ("clientes", "nobody"):
            assert refused(call, JobName=name) == (
                "EntityNotFoundException", f"Continuation for job {name} not found",
            )  # fmt: skip


def test_a_bookmark_is_shown_as_glue_shows_it(job: Any) -> None:
    first, second = run_of(job), run_of(job)
    commit(first, '{"a": 1}')
    shown = job.get_job_bookmark(JobName="clientes")["JobBookmarkEntry"]
    assert shown == {
        "JobName": "clientes", "Version": 1, "Run": 1, "Attempt": 0, "RunId": id_of(first),
        "JobBookmark": '{"a": 1}',
    }  # fmt: skip
    commit(second, '{"a": 2}')
    shown = job.get_job_bookmark(JobName="clientes")["JobBookmarkEntry"]
    assert (shown["Version"], shown["Run"], shown["PreviousRunId"]) == (2, 2, id_of(first))
    of_first = job.get_job_bookmark(JobName="clientes", RunId=id_of(first))["JobBookmarkEntry"]
    assert of_first["JobBookmark"] == '{"a": 1}'


def test_the_later_of_two_commits_on_one_version_is_refused(job: Any) -> None:
    first, second = run_of(job), run_of(job)
    version = load(second)["version"]
    commit(first, "1")
    code, message = refused(commit, second, "2", version)
    assert code == "GLUE_JOB_BOOKMARK_VERSION_MISMATCH_ERROR"
    assert "clientes" in message
    assert load(first)["state"] == "1"


def test_a_reset_forgets_everything_also_for_a_run_under_way(job: Any) -> None:
    run = run_of(job)
    version = commit(run, "1")
    entry = job.reset_job_bookmark(JobName="clientes")["JobBookmarkEntry"]
    assert (entry["Run"], entry["JobBookmark"], "RunId" in entry) == (0, "{}", False)
    assert load(run)["state"] == "{}"
    assert refused(commit, run, "2", version)[0].startswith("GLUE_JOB_BOOKMARK")


def test_a_bookmark_is_rewound_to_what_it_was_after_a_run(job: Any) -> None:
    runs = [run_of(job) for _ in range(4)]
    for number in (0, 1, 3):
        commit(runs[number], str(number))
    rewound = job.reset_job_bookmark(JobName="clientes", RunId=id_of(runs[0]))["JobBookmarkEntry"]
    assert (rewound["JobBookmark"], rewound["RunId"], rewound["Version"]) == ("0", id_of(runs[0]), 4)
    # A run that committed nothing left what was there before it.
    job.reset_job_bookmark(JobName="clientes", RunId=id_of(runs[2]))
    assert load(runs[0])["state"] == "1"


def test_a_window_is_what_two_runs_left(job: Any) -> None:
    nothing, first, second = run_of(job), run_of(job), run_of(job)
    commit(first, "1")
    commit(second, "2")
    found = load(run_of(job), **{"from": id_of(nothing), "to": id_of(first)})
    assert (found["from"], found["to"], found["state"]) == ("{}", "1", "2")


def test_a_run_of_another_job_is_none_of_this_one(job: Any) -> None:
    job.job("otro")
    other, own = run_of(job, "otro"), run_of(job)
    commit(other, "1")
    commit(own, "1")
    words = ("EntityNotFoundException", f"Job run {id_of(other)} not found.")
    assert refused(job.get_job_bookmark, JobName="clientes", RunId=id_of(other)) == words
    assert refused(job.reset_job_bookmark, JobName="clientes", RunId=id_of(other)) == words
    assert refused(load, own, **{"from": id_of(other), "to": id_of(own)}) == words


def test_a_bookmark_goes_with_its_job_and_a_run_of_the_old_one_cannot_bring_it_back(job: Any) -> None:
    run = run_of(job)
    commit(run, "1")
    version = load(run)["version"]
    job.delete_job(JobName="clientes")
    assert refused(job.get_job_bookmark, JobName="clientes")[0] == "EntityNotFoundException"
    assert refused(commit, run, "2", version) == ("EntityNotFoundException", "Job clientes not found.")
    job.job(**MANY_RUNS)
    commit(run_of(job), "new")
    assert refused(commit, run, "2", version)[0] == "EntityNotFoundException"
    assert load(run_of(job))["state"] == "new"


def test_old_commits_are_dropped_and_said_to_be(job: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bookmark_store, "MOST_COMMITS", 3)
    runs = [run_of(job) for _ in range(5)]
    for number, run in enumerate(runs):
        commit(run, str(number))
    code, message = refused(job.reset_job_bookmark, JobName="clientes", RunId=id_of(runs[0]))
    assert (code, "last 3 commits" in message) == ("InvalidInputException", True)
    assert load(runs[0])["state"] == "4"
    job.reset_job_bookmark(JobName="clientes", RunId=id_of(runs[2]))
    assert load(runs[0])["state"] == "2"


def test_a_bookmark_outlives_the_server(job: Any, tmp_path: Path) -> None:
    commit(run_of(job), '{"ñ": 1}')
    again = make_glue(tmp_path)
    assert again.get_job_bookmark(JobName="clientes")["JobBookmarkEntry"]["JobBookmark"] == '{"ñ": 1}'
    again.parts.close()


@pytest.mark.parametrize(
    "request_", [{}, {"operation": "x"}, {"operation": "commit", "version": "1", "state": "{}"}]
)
def test_a_request_that_is_none_is_refused(job: Any, request_: dict[str, Any]) -> None:
    assert refused(run_of(job).answer, request_)[0] == "InvalidInputException"
