"""Athena's result files: the CSV, the text of DDL and SHOW, and the `.metadata` beside them; and reading
them back.

CSV: every value in quotes with `"` doubled, NULL as nothing, header quoted too. Pages of GetQueryResults
are read from the file itself, from the byte where the page starts, so a large result is held nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

Row = list[str | None]


def csv_line(cells: Iterable[str | None]) -> str:
    """One line with its end."""
    return ",".join("" if c is None else '"' + c.replace('"', '""') + '"' for c in cells) + "\n"


PAGE_BYTES = 8 << 20
"""A page ends after the row that reaches this size, so that 1,000 long rows are not held at once."""


def read_rows(file: BinaryIO, offset: int, count: int) -> tuple[list[Row], int, bool]:
    """Up to `count` rows from a byte offset, the offset after them, and whether there may be more."""
    file.seek(offset)
    rows: list[Row] = []
    last = offset + PAGE_BYTES
    for record in _records(file):
        offset += len(record)
        rows.append(_cells(record.decode("utf-8")))
        if len(rows) == count or offset >= last:
            return rows, offset, True
    return rows, offset, False


def _records(file: BinaryIO) -> Iterator[bytes]:
    """Lines, joined while a quoted value spans them."""
    record = b""
    for line in file:
        record += line
        if record.count(b'"') % 2 == 0:
            yield record
            record = b""
    if record:
        yield record


def _cells(record: str) -> Row:
    line = record.removesuffix("\n")
    if line[:1] == line[-1:] == '"':
        plain: Row = list(line[1:-1].split('","'))
        # As many quotes as enclose these cells: there is no NULL, and no value has a quote of its own.
        if line.count('"') == 2 * len(plain):
            return plain
    return _cells_one_by_one(line)


def _cells_one_by_one(line: str) -> Row:
    cells: Row = []
    at = 0
    while at <= len(line):
        if at < len(line) and line[at] == '"':
            end = _closing(line, at + 1)
            cells.append(line[at + 1 : end].replace('""', '"'))
            at = end + 2
        else:
            end = line.find(",", at)
            end = len(line) if end < 0 else end
            cells.append(None)
            at = end + 1
    return cells


def _closing(line: str, at: int) -> int:
    while True:
        end = line.index('"', at)
        if line[end + 1 : end + 2] != '"':
            return end
        at = end + 2


def metadata(
    execution_id: str, update_type: str | None, count: int | None, columns: list[dict[str, Any]]
) -> bytes:
    """The protobuf beside a result file: query id, update type, count, columns."""
    message = _text(1, execution_id)
    if update_type:
        message += _text(2, update_type)
    if count is not None:
        message += _number(3, count)
    for column in columns:
        inner = (
            _text(1, column["CatalogName"])
            + _text(4, column["Name"])
            + _text(5, column["Label"])
            + _text(6, column["Type"])
            + _number(7, column["Precision"])
            + _number(8, column["Scale"])
            + _number(9, 3)
            + _number(10, int(column["CaseSensitive"]))
        )
        message += _varint(4 << 3 | 2) + _varint(len(inner)) + inner
    return message


def _varint(value: int) -> bytes:
    made = bytearray()
    while value > 127:
        made.append(value & 127 | 128)
        value >>= 7
    made.append(value)
    return bytes(made)


def _text(number: int, value: str) -> bytes:
    encoded = value.encode("utf-8")
    return _varint(number << 3 | 2) + _varint(len(encoded)) + encoded


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)
