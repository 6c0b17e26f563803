"""Text tables: LazySimpleSerDe, OpenCSVSerde, the JSON SerDes and RegexSerDe.

Text is read line by line and split here, because these SerDes never let a field hold a line break (a quoted one
ends at the line's end) and never fail for a missing or surplus field. Text columns match by position, JSON keys by
name.
"""  # noqa: E501

from __future__ import annotations

from pathlib import Path

from local_athena.catalog.files import DataFile
from local_athena.catalog.readings import Reading
from local_athena.errors import QueryFailed, not_supported
from local_athena.readers import text_files
from local_athena.readers.assembly import assembled, to_milliseconds
from local_athena.readers.separators import character, separators_of
from local_athena.sql.build import carrier_sql, commas, ident, sql, string
from local_athena.sql.casts import cast
from local_athena.sql.context import Context
from local_athena.sql.fragment import Sql
from local_athena.sql.typed import Scan, Typed
from local_athena.types.trino import INTEGERS, VARCHAR, TrinoType, array, row
from local_athena.values import delimited, json_rows
from local_athena.values.regex.engine import compiled

LINE_BREAKER = "\x01\x02\x03\x04"
"""A field delimiter that no text file holds, so that a line stays whole."""
UNREAD = (
    "skip.footer.line.count",
    "textinputformat.record.delimiter",
    "serialization.last.column.takes.rest",
)
"""Properties that change what is read and are not honoured here."""


def _properties(scan: Scan) -> dict[str, str]:
    """The SerDe's and the table's properties.

    Raises:
        QueryFailed: NOT_SUPPORTED, one would change the rows and is not honoured.
    """
    serde = (scan.table.glue["StorageDescriptor"].get("SerdeInfo") or {}).get("Parameters") or {}
    found = {**(scan.table.glue.get("Parameters") or {}), **serde}
    refused = [name for name in UNREAD if str(found.get(name, "0")).lower() not in ("", "0", "false")]
    if refused:
        raise not_supported(f"Table property '{refused[0]}' is not supported (table {scan.table.full_name})")
    return found


def _lines(files: list[DataFile], properties: dict[str, str], scratch: Path) -> tuple[list[DataFile], Sql]:
    """The files as they are read, and the SELECT of their lines."""
    encoding = properties.get("serialization.encoding") or "utf-8"
    files = text_files.readable(files, scratch, encoding)
    skip = str(properties.get("skip.header.line.count") or "0").strip()
    if not skip.isdecimal():
        raise QueryFailed(
            "HIVE_INVALID_METADATA", f"Invalid value for skip.header.line.count property: {skip}"
        )
    paths = commas(string(file.path) for file in files)
    lines = sql(
        "read_csv([{}], columns = {{'line': 'VARCHAR'}}, delim = {}, quote = '', escape "
        "= '', header = false, skip = {}, auto_detect = false, filename = true, "
        "hive_partitioning = false, strict_mode = false, null_padding = true, "
        "max_line_size = 33554432, nullstr = {})",
        paths,
        string(LINE_BREAKER),
        int(skip),
        string(text_files.BLANK),
    )
    return files, sql("(SELECT coalesce(line, '') AS line, filename FROM {})", lines)


def _bytes(files: list[DataFile]) -> int:
    return sum(file.stored.size for file in files)


def read_lazy_simple(context: Context, scan: Scan, files: list[DataFile], scratch: Path) -> Reading:
    """Fields between delimiters; what cannot be read is NULL."""
    properties = _properties(scan)
    separators = separators_of(properties)
    null, escape = properties.get("serialization.null.format", "\\N"), properties.get("escape.delim")
    read, lines = _lines(files, properties, scratch)
    split = sql("string_split(line, {})", string(separators[0]))
    if escape:
        function = delimited.lazy_splitter(separators[0], character(escape))
        split = context.call("lazy", function, [Typed(ident("line"), VARCHAR)], array(VARCHAR)).sql
    columns = {}
    for i, column in enumerate(scan.table.data_columns):
        if column.name in scan.used:
            cell = sql("nullif(d.cells[{}], {})", i + 1, string(null))
            columns[column.name] = _lazy_value(context, cell, column.type, properties)
    source = sql("(SELECT {} AS cells, filename FROM {})", split, lines)
    return Reading(assembled(scan, read, source, columns), _bytes(files))


def _lazy_value(context: Context, cell: Sql, type_: TrinoType, properties: dict[str, str]) -> Sql:
    """A cell in its type; what LazySimpleSerDe cannot read is NULL."""
    base = type_.base
    if base in ("varchar", "char"):
        return cast(context, Typed(cell, VARCHAR), type_).sql
    if base in INTEGERS:
        whole = sql("regexp_full_match({}, '[+-]?[0-9]+')", cell)
        return sql("CASE WHEN {} THEN TRY_CAST({} AS {}) END", whole, cell, carrier_sql(type_))
    if base == "boolean":
        return sql("CASE lower({}) WHEN 'true' THEN true WHEN 'false' THEN false END", cell)
    if base in ("real", "double"):
        return sql("TRY_CAST(trim({}) AS {})", cell, carrier_sql(type_))
    if base == "timestamp" and "timestamp.formats" not in properties:
        return to_milliseconds(sql("TRY_CAST({} AS TIMESTAMP)", cell))
    if base in ("decimal", "date"):
        return sql("TRY_CAST({} AS {})", cell, carrier_sql(type_))
    separators, null = separators_of(properties), properties.get("serialization.null.format", "\\N")
    function = delimited.lazy_reader(type_, separators, null, properties.get("timestamp.formats", ""))
    return context.call("lazy_value", function, [Typed(cell, VARCHAR)], type_).sql


