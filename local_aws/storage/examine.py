"""Look at one state file without changing it, and say how it is.

A sealed database is compared with its seal. One that was not (after a kill) is read: SQLite's own check of
its pages, then every text and every JSON document of its rows, as SQLite takes any bytes for a value.
"""

from __future__ import annotations

import json
import sqlite3
import struct
from contextlib import closing
from functools import partial
from pathlib import Path
from urllib.parse import quote

from local_aws.storage.findings import Finding, Verdict
from local_aws.storage.kinds import APPLICATION_ID, Kind, kind_of
from local_aws.storage.manifest import Seal
from local_aws.storage.seals import has_log, is_intact

MAGIC = b"SQLite format 3\0"
HEADER = 100
NO_DATABASE = "it does not begin as a database does"
CHANGED = "its bytes are not those that the server left when it stopped"
_LAST_PLAUSIBLE_VERSION = 10_000


def examine(state: Path, path: str, seal: Seal | None = None, *, whole: bool = True) -> Finding:
    """How the file is; without `whole` no more is read than its beginning and its schema."""
    kind = kind_of(path)
    file = state / path
    try:
        if kind is None:
            return Finding(path, Verdict.DAMAGED, "it is no file of the state")
        if kind.form == "folder":
            return Finding(path, Verdict.OK if file.is_dir() else Verdict.MISSING)
        size = file.stat().st_size
        found = partial(Finding, path, size=size)
        if not size:
            return found(Verdict.EMPTY)
        if kind.form == "json":
            return found(*_examine_json(file))
        return _Database(file, kind, found).examine(seal, whole=whole)
    except FileNotFoundError:
        return Finding(path, Verdict.MISSING)
    except OSError as error:
        return Finding(path, Verdict.DAMAGED, f"it cannot be read: {error.strerror}")


def _examine_json(file: Path) -> tuple[Verdict, str]:
    try:
        document = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        return Verdict.DAMAGED, "it is no JSON document any more"
    if not isinstance(document, dict):
        return Verdict.DAMAGED, "it is not the document that was written"
    return Verdict.OK, ""


def open_unchanged(file: Path) -> sqlite3.Connection:
    """A database for reading; nothing is made beside it unless it has a log that must be read as well."""
    how = "mode=ro" if has_log(file) else "immutable=1"
    return sqlite3.connect(f"file:{quote(str(file.absolute()))}?{how}", uri=True, isolation_level=None)


class _Database:
    def __init__(self, file: Path, kind: Kind, found: partial[Finding]) -> None:
        self._file = file
        self._kind = kind
        self._found = found

    def examine(self, seal: Seal | None, *, whole: bool) -> Finding:
        with self._file.open("rb") as opened:
            header = opened.read(HEADER)
        if len(header) < HEADER or not header.startswith(MAGIC):
            return self._found(Verdict.DAMAGED, NO_DATABASE)
        version, application = struct.unpack_from(">I4xI", header, 60)
        if application == APPLICATION_ID and self._kind.version < version <= _LAST_PLAUSIBLE_VERSION:
            return self._found(Verdict.NEWER, self._layouts(version), version=version)
        if seal is not None and not has_log(self._file):
            verdict = (Verdict.OK, "") if is_intact(self._file, seal) else (Verdict.DAMAGED, CHANGED)
            return self._found(*verdict, version=version)
        try:
            with closing(open_unchanged(self._file)) as connection:
                return self._read(connection, whole=whole)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN):
                return self._found(Verdict.OK, version=version, whole=False)
            return self._found(Verdict.DAMAGED, str(error))
        except sqlite3.DatabaseError as error:
            return self._found(Verdict.DAMAGED, str(error))

    def _layouts(self, version: int) -> str:
        return f"its layout is number {version}, and this Laguna reads up to {self._kind.version}"

    def _read(self, connection: sqlite3.Connection, *, whole: bool) -> Finding:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        if application not in (0, APPLICATION_ID):
            return self._found(Verdict.DAMAGED, "it is another program's database")
        if version > self._kind.version:
            return self._found(Verdict.NEWER, self._layouts(version), version=version)
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master WHERE type = 'table'").fetchone()
        if not tables:
            return self._found(Verdict.EMPTY, "it has no tables", version=version)
        detail = damage_of(connection, self._kind) if whole else ""
        return self._found(Verdict.DAMAGED if detail else Verdict.OK, detail, version=version, whole=whole)


def damage_of(connection: sqlite3.Connection, kind: Kind) -> str:
    """The first thing that is wrong in a database; nothing when all of it reads."""
    (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if said != "ok":
        return str(said).replace("*** in database main ***\n", "").strip()
    for (table,) in tables_of(connection):
        unread = f"a row of {table} cannot be read"
        try:
            for _ in connection.execute(f"SELECT * FROM {quoted(table)}"):  # noqa: S608 - quoted
                pass
        except sqlite3.OperationalError:
            # Text that is not UTF-8; the module has no error code for it.
            return unread
        for column in _documents(connection, table, kind):
            wrong = f"SELECT {quoted(column)} FROM {quoted(table)} WHERE NOT json_valid({quoted(column)})"  # noqa: S608
            if not all(is_document(text) for (text,) in connection.execute(wrong)):
                return unread
    return ""


def tables_of(connection: sqlite3.Connection) -> list[tuple[str]]:
    """The names of the tables."""
    return connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        " ORDER BY rowid"
    ).fetchall()


def _documents(connection: sqlite3.Connection, table: str, kind: Kind) -> list[str]:
    columns = connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
    return [name for (name,) in columns if name in kind.documents]


def is_document(text: object) -> bool:
    """Whether Python reads it as JSON, of which SQLite knows a little less (`NaN`)."""
    try:
        json.loads(text)  # type: ignore[arg-type]
    except (ValueError, TypeError, RecursionError):
        return False
    return True


def quoted(name: str) -> str:
    """A name in SQL."""
    return '"' + name.replace('"', '""') + '"'
