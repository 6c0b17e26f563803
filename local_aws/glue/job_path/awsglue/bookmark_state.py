"""Which objects a bookmark says are read, and what it says after more: values only, no S3 and no clock.

A bookmark is a time up to which everything is read, and the list of what is read of the objects after it.
The time stays a band (15 minutes) behind the run: an object's last-modified time is that of the begin of its
upload, so objects may still appear behind others within the band, and those of one second are told apart.
The names in its text are AWS's where it has one for the thing.
https://docs.aws.amazon.com/glue/latest/dg/monitor-continuations.html (November 2026)
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any

DEFAULT_BAND = 900_000
DEFAULT_FILES_IN_BAND = 1000
KIND = "HadoopDataSourceJobBookmarkState"

Position = tuple[int, str]
"""A last-modified time in milliseconds since 1970, and a URI among those of that time."""


class BookmarkUnreadable(Exception):
    """A bookmark is not what a run of Glue here has written."""


@dataclass(frozen=True, slots=True)
class S3Object:
    """An object as a listing shows it; `modified` is in milliseconds since 1970."""

    bucket: str
    key: str
    size: int
    modified: int
    etag: str = ""

    @property
    def uri(self) -> str:
        """`s3://bucket/key`."""
        return f"s3://{self.bucket}/{self.key}"

    @property
    def position(self) -> Position:
        """Where it is in the order in which objects are read."""
        return self.modified, self.uri

    @property
    def identity(self) -> str:
        """A short text that another object, or this one changed, does not have."""
        whole = f"{self.uri}\n{self.modified}\n{self.etag}"
        return hashlib.md5(whole.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one run reads of what is new."""

    files: int | None = None
    size: int | None = None
    """Bytes. One object is read however large it is, or no run would ever come past it."""
    band: int = DEFAULT_BAND
    files_in_band: int = DEFAULT_FILES_IN_BAND

    def first(self, objects: Sequence[S3Object]) -> list[S3Object]:
        """As many of `objects` as fit, from the first on."""
        chosen: list[S3Object] = []
        total = 0
        for one in objects[: self.files]:
            total += one.size
            if self.size is not None and total > self.size and chosen:
                break
            chosen.append(one)
        return chosen


@dataclass(frozen=True, slots=True)
class Bookmark:
    """What is read of one source."""

    until: Position = (0, "")
    """Everything up to here is read."""
    read: Mapping[str, int] = field(default_factory=dict)
    """The identities of the objects after `until` that are read, with their times."""
    runs: int = 0
    started: int = 0
    """When the last of those runs began."""
    band: int = DEFAULT_BAND

    def has(self, one: S3Object) -> bool:
        """Whether an object is read, as it is now."""
        return one.position <= self.until or one.identity in self.read

    def entry(self) -> dict[str, Any]:
        """What the bookmark's text has of it."""
        began = datetime.fromtimestamp(self.started / 1000, UTC)
        return {
            "jsonClass": KIND,
            "timestamps": {
                "RUN": str(self.runs),
                "HIGH_BAND": str(self.band),
                "CURR_RUN_START_TIME": began.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "READ_UNTIL": str(self.until[0]),
                "READ_UNTIL_OBJECT": self.until[1],
                "INCLUDE_LIST": ",".join(f"{identity}@{time}" for identity, time in self.read.items()),
            },
        }


def advance(
    bookmark: Bookmark, objects: Iterable[S3Object], limits: Limits, now: int
) -> tuple[list[S3Object], Bookmark]:
    """The objects to read of those that a listing shows, oldest first, and the bookmark when they are read.

    Args:
        bookmark: what is read already.
        objects: all that the source has.
        limits: how much to read.
        now: when the run began, in milliseconds since 1970.
    """
    new = sorted((one for one in objects if not bookmark.has(one)), key=lambda one: one.position)
    settled = now - limits.band
    chosen = _with_few_in_band(limits.first(new), bookmark, settled, limits.files_in_band)
    left = new[len(chosen) :]
    until: Position = (settled, "")
    if left and left[0].modified < settled:
        until = chosen[-1].position if chosen else bookmark.until
    until = max(until, bookmark.until)
    # Of those that were read before, only the time is known: one of that very time is kept once too often.
    read = {identity: time for identity, time in bookmark.read.items() if time >= until[0]}
    read |= {one.identity: one.modified for one in chosen if one.position > until}
    return chosen, Bookmark(until, read, bookmark.runs + 1, now, limits.band)


def merge(one: Bookmark, other: Bookmark) -> Bookmark:
    """The bookmark of two reads in one run under one name: it has what both have."""
    until = min(one.until, other.until)
    return Bookmark(until, {**one.read, **other.read}, one.runs, one.started, one.band)


def window(first: Bookmark, last: Bookmark, objects: Iterable[S3Object], limits: Limits) -> list[S3Object]:
    """The objects that are read in `last` and not in `first`, oldest first."""
    found = [one for one in objects if last.has(one) and not first.has(one)]
    return limits.first(sorted(found, key=lambda one: one.position))


def parse(text: str) -> dict[str, Any]:
    """A bookmark's text as its entries by `transformation_ctx`.

    Raises:
        BookmarkUnreadable: it is no JSON object.
    """
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BookmarkUnreadable("it is no JSON") from error
    if not isinstance(entries, dict):
        raise BookmarkUnreadable("it is no JSON object")
    return entries


def bookmark_of(entry: Any) -> Bookmark:
    """What `Bookmark.entry` wrote.

    Raises:
        BookmarkUnreadable: it did not write this.
    """
    try:
        if entry["jsonClass"] != KIND:
            raise BookmarkUnreadable(f"it is a {entry['jsonClass']}")
        times = entry["timestamps"]
        listed = [one.split("@") for one in times["INCLUDE_LIST"].split(",") if one]
        return Bookmark(
            (int(times["READ_UNTIL"]), str(times["READ_UNTIL_OBJECT"])),
            {identity: int(time) for identity, time in listed},
            int(times["RUN"]),
            int(datetime.fromisoformat(times["CURR_RUN_START_TIME"]).timestamp() * 1000),
            int(times["HIGH_BAND"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BookmarkUnreadable("a part of it is missing or no number") from error


def _with_few_in_band(objects: list[S3Object], bookmark: Bookmark, settled: int, most: int) -> list[S3Object]:
    """Leave out, for the next run, those within the band for which the list has no room."""
    room = most - sum(time >= settled for time in bookmark.read.values())
    old = list(takewhile(lambda one: one.modified < settled, objects))
    return objects[: len(old) + max(room, 0)]
