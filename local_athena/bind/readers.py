"""How DuckDB reads the files of a scan: one reader for each SerDe, each giving typed columns.

Parquet columns match by name, text columns by position, JSON keys by name
(https://docs.aws.amazon.com/athena/latest/ug/handling-schema-updates-chapter.html). Text is read line by
line and split here, because a SerDe never lets a field hold a line break and never fails for a missing or
surplus field.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from local_athena.bind import parquet, text_files
from local_athena.bind.files import DataFile
from local_athena.errors import QueryFailed
from local_athena.functions.python import delimited, json_rows
from local_athena.translate.casts import cast
from local_athena.translate.context import Context
from local_athena.translate.sql import null_of, quoted
from local_athena.translate.typed import Scan, Typed
from local_athena.types.duckdb import carrier
from local_athena.types.trino import INTEGERS, VARCHAR, TrinoType, array, row

LINE_BREAKER = "\x01\x02\x03\x04"
"""A field delimiter that no text file holds, so that a line stays whole."""


@dataclass(frozen=True, slots=True)
class Reading:
    """SQL of a scan and what it costs: the bytes that Athena would bill."""

    sql: str
    scanned: int


Reader = Callable[[Context, Scan, list[DataFile]], Reading]


def read_scan(context: Context, scan: Scan, files: list[DataFile], scratch: Path) -> Reading:
    """The SQL that gives the scan's used columns; `scratch` is where text may be copied.

    Raises:
        QueryFailed: its SerDe is not supported, or the files do not fit the table.
    """
    descriptor = scan.table.glue.get("StorageDescriptor") or {}
    serde = str((descriptor.get("SerdeInfo") or {}).get("SerializationLibrary") or "")
    reader = READERS.get(serde.rpartition(".")[2])
    if reader is None:
        raise QueryFailed("HIVE_UNSUPPORTED_FORMAT", f"Unable to read SerDe: {serde or 'none'}")
    if not files:
        return Reading(_empty(scan), 0)
    if reader is not _read_parquet:
        files = text_files.readable(files, scratch)
    return reader(context, scan, files)


def _used(scan: Scan) -> list[str]:
    return sorted(scan.used)


def _empty(scan: Scan) -> str:
    types = {c.name: c.type for c in scan.table.columns}
    items = [f'{null_of(types.get(name, VARCHAR))} AS "{name}"' for name in _used(scan)] or ["1 AS none"]
    return f"SELECT {', '.join(items)} WHERE false"


def _assembled(scan: Scan, files: list[DataFile], source: str, columns: dict[str, str]) -> str:
    """SELECT of the used columns from `source`, whose `filename` gives partition values and hidden columns."""  # noqa: E501
    items = [f'{sql} AS "{name}"' for name, sql in columns.items()]
    keys = [(i, c) for i, c in enumerate(scan.table.partition_columns) if c.name in scan.used]
    hidden = [name for name in ("$path", "$file_size") if name in scan.used]
    joined = ""
    if keys or hidden:
        rows = []
        for file in files:
            cells = [quoted(file.path), *(_cell(file.values[i]) for i, _ in keys)]
            cells += [quoted(file.stored.uri), f"CAST({file.stored.size} AS BIGINT)"]
            rows.append(f"({', '.join(cells)})")
        names = ["file", *(f"k{i}" for i, _ in keys), "uri", "size"]
        joined = f" JOIN (VALUES {', '.join(rows)}) AS m({', '.join(names)}) ON d.filename = m.file"
        items += [f'{partition_value(f"m.k{i}", c.type)} AS "{c.name}"' for i, c in keys]
        items += [f'm.{"uri" if name == "$path" else "size"} AS "{name}"' for name in hidden]
    return f"SELECT {', '.join(items) or '1 AS none'} FROM {source} AS d{joined}"  # noqa: S608


def _cell(value: str | None) -> str:
    return "CAST(NULL AS VARCHAR)" if value is None else quoted(value)


def partition_value(sql: str, type_: TrinoType) -> str:
    """A partition value's text as its column's type."""
    return sql if type_.base in ("varchar", "char") else f"CAST({sql} AS {carrier(type_)})"


def _read_parquet(context: Context, scan: Scan, files: list[DataFile]) -> Reading:
    wanted = [c for c in scan.table.data_columns if c.name in scan.used]
    footers = [parquet.footer(file) for file in files]
    parquet.check(wanted, files, footers)
    present = {name for footer in footers for name in footer.columns}
    columns = {}
    for column in wanted:
        actual = next((f.columns[column.name].name for f in footers if column.name in f.columns), None)
        columns[column.name] = (
            null_of(column.type) if actual is None or column.name not in present
            else parquet.value(f'd."{actual}"', column.type)
        )  # fmt: skip
    same = len({tuple(f.columns) for f in footers}) == 1
    paths = ", ".join(quoted(file.path) for file in files)
    options = "filename = true, hive_partitioning = false" + ("" if same else ", union_by_name = true")
    source = f"read_parquet([{paths}], {options})"
    scanned = sum(footer.bytes_of(c.name for c in wanted) for footer in footers)
    return Reading(_assembled(scan, files, source, columns), scanned)


def _lines(scan: Scan, files: list[DataFile]) -> str:
    parameters = scan.table.glue.get("Parameters") or {}
    serde = _serde(scan)
    skipped = str(parameters.get("skip.header.line.count") or serde.get("skip.header.line.count") or "0")
    skip = int(skipped) if skipped.isdigit() else 0
    paths = ", ".join(quoted(file.path) for file in files)
    lines = (
        f"read_csv([{paths}], columns = {{'line': 'VARCHAR'}}, delim = {quoted(LINE_BREAKER)}, quote = "
        f"'', escape = '', header = false, skip = {skip}, auto_detect = false, filename = true, "
        "hive_partitioning = false, strict_mode = false, null_padding = true, max_line_size = 33554432, "
        f"nullstr = {quoted(text_files.BLANK)})"
    )
    return f"(SELECT coalesce(line, '') AS line, filename FROM {lines})"  # noqa: S608


def _serde(scan: Scan) -> dict[str, str]:
    return (scan.table.glue["StorageDescriptor"].get("SerdeInfo") or {}).get("Parameters") or {}


def _text_bytes(files: list[DataFile]) -> int:
    return sum(file.stored.size for file in files)


def _read_lazy_simple(context: Context, scan: Scan, files: list[DataFile]) -> Reading:
    serde = _serde(scan)
    delimiter = _delimiter(serde.get("field.delim") or serde.get("serialization.format") or "\x01")
    null = serde.get("serialization.null.format", "\\N")
    split = f"string_split(line, {quoted(delimiter)})"
    escape = serde.get("escape.delim")
    if escape:
        function = delimited.lazy_splitter(delimiter, escape)
        split = context.call("lazy", function, [Typed("line", VARCHAR)], array(VARCHAR)).sql
    columns = {}
    for i, column in enumerate(scan.table.data_columns):
        if column.name in scan.used:
            cell = f"nullif(d.cells[{i + 1}], {quoted(null)})"
            columns[column.name] = _lazy_value(context, cell, column.type, serde)
    source = f"(SELECT {split} AS cells, filename FROM {_lines(scan, files)})"  # noqa: S608
    return Reading(_assembled(scan, files, source, columns), _text_bytes(files))


def _delimiter(text: str) -> str:
    """A delimiter as DDL and Glue write it: the character, or its number."""
    if text in ("\\t", "\\001"):
        return {"\\t": "\t", "\\001": "\x01"}[text]
    return chr(int(text)) if text.isdigit() and int(text) < 128 and len(text) <= 3 else text


def _lazy_value(context: Context, cell: str, type_: TrinoType, serde: dict[str, str]) -> str:
    """A cell in its type; what LazySimpleSerDe cannot read is NULL."""
    if type_.base in ("varchar", "char"):
        return cast(context, Typed(cell, VARCHAR), type_).sql
    if type_.base in INTEGERS:
        return f"CASE WHEN regexp_full_match({cell}, '[+-]?[0-9]+') THEN TRY_CAST({cell} AS {carrier(type_)}) END"  # noqa: E501
    if type_.base == "boolean":
        return f"CASE lower({cell}) WHEN 'true' THEN true WHEN 'false' THEN false END"
    if type_.base in ("real", "double"):
        return f"TRY_CAST(trim({cell}) AS {carrier(type_)})"
    if type_.base in ("decimal", "date", "timestamp"):
        return f"TRY_CAST({cell} AS {carrier(type_)})"
    if type_.parts:
        function = delimited.nested_reader(
            type_,
            serde.get("collection.delim") or serde.get("colelction.delim") or "\x02",
            serde.get("mapkey.delim") or "\x03",
        )
        return context.call("nested", function, [Typed(cell, VARCHAR)], type_).sql
    raise QueryFailed("NOT_SUPPORTED", f"Unsupported column type for LazySimpleSerDe: {type_}")


def _read_open_csv(context: Context, scan: Scan, files: list[DataFile]) -> Reading:
    serde = _serde(scan)
    separator, quote = serde.get("separatorChar", ","), serde.get("quoteChar", '"')
    escape = serde.get("escapeChar", "\\")
    separator = _delimiter(separator)
    function = delimited.csv_splitter(separator, quote, "\\" if escape == "\\\\" else escape)
    slow = context.call("csv", function, [Typed("line", VARCHAR)], array(VARCHAR)).sql
    plain = f"string_split(line, {quoted(separator)})"
    odd = f"contains(line, {quoted(quote)}) OR contains(line, {quoted(escape[:1])})"
    columns = {}
    for i, column in enumerate(scan.table.data_columns):
        if column.name in scan.used:
            columns[column.name] = _open_csv_value(context, f"d.cells[{i + 1}]", column.type, i)
    source = (
        f"(SELECT CASE WHEN {odd} THEN {slow} ELSE {plain} END AS cells, filename FROM {_lines(scan, files)})"  # noqa: S608
    )
    return Reading(_assembled(scan, files, source, columns), _text_bytes(files))


def _open_csv_value(context: Context, cell: str, type_: TrinoType, at: int) -> str:
    if type_.base == "varchar":
        return cast(context, Typed(cell, VARCHAR), type_).sql
    function = delimited.open_csv_reader(type_, at)
    return context.call("csv_value", function, [Typed(cell, VARCHAR)], type_).sql


def _read_json(context: Context, scan: Scan, files: list[DataFile]) -> Reading:
    wanted = [c for c in scan.table.data_columns if c.name in scan.used]
    serde = _serde(scan)
    mapping = {c.name: serde.get(f"mapping.{c.name}", c.name) for c in wanted}
    ignore = serde.get("ignore.malformed.json", "FALSE").upper() == "TRUE"
    shape = (
        row(*(c.type for c in wanted), names=tuple(mapping[c.name] for c in wanted))
        if wanted
        else row(VARCHAR, names=("",))
    )
    parsed = context.call("json_row", json_rows.reader(shape, ignore), [Typed("line", VARCHAR)], shape)
    columns = {c.name: f"d.cells.f{i}" for i, c in enumerate(wanted)}
    lines = f"(SELECT line, filename FROM {_lines(scan, files)} WHERE trim(line) <> '')"  # noqa: S608
    source = f"(SELECT {parsed.sql} AS cells, filename FROM {lines})"  # noqa: S608
    return Reading(_assembled(scan, files, source, columns), _text_bytes(files))


READERS: dict[str, Reader] = {
    "ParquetHiveSerDe": _read_parquet,
    "LazySimpleSerDe": _read_lazy_simple,
    "OpenCSVSerde": _read_open_csv,
    "JsonSerDe": _read_json,
    "OpenXJsonSerDe": _read_json,
}
