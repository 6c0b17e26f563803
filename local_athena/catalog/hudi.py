"""Hudi copy-on-write: of each file group, the slice of the latest commit that is complete and not replaced.

A name is `<file group>_<write token>_<instant>.parquet`; the timeline in `.hoodie` says which instants are
complete. What is older than the timeline has been archived, thus was complete. https://hudi.apache.org/tech-specs/
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from local_athena.engine.stopping import checkpoint
from local_athena.errors import QueryFailed, not_supported
from local_athena.protocols import Storage, StorageError, StoredFile

SLICE = re.compile(r"(?P<group>[^_/]+)_[^_/]+_(?P<instant>\d+)\.parquet")
INSTANT = re.compile(r"(?P<instant>\d+)\.(?P<action>commit|replacecommit|deltacommit)(?P<state>\.\w+)?")
MOST_BYTES = 64 << 20
"""Of the metadata of one replacing commit."""


@dataclass(frozen=True, slots=True)
class _Timeline:
    """What `.hoodie` of a table's base folder says."""

    base: str
    complete: frozenset[str]
    earliest: str
    replaced: frozenset[tuple[str, str]]
    """(partition folder below the base, file group)."""

    def has(self, instant: str) -> bool:
        return instant in self.complete or instant < self.earliest


def latest_files(storage: Storage, folder: str, files: Iterable[StoredFile]) -> list[StoredFile]:
    """Of the Parquet files below a folder, those that a reader of the table's present state reads.

    Raises:
        QueryFailed: it is no Hudi table, or one of a version that is not read here.
    """
    timeline = _timeline(storage, folder)
    latest: dict[tuple[str, str], tuple[str, StoredFile]] = {}
    for file in files:
        checkpoint()
        place, _, name = file.uri.rpartition("/")
        found = SLICE.fullmatch(name)
        if found is None:
            raise not_supported(f"Hudi: {file.uri} is not the name of a file slice")
        partition = (place + "/").removeprefix(timeline.base).strip("/")
        key, instant = (place, found["group"]), found["instant"]
        if not timeline.has(instant) or (partition, found["group"]) in timeline.replaced:
            continue
        if key not in latest or latest[key][0] < instant:
            latest[key] = (instant, file)
    return [file for _, file in latest.values()]


def _timeline(storage: Storage, folder: str) -> _Timeline:
    base = _base(storage, folder)
    complete, all_instants, replaced = set(), set(), set()
    for file in storage.list_files(f"{base}.hoodie/"):
        checkpoint()
        name = file.uri.removeprefix(f"{base}.hoodie/")
        if name.startswith("timeline/"):
            raise not_supported("Hudi tables of version 8 and later are not supported here")
        found = INSTANT.fullmatch(name)
        if found is None:
            continue
        all_instants.add(found["instant"])
        if not found["state"]:
            complete.add(found["instant"])
            if found["action"] == "replacecommit":
                replaced |= _replaced(storage, file)
    earliest = min(all_instants, default="")
    return _Timeline(base, frozenset(complete), earliest, frozenset(replaced))


def _base(storage: Storage, folder: str) -> str:
    """The folder of the table that a partition's folder lies in."""
    at = folder
    while at.count("/") > 3:
        properties = f"{at}.hoodie/hoodie.properties"
        try:
            if any(file.uri == properties for file in storage.list_files(properties)):
                return at
        except StorageError:
            break
        at = at.rstrip("/").rpartition("/")[0] + "/"
    raise QueryFailed("HIVE_CANNOT_OPEN_SPLIT", f"Hoodie table not found in path {folder}.hoodie")


def _replaced(storage: Storage, commit: StoredFile) -> set[tuple[str, str]]:
    if commit.size > MOST_BYTES:
        raise not_supported(f"Hudi: {commit.uri} is larger than {MOST_BYTES} bytes")
    try:
        with storage.open_file(commit.uri) as file:
            found = json.loads(file.read())
        groups = found.get("partitionToReplaceFileIds") or {}
        return {(partition.strip("/"), group) for partition, all_ in groups.items() for group in all_}
    except (ValueError, AttributeError, TypeError) as error:
        raise QueryFailed("HIVE_BAD_DATA", f"Hudi: {commit.uri} is not a commit's metadata") from error
