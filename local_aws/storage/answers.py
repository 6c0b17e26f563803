"""What a client is told when the state fails an operation, in AWS's form: which part of it, and the way out.

The kind of the file is named, never its path. The first error of a damaged file has all open databases
read, once each; what was found is remembered for the health page and for the next answer.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing

from local_aws.errors import AwsError
from local_aws.storage.examine import damage_of
from local_aws.storage.kinds import title_of
from local_aws.storage.sqlite import Database, opened
from local_aws.storage.trouble import (
    NO_SPACE,
    NOT_WRITABLE,
    StateUnusable,
    is_damage,
    is_no_space,
    is_not_writable,
)

logger = logging.getLogger(__name__)

WAY_OUT = "Stop the local AWS with 'laguna down', and run 'laguna doctor'."
_not_opened: dict[str, None] = {}
"""The databases that could not even be opened, as a person calls them."""
_NO_ROOM = 64 << 10
"""Bytes: SQLite's log and index together want more at once."""


def answer_for(error: BaseException, code: str = "InternalFailure") -> AwsError | None:
    """The answer when it was the state that failed; None when it was not. `code` is that of damage."""
    for cause in _causes(error):
        if is_no_space(cause) or (is_not_writable(cause) and _is_full()):
            return AwsError("InsufficientStorage", NO_SPACE, 507)
        if isinstance(cause, StateUnusable):
            titles = [title_of(finding.path) for finding in cause.findings]
            _not_opened.update(dict.fromkeys(titles))
            return _damaged(code, titles)
        if is_damage(cause):
            return _damaged(code, damaged_titles() or _find_damage())
        if is_not_writable(cause):
            return AwsError(code, NOT_WRITABLE, 500)
        # A document or a value that nobody wrote; a client's own is refused before it gets this far.
        if isinstance(cause, (ValueError, TypeError, KeyError)) and (found := _find_damage()):
            return _damaged(code, found)
    return None


def damaged_titles() -> list[str]:
    """The databases that were found damaged, as a person calls them."""
    open_ones = [title_of(database.name) for database in opened() if database.damage]
    return list(dict.fromkeys([*open_ones, *_not_opened]))


def _damaged(code: str, titles: list[str]) -> AwsError:
    what = " and ".join(titles) or "a state file"
    verb = "are" if len(titles) > 1 else "is"
    return AwsError(code, f"{what[:1].upper()}{what[1:]} {verb} damaged or gone. {WAY_OUT}", 500)


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen = 0
    cause: BaseException | None = error
    while cause is not None and seen < 10:
        yield cause
        cause, seen = cause.__cause__ or cause.__context__, seen + 1


def _find_damage() -> list[str]:
    for database in opened():
        if not database.damage:
            database.damage = find_damage_of(database)
    return damaged_titles()


def find_damage_of(database: Database) -> str:
    """What is wrong with the file of an open database, read anew; nothing when it is whole."""
    try:
        with closing(sqlite3.connect(f"{database.path.absolute().as_uri()}?mode=rw", uri=True)) as connection:
            found = damage_of(connection, database.kind)
    except sqlite3.Error as error:
        found = str(error) if is_damage(error) else ""
    if found:
        logger.error("%s is damaged: %s", database.name, found)
    return found


def _is_full() -> bool:
    """Whether a disk of ours has no room: SQLite has no code of its own for its shared index."""
    for database in opened():
        try:
            if shutil.disk_usage(database.path.parent).free < _NO_ROOM:
                return True
        except OSError:
            continue
    return False
