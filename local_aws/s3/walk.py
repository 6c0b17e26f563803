"""Walk a bucket's folder in the order of its keys, reading only the folders that a listing needs.

Folders are read with `os.scandir` one at a time. Within a folder, a sub-folder sorts as its name followed by
`/`, which makes the walk's order that of the keys' UTF-8 bytes (Python compares code points, the same order).
Symbolic links are not followed and are no objects: a key never leads out of its bucket.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from typing import NamedTuple

from local_aws.s3.keys import file_segment, folder_segment, is_piece


class FoundFile(NamedTuple):
    """A file that is an object, as it was when the walk came by."""

    key: str
    path: str
    status: os.stat_result


class _Entry(NamedTuple):
    key: str
    """A folder's ends in `/`."""
    is_alternate: bool
    """The file lies at its escaped name; it is hidden by one at the natural name."""
    path: str
    is_folder: bool


class Walk:
    """The files of a folder by key: those that start with `prefix` and come after `start_after`.

    While iterating, `skip` may be set to a prefix: keys that start with it are then passed over without
    reading their folders, which is what a listing with a delimiter needs.
    """

    def __init__(self, folder: str, prefix: str = "", start_after: str = "") -> None:
        self._folder = folder
        self._prefix = prefix
        self._start_after = start_after
        self.skip: str | None = None

    def __iter__(self) -> Iterator[FoundFile]:
        return self._walk(self._folder, "")

    def _walk(self, folder: str, parent: str) -> Iterator[FoundFile]:
        previous = None
        for entry in sorted(_scan(folder, parent)):
            if entry.is_folder:
                if self._may_hold(entry.key):
                    yield from self._walk(entry.path, entry.key)
            elif entry.key != previous and self._wants(entry.key):
                status = _regular_file(entry.path)
                if status is not None:
                    previous = entry.key
                    yield FoundFile(entry.key, entry.path, status)

    def _may_hold(self, folder_key: str) -> bool:
        in_prefix = folder_key.startswith(self._prefix) or self._prefix.startswith(folder_key)
        is_ahead = folder_key > self._start_after or self._start_after.startswith(folder_key)
        return in_prefix and is_ahead and not self._is_skipped(folder_key)

    def _wants(self, key: str) -> bool:
        return key.startswith(self._prefix) and key > self._start_after and not self._is_skipped(key)

    def _is_skipped(self, key: str) -> bool:
        return self.skip is not None and key.startswith(self.skip)


def _scan(folder: str, parent: str, pieces: tuple[str, ...] = ()) -> Iterator[_Entry]:
    try:
        entries = os.scandir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return  # removed by an engine since its parent was read
    with entries:
        for entry in entries:
            name = entry.name
            if not entry.is_dir(follow_symlinks=False):
                segment = file_segment(name, pieces)
                if segment is not None:
                    yield _Entry(parent + segment, segment != name, entry.path, False)
            elif is_piece(name):
                yield from _scan(entry.path, parent, (*pieces, name))
            else:
                segment = folder_segment(name, pieces)
                if segment is not None:
                    yield _Entry(f"{parent}{segment}/", False, entry.path, True)


def _regular_file(path: str) -> os.stat_result | None:
    try:
        status = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status if stat.S_ISREG(status.st_mode) else None
