"""Files in snapshots are hard links: saving and putting back copies no bytes.

That is safe because the object store never changes a file, it moves a new one into its place, and so do Spark
and DuckDB. Should something write into a file all the same, the snapshot's would change with it; its size or
time then tells, and the snapshot is refused (`check_files`). A link keeps the inode and the time, so what the
store's index knows of an object (its ETag and metadata) is right again when the file is back.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from local_aws.errors import AwsError
from local_aws.snapshots.contents import Contents, StateFile, read_contents


def link_files(contents: Contents, state: Path, target: Path) -> None:
    """Give `target` the folders and files of `state`.

    Raises:
        OSError: the file system has no hard links, or not for this file.
    """
    target.mkdir(parents=True)
    for folder in contents.folders:
        (target / folder).mkdir()
    source_root, target_root = f"{state}/", f"{target}/"
    for file in contents.files:
        os.link(source_root + file.path, target_root + file.path, follow_symlinks=False)


def check_files(contents: Contents, saved: Path) -> None:
    """Refuse a snapshot of whose files one has changed since it was saved.

    Spark writes `_SUCCESS` anew at each append; an empty file that is empty still gets its time back.

    Raises:
        AwsError: SnapshotDamaged.
    """
    root = f"{saved}/"
    for file in contents.files:
        try:
            status = os.lstat(root + file.path)
        except OSError:
            raise damaged(file.path, "is missing") from None
        if StateFile.of(file.path, status) == file:
            continue
        if status.st_size or file.size:
            raise damaged(file.path, "was written in place after it was saved")
        os.utime(root + file.path, ns=(file.mtime_ns, file.mtime_ns))


def put_back_files(contents: Contents, saved: Path, state: Path) -> None:
    """Make the files of `state` those of `saved`. May be repeated when it was interrupted."""
    present = read_contents(state)
    wanted = {file.path: file for file in contents.files}
    right: set[str] = set()
    for file in present.files:
        there = wanted.get(file.path)
        if there is not None and there.inode == file.inode:
            right.add(file.path)
        else:
            os.unlink(state / file.path)
    _match_folders(present.folders, contents.folders, state)
    source_root, target_root = f"{saved}/", f"{state}/"
    for path in wanted.keys() - right:
        os.link(source_root + path, target_root + path, follow_symlinks=False)


def _match_folders(present: list[str], wanted: list[str], state: Path) -> None:
    # Deepest first; a folder of a database stays, and so does one with a symbolic link of somebody's.
    for folder in sorted(set(present) - set(wanted), key=len, reverse=True):
        _remove_checksums(state / folder)
        with suppress(OSError):
            os.rmdir(state / folder)
    for folder in wanted:
        (state / folder).mkdir(exist_ok=True)


def _remove_checksums(folder: Path) -> None:
    for file in folder.glob(".*.crc"):
        file.unlink()


def damaged(path: str, what: str) -> AwsError:
    """The refusal of a snapshot for one of its files."""
    message = f"The snapshot cannot be loaded: its file '{path}' {what}. Delete it and save it again."
    return AwsError("SnapshotDamaged", message, 409)
