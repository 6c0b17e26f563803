"""CRCs that `zlib` does not have, at a usable speed in Python alone.

A CRC is the remainder of the message, as a polynomial over GF(2), by the CRC's own. So the first part of a
block can be folded onto the rest: L·x^n + H has the remainder of L·(x^n mod P) + H, and a product with a
constant is a handful of shifts and XORs of one big integer, which run in C. Fold points are chosen where
x^n mod P has few terms. What is left, some 200 bytes, goes through the usual table.

All polynomials are bit-reflected: bit 0 of the message's first byte is the term of the highest degree.
Background: Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ", Intel, 2009.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

_BLOCKS = (65536, 4096)
"""Bytes folded at once, larger first; a rest below the last goes through the table."""
_SMALLEST = 256
_CANDIDATES = 192


class Polynomial(NamedTuple):
    """A CRC's polynomial, without its leading term, and its width in bits."""

    value: int
    bits: int


class _Fold(NamedTuple):
    """Take the lowest `taken` bits of the message, and XOR them onto the rest at each of `shifts`."""

    taken: int
    shifts: tuple[int, ...]


def crc(polynomial: Polynomial, data: bytes, value: int = 0) -> int:
    """The CRC of `data` after bytes whose CRC is `value`; all ones before and after, as S3's CRCs have it."""
    ones = (1 << polynomial.bits) - 1
    register, position = value ^ ones, 0
    for size in _BLOCKS:
        while len(data) - position >= size:
            block = data[position : position + size]
            register = _by_table(polynomial, _folded(polynomial, block, register), 0)
            position += size
    return _by_table(polynomial, data[position:], register) ^ ones


def _by_table(polynomial: Polynomial, data: bytes, register: int) -> int:
    table = _table(polynomial)
    for byte in data:
        register = table[(register ^ byte) & 0xFF] ^ (register >> 8)
    return register


@cache
def _table(polynomial: Polynomial) -> tuple[int, ...]:
    entries = []
    for value in range(256):
        for _ in range(8):
            value = _times_x(polynomial, value)
        entries.append(value)
    return tuple(entries)


def _folded(polynomial: Polynomial, block: bytes, register: int) -> bytes:
    """A short message with the remainder of `block` that follows `register`."""
    message, bits = int.from_bytes(block, "little") ^ register, 8 * len(block)
    for taken, shifts in _folds(polynomial, len(block)):
        first = message & ((1 << taken) - 1)
        message >>= taken
        for shift in shifts:
            message ^= first << shift
        bits -= taken
    return message.to_bytes(bits // 8, "little")


@cache
def _folds(polynomial: Polynomial, size: int) -> tuple[_Fold, ...]:
    folds, left = [], size
    while left > _SMALLEST:
        fold = _best_fold(polynomial, left)
        folds.append(fold)
        left -= fold.taken // 8
    return tuple(folds)


def _best_fold(polynomial: Polynomial, size: int) -> _Fold:
    """Of the cuts just before the middle of `size` bytes, the one with the cheapest constant."""
    # The product is `bits - 1` longer than what is taken, and must fit onto the rest.
    middle = (size - polynomial.bits // 8) // 2
    best: _Fold | None = None
    power = power_of_x(polynomial, 8 * (size - middle))
    for taken in range(middle, max(middle - _CANDIDATES, middle // 2), -1):
        if best is None or power.bit_count() < len(best.shifts):
            align = 8 * (size - taken) - 8 * taken - polynomial.bits + 1
            shifts = tuple(align + bit for bit in range(polynomial.bits) if power >> bit & 1)
            best = _Fold(8 * taken, shifts)
        for _ in range(8):
            power = _times_x(polynomial, power)
    assert best is not None
    return best


def power_of_x(polynomial: Polynomial, exponent: int) -> int:
    """x to the power of `exponent`, modulo the polynomial."""
    result, factor = 1 << (polynomial.bits - 1), 1 << (polynomial.bits - 2)  # 1, and x
    while exponent:
        if exponent & 1:
            result = multiply(polynomial, result, factor)
        factor = multiply(polynomial, factor, factor)
        exponent >>= 1
    return result


def multiply(polynomial: Polynomial, left: int, right: int) -> int:
    """The product of two remainders."""
    product = 0
    for position in range(polynomial.bits - 1, -1, -1):
        if left >> position & 1:
            product ^= right
        right = _times_x(polynomial, right)
    return product


def _times_x(polynomial: Polynomial, value: int) -> int:
    return (value >> 1) ^ (polynomial.value if value & 1 else 0)
