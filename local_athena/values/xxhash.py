"""xxhash64(varbinary): XXH64 with seed 0.

https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
"""

from __future__ import annotations

import struct

MASK = 2**64 - 1
P1, P2, P3 = 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9
P4, P5 = 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5


def _left(value: int, bits: int) -> int:
    return ((value << bits) | (value >> (64 - bits))) & MASK


def round_of(lane: int, word: int) -> int:
    """One round of the hash: what a word makes of a lane."""
    return _left((lane + word * P2) & MASK, 31) * P1 & MASK


def xxhash64_number(data: bytes) -> int:
    """XXH64 with seed 0."""
    at = 0
    if len(data) >= 32:
        lanes = [(P1 + P2) & MASK, P2, 0, -P1 & MASK]
        while at + 32 <= len(data):
            words = struct.unpack_from("<4Q", data, at)
            lanes = [round_of(lane, word) for lane, word in zip(lanes, words, strict=True)]
            at += 32
        hashed = sum(_left(lane, bits) for lane, bits in zip(lanes, (1, 7, 12, 18), strict=True)) & MASK
        for lane in lanes:
            hashed = ((hashed ^ round_of(0, lane)) * P1 + P4) & MASK
    else:
        hashed = P5
    return _finished((hashed + len(data)) & MASK, data, at)


def _finished(hashed: int, data: bytes, at: int) -> int:
    while at + 8 <= len(data):
        hashed ^= round_of(0, struct.unpack_from("<Q", data, at)[0])
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
