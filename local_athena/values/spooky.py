"""spooky_hash_v2_32(binary), spooky_hash_v2_64(binary): Bob Jenkins's SpookyHash V2 with seed 0.

Below 192 bytes it mixes four words, from there on twelve. http://burtleburtle.net/bob/hash/spooky.html
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

MASK = 2**64 - 1
ODD = 0xDEADBEEFDEADBEEF
SHORT = 192
BLOCK = 96

SHORT_MIX = (50, 52, 30, 41, 54, 48, 38, 37, 62, 34, 5, 36)
SHORT_END = (15, 52, 26, 51, 28, 9, 47, 54, 32, 25, 63)
LONG_MIX = (11, 32, 43, 31, 17, 28, 39, 57, 55, 54, 22, 46)
LONG_END = (44, 15, 34, 21, 38, 33, 10, 13, 38, 53, 42, 54)


def spooky_hash_v2_32(value: bytes) -> bytes:
    """The lower half of the hash, most significant byte first."""
    return spooky_hash_v2_64(value)[4:]


def spooky_hash_v2_64(value: bytes) -> bytes:
    """The hash, most significant byte first."""
    value = bytes(value)
    return (_short(value) if len(value) < SHORT else _long(value)).to_bytes(8, "big")


def _rotated(value: int, bits: int) -> int:
    return (value << bits | value >> 64 - bits) & MASK


def _short(value: bytes) -> int:
    words = [0, 0, ODD, ODD]
    whole = len(value) // 16 * 16
    for number, pair in enumerate(struct.iter_unpack("<QQ", value[:whole])):
        # Of each 32 bytes the first half goes in before the mixing, the second after it.
        first = 0 if number % 2 else 2
        words[first] = (words[first] + pair[0]) & MASK
        words[first + 1] = (words[first + 1] + pair[1]) & MASK
        if not number % 2:
            _short_mix(words)
    tail = value[whole:]
    low, high = struct.unpack("<QQ", tail.ljust(16, b"\0")) if tail else (ODD, ODD)
    words[2] = (words[2] + low) & MASK
    words[3] = (words[3] + high + (len(value) << 56)) & MASK
    return _short_end(words)


def _short_mix(words: list[int]) -> None:
    for number, bits in enumerate(SHORT_MIX):
        turned, added, mixed = (number + 2) % 4, (number + 3) % 4, number % 4
        words[turned] = (_rotated(words[turned], bits) + words[added]) & MASK
        words[mixed] ^= words[turned]


def _short_end(words: list[int]) -> int:
    for number, bits in enumerate(SHORT_END):
        turned, mixed = (number + 2) % 4, (number + 3) % 4
        words[mixed] ^= words[turned]
        words[turned] = _rotated(words[turned], bits)
        words[mixed] = (words[mixed] + words[turned]) & MASK
    return words[0]


def _long(value: bytes) -> int:
    words = [0, 0, ODD] * 4
    whole = len(value) // BLOCK * BLOCK
    for block in struct.iter_unpack("<12Q", value[:whole]):
        _long_mix(words, block)
    tail = value[whole:]
    last = struct.unpack("<12Q", tail.ljust(BLOCK - 1, b"\0") + bytes([len(tail)]))
    return _long_end([(word + more) & MASK for word, more in zip(words, last, strict=True)])


def _long_mix(words: list[int], block: Sequence[int]) -> None:
    for at, bits in enumerate(LONG_MIX):
        before = (at + 11) % 12
        words[at] = (words[at] + block[at]) & MASK
        words[(at + 2) % 12] ^= words[(at + 10) % 12]
        words[before] ^= words[at]
        words[at] = _rotated(words[at], bits)
        words[before] = (words[before] + words[(at + 1) % 12]) & MASK


def _long_end(words: list[int]) -> int:
    for _ in range(3):
        for at, bits in enumerate(LONG_END):
            before, after = (at + 11) % 12, (at + 1) % 12
            words[before] = (words[before] + words[after]) & MASK
            words[(at + 2) % 12] ^= words[before]
            words[after] = _rotated(words[after], bits)
    return words[0]
