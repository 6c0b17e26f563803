"""Splitting and reading delimited text as LazySimpleSerDe and OpenCSVSerde do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from local_athena.errors import QueryFailed
from local_athena.types.trino import INTEGERS, TrinoType


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

    split.__qualname__ = f"lazy_splitter_{delimiter!r}_{escape!r}"
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
        return [*cells, cell]

    split.__qualname__ = f"csv_splitter_{separator!r}_{quote!r}_{escape!r}"
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

    convert.__qualname__ = f"open_csv_reader_{type_}_{at}"
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
def nested_reader(type_: TrinoType, collection: str, key: str) -> Callable[[str], Any]:
    """An array, map or struct in a LazySimpleSerDe cell."""

    def scalar(text: str, kind: TrinoType) -> Any:
        if text == "\\N":
            return None
        if kind.base == "varchar":
            return text
        try:
            return _csv_converter(kind)(text)
        except (ValueError, InvalidOperation):
            return None

    def convert(text: str) -> Any:
        items = text.split(collection) if text else []
        if type_.base == "array":
            return [scalar(item, type_.element) for item in items]
        if type_.base == "map":
            pairs = [item.partition(key)[::2] for item in items]
            return {scalar(k, type_.element): scalar(v, type_.value) for k, v in pairs}
        cells = [*items, *["\\N"] * len(type_.parts)]
        return {f"f{i}": scalar(cells[i], part) for i, part in enumerate(type_.parts)}

    convert.__qualname__ = f"nested_reader_{type_}_{collection!r}_{key!r}"
    return convert
