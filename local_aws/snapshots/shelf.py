"""Where snapshots lie: `snapshots/<name>/snapshot.json` names the folder beside it that has the contents.

Replacing that one file is what makes a snapshot, so a save that is killed leaves the snapshot of that name as
it was. A load first writes `snapshots/loading.json`; when it is killed, the next start finds that file and
finishes the load, since every step of it can be repeated.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import uuid
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from local_aws.errors import AwsError
from local_aws.snapshots.contents import Contents, StateFile
from local_aws.snapshots.files import check_files, damaged, put_back_files
from local_aws.storage.copies import put_back_databases, remove_database

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LOADING = "loading.json"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One snapshot. `folder` is the name of the folder of its contents."""

    name: str
    created: str
    """ISO 8601, UTC."""
    folder: str
    objects: int
    bytes: int
    moto: str
    """Which state of moto it has: that of every journal with the same last entry."""
    laguna: str
    """The version that saved it."""

    def document(self) -> dict[str, Any]:
        """What a client is told."""
        return {"name": self.name, "created": self.created, "objects": self.objects, "bytes": self.bytes}


class Shelf:
    """The snapshots of one state folder."""

    def __init__(self, state: Path) -> None:
        self._folder = state / "snapshots"

    def all(self) -> list[Snapshot]:
        """Every snapshot, oldest first."""
        found = (_read(path) for path in self._folder.glob("*/snapshot.json"))
        return sorted(found, key=lambda snapshot: snapshot.created)

    def find(self, name: str) -> Snapshot:
        """One snapshot.

        Raises:
            AwsError: SnapshotNotFound, or it was saved by another version of Laguna.
        """
        check_name(name)
        path = self._folder / name / "snapshot.json"
        if not path.is_file():
            known = ", ".join(snapshot.name for snapshot in self.all()) or "none"
            raise AwsError("SnapshotNotFound", f"There is no snapshot '{name}'; there are: {known}.", 404)
        snapshot = _read(path)
        if snapshot.laguna != version("laguna"):
            message = (
                f"The snapshot '{name}' was saved by Laguna {snapshot.laguna}, this is {version('laguna')}."
            )
            raise AwsError("SnapshotOfAnotherVersion", f"{message} Save it again.", 409)
        return snapshot

    def new_folder(self, name: str) -> Path:
        """The path of a folder for the contents of a snapshot that is being saved."""
        check_name(name)
        return self._folder / name / uuid.uuid4().hex

    def path(self, snapshot: Snapshot) -> Path:
        """The folder of a snapshot's contents."""
        return self._folder / snapshot.name / snapshot.folder

    def put(self, snapshot: Snapshot) -> None:
        """Make it the snapshot of its name; the contents of an earlier one go."""
        _write(self._folder / snapshot.name / "snapshot.json", asdict(snapshot))
        self._sweep(snapshot.name, keep=snapshot.folder)

    def delete(self, name: str) -> None:
        """Remove a snapshot.

        Raises:
            AwsError: SnapshotNotFound.
        """
        check_name(name)
        if not (self._folder / name / "snapshot.json").is_file():
            self.find(name)
        (self._folder / name / "snapshot.json").unlink()
        shutil.rmtree(self._folder / name)

    def begin_load(self, snapshot: Snapshot) -> None:
        """From now on the state is that of `snapshot`, also when we are killed."""
        _write(self._folder / _LOADING, {"contents": f"{snapshot.name}/{snapshot.folder}"})

    def end_load(self) -> None:
        """The state is complete."""
        (self._folder / _LOADING).unlink()

    def unfinished_load(self) -> Path | None:
        """The contents that a killed server was putting back."""
        try:
            kept = json.loads((self._folder / _LOADING).read_text())
        except FileNotFoundError:
            return None
        return self._folder / str(kept["contents"])

    def sweep(self) -> None:
        """Remove what saves that were killed have left."""
        for folder in self._folder.glob("*/"):
            path = folder / "snapshot.json"
            if path.is_file():
                self._sweep(folder.name, keep=_read(path).folder)
            else:
                shutil.rmtree(folder)

    def _sweep(self, name: str, keep: str) -> None:
        for folder in (self._folder / name).glob("*/"):
            if folder.name != keep:
                shutil.rmtree(folder)


def check_name(name: str) -> None:
    """Refuse a name that could be no folder.

    Raises:
        AwsError: InvalidSnapshotName.
    """
    if not _NAME.fullmatch(name):
        message = f"'{name}' is no name for a snapshot: up to 64 letters, digits, '.', '_' and '-'."
        raise AwsError("InvalidSnapshotName", message)


def write_contents(folder: Path, contents: Contents) -> None:
    """Keep beside the contents what they consist of."""
    kept = {"folders": contents.folders, "files": contents.files, "databases": contents.databases}
    _write(folder / "contents.json", kept)


def read_saved(folder: Path) -> Contents:
    """What `write_contents` kept."""
    kept = json.loads((folder / "contents.json").read_text())
    return Contents(kept["folders"], [StateFile(*file) for file in kept["files"]], kept["databases"])


def check_saved(contents: Contents, folder: Path) -> None:
    """Refuse a snapshot that is not as it was saved.

    Raises:
        AwsError: SnapshotDamaged.
    """
    for path in contents.databases:
        if not (folder / "databases" / path).is_file():
            raise damaged(path, "is missing")
    check_files(contents, folder / "files")


def put_back(contents: Contents, folder: Path, state: Path) -> None:
    """Make `state` what it was; databases that it did not have must be closed."""
    put_back_databases(contents.databases, folder / "databases", state)
    put_back_files(contents, folder / "files", state)


def finish_load(state: Path) -> None:
    """For the server's start, before anything is opened: finish a load, remove what saves left."""
    shelf = Shelf(state)
    folder = shelf.unfinished_load()
    if folder is not None:
        contents = read_saved(folder)
        for database in state.rglob("*.sqlite"):
            path = database.relative_to(state).as_posix()
            if not path.startswith(("snapshots/", "s3/")) and path not in contents.databases:
                remove_database(database)
        put_back(contents, folder, state)
        shelf.end_load()
    shelf.sweep()


def _read(path: Path) -> Snapshot:
    return Snapshot(**json.loads(path.read_text()))


def _write(path: Path, document: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    new.write_text(json.dumps(document))
    os.replace(new, path)
