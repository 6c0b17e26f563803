"""What a file says of itself: its state, its age, its MD5, and whether it has come to rest."""

from __future__ import annotations

import hashlib
import os
import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import BinaryIO, NamedTuple

# A file that changed this short a time ago may change again without getting a new time.
_SETTLED_NS = 100_000_000


class Fingerprint(NamedTuple):
    """One state of one file; a rename keeps it, other bytes do not."""

    size: int
    mtime_ns: int
    inode: int

    @classmethod
    def of(cls, status: os.stat_result) -> Fingerprint:
        """The fingerprint of the file that `status` was asked of."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ino)


def modified(status: os.stat_result) -> datetime:
    """When the file changed, in whole seconds, as S3 tells it."""
    return _moment(int(status.st_mtime))


@lru_cache(maxsize=1024)
def _moment(seconds: int) -> datetime:
    """Cached, because the files of a listing were mostly written in the same few seconds."""
    return datetime.fromtimestamp(seconds, UTC)


def md5_of(file: BinaryIO) -> str:
    """The MD5 of the bytes in hex; the file is left at its start."""
    digest = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False))  # type: ignore[arg-type]
    file.seek(0)
    return digest.hexdigest()


def is_settled(status: os.stat_result) -> bool:
    """Whether the file changed long enough ago for its next change to show in its time."""
    return time.time_ns() - status.st_mtime_ns > _SETTLED_NS
