"""Numbers as Java's Formatter writes them: rounded half up from the digits that Java shows."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal

from local_athena.errors import not_supported
from local_athena.values.java_format.specs import Spec

DIGITS = 6
"""As many as a pattern without a precision asks for."""
MOST_DIGITS = 2000
"""More than the longest double has before its point."""


def integral(spec: Spec, value: int) -> str:
    """A whole number for `%d`, `%o` or `%x`.

    Raises:
        Wrong: a flag that only `%d` has.
    """
    if spec.kind == "d":
        digits = f"{abs(value):,}" if "," in spec.flags else str(abs(value))
        return _signed(spec, digits, negative=value < 0)
    for flag in "( +":
        if flag in spec.flags:
            raise spec.mismatch(flag)
    digits = format(value & (2**64 - 1), "o" if spec.kind == "o" else "x")
    lead = ("0" if spec.kind == "o" else "0x") if "#" in spec.flags else ""
    if "0" in spec.flags:
        digits = digits.rjust((spec.width or 0) - len(lead), "0")
    return _cased(spec, lead + digits)


def floating(spec: Spec, value: float | Decimal) -> str:
    """A double or a decimal for `%f`, `%e`, `%g` or `%a`."""
    kind = spec.kind.lower()
    if isinstance(value, float) and not math.isfinite(value):
        return _no_number(spec, value)
    negative = math.copysign(1, value) < 0 if isinstance(value, float) else value < 0
    if kind == "a":
        return _signed(spec, _hexadecimal(spec, float(value)), negative=negative)
    exact = abs(value if isinstance(value, Decimal) else Decimal(repr(value)))
    digits = DIGITS if spec.precision is None else spec.precision
    made = _general(spec, exact, digits) if kind == "g" else _digits(spec, exact, digits, kind)
    return _signed(spec, made, negative=negative)


def _no_number(spec: Spec, value: float) -> str:
    if math.isnan(value):
        return _cased(spec, "NaN")
    before, after = _signs(spec, negative=value < 0)
    return _cased(spec, f"{before}Infinity{after}")


def _cased(spec: Spec, made: str) -> str:
    return made.upper() if spec.upper else made


def _signs(spec: Spec, *, negative: bool) -> tuple[str, str]:
    if negative:
        return ("(", ")") if "(" in spec.flags else ("-", "")
    return ("+" if "+" in spec.flags else " " if " " in spec.flags else ""), ""


def _signed(spec: Spec, digits: str, *, negative: bool) -> str:
    """Digits with their sign, and zeros up to the width where they are wanted."""
    before, after = _signs(spec, negative=negative)
    if "0" in spec.flags:
        lead = "0x" if digits.startswith("0x") else ""
        room = (spec.width or 0) - len(before) - len(after)
        digits = lead + digits.removeprefix(lead).rjust(room - len(lead), "0")
    return _cased(spec, f"{before}{digits}{after}")


def _digits(spec: Spec, exact: Decimal, digits: int, kind: str) -> str:
    """The digits of a number that is not negative, for `%f` or `%e`."""
    point = "." if "#" in spec.flags and not digits else ""
    if kind == "f":
        return f"{_rounded(exact, -digits):{',' if ',' in spec.flags else ''}.{digits}f}{point}"
    power = exact.adjusted() if exact else 0
    mantissa = _rounded(exact.scaleb(-power, _context(digits)), -digits)
    if mantissa >= 10:
        power, mantissa = power + 1, _rounded(mantissa.scaleb(-1, _context(digits)), -digits)
    return f"{mantissa:.{digits}f}{point}e{'-' if power < 0 else '+'}{abs(power):02d}"


def _general(spec: Spec, exact: Decimal, digits: int) -> str:
    """`%g`: as many digits in all, as a fraction from 0.0001 on up to ten to the power of their number."""
    digits = max(digits, 1)
    if not exact:
        return _digits(spec, exact, digits - 1, "f")
    power = exact.adjusted()
    power = _rounded(exact, power - digits + 1).adjusted()
    if -4 <= power < digits:
        return _digits(spec, exact, digits - power - 1, "f")
    return _digits(spec, exact, digits - 1, "e")


def _context(digits: int) -> Context:
    return Context(prec=digits + MOST_DIGITS)


def _rounded(exact: Decimal, power: int) -> Decimal:
    """A number to the digit that stands for ten to a power."""
    return exact.quantize(Decimal((0, (1,), power)), ROUND_HALF_UP, _context(max(-power, 0)))


def _hexadecimal(spec: Spec, value: float) -> str:
    """Double.toHexString of a number without its sign."""
    if spec.precision is not None:
        raise not_supported("A precision of %a is not supported")
    mantissa, _, power = abs(value).hex().partition("p")
    whole, _, fraction = mantissa.partition(".")
    return f"{whole}.{fraction.rstrip('0') or '0'}p{power.removeprefix('+')}"
