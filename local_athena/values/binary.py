"""Binary functions. https://trino.io/docs/current/functions/binary.html"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

from local_athena.errors import QueryFailed
from local_athena.values.texts import parse_ip


def bad_argument(message: str) -> QueryFailed:
    """INVALID_FUNCTION_ARGUMENT."""
    return QueryFailed("INVALID_FUNCTION_ARGUMENT", message)


@cache
def digest(name: str) -> Callable[[bytes], bytes]:
    """md5, sha1, sha256, sha512."""

    def compute(value: bytes) -> bytes:
        return hashlib.new(name, value).digest()

    return compute


@cache
def hmac_of(name: str) -> Callable[[bytes, bytes], bytes]:
    """hmac_md5 and its sisters."""

    def compute(value: bytes, key: bytes) -> bytes:
        if not key:
            raise QueryFailed("GENERIC_INTERNAL_ERROR", "Empty key")
        return hmac.new(key, value, name).digest()

    return compute


def crc32(value: bytes) -> int:
    """crc32."""
    return zlib.crc32(value)


def reverse(value: bytes) -> bytes:
    """reverse(varbinary)."""
    return value[::-1]


def substr(value: bytes, start: int, length: int | None = None) -> bytes:
    """substr(varbinary, start, length)."""
    if start == 0 or abs(start) > len(value) or (length is not None and length <= 0):
        return b""
    first = start - 1 if start > 0 else len(value) + start
    return value[first:] if length is None else value[first : first + length]


def from_hex(text: str | bytes) -> bytes:
    """from_hex."""
    try:
        return binascii.unhexlify(text)
    except (ValueError, binascii.Error) as error:
        raise bad_argument(f"Invalid hex string: {text!r}") from error


def _padded(text: str | bytes, unit: int) -> bytes:
    given = text.encode() if isinstance(text, str) else bytes(text)
    return given + b"=" * (-len(given) % unit)


def from_base64(text: str | bytes) -> bytes:
    """from_base64."""
    try:
        return base64.b64decode(_padded(text, 4), validate=True)
    except (ValueError, binascii.Error) as error:
        raise bad_argument(str(error)) from error


def to_base64url(value: bytes) -> str:
    """to_base64url."""
    return base64.urlsafe_b64encode(value).decode()


def from_base64url(text: str | bytes) -> bytes:
    """from_base64url."""
    return from_base64(_padded(text, 4).replace(b"-", b"+").replace(b"_", b"/"))


def to_base32(value: bytes) -> str:
    """to_base32."""
    return base64.b32encode(value).decode()


def from_base32(text: str | bytes) -> bytes:
    """from_base32."""
    try:
        return base64.b32decode(_padded(text, 8))
    except (ValueError, binascii.Error) as error:
        raise bad_argument(f"Invalid input character: {text!r}") from error


@cache
def packer(form: str) -> Callable[[Any], bytes]:
    """A number as big-endian bytes."""

    def pack(value: Any) -> bytes:
        return struct.pack(form, value)

    return pack


@cache
def unpacker(form: str) -> Callable[[bytes], Any]:
    """Big-endian bytes as a number."""

    def unpack(value: bytes) -> Any:
        size = struct.calcsize(form)
        if len(value) != size:
            raise bad_argument(f"Input must be exactly {size} bytes")
        return struct.unpack(form, value)[0]

    return unpack


def in_network(network: str, address: bytes) -> bool:
    """contains('10.0.0.0/8', ipaddress); an IPv4 network has no bits after its prefix."""
    base, _, bits = network.partition("/")
    try:
        first, size = int.from_bytes(parse_ip(base)), int(bits)
    except (QueryFailed, ValueError) as error:
        raise bad_argument("Invalid CIDR") from error
    if ":" not in base:
        if not 0 <= size <= 32 or first & (2 ** (32 - size) - 1):
            raise bad_argument("Invalid CIDR")
        size += 96
    if not 0 <= size <= 128:
        raise bad_argument("Invalid CIDR")
    return first >> (128 - size) == int.from_bytes(address) >> (128 - size)
