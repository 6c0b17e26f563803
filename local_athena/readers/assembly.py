"""The SELECT over files that a scan becomes: columns from the files, partition values and hidden columns beside.

`"$path"`, `"$file_size"`, `"$file_modified_time"` and `"$partition"` describe the file of each row
(https://docs.aws.amazon.com/athena/latest/ug/querying-hidden-columns.html).
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

from local_athena.catalog.files import HIVE_NULL, DataFile
from local_athena.catalog.readings import FILENAME, Reading, selected
from local_athena.sql.build import NOTHING, cast_as, commas, ident, null_of, sql, string
from local_athena.sql.fragment import Sql
from local_athena.sql.typed import Scan
from local_athena.types.trino import BIGINT, VARCHAR, TrinoType, timestamp_tz

HIDDEN: dict[str, TrinoType] = {
    "$path": VARCHAR,
    "$file_size": BIGINT,
    "$file_modified_time": timestamp_tz(3),
    "$partition": VARCHAR,
}
"""The hidden columns of a table of files."""


def _path(scan: Scan, file: DataFile) -> Sql:
    return string(file.stored.uri)


def _size(scan: Scan, file: DataFile) -> Sql:
    return sql("CAST({} AS BIGINT)", file.stored.size)


def _modified(scan: Scan, file: DataFile) -> Sql:
    moment = file.stored.modified.astimezone(UTC)
    text = f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03d}"
    return sql("struct_pack(t := TIMESTAMP {}, z := 'UTC')", string(text))


def _partition(scan: Scan, file: DataFile) -> Sql:
    keys = scan.table.partition_columns
    pairs = zip(keys, file.values, strict=True)
    return string("/".join(f"{key.name}={HIVE_NULL if v is None else v}" for key, v in pairs))


CELLS: dict[str, Callable[[Scan, DataFile], Sql]] = {
    "$path": _path,
    "$file_size": _size,
    "$file_modified_time": _modified,
    "$partition": _partition,
}


def empty(scan: Scan) -> Reading:
    """A scan without files."""
    types = {**HIDDEN, **{c.name: c.type for c in scan.table.columns}}
    nulls = {name: null_of(types[name]) for name in scan.used}
    return Reading(sql("SELECT {} WHERE false", selected(nulls)), 0)


def assembled(
    scan: Scan, files: list[DataFile], source: Sql, columns: dict[str, Sql], filename: str = FILENAME
) -> Sql:
    """SELECT of the used columns from `source`, whose column `filename` says which file a row is of."""
    keys = [(i, c) for i, c in enumerate(scan.table.partition_columns) if c.name in scan.used]
    hidden = [name for name in HIDDEN if name in scan.used]
    items = dict(columns)
    items |= {c.name: partition_value(ident("m", f"k{i}"), c.type) for i, c in keys}
    items |= {name: ident("m", f"h{i}") for i, name in enumerate(hidden)}
    described = NOTHING
    if keys or hidden:
        names = ["file", *(f"k{i}" for i, _ in keys), *(f"h{i}" for i in range(len(hidden)))]
        rows = (_described(scan, file, [i for i, _ in keys], hidden) for file in files)
        described = sql(
            " JOIN (VALUES {}) AS m({}) ON {} = m.file",
            commas(rows),
            commas(map(ident, names)),
            ident("d", filename),
        )
    return sql("SELECT {} FROM {} AS d{}", selected(items), source, described)


def _described(scan: Scan, file: DataFile, keys: list[int], hidden: list[str]) -> Sql:
    """A file's path with the partition values and hidden columns that are read."""
    cells = [string(file.path), *(_cell(file.values[i]) for i in keys)]
    return sql("({})", commas([*cells, *(CELLS[name](scan, file) for name in hidden)]))


def _cell(value: str | None) -> Sql:
    return sql("CAST(NULL AS VARCHAR)") if value is None else string(value)


def partition_value(value: Sql, type_: TrinoType) -> Sql:
    """A partition value's text as its column's type."""
    if type_.base in ("varchar", "char"):
        return value
    made = cast_as(value, type_)
    return to_milliseconds(made) if type_.base == "timestamp" else made


def to_milliseconds(value: Sql) -> Sql:
    """A timestamp that may be finer, rounded to what a Hive table's timestamp(3) holds."""
    return sql("date_trunc('milliseconds', {} + INTERVAL 500 MICROSECONDS)", value)
