"""Find, place and remove the file of a key under a bucket's folder.

The folder is shared with engines that know nothing of us, so every step copes with folders that come and go
meanwhile. Writers of this process are kept apart by the store's lock; readers need none, because a file is
moved into place whole, and one that has to make way for a folder (`a` when `a/b` arrives) is moved by one
rename to where readers look next.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import NamedTuple

from local_aws.s3.errors import access_denied
from local_aws.s3.files import Fingerprint
from local_aws.s3.keys import is_hadoop_checksum, object_path

_ATTEMPTS = 10
_GONE = (FileNotFoundError, NotADirectoryError)


class PlacedFile(NamedTuple):
    """The file of an object."""

    path: str
    status: os.stat_result


def locate(folder: str, key: str) -> PlacedFile | None:
    """The file of `key`, or None."""
    paths = object_path(key)
    # The first path again: an engine may have put the file there while the second was looked at.
    for path in (paths.natural, paths.beside_folder, paths.natural):
        placed = _regular_file(os.path.join(folder, path))
        if placed is not None:
            return placed
    return None


def is_at(path: str, status: os.stat_result) -> bool:
    """Whether the file of `status` is, unchanged, the one at `path`."""
    placed = _regular_file(path)
    return placed is not None and Fingerprint.of(placed.status) == Fingerprint.of(status)


def place(folder: str, key: str, staged: str) -> str:
    """Move the file `staged` to where `key` belongs, replacing what was there; returns its path.

    Raises:
        AwsError: `AccessDenied`, a folder on the way is a symbolic link.
        OSError: the file system refuses.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return _place_once(folder, key, staged)
        except (FileNotFoundError, NotADirectoryError, FileExistsError, IsADirectoryError):
            # An engine made or removed a folder between two of our steps.
            if attempt == _ATTEMPTS or not os.path.exists(staged):
                raise
    raise AssertionError("the loop returns or raises")


def remove(folder: str, key: str) -> None:
    """Remove the file of `key`, if any, and the folders that it leaves empty."""
    paths = object_path(key)
    for path in {os.path.join(folder, name) for name in paths}:
        if _regular_file(path) is not None:
            with suppress(*_GONE):
                os.unlink(path)
            _remove_checksum_file(path)
            _remove_empty_folders(os.path.dirname(path), folder)


def _place_once(folder: str, key: str, staged: str) -> str:
    paths = object_path(key)
    natural, beside = (os.path.join(folder, path) for path in paths)
    target, has_beside = natural, beside != natural and os.path.lexists(beside)
    if os.path.isdir(natural) or (has_beside and not os.path.lexists(natural)):
        target = beside
    _make_folders(folder, key, os.path.dirname(target))
    _remove_checksum_file(target)
    os.rename(staged, target)
    if has_beside and target == natural:
        with suppress(*_GONE):
            os.unlink(beside)
    return target


def _make_folders(folder: str, key: str, parent: str) -> None:
    try:
        os.makedirs(parent, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        _move_files_aside(folder, key)
        os.makedirs(parent, exist_ok=True)
    if os.path.realpath(parent) != parent:
        raise access_denied(f"A folder on the way to '{key}' is a symbolic link, which is not followed.")


def _move_files_aside(folder: str, key: str) -> None:
    """Objects whose keys are folders of `key` go to the names that they have beside a folder."""
    segments = key.split("/")
    for count in range(1, len(segments)):
        paths = object_path("/".join(segments[:count]))
        natural, beside = (os.path.join(folder, path) for path in paths)
        if natural != beside and _regular_file(natural) is not None:
            os.makedirs(os.path.dirname(beside), exist_ok=True)
            os.rename(natural, beside)
            _remove_checksum_file(natural)


def _regular_file(path: str) -> PlacedFile | None:
    try:
        status = os.lstat(path)
    except _GONE:
        return None
    parent = os.path.dirname(path)
    if not stat.S_ISREG(status.st_mode) or os.path.realpath(parent) != parent:
        return None
    return PlacedFile(path, status)


def _remove_checksum_file(path: str) -> None:
    """Hadoop would check the new bytes against the checksums of the old."""
    parent, name = os.path.split(path)
    with suppress(OSError):  # a name too long for a checksum file never had one
        os.unlink(os.path.join(parent, f".{name}.crc"))


def _remove_empty_folders(folder: str, bucket_folder: str) -> None:
    while folder != bucket_folder and _remove_if_empty(folder):
        folder = os.path.dirname(folder)


def _remove_if_empty(folder: str) -> bool:
    try:
        with os.scandir(folder) as entries:
            leftovers = []
            for entry in entries:
                if not is_hadoop_checksum(entry.name):
                    return False
                leftovers.append(entry.path)
        for path in leftovers:
            os.unlink(path)
        os.rmdir(folder)
    except OSError:
        return False  # an engine is using it
    return True


def remove_empty_tree(folder: str) -> None:
    """Remove a folder that holds no objects: empty folders and Hadoop's checksum files only.

    Raises:
        OSError: something else is in it.
    """
    for parent, _, names in os.walk(folder, topdown=False):
        for name in filter(is_hadoop_checksum, names):
            os.unlink(os.path.join(parent, name))
        os.rmdir(parent)
