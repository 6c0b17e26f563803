"""What of a state folder belongs to a snapshot: its folders, its files and its databases.

Everything but what is of one run of the server (`tmp`, `lock`, …) and the snapshots themselves, so a service
that keeps something new keeps it in snapshots too.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from local_aws.s3.keys import is_hadoop_checksum
from local_aws.storage.kinds import DAMAGED

LEFT_OUT = frozenset({"tmp", "snapshots", "lock", "server.json", "server.log", "state.json", "s3/.staging"})
OBJECTS = "s3/"
"""Below it a file is an object, whatever its name."""
DATABASE = ".sqlite"
_BESIDE_A_DATABASE = (f"{DATABASE}-wal", f"{DATABASE}-shm")


class StateFile(NamedTuple):
    """A file as it was when it was looked at. `path` is relative to the state folder."""

    path: str
    size: int
    mtime_ns: int
    inode: int

    @classmethod
    def of(cls, path: str, status: os.stat_result) -> StateFile:
        """The file that `status` was asked of."""
        return cls(path, status.st_size, status.st_mtime_ns, status.st_ino)


@dataclass(slots=True)
class Contents:
    """Paths are relative to the state folder; folders come before what is in them."""

    folders: list[str] = field(default_factory=list)
    files: list[StateFile] = field(default_factory=list)
    databases: list[str] = field(default_factory=list)


def read_contents(state: Path) -> Contents:
    """Look at a state folder.

    Symbolic links are no objects, and Hadoop's checksums are left out because they are overwritten in place;
    a file without one is simply not checked.
    """
    contents = Contents()
    folders = [""]
    while folders:
        folder = folders.pop()
        with os.scandir(state / folder) as entries:
            for entry in entries:
                path = folder + entry.name
                if path in LEFT_OUT or (not folder and DAMAGED in path):
                    continue
                status = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(status.st_mode):
                    contents.folders.append(path)
                    folders.append(f"{path}/")
                elif stat.S_ISREG(status.st_mode):
                    _add_file(contents, StateFile.of(path, status), entry.name)
    return contents


def _add_file(contents: Contents, file: StateFile, name: str) -> None:
    if file.path.startswith(OBJECTS):
        if not is_hadoop_checksum(name):
            contents.files.append(file)
    elif name.endswith(DATABASE):
        contents.databases.append(file.path)
    elif not name.endswith(_BESIDE_A_DATABASE) and DAMAGED not in name:
        contents.files.append(file)
