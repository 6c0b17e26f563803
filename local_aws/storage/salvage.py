"""Save what can be read of a damaged database, row by row, into a new one.

A table is read in the order of its rows up to the first page that cannot be, and goes on behind it: by row
number where there is one, from the other end where there is not. A journal ends before its first gap, since
its later rows count on those that are missing. A row is saved only when it is one that a service could have
written: every value of its column's type, every text UTF-8, every document JSON, and its parent is there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_aws.storage.examine import HEADER, is_document, quoted, tables_of
from local_aws.storage.kinds import APPLICATION_ID, Kind

Row = tuple[Any, ...]

MOST_GAPS = 10_000
MOST_STEPS = 5_000
LONGEST_STEP = 32
_SMALLEST_ROW = 4
"""Bytes: no table of a file has more rows than it has of these, whatever a damaged page says."""
_LAST_ROW = 2**62


@dataclass(frozen=True, slots=True)
class SavedTable:
    """What became of one table; `lost` is None when it cannot be known how many rows there were."""

    table: str
    saved: int
    lost: int | None


class NothingToSave(Exception):
    """No table can be read: without one, what is left would be an empty database, which no start accepts."""


def salvage(scratch: Path, target: Path, kind: Kind) -> list[SavedTable]:
    """Make `target` of what reads in `scratch`, a copy of the damaged file that may be written to.

    Raises:
        NothingToSave: there is no `target`.
    """
    source = _opened(scratch)
    with closing(source), closing(sqlite3.connect(target, isolation_level=None)) as made:
        made.execute("PRAGMA synchronous = OFF")
        made.execute("BEGIN")
        tables = _make(source, made)
        if not tables:
            raise NothingToSave("no table's definition can be read")
        saved = [_save_table(source, made, table, kind, _most_rows(scratch)) for table in tables]
        saved = [_without_orphans(made, table) for table in saved]
        made.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        made.execute(f"PRAGMA user_version = {_version(source, kind)}")
        made.execute("COMMIT")
    return saved


def _opened(scratch: Path) -> sqlite3.Connection:
    with suppress(sqlite3.DatabaseError):
        return _readable(scratch)
    _renew_header(scratch)
    try:
        return _readable(scratch)
    except sqlite3.DatabaseError as error:
        raise NothingToSave(str(error)) from error


def _readable(scratch: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(scratch, isolation_level=None)
    connection.text_factory = lambda data: data.decode(errors="surrogateescape")
    try:
        # A schema of which one entry is damaged is read nevertheless.
        connection.execute("PRAGMA writable_schema = ON")
        if not tables_of(connection):
            raise sqlite3.DatabaseError("it has no tables")
    except BaseException:
        connection.close()
        raise
    return connection


def _renew_header(scratch: Path) -> None:
    """Write the first bytes anew, which are the same in all databases of ours but for the number of pages."""
    template = scratch.with_name(f"{scratch.name}.header")
    with closing(sqlite3.connect(template, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE t (n)")
    header = bytearray(template.read_bytes()[:HEADER])
    template.unlink()
    page_size = int.from_bytes(header[16:18], "big")
    header[28:32] = (scratch.stat().st_size // page_size).to_bytes(4, "big")
    with scratch.open("r+b") as file:
        file.write(header)


def _version(source: sqlite3.Connection, kind: Kind) -> int:
    (version,) = source.execute("PRAGMA user_version").fetchone()
    return version if 0 < version <= kind.version else kind.version


def _most_rows(scratch: Path) -> int:
    return scratch.stat().st_size // _SMALLEST_ROW


def _make(source: sqlite3.Connection, made: sqlite3.Connection) -> list[str]:
    """Make the tables and indexes of `source`, as far as their definitions read; the names of the tables."""
    tables = []
    for kind in ("table", "index"):
        rows = source.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = ? AND sql IS NOT NULL", (kind,)
        )
        for name, sql in _until_it_fails(rows):
            if str(name).startswith("sqlite_"):
                continue
            with suppress(sqlite3.Error, ValueError):
                made.execute(sql)
                if kind == "table":
                    tables.append(str(name))
    return tables


def _until_it_fails(rows: Iterator[Row]) -> Iterator[Row]:
    with suppress(sqlite3.DatabaseError):
        yield from rows


def _save_table(
    source: sqlite3.Connection, made: sqlite3.Connection, table: str, kind: Kind, most: int
) -> SavedTable:
    columns = made.execute("SELECT name, type FROM pragma_table_info(?)", (table,)).fetchall()
    checks = [(_TYPES.get(declared.upper(), object), name in kind.documents) for name, declared in columns]
    names = ", ".join(quoted(name) for name, _ in columns)
    insert = f"INSERT OR IGNORE INTO {quoted(table)} ({names}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
    for row in _Reader(source, table, names, most, journal=kind.form == "journal").rows():
        if len(row) == len(checks) and all(map(_fits, row, checks)):
            made.execute(insert, row)
        elif kind.form == "journal":
            break
    (saved,) = made.execute(f"SELECT count(*) FROM {quoted(table)}").fetchone()  # noqa: S608
    lost = None
    with suppress(sqlite3.DatabaseError):
        (total,) = source.execute(f"SELECT count(*) FROM {quoted(table)}").fetchone()  # noqa: S608
        lost = max(total - saved, 0)
    return SavedTable(table, saved, lost)


_TYPES: dict[str, type | tuple[type, ...]] = {
    "TEXT": str,
    "INTEGER": int,
    "REAL": (int, float),
    "BLOB": bytes,
}


def _fits(value: Any, check: tuple[type | tuple[type, ...], bool]) -> bool:
    declared, document = check
    if value is None:
        return True  # where that may not be, the new table refuses the row
    if not isinstance(value, declared):
        return False
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            return False
    return not document or is_document(value)


class _Reader:
    """The rows of one table, as far as they read."""

    def __init__(
        self, source: sqlite3.Connection, table: str, names: str, most: int, *, journal: bool
    ) -> None:
        self._source = source
        self._table = quoted(table)
        self._names = names
        self._most = most
        self._journal = journal

    def rows(self) -> Iterator[Row]:
        """Every row that can be read; some may come twice."""
        try:
            self._source.execute(f"SELECT rowid FROM {self._table} LIMIT 0")  # noqa: S608
        except sqlite3.OperationalError:
            yield from self._from_both_ends()
        else:
            yield from self._by_number()

    def _by_number(self) -> Iterator[Row]:
        last: int | None = -_LAST_ROW
        for _ in range(MOST_GAPS):
            try:
                for number, *row in self._source.execute(
                    f"SELECT rowid, {self._names} FROM {self._table} WHERE rowid > ? ORDER BY rowid",  # noqa: S608
                    (last,),
                ):
                    if last is not None and number <= last:
                        break  # a page that leads back
                    last = number
                    yield tuple(row)
                else:
                    return
            except sqlite3.DatabaseError:
                pass
            if self._journal or last is None or (last := self._behind_the_gap(last)) is None:
                return

    def _behind_the_gap(self, last: int) -> int | None:
        """The number before the first row after `last` that can be read; None when there is none."""
        bad, step = max(last, 0), 1
        for tries in range(MOST_STEPS + 64):
            if self._reads(good := bad + step):
                break
            bad = good
            # A page has some ten rows: larger steps could go over whole pages that read.
            step = step * 2 if step < LONGEST_STEP or tries > MOST_STEPS else step
        else:
            return None
        while good - bad > 1:
            middle = (bad + good) // 2
            if self._reads(middle):
                good = middle
            else:
                bad = middle
        return max(good - 1, last + 1)

    def _reads(self, number: int) -> bool:
        try:
            self._source.execute(
                f"SELECT {self._names} FROM {self._table} WHERE rowid >= ? ORDER BY rowid LIMIT 1",  # noqa: S608
                (number,),
            ).fetchall()
        except sqlite3.DatabaseError:
            return False
        return True

    def _from_both_ends(self) -> Iterator[Row]:
        keys = self._source.execute(
            "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", (self._table.strip('"'),)
        )
        ordered = [quoted(name) for (name,) in keys]
        for direction in ("ASC", "DESC"):
            order = ", ".join(f"{key} {direction}" for key in ordered)
            try:
                rows = self._source.execute(f"SELECT {self._names} FROM {self._table} ORDER BY {order}")  # noqa: S608
                for _, row in zip(range(self._most), rows, strict=False):
                    yield row
            except sqlite3.DatabaseError:
                continue
            return


def _without_orphans(made: sqlite3.Connection, table: SavedTable) -> SavedTable:
    """Remove the rows whose parents were lost."""
    removed = 0
    keys = made.execute('SELECT "table", "from", "to" FROM pragma_foreign_key_list(?)', (table.table,))
    for parent, column, referred in keys.fetchall():
        query = "SELECT name FROM pragma_table_info(?) WHERE pk = 1"
        key = made.execute(query, (parent,)).fetchone()
        child, orphans = quoted(column), f"{quoted(column)} IS NOT NULL"
        if key is not None:  # else the parents' table itself is lost
            of_parent = f"(SELECT {quoted(referred or key[0])} FROM {quoted(parent)})"  # noqa: S608
            orphans += f" AND {child} NOT IN {of_parent}"
        removed += made.execute(f"DELETE FROM {quoted(table.table)} WHERE {orphans}").rowcount  # noqa: S608
    lost = None if table.lost is None else table.lost + removed
    return SavedTable(table.table, table.saved - removed, lost)