def read_open_csv(context: Context, scan: Scan, files: list[DataFile], scratch: Path) -> Reading:
    """Quoted fields; a field that is not of its column's type fails the query."""
    properties = _properties(scan)
    separator = character(properties.get("separatorChar") or ",")
    quote = character(properties.get("quoteChar") or '"')
    escape = properties.get("escapeChar", "\\")
    escape = "\\" if escape == "\\\\" else character(escape)
    read, lines = _lines(files, properties, scratch)
    function = delimited.csv_splitter(separator, quote, escape)
    slow = context.call("csv", function, [Typed(ident("line"), VARCHAR)], array(VARCHAR)).sql
    plain = sql("string_split(line, {})", string(separator))
    odd = sql("contains(line, {}) OR contains(line, {})", string(quote), string(escape[:1]))
    columns = {}
    for i, column in enumerate(scan.table.data_columns):
        if column.name in scan.used:
            columns[column.name] = _open_csv_value(context, sql("d.cells[{}]", i + 1), column.type, i)
    source = sql(
        "(SELECT CASE WHEN {} THEN {} ELSE {} END AS cells, filename FROM {})", odd, slow, plain, lines
    )
    return Reading(assembled(scan, read, source, columns), _bytes(files))


def _open_csv_value(context: Context, cell: Sql, type_: TrinoType, at: int) -> Sql:
    if type_.base == "varchar":
        return cast(context, Typed(cell, VARCHAR), type_).sql
    function = delimited.open_csv_reader(type_, at)
    return context.call("csv_value", function, [Typed(cell, VARCHAR)], type_).sql


def read_json(context: Context, scan: Scan, files: list[DataFile], scratch: Path) -> Reading:
    """One JSON object a line, or an array of the columns in order."""
    wanted = [c for c in scan.table.data_columns if c.name in scan.used]
    properties = _properties(scan)
    read, lines = _lines(files, properties, scratch)
    options = json_rows.Options(
        ignore_malformed=properties.get("ignore.malformed.json", "FALSE").upper() == "TRUE",
        case_insensitive=properties.get("case.insensitive", "TRUE").upper() == "TRUE",
        dots_in_keys=properties.get("dots.in.keys", "FALSE").upper() == "TRUE",
        timestamp_formats=properties.get("timestamp.formats", ""),
        openx=_is_openx(scan),
        places=tuple(i for i, c in enumerate(scan.table.data_columns) if c.name in scan.used),
    )
    names = tuple(properties.get(f"mapping.{c.name}", c.name) for c in wanted)
    shape = row(*(c.type for c in wanted), names=names) if wanted else row(VARCHAR, names=("",))
    parsed = context.call(
        "json_row", json_rows.reader(shape, options), [Typed(ident("line"), VARCHAR)], shape
    )
    columns: dict[str, Sql] = {c.name: ident("d", "cells", f"f{i}") for i, c in enumerate(wanted)}
    source = sql("(SELECT {} AS cells, filename FROM {} WHERE trim(line) <> '')", parsed, lines)
    return Reading(assembled(scan, read, source, columns), _bytes(files))


def _is_openx(scan: Scan) -> bool:
    serde = scan.table.glue["StorageDescriptor"].get("SerdeInfo") or {}
    return "openx" in str(serde.get("SerializationLibrary") or "").lower()


def read_regex(context: Context, scan: Scan, files: list[DataFile], scratch: Path) -> Reading:
    """A column for each group of a Java pattern; a line that does not match has NULL in all of them."""
    properties = _properties(scan)
    pattern = properties.get("input.regex")
    if not pattern:
        raise QueryFailed("HIVE_INVALID_METADATA", "RegexSerDe needs the SerDe property 'input.regex'")
    if properties.get("input.regex.case.insensitive", "false").lower() == "true":
        pattern = f"(?i){pattern}"
    groups = compiled(pattern).meaning.groups
    if groups < len(scan.table.data_columns):
        raise QueryFailed(
            "HIVE_INVALID_METADATA",
            f"Number of matching groups ({groups}) doesn't match the number of columns",
        )
    read, lines = _lines(files, properties, scratch)
    function = delimited.regex_splitter(pattern)
    cells = context.call("regex", function, [Typed(ident("line"), VARCHAR)], array(VARCHAR)).sql
    columns = {}
    for i, column in enumerate(scan.table.data_columns):
        if column.name in scan.used:
            columns[column.name] = _lazy_value(context, sql("d.cells[{}]", i + 1), column.type, properties)
    source = sql("(SELECT {} AS cells, filename FROM {})", cells, lines)
    return Reading(assembled(scan, read, source, columns), _bytes(files))
