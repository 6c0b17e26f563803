"""A sealed file is known to be as it was left; see `manifest.py`.

Reading a file for its checksum takes about a second for each gigabyte, so a large one is read only when its
size or time differs, which a write gives it and a copy of the folder does, too.
"""

from __future__ import annotations

import logging
import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

from local_aws.storage.kinds import kind_of
from local_aws.storage.manifest import Manifest, Seal

logger = logging.getLogger(__name__)

ALWAYS_READ = 64 << 20
"""Bytes of a file whose checksum is compared at every start."""
_CHUNK = 1 << 20


def has_log(path: Path) -> bool:
    """Whether a database has changes in its write-ahead log, as after a kill."""
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0


def is_intact(path: Path, seal: Seal) -> bool:
    """Whether the file is what was sealed."""
    status = path.stat()
    if status.st_size != seal.size:
        return False
    if status.st_size > ALWAYS_READ and status.st_mtime_ns == seal.mtime_ns:
        return True
    return checksum(path) == seal.crc


def checksum(path: Path) -> int:
    """The CRC-32 of a file."""
    crc = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            crc = zlib.crc32(chunk, crc)
    return crc


def seal_all(state: Path) -> None:
    """Seal the databases of a state folder, which nobody may write from now on.

    A file that cannot be sealed is looked at as a whole at the next start, as after a kill.
    """
    manifest = Manifest.read(state)
    if manifest is not None:
        Manifest({path: _sealed(state, path) for path in manifest.files}).write(state)


def _sealed(state: Path, path: str) -> Seal | None:
    kind = kind_of(path)
    if kind is None or kind.form not in ("database", "journal"):
        return None
    file = state / path
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True, timeout=1)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if has_log(file):
            return None
        status = file.stat()
        return Seal(status.st_size, status.st_mtime_ns, checksum(file))
    except (OSError, sqlite3.Error) as error:
        logger.warning("%s could not be sealed: %s", path, error)
        return None
