"""The checksums of S3's objects: computing them, and joining those of parts.

CRC32 (the SDKs' default) and the SHA family come from C; `crc.py` has the others.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from collections.abc import Callable, Iterable
from functools import partial
from typing import Protocol

from local_aws.s3.crc import Polynomial, crc, multiply, power_of_x


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


CRC_POLYNOMIALS = {
    "CRC32": Polynomial(0xEDB88320, 32),
    "CRC32C": Polynomial(0x82F63B78, 32),
    "CRC64NVME": Polynomial(0x9A6C9329AC4BC9B5, 64),
}

ALGORITHMS: dict[str, Callable[[], Digest]] = {
    "CRC32": lambda: _Crc(zlib.crc32, 4),
    "CRC32C": lambda: _Crc(partial(crc, CRC_POLYNOMIALS["CRC32C"]), 4),
    "CRC64NVME": lambda: _Crc(partial(crc, CRC_POLYNOMIALS["CRC64NVME"]), 8),
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
    polynomial, value = CRC_POLYNOMIALS[algorithm], 0
    for text, size in parts:
        value = multiply(polynomial, value, power_of_x(polynomial, 8 * size))
        value ^= int.from_bytes(base64.b64decode(text), "big")
    return encoded(value.to_bytes(polynomial.bits // 8, "big"))
