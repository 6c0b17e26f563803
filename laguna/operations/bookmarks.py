"""Show and reset a Glue job's bookmark: what its runs have read, by the source's `transformation_ctx`.

https://docs.aws.amazon.com/glue/latest/dg/monitor-continuations.html (checked 2026-11-30)
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from laguna.errors import BookmarkNotFound


@dataclass(frozen=True, slots=True)
class SourceState:
    """What a bookmark says of one source; a source that is not of S3 has no times."""

    name: str
    runs: int | None
    last_run: str | None
    recent: int | None
    """The objects within the band that are kept one by one."""


@dataclass(frozen=True, slots=True)
class JobBookmark:
    """A JobBookmarkEntry, read."""

    job: str
    version: int
    run: int
    run_id: str | None
    previous_run_id: str | None
    sources: list[SourceState]


def find_bookmark(glue: Any, job: str, run_id: str | None = None) -> JobBookmark:
    """The bookmark of `job`, or what its run `run_id` committed.

    Raises:
        BookmarkNotFound: there is none.
    """
    return _asked(glue.get_job_bookmark, glue, job, run_id)


def reset_bookmark(glue: Any, job: str, run_id: str | None = None) -> JobBookmark:
    """Make the bookmark of `job` what it was after the run `run_id`, or empty; returns it.

    Raises:
        BookmarkNotFound: there is none, or no such run.
    """
    return _asked(glue.reset_job_bookmark, glue, job, run_id)


def _asked(call: Callable[..., Any], glue: Any, job: str, run_id: str | None) -> JobBookmark:
    try:
        answer = call(JobName=job, **({"RunId": run_id} if run_id else {}))
    except ClientError as error:
        if error.response["Error"]["Code"] != "EntityNotFoundException":
            raise
        raise _not_found(glue, job, run_id) from error
    return _read(answer["JobBookmarkEntry"])


def _not_found(glue: Any, job: str, run_id: str | None) -> BookmarkNotFound:
    jobs = sorted(glue.list_jobs()["JobNames"])
    if job not in jobs:
        names = ", ".join(jobs) or "none yet, run 'laguna deploy'"
        return BookmarkNotFound(f"There is no job '{job}'; the jobs are: {names}.")
    if run_id:
        return BookmarkNotFound(
            f"The run '{run_id}' of the job '{job}' has no bookmark: "
            "there is no such run, or it committed none."
        )
    return BookmarkNotFound(
        f"The job '{job}' has no bookmark: no run with --job-bookmark-option job-bookmark-enable "
        "has reached job.commit()."
    )


def _read(entry: Mapping[str, Any]) -> JobBookmark:
    return JobBookmark(
        entry["JobName"],
        entry.get("Version", 0),
        entry.get("Run", 0),
        entry.get("RunId"),
        entry.get("PreviousRunId"),
        [_source(name, state) for name, state in _states(entry.get("JobBookmark") or "{}").items()],
    )


def _states(text: str) -> dict[str, Any]:
    """Those of the bookmark's text; none of a text that is no JSON object, which scripts refuse."""
    try:
        states = json.loads(text)
    except ValueError:
        return {}
    return states if isinstance(states, dict) else {}


def _source(name: str, state: Any) -> SourceState:
    times = state.get("timestamps") if isinstance(state, dict) else None
    if not isinstance(times, dict):
        return SourceState(name, None, None, None)
    runs, listed = str(times.get("RUN", "")), times.get("INCLUDE_LIST")
    return SourceState(
        name,
        int(runs) if runs.isdigit() else None,
        times.get("CURR_RUN_START_TIME"),
        len([one for one in str(listed).split(",") if one]) if listed is not None else None,
    )
