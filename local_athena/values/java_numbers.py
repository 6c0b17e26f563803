"""Numbers as Java's Formatter shows them: `%d %x %o` of whole ones, `%f %e %g` of all others.

Java rounds the shortest digits that tell a double, half up, where C rounds its exact value; `%g` keeps the
zeros at the end. https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/Formatter.html
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

DIGITS = Context(prec=2000, Emax=999999, Emin=-999999)
"""Room for every digit of a double beside those that are asked for."""


def shown(flags: str, precision: str | None, kind: str, value: Any) -> str:
    """A number under a conversion.

    Raises:
        ValueError: the conversion takes no such value.
    """
    if isinstance(value, bool) or isinstance(value, int) != (kind in "dxXo"):
        raise ValueError(value)
    if kind in "xXo":
        return f"{value if value >= 0 else value + 2**64:{kind}}"
    if kind == "d":
        return _signed(flags, value < 0, f"{abs(value):{_comma(flags)}d}")
    made = _fraction(flags, 6 if precision is None else int(precision), kind, value)
    return made.upper() if kind.isupper() else made


def _comma(flags: str) -> str:
    return "," if "," in flags else ""


def _fraction(flags: str, digits: int, kind: str, value: Any) -> str:
    if isinstance(value, str):
        raise ValueError(value)
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    below = exact.is_signed()
    if not exact.is_finite():
        return "NaN" if exact.is_nan() else _signed(flags, below, "Infinity")
    if kind == "f":
        return _signed(flags, below, _plain(abs(exact), digits, _comma(flags)))
    if kind in "eE":
        return _signed(flags, below, _scientific(abs(exact), digits))
    return _signed(flags, below, _general(abs(exact), digits or 1, _comma(flags)))


def _signed(flags: str, below: bool, made: str) -> str:
    if below:
        return f"({made})" if "(" in flags else f"-{made}"
    return "+" * ("+" in flags) + " " * (" " in flags) + made


def _plain(value: Decimal, digits: int, comma: str) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-digits, DIGITS), ROUND_HALF_UP, DIGITS)
    return f"{rounded:{comma}.{digits}f}"


def _scientific(value: Decimal, digits: int) -> str:
    if value == 0:
        return f"{0:.{digits}f}e+00"
    rounded = Context(digits + 1, ROUND_HALF_UP, -999999, 999999).plus(value)
    power = rounded.adjusted()
    return f"{rounded.scaleb(-power, DIGITS):.{digits}f}e{power:+03d}"


def _general(value: Decimal, digits: int, comma: str) -> str:
    """Without a power of ten from 0.0001 on, below ten to the digits; all digits are shown."""
    if value == 0:
        return _plain(value, digits - 1, comma)
    rounded = Context(digits, ROUND_HALF_UP, -999999, 999999).plus(value)
    if Decimal("0.0001") <= rounded < Decimal(10) ** digits:
        return _plain(value, digits - rounded.adjusted() - 1, comma)
    return _scientific(value, digits - 1)


__all__ = ["shown"]
