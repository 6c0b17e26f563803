"""The SELECT over files that a scan becomes: columns from the files, partition values and hidden columns beside.

`"$path"`, `"$file_size"`, `"$file_modified_time"` and `"$partition"` describe the file of each row
(https://docs.aws.amazon.com/athena/latest/ug/querying-hidden-columns.html).
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC

from local_athena.catalog.files import HIVE_NULL, DataFile
from local_athena.translate.sql import null_of, quoted
from local_athena.translate.typed import Scan
from local_athena.types.duckdb import carrier
from local_athena.types.trino import BIGINT, VARCHAR, TrinoType, timestamp_tz


@dataclass(frozen=True, slots=True)
class Reading:
    """SQL of a scan and what it costs: the bytes that Athena would bill."""

    sql: str
    scanned: int


HIDDEN: dict[str, TrinoType] = {
    "$path": VARCHAR,
    "$file_size": BIGINT,
    "$file_modified_time": timestamp_tz(3),
    "$partition": VARCHAR,
}
"""The hidden columns of a table of files."""


def _path(scan: Scan, file: DataFile) -> str:
    return quoted(file.stored.uri)


def _size(scan: Scan, file: DataFile) -> str:
    return f"CAST({file.stored.size} AS BIGINT)"


def _modified(scan: Scan, file: DataFile) -> str:
    moment = file.stored.modified.astimezone(UTC)
    text = f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03d}"
    return f"struct_pack(t := TIMESTAMP '{text}', z := 'UTC')"


def _partition(scan: Scan, file: DataFile) -> str:
    keys = scan.table.partition_columns
    pairs = zip(keys, file.values, strict=True)
    return quoted("/".join(f"{key.name}={HIVE_NULL if v is None else v}" for key, v in pairs))


CELLS: dict[str, Callable[[Scan, DataFile], str]] = {
    "$path": _path,
    "$file_size": _size,
    "$file_modified_time": _modified,
    "$partition": _partition,
}


def used_columns(scan: Scan) -> list[str]:
    """The columns that the query reads."""
    return sorted(scan.used)


def empty(scan: Scan) -> Reading:
    """A scan without files."""
    types = {**HIDDEN, **{c.name: c.type for c in scan.table.columns}}
    items = [f'{null_of(types[name])} AS "{name}"' for name in used_columns(scan)] or ["1 AS none"]
    return Reading(f"SELECT {', '.join(items)} WHERE false", 0)


def assembled(scan: Scan, files: list[DataFile], source: str, columns: dict[str, str]) -> str:
    """SELECT of the used columns from `source`, whose `filename` says which file a row is of."""
    items = dict(columns)
    keys = [(i, c) for i, c in enumerate(scan.table.partition_columns) if c.name in scan.used]
    hidden = [name for name in HIDDEN if name in scan.used]
    joined = ""
    if keys or hidden:
        rows = []
        for file in files:
            cells = [quoted(file.path), *(_cell(file.values[i]) for i, _ in keys)]
            cells += [CELLS[name](scan, file) for name in hidden]
            rows.append(f"({', '.join(cells)})")
        names = ["file", *(f"k{i}" for i, _ in keys), *(f"h{i}" for i in range(len(hidden)))]
        joined = f" JOIN (VALUES {', '.join(rows)}) AS m({', '.join(names)}) ON d.filename = m.file"
        items |= {c.name: partition_value(f"m.k{i}", c.type) for i, c in keys}
        items |= {name: f"m.h{i}" for i, name in enumerate(hidden)}
    # Sorted, so that several of these can stand in one UNION ALL.
    listed = ", ".join(f'{items[name]} AS "{name}"' for name in sorted(items))
    return f"SELECT {listed or '1 AS none'} FROM {source} AS d{joined}"  # noqa: S608


def _cell(value: str | None) -> str:
    return "CAST(NULL AS VARCHAR)" if value is None else quoted(value)


def partition_value(sql: str, type_: TrinoType) -> str:
    """A partition value's text as its column's type."""
    if type_.base in ("varchar", "char"):
        return sql
    made = f"CAST({sql} AS {carrier(type_)})"
    return to_milliseconds(made) if type_.base == "timestamp" else made


def to_milliseconds(sql: str) -> str:
    """A timestamp that may be finer, rounded to what a Hive table's timestamp(3) holds."""
    return f"date_trunc('milliseconds', {sql} + INTERVAL 500 MICROSECONDS)"
