"""The checksums of S3's objects: computing them, and joining those of parts.

CRC32 (the SDKs' default) and the SHA family come from C. CRC32C and CRC64NVME are table-driven Python, about
8 MB/s: right, and slow; nothing in the lock has them.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from collections.abc import Callable, Iterable
from functools import cache
from typing import Protocol


class Digest(Protocol):
    """What `hashlib`'s objects are, as far as it is used here."""

    def update(self, data: bytes, /) -> None:
        """Take in more bytes."""

    def digest(self) -> bytes:
        """The checksum of all bytes so far."""


class _Crc:
    """A CRC as a running number; `step` adds bytes to it."""

    def __init__(self, step: Callable[[bytes, int], int], width: int) -> None:
        self._step = step
        self._width = width
        self._value = 0

    def update(self, data: bytes) -> None:
        self._value = self._step(data, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(self._width, "big")


@cache
def _table(polynomial: int) -> tuple[int, ...]:
    entries = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = (value >> 1) ^ (polynomial if value & 1 else 0)
        entries.append(value)
    return tuple(entries)


def _table_step(polynomial: int, width: int) -> Callable[[bytes, int], int]:
    mask = (1 << 8 * width) - 1

    def step(data: bytes, value: int) -> int:
        table = _table(polynomial)
        value ^= mask
        for byte in data:
            value = table[(value ^ byte) & 0xFF] ^ (value >> 8)
        return value ^ mask

    return step


CRC_POLYNOMIALS = {"CRC32": 0xEDB88320, "CRC32C": 0x82F63B78, "CRC64NVME": 0x9A6C9329AC4BC9B5}
"""Bit-reflected."""

ALGORITHMS: dict[str, Callable[[], Digest]] = {
    "CRC32": lambda: _Crc(zlib.crc32, 4),
    "CRC32C": lambda: _Crc(_table_step(CRC_POLYNOMIALS["CRC32C"], 4), 4),
    "CRC64NVME": lambda: _Crc(_table_step(CRC_POLYNOMIALS["CRC64NVME"], 8), 8),
    "SHA1": lambda: hashlib.sha1(usedforsecurity=False),
    "SHA256": hashlib.sha256,
}
SIZES = {name: len(make().digest()) for name, make in ALGORITHMS.items()}


def member_of(algorithm: str) -> str:
    """The request member that carries it: `ChecksumCRC32`."""
    return f"Checksum{algorithm}"


def encoded(digest: bytes) -> str:
    """A checksum as headers carry it."""
    return base64.b64encode(digest).decode()


def decoded(text: str, size: int) -> bytes | None:
    """The bytes of a checksum in a header; None when `text` is not Base64 of `size` bytes."""
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return value if len(value) == size else None


def composite(algorithm: str, parts: Iterable[str]) -> str:
    """The checksum of checksums: that of the parts' digests one after the other, then `-<parts>`."""
    texts = list(parts)
    digest = ALGORITHMS[algorithm]()
    for text in texts:
        digest.update(base64.b64decode(text))
    return f"{encoded(digest.digest())}-{len(texts)}"


def full_object(algorithm: str, parts: Iterable[tuple[str, int]]) -> str:
    """The CRC of the whole from each part's CRC and size, without reading the bytes again."""
    polynomial, width = CRC_POLYNOMIALS[algorithm], SIZES[algorithm]
    value = 0
    for text, size in parts:
        value = _after_zeros(value, size, polynomial, 8 * width)
        value ^= int.from_bytes(base64.b64decode(text), "big")
    return encoded(value.to_bytes(width, "big"))


def _after_zeros(value: int, count: int, polynomial: int, bits: int) -> int:
    """The CRC register after `count` zero bytes: a product with x^(8·count), by repeated squaring."""
    power, factor = _multiply_identity(bits), 1 << (bits - 9)  # 1, and x^8
    while count:
        if count & 1:
            power = _multiply(power, factor, polynomial, bits)
        factor = _multiply(factor, factor, polynomial, bits)
        count >>= 1
    return _multiply(value, power, polynomial, bits)


def _multiply_identity(bits: int) -> int:
    return 1 << (bits - 1)  # bit-reflected: the highest bit is x^0


def _multiply(left: int, right: int, polynomial: int, bits: int) -> int:
    """Product of two bit-reflected polynomials over GF(2), modulo the CRC's."""
    product = 0
    for position in range(bits - 1, -1, -1):
        if left >> position & 1:
            product ^= right
        right = (right >> 1) ^ (polynomial if right & 1 else 0)
    return product
