"""Partition values in the types of their keys, so that SQLite compares them as Glue does.

Glue keeps a partition's values as text; an `Expression` compares them by the type of the key: as numbers,
dates, timestamps or text. Each value is stored a second time in a form whose order in SQLite is the order of
its type: whole numbers as integers, decimals as text of one width, dates and timestamps as ISO text.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation, localcontext
from typing import Any

NULL = "__HIVE_DEFAULT_PARTITION__"
"""Hive's text for a partition whose key has no value."""

Typed = int | str
_TIMESTAMP = re.compile(r"(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?")
_MOST_DECIMAL = Decimal(10) ** 38


class Malformed(ValueError):
    """A text that is no value of its key's type; `str(error)` says so in AWS's words."""


def _integer(text: str) -> int:
    if re.fullmatch(r"[+-]?\d+", text, re.ASCII) and abs(int(text[:40])) < 2**63:
        return int(text)
    raise Malformed(f'"{text}" is not an integer.')


def _decimal(text: str) -> str:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise Malformed(f'"{text}" is not a decimal.') from error
    if not value.is_finite() or value.copy_abs() >= _MOST_DECIMAL:
        raise Malformed(f'"{text}" is not a decimal.')
    with localcontext(prec=100):
        # Shifted to be positive, all have one width, and text order is numeric order.
        return f"{value + _MOST_DECIMAL:078.38f}"


def _date(text: str) -> str:
    try:
        if len(text) != 10:
            raise ValueError(text)
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise Malformed(f'"{text}" is not a date.') from error


def _timestamp(text: str) -> str:
    match = _TIMESTAMP.fullmatch(text)
    try:
        if match is None:
            raise ValueError(text)
        datetime.strptime(match[1], "%Y-%m-%d %H:%M:%S")
    except ValueError as error:
        message = f'Timestamp format must be yyyy-mm-dd hh:mm:ss[.fffffffff] "{text}" is not a timestamp.'
        raise Malformed(message) from error
    return f"{match[1]}.{match[2] or '':0<9}"


_INTEGERS = ("tinyint", "smallint", "int", "integer", "bigint", "long")
_TEXTS = ("string", "char", "varchar")
_TYPES: dict[str, Callable[[str], Typed]] = {
    **dict.fromkeys(_INTEGERS, _integer),
    **dict.fromkeys(_TEXTS, str),
    "decimal": _decimal,
    "date": _date,
    "timestamp": _timestamp,
}


def base_type(hive_type: str) -> str:
    """`decimal` for `decimal(10,2)`."""
    return hive_type.partition("(")[0].strip().lower()


def is_text(hive_type: str) -> bool:
    """Whether values of the type are compared as text."""
    return base_type(hive_type) in _TEXTS


def is_integral(hive_type: str) -> bool:
    """Whether values of the type are whole numbers."""
    return base_type(hive_type) in _INTEGERS


def is_comparable(hive_type: str) -> bool:
    """Whether an expression may use a key of this type."""
    return base_type(hive_type) in _TYPES


def typed_value(text: str, hive_type: str) -> Typed:
    """A value in its type's form.

    Raises:
        Malformed: the text is no value of the type.
    """
    return _TYPES[base_type(hive_type)](text)


def typed_row(values: Sequence[str], keys: Sequence[dict[str, Any]]) -> tuple[str, int]:
    """The columns `typed` and `malformed` of a partition with these values."""
    typed: list[Typed | None] = []
    malformed = 0
    for position, (text, key) in enumerate(zip(values, keys, strict=True)):
        kind = key.get("Type", "string")
        try:
            null = text == NULL and not is_text(kind)
            typed.append(None if null else typed_value(text, kind) if is_comparable(kind) else text)
        except Malformed:
            typed.append(None)
            malformed |= 1 << position
    return json.dumps(typed), malformed


def retype_partitions(
    connection: sqlite3.Connection,
    table_id: int,
    old_keys: Sequence[dict[str, Any]],
    new_keys: Sequence[dict[str, Any]],
) -> None:
    """Bring `typed` up to date with a table's changed partition keys.

    Partitions with another number of values than the table now has keys keep their text, and no expression
    on the keys they lack finds them.
    """
    if [key.get("Type") for key in old_keys] == [key.get("Type") for key in new_keys]:
        return
    rows = connection.execute('SELECT id, "values" FROM catalog_partition WHERE table_id = ?', (table_id,))
    changed = []
    for row in rows.fetchall():
        values = json.loads(row["values"])
        shared = min(len(values), len(new_keys))
        changed.append((*typed_row(values[:shared], new_keys[:shared]), row["id"]))
    connection.executemany("UPDATE catalog_partition SET typed = ?, malformed = ? WHERE id = ?", changed)
