"""checksum(x): the sum of its values' hashes, whatever their order.

A value is one or two whole numbers, or bytes, each hashed by XXH64. Inside a row Trino takes the hash by
which it groups instead, which for whole numbers is one round of XXH64.
https://trino.io/docs/current/functions/aggregate.html#checksum
"""

from __future__ import annotations

import struct
import uuid
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from functools import cache, reduce
from operator import xor
from typing import Any

from local_athena.types.trino import INTEGERS, TrinoType
from local_athena.values.xxhash import MASK, P1, round_of, xxhash64_number

EPOCH = datetime(1970, 1, 1)
DAY = 86_400_000_000
SHORT_DECIMAL = 18
INTERVALS = ("interval day to second", "interval year to month")
TEXTS = ("varchar", "char", "json", "varbinary")
WHOLE = (*INTEGERS, "boolean", "date", *INTERVALS)
PLAIN = (*WHOLE, *TEXTS, "real", "double", "decimal", "uuid", "ipaddress", "timestamp", "time", "unknown")
ZONED = ("timestamp with time zone", "time with time zone")
Hash = Callable[[Any], int]


def is_hashed(type_: TrinoType) -> bool:
    """Whether values of a type have a checksum here."""
    if type_.parts:
        return all(map(is_hashed, type_.parts))
    return type_.base in PLAIN or (type_.base in ZONED and not type_.is_fine)


@cache
def checksum(type_: TrinoType) -> Callable[[list[Any]], bytes]:
    """checksum of values of a type: eight bytes, the least first."""
    hashed = _hash(type_, grouping=False)

    def total(values: list[Any]) -> bytes:
        hashes = (P1 if v is None else hashed(v) * P1 for v in values)
        return (sum(hashes) & MASK).to_bytes(8, "little")

    return total


def _hash(type_: TrinoType, *, grouping: bool) -> Hash:
    if type_.base == "array":
        element = _or_nothing(_hash(type_.element, grouping=grouping))
        return lambda items: _folded(map(element, items), 0)
    if type_.base == "row":
        fields = [_or_nothing(_hash(part, grouping=True)) for part in type_.parts]
        return lambda row: _folded((field(row[f"f{i}"]) for i, field in enumerate(fields)), 1)
    if type_.base == "map":
        key, value = (_or_nothing(_hash(part, grouping=grouping)) for part in type_.parts)
        return lambda pairs: sum(key(k) ^ value(v) for k, v in dict(pairs).items()) & MASK
    if type_.base in TEXTS:
        return lambda value: xxhash64_number(value.encode() if isinstance(value, str) else bytes(value))
    short = grouping and not _is_long(type_) and type_.base != "boolean"
    return lambda value: reduce(xor, (_number(n, short=short) for n in numbers_of(value, type_)))


def _or_nothing(hashed: Hash) -> Hash:
    return lambda value: 0 if value is None else hashed(value)


def _folded(hashes: Iterable[int], start: int) -> int:
    return reduce(lambda total, found: (31 * total + found) & MASK, hashes, start)


def _number(number: int, *, short: bool) -> int:
    number &= MASK
    return round_of(0, number) if short else xxhash64_number(number.to_bytes(8, "little"))


def _is_long(type_: TrinoType) -> bool:
    """Whether Trino keeps values in two numbers."""
    if type_.base == "decimal":
        return type_.precision > SHORT_DECIMAL
    limit = {"timestamp": 6, "timestamp with time zone": 3}.get(type_.base)
    return type_.base in ("uuid", "ipaddress") or (limit is not None and type_.precision > limit)


def numbers_of(value: Any, type_: TrinoType) -> tuple[int, ...]:
    """The one or two whole numbers that Trino keeps a value in."""
    base = type_.base
    if base in ("real", "double"):
        kind, missing = (("<f", "<i"), 0x7FC00000) if base == "real" else (("<d", "<q"), 0x7FF8000000000000)
        return (missing if value != value else struct.unpack(kind[1], struct.pack(kind[0], value or 0.0))[0],)
    if base == "decimal":
        unscaled = int(value.scaleb(type_.scale))
        return (unscaled >> 64, unscaled) if _is_long(type_) else (unscaled,)
    if base in ("uuid", "ipaddress"):
        return struct.unpack("<qq", uuid.UUID(str(value)).bytes if base == "uuid" else bytes(value))
    if "time" in base and base not in INTERVALS:
        return _moment(value, type_)
    return ((value - EPOCH.date()).days if isinstance(value, date) else int(value),)


def _moment(value: Any, type_: TrinoType) -> tuple[int, ...]:
    packed = value if isinstance(value, dict) else {"t": value}
    picos = packed.get("p") or 0
    if type_.base.startswith("time") and not type_.base.startswith("timestamp"):
        clock: time = packed["t"]
        ahead = packed.get("o")
        micros = timedelta(
            hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond
        ) // timedelta(microseconds=1)
        if ahead is None:
            return (micros * 1_000_000 + picos,)
        return ((micros - ahead * 60_000_000) % DAY * 1000,)
    micros = (packed["t"] - EPOCH) // timedelta(microseconds=1)
    if type_.base == "timestamp":
        return (micros, picos) if _is_long(type_) else (micros,)
    millis, rest = divmod(micros, 1000)
    return (millis, rest * 1_000_000 + picos) if _is_long(type_) else (millis,)
