"""Numbers, intervals and addresses to and from text, as Java and Trino write them."""

from __future__ import annotations

import ipaddress
import math
import re
import struct
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache

from local_athena.errors import QueryFailed
from local_athena.types.trino import TrinoType


def bad_cast(value: object, target: object) -> QueryFailed:
    """INVALID_CAST_ARGUMENT for a value."""
    return QueryFailed("INVALID_CAST_ARGUMENT", f"Cannot cast '{value}' to {target}")


def _shortest(value: float, single: bool) -> tuple[str, int]:
    """The shortest digits that read back as the value, and the exponent of the first."""
    if single:
        digits = next(
            text
            for precision in range(10)
            if struct.pack("f", float(text := f"{value:.{precision}e}")) == struct.pack("f", value)
        )
    else:
        digits = f"{Decimal(repr(value)):e}"
    mantissa, _, exponent = digits.partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    whole = mantissa.replace(".", "")
    stripped = whole.rstrip("0") or "0"
    return stripped, int(exponent)


def java_number(value: float, single: bool = False) -> str:
    """Java's Double.toString: `1.0`, `1.0E10`, `1.0E-7`, `NaN`, `Infinity`."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "-0.0" if math.copysign(1, value) < 0 else "0.0"
    digits, exponent = _shortest(abs(value), single)
    sign = "-" if value < 0 else ""
    if -3 <= exponent < 7:
        return sign + _plain(digits, exponent)
    return f"{sign}{digits[0]}.{digits[1:] or '0'}E{exponent}"


def _plain(digits: str, exponent: int) -> str:
    if exponent < 0:
        return "0." + "0" * (-exponent - 1) + digits
    padded = digits.ljust(exponent + 1, "0")
    return f"{padded[: exponent + 1]}.{padded[exponent + 1 :] or '0'}"


def _scientific(value: float, single: bool) -> str:
    if math.isnan(value) or math.isinf(value):
        return java_number(value)
    if value == 0:
        return "-0E0" if math.copysign(1, value) < 0 else "0E0"
    digits, exponent = _shortest(abs(value), single)
    return f"{'-' if value < 0 else ''}{digits[0]}.{digits[1:] or '0'}E{exponent}"


def double_as_varchar(value: float) -> str:
    """CAST(double AS varchar): always with an exponent."""
    return _scientific(value, False)


LEAST_NORMAL = 1.17549435e-38


def real_as_varchar(value: float) -> str:
    """CAST(real AS varchar): seven digits at most, which may be fewer than the value needs."""
    if not math.isfinite(value) or abs(value) < LEAST_NORMAL:
        return _scientific(value, True)
    mantissa, _, exponent = f"{value:.6e}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    return f"{whole}.{fraction.rstrip('0') or '0'}E{int(exponent)}"


def parse_double(text: str) -> float:
    """CAST(varchar AS double)."""
    if not re.fullmatch(r"\s*[+-]?(NaN|Infinity|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[dDfF]?)\s*", text):
        raise bad_cast(text, "DOUBLE")
    return float(text.strip().rstrip("dDfF") if text.strip()[-1:] in "dDfF" else text)


def parse_real(text: str) -> float:
    """CAST(varchar AS real)."""
    try:
        value = parse_double(text)
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return math.inf
    except QueryFailed as error:
        raise bad_cast(text, "REAL") from error


@cache
def parse_decimal(target: TrinoType) -> Callable[[str], Decimal]:
    """CAST(varchar AS decimal(p,s))."""

    def parse(text: str) -> Decimal:
        if not re.fullmatch(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", text):
            raise QueryFailed(
                "INVALID_CAST_ARGUMENT",
                f"Cannot cast VARCHAR '{text}' to DECIMAL({target.precision}, {target.scale}). Value is "
                "not a number.",
            )
        return fit(Decimal(text.strip()), target, "VARCHAR", text)

    return _named(parse, f"parse_decimal_{target}")


@cache
def to_decimal(target: TrinoType, single: bool = False) -> Callable[[float], Decimal]:
    """CAST(double AS decimal(p,s)), half up; a real (`single`) has the digits that it is written with."""

    def convert(value: float) -> Decimal:
        if math.isnan(value) or math.isinf(value):
            raise bad_cast(java_number(value), f"DECIMAL({target.precision}, {target.scale})")
        exact = Decimal(java_number(value, single))
        return fit(exact, target, "REAL" if single else "DOUBLE", java_number(value, single))

    return _named(convert, f"to_decimal_{target}_{single}")


def _named(function: Callable[..., Decimal], name: str) -> Callable[..., Decimal]:
    return function


def fit(value: Decimal, target: TrinoType, source: str, shown: str) -> Decimal:
    """A decimal rounded to a type, which must hold it."""
    try:
        rounded = value.quantize(Decimal(1).scaleb(-target.scale), rounding=ROUND_HALF_UP, context=WIDE)
    except InvalidOperation:
        rounded = None
    if rounded is None or rounded.copy_abs() >= Decimal(10) ** (target.precision - target.scale):
        raise QueryFailed(
            "INVALID_CAST_ARGUMENT",
            f"Cannot cast {source} '{shown}' to DECIMAL({target.precision}, {target.scale})",
        )
    return rounded


import decimal as _decimal  # noqa: E402

WIDE = _decimal.Context(prec=400, Emax=_decimal.MAX_EMAX, Emin=_decimal.MIN_EMIN)


def day_interval_text(milliseconds: int) -> str:
    """`1 02:03:04.005`, as Trino writes an interval day to second."""
    sign, rest = ("-", -milliseconds) if milliseconds < 0 else ("", milliseconds)
    seconds, milli = divmod(rest, 1000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    return f"{sign}{days} {hour:02d}:{minute:02d}:{second:02d}.{milli:03d}"


def year_interval_text(months: int) -> str:
    """`1-2`, as Trino writes an interval year to month."""
    years, month = divmod(abs(months), 12)
    return f"{'-' if months < 0 else ''}{years}-{month}"


def parse_ip(text: str) -> bytes:
    """CAST(varchar AS ipaddress): 16 bytes, an IPv4 address mapped into IPv6."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError as error:
        raise QueryFailed("INVALID_CAST_ARGUMENT", f"Cannot cast value to IPADDRESS: {text}") from error
    return address.packed if address.version == 6 else b"\0" * 10 + b"\xff\xff" + address.packed


def ip_of_bytes(value: bytes) -> bytes:
    """CAST(varbinary AS ipaddress): 4 bytes of IPv4 or 16 of IPv6."""
    if len(value) == 4:
        return b"\0" * 10 + b"\xff\xff" + bytes(value)
    if len(value) != 16:
        problem = f"Invalid IP address binary length: {len(value)}"
        raise QueryFailed("INVALID_CAST_ARGUMENT", problem)
    return bytes(value)


def ip_text(value: bytes) -> str:
    """An ipaddress as text."""
    address = ipaddress.IPv6Address(bytes(value))
    return str(address.ipv4_mapped or address)
