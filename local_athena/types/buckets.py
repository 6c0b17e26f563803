"""The bucket of a row as Hive's first bucketing version computes it, which Athena's CTAS uses.

https://docs.aws.amazon.com/athena/latest/ug/ctas-partitioning-and-bucketing.html; the hash is Hive's
ObjectInspectorUtils.getBucketHashCode.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from local_athena.errors import not_supported
from local_athena.types.trino import TrinoType

MASK = 0xFFFFFFFF
EPOCH = datetime(1970, 1, 1)


def _text(value: str) -> int:
    made = 0
    for byte in value.encode():
        made = made * 31 + (byte - 256 if byte > 127 else byte) & MASK
    return made


def _long(value: int) -> int:
    bits = value & 0xFFFFFFFFFFFFFFFF
    return (bits ^ bits >> 32) & MASK


def _timestamp(value: datetime) -> int:
    seconds, micros = divmod((value - EPOCH) // (value.resolution), 1000000)
    nanos = micros * 1000
    # Hive keeps trailing zeros out of the nanoseconds and counts them in the low bits.
    return _long((seconds << 30) | nanos)


HASHES: dict[str, Callable[[Any], int]] = {
    "boolean": int,
    "tinyint": lambda value: value & MASK,
    "smallint": lambda value: value & MASK,
    "integer": lambda value: value & MASK,
    "bigint": _long,
    "real": lambda value: struct.unpack(">I", struct.pack(">f", value))[0],
    "double": lambda value: _long(struct.unpack(">q", struct.pack(">d", value))[0]),
    "varchar": _text,
    "char": _text,
    "date": lambda value: (value - date(1970, 1, 1)).days & MASK,
    "timestamp": _timestamp,
}


def bucket_of(values: tuple[Any, ...], types: tuple[TrinoType, ...], count: int) -> int:
    """The bucket, from 0, of a row by the values of its bucketing columns."""
    made = 0
    for value, type_ in zip(values, types, strict=True):
        made = made * 31 + (0 if value is None else HASHES[type_.base](value)) & MASK
    return (made & 0x7FFFFFFF) % count


def check_bucketing(name: str, type_: TrinoType) -> None:
    """Refuse a column that rows cannot be bucketed by.

    Raises:
        QueryFailed: NOT_SUPPORTED.
    """
    if type_.base not in HASHES:
        raise not_supported(f"Cannot bucket by column {name} of type {type_}")
