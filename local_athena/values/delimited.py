"""Splitting and reading delimited text as LazySimpleSerDe and OpenCSVSerde do."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from local_athena.errors import QueryFailed
from local_athena.types.trino import INTEGERS, TrinoType
from local_athena.values import date_formats, zones
from local_athena.values.regex.engine import compiled


@cache
def lazy_splitter(delimiter: str, escape: str) -> Callable[[str], list[str]]:
    """Split at a delimiter that an escape character can take the meaning from."""

    def split(line: str) -> list[str]:
        cells, cell, characters = [], "", iter(line)
        for character in characters:
            if character == escape:
                cell += next(characters, escape)
            elif character == delimiter:
                cells.append(cell)
                cell = ""
            else:
                cell += character
        return [*cells, cell]

    return split


@cache
def csv_splitter(separator: str, quote: str, escape: str) -> Callable[[str], list[str]]:
    """Split a line as opencsv does: quotes may be doubled, the escape works inside quotes."""

    def split(line: str) -> list[str]:
        cells, cell, inside, at = [], "", False, 0
        while at < len(line):
            character, following = line[at], line[at + 1 : at + 2]
            if inside and character == escape and following in (quote, escape) and following:
                cell, at = cell + following, at + 1
            elif character == quote and inside and following == quote:
                cell, at = cell + quote, at + 1
            elif character == quote:
                inside = not inside
            elif character == separator and not inside:
                cells.append(cell)
                cell = ""
            else:
                cell += character
            at += 1
        # What a quote that never closes began is lost: the rest of it is on another line.
        return cells if inside else [*cells, cell]

    return split


EPOCH = datetime(1970, 1, 1)


@cache
def open_csv_reader(type_: TrinoType, at: int) -> Callable[[str], Any]:
    """A cell of OpenCSVSerde in its type; dates are days and timestamps milliseconds since 1970."""
    read = _csv_converter(type_)

    def convert(text: str) -> Any:
        try:
            return read(text.strip())
        except (ValueError, InvalidOperation, OverflowError) as error:
            raise QueryFailed(
                "HIVE_BAD_DATA",
                f"Error parsing field value '{text}' for field {at}: For input string: \"{text}\"",
            ) from error

    return convert


def _csv_converter(type_: TrinoType) -> Callable[[str], Any]:
    if type_.base in INTEGERS:
        return int
    if type_.base in ("real", "double"):
        return float
    if type_.base == "decimal":
        return lambda text: Decimal(text).quantize(Decimal(1).scaleb(-type_.scale))
    converters: dict[str, Callable[[str], Any]] = {
        "boolean": _boolean,
        "date": lambda text: date(1970, 1, 1) + timedelta(days=int(text)),
        "timestamp": lambda text: EPOCH + timedelta(milliseconds=int(text)),
        "char": lambda text: text[: type_.numbers[0]],
    }
    if type_.base not in converters:
        raise QueryFailed("HIVE_BAD_DATA", f"OpenCSVSerde does not read type {type_}")
    return converters[type_.base]


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


@cache
def regex_splitter(pattern: str) -> Callable[[str], list[str | None] | None]:
    """The groups of a line that a Java pattern matches whole; NULL for a line that it does not."""
    made = compiled(pattern)

    def split(line: str) -> list[str | None] | None:
        found = made.whole(line)
        return None if found is None else [found.group(i) for i in range(1, made.meaning.groups + 1)]

    return split


Read = Callable[[str], Any]


@cache
def lazy_reader(type_: TrinoType, separators: tuple[str, ...], null: str, formats: str) -> Read:
    """A cell of LazySimpleSerDe in a type that plain SQL does not read: nested ones, binary, other times.

    `separators` are those by depth, 0 being between fields; `formats` the SerDe's `timestamp.formats`.
    """
    read = _lazy(type_, separators, 1, null, formats)

    def convert(text: str) -> Any:
        return read(text)

    return convert


def _lazy(type_: TrinoType, separators: tuple[str, ...], depth: int, null: str, formats: str) -> Read:
    def inner(part: TrinoType, deeper: int) -> Read:
        read = _lazy(part, separators, depth + deeper, null, formats)
        return lambda text: None if text == null else read(text)

    if depth + 1 >= len(separators) and type_.parts:
        raise QueryFailed("NOT_SUPPORTED", f"LazySimpleSerDe does not nest so deep: {type_}")
    if type_.base == "array":
        item, between = inner(type_.element, 1), separators[depth]
        return lambda text: [item(part) for part in text.split(between)] if text else []
    if type_.base == "map":
        return _lazy_map(
            inner(type_.element, 2), inner(type_.value, 2), separators[depth], separators[depth + 1]
        )
    if type_.base == "row":
        return _lazy_row([inner(part, 1) for part in type_.parts], separators[depth], null)
    return _lazy_scalar(type_, formats)


def _lazy_map(key: Read, value: Read, between: str, inside: str) -> Read:
    def read(text: str) -> Any:
        pairs = (item.partition(inside) for item in text.split(between)) if text else ()
        made = {key(k): (value(v) if mark else None) for k, mark, v in pairs}
        made.pop(None, None)
        return made

    return read


def _lazy_row(parts: list[Read], between: str, null: str) -> Read:
    def read(text: str) -> Any:
        cells = [*text.split(between), *[null] * len(parts)]
        return {f"f{i}": part(cells[i]) for i, part in enumerate(parts)}

    return read


def _lazy_scalar(type_: TrinoType, formats: str) -> Read:
    def read(text: str) -> Any:
        try:
            return _lazy_value(text, type_, formats)
        except (ValueError, InvalidOperation, OverflowError, QueryFailed):
            return None

    return read


def _lazy_value(text: str, type_: TrinoType, formats: str) -> Any:
    if type_.base == "varchar":
        return text[: type_.precision]
    if type_.base == "date":
        return date.fromisoformat(text.strip())
    if type_.base == "timestamp":
        return timestamp(text, formats)
    if type_.base == "varbinary":
        return b64decode(text, validate=True)
    if type_.base in INTEGERS:
        bits = {"tinyint": 7, "smallint": 15, "integer": 31, "bigint": 63}[type_.base]
        whole = int(text)
        return whole if -(1 << bits) <= whole < 1 << bits else None
    return _csv_converter(type_)(text)


def timestamp(text: str, formats: str) -> datetime:
    """A time in one of the SerDe's `timestamp.formats` (Joda's patterns, between commas), else as Hive writes it.

    Raises:
        QueryFailed, ValueError: it is in none of them.
    """  # noqa: E501
    for pattern in filter(None, formats.split(",")):
        try:
            found = date_formats.parse_datetime(text, pattern)
        except QueryFailed:
            continue
        return zones.local_of({**found, "z": "UTC"})
    moment = datetime.fromisoformat(text.strip())
    # A table's timestamps have milliseconds.
    return moment + timedelta(microseconds=(moment.microsecond + 500) // 1000 * 1000 - moment.microsecond)
