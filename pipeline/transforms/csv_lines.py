"""Read one CSV file as lines of its table: every column as text, by name, whatever the order in the file.

A line keeps where it comes from and its own text, so that a rejected one can be found and mended. After the
lines of a file comes one more, with only `informe`: what the file was like, as JSON. So one pass over the
data gives both.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from pipeline.transforms.csv_bytes import EMPTY, FileRejected, Header, decode, read_header
from pipeline.transforms.csv_records import Record, records

BEFORE = ("archivo", "linea")
"""S3 key of the file and number of the line where the record begins, from 1; they come before the table's
columns."""
AFTER = ("columnas_extra", "fila", "problema", "informe")
"""After the table's columns: columns that the table has not, as a JSON object; the text of the record; why it
cannot be read as fields, or null; and, on the line after the last of a file only, a `FileFacts` as JSON."""

Line = tuple[str | int | None, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a table in its files; a file may lack those that are not `required`."""

    columns: tuple[str, ...]
    required: frozenset[str]


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a file was like. `rejected_whole` is the reason why none of its lines was read, or None."""

    key: str
    encoding: str | None = None
    delimiter: str | None = None
    rows: int = 0
    rejected_whole: str | None = None
    extra_columns: tuple[str, ...] = ()
    missing_columns: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, text: str) -> FileFacts:
        """The facts that a line's `informe` holds."""
        return cls(**json.loads(text))


def empty_file(key: str) -> FileFacts:
    """The facts of a file without a byte."""
    return FileFacts(key, rejected_whole=EMPTY)


def lines_of(key: str, data: bytes, layout: Layout) -> Iterator[Line]:
    """The lines of a file, as tuples of `BEFORE`, the table's columns and `AFTER`; the last one has the
    facts."""
    encoding: str | None = None
    try:
        text, encoding = decode(data)
        header = read_header(text, layout.columns)
        missing = tuple(name for name in layout.columns if name not in header.columns)
        if lacking := sorted(layout.required.intersection(missing)):
            raise FileRejected(f"falta la columna {', '.join(lacking)}")
    except FileRejected as error:
        yield _facts_line(FileFacts(key, encoding, rejected_whole=str(error)), layout)
        return
    extra = tuple(name for name in header.columns if name not in layout.columns)
    rows = 0
    for record in _records_below(header, text):
        rows += 1
        yield _line(key, record, header, layout)
    yield _facts_line(FileFacts(key, encoding, header.delimiter, rows, None, extra, missing), layout)


def _records_below(header: Header, text: str) -> Iterator[Record]:
    found = records(text, header.delimiter)
    next(found)
    return found


def _line(key: str, record: Record, header: Header, layout: Layout) -> Line:
    problem = _problem(record, len(header.columns))
    if problem or record.fields is None:
        nothing = [None] * len(layout.columns)
        return (key, record.line, *nothing, None, record.raw, problem, None)
    values = dict(zip(header.columns, record.fields, strict=True))
    extra = [
        (name, value)
        for name, value in zip(header.columns, record.fields, strict=True)
        if name not in layout.columns
    ]
    columns = [values.get(name) for name in layout.columns]
    return (key, record.line, *columns, _json_of(extra), record.raw, None, None)


def _problem(record: Record, expected: int) -> str | None:
    if record.fields is None:
        return "fila: comillas sin cerrar"
    if len(record.fields) == expected:
        return None
    return "fila: faltan campos" if len(record.fields) < expected else "fila: sobran campos"


def _json_of(extra: list[tuple[str, str]]) -> str | None:
    """Extra columns as a JSON object; one that comes twice keeps both values."""
    if not extra:
        return None
    names = [name for name, _ in extra]
    if len(set(names)) == len(names):
        return json.dumps(dict(extra), ensure_ascii=False)
    return json.dumps({name: [v for n, v in extra if n == name] for name in names}, ensure_ascii=False)


def _facts_line(facts: FileFacts, layout: Layout) -> Line:
    nothing = [None] * (len(layout.columns) + len(AFTER) - 1)
    return (facts.key, 0, *nothing, json.dumps(asdict(facts), ensure_ascii=False))
