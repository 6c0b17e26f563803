"""Job bookmarks: the operations that show and reset them, and what a run's script asks for.

https://docs.aws.amazon.com/glue/latest/dg/monitor-continuations.html (November 2026)
"""

from __future__ import annotations

from typing import Any

from local_aws.caller import Caller
from local_aws.errors import AwsError
from local_aws.glue.jobs.bookmark_store import NOTHING, BookmarkStore, Entry, no_bookmark
from local_aws.glue.jobs.runs import JobRun

Request = dict[str, Any]
Answer = dict[str, Any]


class Bookmarks:
    """GetJobBookmark, ResetJobBookmark."""

    def __init__(self, store: BookmarkStore) -> None:
        self._store = store

    def get_job_bookmark(self, request: Request, caller: Caller) -> Answer:
        """Show a job's bookmark, or what one of its runs committed."""
        job, run_id = request["JobName"], request.get("RunId")
        entry = self._store.committed_by(job, run_id) if run_id else self._store.present(job)
        if entry is None:
            raise no_bookmark(job)
        return {"JobBookmarkEntry": entry}

    def reset_job_bookmark(self, request: Request, caller: Caller) -> Answer:
        """Forget what a job has read, or what it read after one of its runs."""
        return {"JobBookmarkEntry": self._store.reset(request["JobName"], request.get("RunId"))}


class RunBookmark:
    """Answers one run's script, on the channel between them."""

    def __init__(self, store: BookmarkStore, run: JobRun, job_id: str) -> None:
        self._store = store
        self._run = run
        self._job_id = job_id

    def answer(self, request: Request) -> Answer:
        """Do `load` or `commit`.

        Raises:
            AwsError: what the script is told.
        """
        if request.get("operation") == "load":
            return self._load(request.get("from"), request.get("to"))
        if request.get("operation") == "commit":
            loaded, state = request.get("version"), request.get("state")
            if isinstance(loaded, int) and isinstance(state, str):
                return {"version": self._store.commit(self._run, self._job_id, loaded, state)["Version"]}
        raise AwsError("InvalidInputException", "The run's channel knows load and commit.")

    def _load(self, first: str | None, last: str | None) -> Answer:
        job = self._run["JobName"]
        present = self._store.present(job)
        answer = {"job": job, "version": present["Version"] if present else 0, "state": _text(present)}
        for name, run_id in (("from", first), ("to", last)):
            if run_id:
                answer[name] = _text(self._store.as_of(job, str(run_id)))
        return answer


def _text(entry: Entry | None) -> str:
    return str(entry["JobBookmark"]) if entry else NOTHING
