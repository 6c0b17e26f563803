"""Tell what a CSV file is from its bytes: its text, its encoding, its delimiter and its columns.

Exports of one table come from several systems, so nothing is configured and everything is looked at: a
byte-order mark, whether the bytes are UTF-8, and which delimiter makes the most of the first line. A file
that cannot be read with certainty is rejected whole; a guess would put wrong data in the lake.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from pipeline.transforms.csv_records import Record, records

DELIMITERS = (",", ";")
"""In order of preference, for a header that both read equally well."""

EMPTY = "archivo vacío"

_UTF8_MARK = b"\xef\xbb\xbf"
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a"))
_LOOKED_AT = 4096

# Bytes 0x80-0x9F are control characters in Latin-1, which no text has, and quotes and dashes in the Windows
# variant that programs call Latin-1: https://encoding.spec.whatwg.org/#names-and-labels (checked 2026-11-21)
_WINDOWS = {
    code: text for code in range(0x80, 0xA0) if (text := bytes([code]).decode("cp1252", errors="ignore"))
}


class FileRejected(Exception):
    """A file that cannot be read as its table; `str(error)` is the reason, as the report shows it."""


@dataclass(frozen=True, slots=True)
class Header:
    """The first record of a file: its delimiter and its column names, normalised."""

    delimiter: str
    columns: tuple[str, ...]
    record: Record


def decode(data: bytes) -> tuple[str, str]:
    """The text of a file and its encoding: `utf-8`, `utf-8-bom` or `latin-1`.

    An accent written as a mark after its letter, as macOS does, is composed with it: the two ways of writing
    look the same, and would group apart.

    Raises:
        FileRejected: it is empty, is no text, or begins as UTF-8 and goes on as something else.
    """
    marked = data.startswith(_UTF8_MARK)
    body = data[len(_UTF8_MARK) :] if marked else data
    if not body.strip():
        raise FileRejected(EMPTY)
    if _is_binary(body):
        raise FileRejected("archivo binario")
    try:
        return _composed(body.decode("utf-8")), "utf-8-bom" if marked else "utf-8"
    except UnicodeDecodeError as error:
        if marked:
            raise FileRejected("codificación ilegible: marca de UTF-8 con bytes que no lo son") from error
        return body.decode("latin-1").translate(_WINDOWS), "latin-1"


def read_header(text: str, known: Collection[str]) -> Header:
    """The header of `text`, read with the delimiter that finds the most `known` columns.

    Raises:
        FileRejected: no known column is there, or one is there twice.
    """
    found = [header for delimiter in DELIMITERS if (header := _first_record(text, delimiter))]
    best = max(found, key=lambda header: len(set(header.columns).intersection(known)), default=None)
    if best is None or not set(best.columns).intersection(known):
        raise FileRejected("sin encabezado")
    twice = [name for name in known if best.columns.count(name) > 1]
    if twice:
        raise FileRejected(f"columna repetida: {', '.join(sorted(twice))}")
    return best


def column_name(text: str) -> str:
    """A header's name without case, accents, spaces or punctuation: ` Fecha Registro` is `fecha_registro`."""
    letters = unicodedata.normalize("NFKD", text)
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter)).lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def _first_record(text: str, delimiter: str) -> Header | None:
    first = next(records(text, delimiter), None)
    if first is None or first.fields is None:
        return None
    return Header(delimiter, tuple(column_name(field) for field in first.fields), first)


def _composed(text: str) -> str:
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _is_binary(data: bytes) -> bool:
    """Whether bytes cannot be text: a NUL anywhere, or one control character in twenty at the start."""
    start = data[:_LOOKED_AT]
    controls = len(start) - len(start.translate(None, _CONTROLS))
    return b"\0" in data or controls * 20 > len(start)
