"""Values as Athena's text: what stands in result files and in VarCharValue, column by column.

Measured forms: `1.0E20` for doubles, `2020-01-01 00:00:00.000`, `[a, null]`, `{k=1}`, `{id=1, name=x}`, `01 02`.
Arrow writes whole columns of the plain types; Python writes what Arrow would write otherwise, value by value.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from local_athena.engine.python_functions import numbers
from local_athena.errors import QueryFailed
from local_athena.types.trino import TIMED, TrinoType
from local_athena.values import stamps
from local_athena.values.shown import writer


def column_texts(values: pa.Array, type_: TrinoType) -> pa.Array:
    """The texts of a column, NULL for NULL."""
    by_arrow = COLUMNS.get(type_.base)
    made = by_arrow(values, type_) if by_arrow is not None else None
    return _one_by_one(values, type_) if made is None else made


def _one_by_one(values: pa.Array, type_: TrinoType) -> pa.Array:
    write = writer(type_)
    made: list[str | None] = []
    for part in _parts(values):
        found = numbers(part) if type_.base in (*TIMED, "date") else _values(part)
        made += [None if value is None else write(value) for value in found]
    return pa.array(made, pa.string())


def _values(values: pa.Array) -> list[Any]:
    """Python's values, with times as numbers where one lies in a year that Python does not have."""
    try:
        return list(values.to_pylist())
    except OverflowError:
        return _with_numbers(values)


def _with_numbers(values: pa.Array) -> list[Any]:
    if pa.types.is_struct(values.type):
        fields = {field.name: _with_numbers(values.field(field.name)) for field in values.type}
        rows = [dict(zip(fields, row, strict=True)) for row in zip(*fields.values(), strict=True)]
        return [
            row if there else None for there, row in zip(values.is_valid().to_pylist(), rows, strict=True)
        ]
    if pa.types.is_map(values.type):
        keyed = (_with_numbers(item.values) if item.is_valid else None for item in values)
        return [None if pairs is None else [(p["key"], p["value"]) for p in pairs] for pairs in keyed]
    if pa.types.is_list(values.type):
        return [_with_numbers(item.values) if item.is_valid else None for item in values]
    return numbers(values)


ROW_BYTES = 32 << 20
"""The most that a row has: https://docs.aws.amazon.com/athena/latest/ug/other-notable-limitations.html"""


def _parts(values: pa.Array) -> Iterator[pa.Array]:
    """The values, a few at a time: as Python's they take ten times as much memory, which nothing else bounds.

    Raises:
        QueryFailed: EXCEEDED_MEMORY_LIMIT, one is larger than a row may be.
    """
    if values.nbytes <= ROW_BYTES:
        yield values
        return
    if len(values) == 1:
        size = f"{values.nbytes >> 20} MB of a result's row exceed the limit of {ROW_BYTES >> 20} MB"
        raise QueryFailed("EXCEEDED_MEMORY_LIMIT", size, error_type=0)
    half = len(values) // 2
    yield from _parts(values.slice(0, half))
    yield from _parts(values.slice(half))


def _plain(values: pa.Array, type_: TrinoType) -> pa.Array | None:
    return None if pa.types.is_binary(values.type) else pc.cast(values, pa.string())


def _char(values: pa.Array, type_: TrinoType) -> pa.Array:
    return pc.utf8_rpad(values, width=type_.precision)


def _decimal(values: pa.Array, type_: TrinoType) -> pa.Array | None:
    # Of more digits Arrow writes the small ones with an exponent.
    return pc.cast(values, pa.string()) if type_.scale <= 6 else None


def _floating(values: pa.Array, type_: TrinoType) -> pa.Array:
    """Arrow's digits are Java's; between 0.001 and 10,000,000 only the `.0` of whole numbers is missing."""
    size = pc.abs(values)
    usual = pc.fill_null(pc.and_(pc.greater_equal(size, 1e-3), pc.less(size, 1e7)), True)
    made = pc.cast(values, pa.string())
    whole = pc.equal(values, pc.trunc(values))
    made = pc.if_else(whole, pc.binary_join_element_wise(made, ".0", ""), made)
    if pc.all(usual).as_py():
        return made
    rest = _one_by_one(values.filter(pc.invert(usual)), type_)
    return pc.replace_with_mask(made, pc.invert(usual), rest)


UNITS = {0: "s", 3: "ms", 6: "us"}
FIRST_DAY, LAST_DAY = -719162, 2932896
"""Days of the years 1 to 9999, which Arrow and Python have."""


def _date(values: pa.Array, type_: TrinoType) -> pa.Array | None:
    return pc.cast(values, pa.string()) if _within(pc.cast(values, pa.int32()), 1) else None


def _timestamp(values: pa.Array, type_: TrinoType) -> pa.Array | None:
    unit = UNITS.get(type_.precision)
    if unit is None or not pa.types.is_timestamp(values.type):
        return None
    if not _within(pc.cast(values, pa.int64()), stamps.DAY):
        return None
    return pc.cast(pc.cast(values, pa.timestamp(unit)), pa.string())


def _within(counts: pa.Array, day: int) -> bool:
    found = pc.min_max(counts).as_py()
    return found["min"] is None or bool(FIRST_DAY * day <= found["min"] and found["max"] < LAST_DAY * day)


COLUMNS: dict[str, Callable[[pa.Array, TrinoType], pa.Array | None]] = {
    **dict.fromkeys(
        ("boolean", "tinyint", "smallint", "integer", "bigint", "varchar", "json", "uuid", "unknown"), _plain
    ),
    "char": _char,
    "decimal": _decimal,
    "real": _floating,
    "double": _floating,
    "date": _date,
    "timestamp": _timestamp,
}
"""The text of a whole column; None when these values are not for Arrow to write."""
