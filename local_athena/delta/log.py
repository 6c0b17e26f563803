"""The state of a Delta Lake table: its last checkpoint, and the commits after it, one after another.

An action that this reader does not understand could have removed rows, so a table that asks for such a
feature is refused by the feature's name. https://github.com/delta-io/delta/blob/master/PROTOCOL.md
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq

from local_athena.engine.stopping import checkpoint
from local_athena.errors import QueryFailed, not_supported
from local_athena.protocols import Storage, StorageError, StoredFile

COMMIT = re.compile(r"(?P<version>\d{20})\.json")
CHECKPOINT = re.compile(r"(?P<version>\d{20})\.checkpoint(?:\.(?P<part>\d{10})\.(?P<parts>\d{10}))?\.parquet")
V2_CHECKPOINT = re.compile(r"\d{20}\.checkpoint\.[0-9a-f-]{36}\.(json|parquet)")
FEATURES = frozenset(("columnMapping", "timestampNtz", "vacuumProtocolCheck", "typeWidening"))
"""Of reader version 3, those that are understood."""
ACTIONS = ("protocol", "metaData", "add", "remove")


@dataclass(frozen=True, slots=True)
class AddedFile:
    """A file of the table: its URI and the text of each partition column's value."""

    uri: str
    values: dict[str, str | None]
    size: int
    modified: int
    """Epoch milliseconds."""


@dataclass(slots=True)
class Snapshot:
    """What the log says of the table now."""

    schema: dict[str, Any] = field(default_factory=dict)
    partition_columns: tuple[str, ...] = ()
    configuration: dict[str, str] = field(default_factory=dict)
    files: dict[str, AddedFile] = field(default_factory=dict)


def snapshot(storage: Storage, location: str) -> Snapshot:
    """The table at a location in its latest version.

    Raises:
        QueryFailed: there is no log, it has a gap, or it asks for a feature that is not understood.
    """
    start, parts, commits = _chosen(storage, location)
    made = Snapshot()
    for part in parts:
        _apply_all(made, _checkpoint_actions(storage, part), location)
    for version, commit in enumerate(commits, start):
        if not commit.uri.endswith(f"{version:020}.json"):
            raise _bad(location, f"version {version} is missing in the transaction log")
        _apply_all(made, _commit_actions(storage, commit), location)
    if not made.schema:
        raise _bad(location, "metadata not found in the transaction log")
    return made


def _chosen(storage: Storage, location: str) -> tuple[int, list[StoredFile], list[StoredFile]]:
    """The first version after the newest whole checkpoint, its files, and the commits after it."""
    commits: dict[int, StoredFile] = {}
    checkpoints: dict[tuple[int, int], list[StoredFile]] = {}
    for file in _listed(storage, location):
        name = file.uri.rpartition("/")[2]
        if (found := COMMIT.fullmatch(name)) is not None:
            commits[int(found["version"])] = file
        elif (found := CHECKPOINT.fullmatch(name)) is not None:
            checkpoints.setdefault((int(found["version"]), int(found["parts"] or 1)), []).append(file)
        elif V2_CHECKPOINT.fullmatch(name):
            raise not_supported(f"Delta Lake checkpoints of version 2 are not supported here ({location})")
    whole = [version for version, parts in checkpoints if len(checkpoints[version, parts]) == parts]
    if not whole:
        return 0, [], [commits[v] for v in sorted(commits)]
    last = max(whole)
    chosen = next(files for (version, n), files in checkpoints.items() if version == last and len(files) == n)
    return last + 1, chosen, [commits[v] for v in sorted(commits) if v > last]


def _listed(storage: Storage, location: str) -> list[StoredFile]:
    folder = f"{location}_delta_log/"
    try:
        found = [file for file in storage.list_files(folder) if "/" not in file.uri[len(folder) :]]
    except StorageError as error:
        raise _bad(location, f"{error.code}") from error
    if not found:
        raise _bad(location, "there is no _delta_log")
    return found


def _commit_actions(storage: Storage, commit: StoredFile) -> Iterator[dict[str, Any]]:
    try:
        with storage.open_file(commit.uri) as file:
            for line in file.read().splitlines():
                checkpoint()
                if line.strip():
                    yield dict(json.loads(line))
    except (StorageError, ValueError, TypeError, RecursionError) as error:
        raise QueryFailed("DELTA_LAKE_INVALID_SCHEMA", f"Malformed commit: {commit.uri}") from error


def _checkpoint_actions(storage: Storage, part: StoredFile) -> Iterator[dict[str, Any]]:
    try:
        with storage.open_file(part.uri) as file:
            parquet = pq.ParquetFile(file)
            names = [name for name in parquet.schema_arrow.names if name in ACTIONS]
            for batch in parquet.iter_batches(columns=names):
                checkpoint()
                yield from batch.to_pylist()
    except (StorageError, pa.ArrowException, OSError) as error:
        raise QueryFailed("DELTA_LAKE_INVALID_SCHEMA", f"Malformed checkpoint: {part.uri}") from error


def _apply_all(made: Snapshot, actions: Iterable[dict[str, Any]], location: str) -> None:
    for action in actions:
        try:
            _apply(made, action, location)
        except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
            raise _bad(location, "an action of the transaction log cannot be read") from error


def _apply(made: Snapshot, action: dict[str, Any], location: str) -> None:
    if (protocol := action.get("protocol")) is not None:
        _check_protocol(protocol, location)
    if (metadata := action.get("metaData")) is not None:
        made.schema = json.loads(metadata["schemaString"])
        made.partition_columns = tuple(metadata.get("partitionColumns") or ())
        made.configuration = dict(metadata.get("configuration") or ())
    if (removed := action.get("remove")) is not None:
        made.files.pop(removed["path"], None)
    if (added := action.get("add")) is not None:
        if added.get("deletionVector"):
            raise _refused("deletion vectors", location)
        values = {k: v or None for k, v in dict(added.get("partitionValues") or ()).items()}
        uri = _absolute(unquote(added["path"]), location)
        moved = int(added.get("modificationTime") or 0)
        made.files[added["path"]] = AddedFile(uri, values, int(added["size"]), moved)


def _check_protocol(protocol: dict[str, Any], location: str) -> None:
    version = int(protocol["minReaderVersion"])
    if version > 3:
        raise _refused(f"reader version {version}", location)
    # Deletion vectors are refused where a file has one: a table may permit them and have none.
    unknown = set(protocol.get("readerFeatures") or ()) - FEATURES - {"deletionVectors"}
    if unknown:
        raise _refused(f"the feature {min(unknown)}", location)


def _absolute(path: str, location: str) -> str:
    """The URI of a file, which is given from the table's folder or whole.

    Raises:
        QueryFailed: it is not on S3.
    """
    uri = re.sub(r"^s3[an]?://", "s3://", path)
    if uri.startswith("s3://"):
        return uri
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|/", path):
        raise _bad(location, f"'{path[:200]}' is not an object of S3")
    return location + path


def _refused(what: str, location: str) -> QueryFailed:
    return not_supported(f"Delta Lake: {what} is not supported here ({location})")


def _bad(location: str, why: str) -> QueryFailed:
    return QueryFailed("DELTA_LAKE_INVALID_TABLE", f"Cannot read the Delta Lake table at {location}: {why}")
