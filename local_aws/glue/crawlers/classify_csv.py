"""Classify CSV: which delimiter, whether there is a header, and the type of each column.

The rules are those of Glue's built-in classifier
(https://docs.aws.amazon.com/glue/latest/dg/add-classifier.html, November 2026): one of five delimiters that
splits most rows into the same number of columns, at least two columns and two rows; the first row is a header
when all its cells are texts that fit a column name and some later row is not all text. So a file with texts
only has no header, and its columns are `col0`, `col1`, …. Dates stay text.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice

from local_aws.glue.crawlers.classified import MOST_COLUMNS, Classified, Format
from local_aws.glue.crawlers.hive_types import NULL, Column, Type, merge_all
from local_aws.glue.crawlers.sample import Sample

DELIMITERS = (",", "|", "\t", ";", "\x01")
_MOST_LINES = 5000
_CONSISTENT = 0.7
"""The share of rows that must have the usual number of columns: real exports are never all right."""
_INTEGER = re.compile(r"[+-]?\d{1,19}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_NOT_TEXT = "+-.0123456789tTfF"
"""What numbers, `true` and `false` begin with."""
_LONGEST_HEADER = 150

Row = list[str]


@dataclass(frozen=True, slots=True)
class CsvOptions:
    """What a custom CSV classifier prescribes."""

    delimiter: str = ","
    quote: str = '"'
    header: str = "UNKNOWN"
    """UNKNOWN, PRESENT or ABSENT."""
    names: tuple[str, ...] = ()
    single_column: bool = False
    serde: str = "LazySimpleSerDe"
    types: tuple[str, ...] = ()
    """Of the columns from the first on, in place of what their cells say."""
    trim: bool = True
    """Whether blanks around a cell do not count for its type."""


def classify_csv(sample: Sample, options: CsvOptions | None = None) -> Classified | None:
    """What a file is when it is CSV, by the built-in rules or by a custom classifier's."""
    text = sample.text()
    if not text or not text.strip():
        return None
    # Only \n and \r end a line of CSV; str.splitlines knows nine more that are data here.
    lines = list(islice(StringIO(text, newline=""), _MOST_LINES))
    candidates = [options.delimiter] if options else [one for one in DELIMITERS if one in text]
    if not candidates:
        return None
    quote = options.quote if options else '"'
    tables = [(delimiter, _rows(lines, delimiter, quote)) for delimiter in candidates]
    delimiter, rows = max(tables, key=lambda table: _consistency(table[1]))
    share, width = _consistency(rows)
    if width > MOST_COLUMNS or not (
        share >= _CONSISTENT and (width >= 2 or (options and options.single_column and width == 1))
    ):
        return None
    header = _has_header(rows, options)
    if len(rows) < 2 and not header:
        return None
    data = rows[1:] if header else rows
    names = _names(rows[0] if header else [], width, options)
    columns = _columns(names, data, options)
    form = Format(
        "csv",
        sample.compression,
        sample.encoding,
        delimiter,
        header,
        options.quote if options else "",
        options.serde if options else "LazySimpleSerDe",
    )
    return Classified(form, columns, len("".join(lines).encode()) / len(rows))


def _columns(names: Sequence[str], data: Sequence[Row], options: CsvOptions | None) -> tuple[Column, ...]:
    prescribed = options.types if options else ()
    trim = options.trim if options else True
    inferred = [
        _column_type([row[position] for row in data if position < len(row)], trim=trim)
        for position in range(len(prescribed), len(names))
    ]
    return tuple(map(Column, names, [*prescribed, *inferred]))


def _rows(lines: Sequence[str], delimiter: str, quote: str) -> list[Row]:
    rows: list[Row] = []
    try:
        for row in csv.reader(lines, delimiter=delimiter, quotechar=quote):
            if row:
                rows.append(row)
    except csv.Error:
        return []
    return rows


def _consistency(rows: Sequence[Row]) -> tuple[float, int]:
    """The share of rows with the usual number of columns, and that number; nothing for a single column."""
    if not rows:
        return 0.0, 0
    width, count = Counter(map(len, rows)).most_common(1)[0]
    # A delimiter that never occurs makes one column of everything, always consistently.
    return (count / len(rows) if width > 1 else 0.0 if count < len(rows) else _CONSISTENT), width


def _has_header(rows: Sequence[Row], options: CsvOptions | None) -> bool:
    if options and options.header != "UNKNOWN":
        return options.header == "PRESENT"
    first = rows[0]
    if not all(_names_a_column(cell, last=position == len(first) - 1) for position, cell in enumerate(first)):
        return False
    return any(cell_type(cell) not in ("string", NULL) for row in rows[1:] for cell in row)


def _names_a_column(cell: str, *, last: bool) -> bool:
    text = cell.strip()
    if not text:
        return last
    return len(text) < _LONGEST_HEADER and cell_type(text) == "string" and "\n" not in text


def _names(header: Row, width: int, options: CsvOptions | None) -> list[str]:
    given = list(options.names) if options and options.names else header
    wanted = [*given, *[""] * (width - len(given))]
    names: dict[str, None] = {}
    for position, cell in enumerate(wanted[: max(width, len(given))]):
        name = cell.strip().lower() or f"col{position}"
        # Hive has no two columns of one name.
        while name in names:
            name = f"{name}_{position}"
        names[name] = None
    return list(names)


def _column_type(cells: Sequence[str], *, trim: bool) -> Type:
    kinds = {cell_type(cell) if trim or cell == cell.strip() else "string" for cell in set(cells)}
    return merge_all(kinds)


def cell_type(cell: str) -> Type:
    """The type of a text: `bigint`, `double`, `boolean` or `string`; the null type when it is empty."""
    text = cell.strip()
    if not text:
        return NULL
    if text[0] not in _NOT_TEXT:
        return "string"
    if _INTEGER.fullmatch(text):
        return "bigint" if -(2**63) <= int(text) < 2**63 else "double"
    if _NUMBER.fullmatch(text):
        return "double"
    return "boolean" if text.lower() in ("true", "false") else "string"
