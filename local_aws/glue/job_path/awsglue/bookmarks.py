"""The job's bookmark in this run: loaded by `Job.init`, used by sources with a name, saved by `Job.commit`.

A source reads by the bookmark as it was loaded, whatever this run has read since; what it chose is kept aside
until `commit` sends it to the server, which answers when it is stored.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from awsglue import bookmark_state, log
from awsglue.bookmark_state import Bookmark, BookmarkUnreadable, Limits, S3Object
from awsglue.utils import DISABLED, PAUSED

UNREADABLE = (
    "The bookmark of the job {job} cannot be read ({why}). Forget it with ResetJobBookmark, "
    "or rewind it to a run with ResetJobBookmark and RunId."
)


class Channel(Protocol):
    """What `run_channel.Channel` does."""

    def ask(self, operation: str, **members: Any) -> dict[str, Any]:
        """What the server answers."""


class RunBookmark:
    """What the job had read when this run began, and what this run reads."""

    def __init__(self, channel: Channel, args: Mapping[str, Any]) -> None:
        self.paused = args.get("job_bookmark_option") == PAUSED
        self._channel = channel
        self._began = round(time.time() * 1000)
        ends = {name: args.get(f"job_bookmark_{name}") for name in ("from", "to")}
        loaded = channel.ask("load", **{name: value for name, value in ends.items() if value})
        self.job = str(loaded["job"])
        self._version = int(loaded["version"])
        self._state = self._entries(loaded["state"])
        self._window = None
        if self.paused and "from" in loaded and "to" in loaded:
            self._window = self._entries(loaded["from"]), self._entries(loaded["to"])
        self._read: dict[str, Bookmark] = {}

    def choose(self, name: str, objects: Iterable[S3Object], limits: Limits) -> list[S3Object]:
        """The objects that the source `name` (its `transformation_ctx`) has to read in this run."""
        if self._window is not None:
            first, last = (self._bookmark(entries, name) for entries in self._window)
            return bookmark_state.window(first, last, objects, limits)
        chosen, after = bookmark_state.advance(
            self._bookmark(self._state, name), objects, limits, self._began
        )
        before = self._read.get(name)
        self._read[name] = bookmark_state.merge(before, after) if before else after
        return chosen

    def commit(self) -> None:
        """Save what this run has read; a paused bookmark stays as it is.

        Raises:
            ChannelError: GLUE_JOB_BOOKMARK_VERSION_MISMATCH_ERROR, another run has saved its own meanwhile.
        """
        if self.paused:
            return
        state = self._state | {name: bookmark.entry() for name, bookmark in self._read.items()}
        answer = self._channel.ask("commit", version=self._version, state=json.dumps(state))
        self._version, self._state, self._read = int(answer["version"]), state, {}

    def _entries(self, text: str) -> dict[str, Any]:
        try:
            return bookmark_state.parse(text)
        except BookmarkUnreadable as error:
            raise BookmarkUnreadable(UNREADABLE.format(job=self.job, why=error)) from error

    def _bookmark(self, entries: Mapping[str, Any], name: str) -> Bookmark:
        if name not in entries:
            return Bookmark()
        try:
            return bookmark_state.bookmark_of(entries[name])
        except BookmarkUnreadable as error:
            raise BookmarkUnreadable(UNREADABLE.format(job=self.job, why=f"{name}: {error}")) from error


current: RunBookmark | None = None
"""The run's; None before `Job.init` and when the job has its bookmark switched off."""


def load(channel: Channel | None, job_name: Any, args: Mapping[str, Any]) -> None:
    """Load the bookmark if `args` (of `getResolvedOptions`) switch it on.

    Raises:
        ValueError: the job has no name.
        RuntimeError: this is no run of a Spark job.
        ChannelError: a run that `job_bookmark_from` or `job_bookmark_to` names is none of the job's.
    """
    global current
    current = None
    if (args.get("job_bookmark_option") or DISABLED) == DISABLED:
        return
    if not job_name:
        raise ValueError("Job.init needs the job's name (args['JOB_NAME']) when job bookmarks are on")
    if channel is None:
        raise RuntimeError("Job bookmarks are for runs of Spark jobs")
    current = RunBookmark(channel, args)
    if current.job != job_name:
        log.warn(f"Job.init was given the name {job_name}; the bookmark is that of the job {current.job}")
