"""State that cannot be used: what a start refuses, and what an operation that runs into it answers.

SQLite and the system tell it in many ways (a full disk alone in four); here they become three: no room, no
way to write, damage. AWS has no code for either, so the code is `InsufficientStorage` with HTTP's own 507 for
a full disk, which the SDKs do not repeat as they would a 500, and AWS's internal error for the others.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Sequence

from local_aws.storage.findings import Finding

NO_SPACE = (
    "No space left on the disk of the local AWS's state: the operation was not carried out. "
    "Make room and repeat it."
)
NOT_WRITABLE = (
    "The local AWS's state cannot be written: its disk is read-only, failing or gone. "
    "The operation was not carried out."
)
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_UNWRITABLE = frozenset({errno.EROFS, errno.EIO, errno.ENODEV, errno.ESTALE, errno.ENXIO})


class StateUnusable(Exception):
    """Files of the state folder are not what they were; `str(error)` has a sentence for each."""

    def __init__(self, findings: Sequence[Finding], option: str = "") -> None:
        super().__init__("\n".join(finding.sentence(option) for finding in findings))
        self.findings = tuple(findings)


def is_no_space(error: BaseException) -> bool:
    """Whether the disk is full, or the file as large as it may be."""
    if isinstance(error, OSError):
        return error.errno in _FULL
    if not isinstance(error, sqlite3.Error):
        return False
    return _code(error) == sqlite3.SQLITE_FULL


def is_damage(error: BaseException) -> bool:
    """Whether SQLite found a file that is no whole database."""
    if not isinstance(error, sqlite3.DatabaseError):
        return False
    code = _code(error)
    if code is None:
        return "decode to UTF-8" in str(error)
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_not_writable(error: BaseException) -> bool:
    """Whether the disk takes no writes, or is not there."""
    if isinstance(error, OSError):
        return error.errno in _UNWRITABLE
    return isinstance(error, sqlite3.Error) and _code(error) in (
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
    )


def _code(error: sqlite3.Error) -> int | None:
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
