"""xxhash64(varbinary) and checksum(x), which adds up the XXH64 of its values.

https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from local_athena.types.trino import INTEGERS, TrinoType

MASK = 2**64 - 1
P1, P2, P3 = 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9
P4, P5 = 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5


def _left(value: int, bits: int) -> int:
    return ((value << bits) | (value >> (64 - bits))) & MASK


def _round(lane: int, word: int) -> int:
    return _left((lane + word * P2) & MASK, 31) * P1 & MASK


def xxhash64_number(data: bytes) -> int:
    """XXH64 with seed 0."""
    at = 0
    if len(data) >= 32:
        lanes = [(P1 + P2) & MASK, P2, 0, -P1 & MASK]
        while at + 32 <= len(data):
            words = struct.unpack_from("<4Q", data, at)
            lanes = [_round(lane, word) for lane, word in zip(lanes, words, strict=True)]
            at += 32
        hashed = sum(_left(lane, bits) for lane, bits in zip(lanes, (1, 7, 12, 18), strict=True)) & MASK
        for lane in lanes:
            hashed = ((hashed ^ _round(0, lane)) * P1 + P4) & MASK
    else:
        hashed = P5
    return _finished((hashed + len(data)) & MASK, data, at)


def _finished(hashed: int, data: bytes, at: int) -> int:
    while at + 8 <= len(data):
        hashed ^= _round(0, struct.unpack_from("<Q", data, at)[0])
        hashed = (_left(hashed, 27) * P1 + P4) & MASK
        at += 8
    if at + 4 <= len(data):
        hashed ^= struct.unpack_from("<I", data, at)[0] * P1 & MASK
        hashed = (_left(hashed, 23) * P2 + P3) & MASK
        at += 4
    for byte in data[at:]:
        hashed ^= byte * P5 & MASK
        hashed = _left(hashed, 11) * P1 & MASK
    hashed = (hashed ^ (hashed >> 33)) * P2 & MASK
    hashed = (hashed ^ (hashed >> 29)) * P3 & MASK
    return hashed ^ (hashed >> 32)


def xxhash64(data: bytes) -> bytes:
    """xxhash64: eight bytes, the greatest first."""
    return xxhash64_number(data).to_bytes(8, "big")


HASHED = (*INTEGERS, "boolean", "varchar", "varbinary", "date", "double")
"""Types whose hash in Trino is the XXH64 of these bytes."""


def _bytes(value: Any, base: str) -> bytes:
    if base == "varchar":
        return str(value).encode()
    if base == "varbinary":
        return bytes(value)
    if base == "double":
        return struct.pack("<d", value or 0.0)
    if isinstance(value, date):
        value = (value - date(1970, 1, 1)).days
    return struct.pack("<q", value)


@cache
def checksum(type_: TrinoType) -> Callable[[list[Any]], bytes]:
    """checksum of values of a type in `HASHED`: eight bytes, the least first."""

    def total(values: list[Any]) -> bytes:
        hashes = (P1 if v is None else xxhash64_number(_bytes(v, type_.base)) * P1 for v in values)
        return (sum(hashes) & MASK).to_bytes(8, "little")

    return total
