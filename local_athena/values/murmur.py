"""murmur3(binary): MurmurHash3 in its 128-bit form for 64-bit machines, with seed 0.

https://trino.io/docs/current/functions/binary.html#murmur3
"""

from __future__ import annotations

import struct

MASK = 2**64 - 1
FIRST, SECOND = 0x87C37B91114253D5, 0x4CF5AD432745937F


def murmur3(value: bytes) -> bytes:
    """The 16 bytes of the hash, both halves least significant byte first."""
    value = bytes(value)
    h1 = h2 = 0
    whole = len(value) // 16 * 16
    for k1, k2 in struct.iter_unpack("<QQ", value[:whole]):
        h1 = (_rotated((h1 ^ _mixed(k1, FIRST, 31, SECOND)), 27) + h2) * 5 + 0x52DCE729 & MASK
        h2 = (_rotated((h2 ^ _mixed(k2, SECOND, 33, FIRST)), 31) + h1) * 5 + 0x38495AB5 & MASK
    tail = value[whole:]
    if tail:
        k1, k2 = struct.unpack("<QQ", tail.ljust(16, b"\0"))
        h1 ^= _mixed(k1, FIRST, 31, SECOND)
        h2 ^= _mixed(k2, SECOND, 33, FIRST)
    h1, h2 = h1 ^ len(value), h2 ^ len(value)
    h1 = h1 + h2 & MASK
    h2 = h2 + h1 & MASK
    h1, h2 = _final(h1), _final(h2)
    h1 = h1 + h2 & MASK
    return struct.pack("<QQ", h1, h2 + h1 & MASK)


def _rotated(value: int, bits: int) -> int:
    return (value << bits | value >> 64 - bits) & MASK


def _mixed(value: int, first: int, bits: int, second: int) -> int:
    return _rotated(value * first & MASK, bits) * second & MASK


def _final(value: int) -> int:
    value = (value ^ value >> 33) * 0xFF51AFD7ED558CCD & MASK
    value = (value ^ value >> 33) * 0xC4CEB9FE1A85EC53 & MASK
    return value ^ value >> 33
