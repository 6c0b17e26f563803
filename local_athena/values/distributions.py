"""Beta and Student's t distributions, by the continued fraction of the incomplete beta function.

https://dlmf.nist.gov/8.17
"""

from __future__ import annotations

import math

from local_athena.values.binary import bad_argument

TINY, STEPS = 1e-300, 1000


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of I_x(a, b), by Lentz's method."""
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1)
    d = 1.0 / (d or TINY)
    result = d
    for m in range(1, STEPS):
        for top in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 / ((1.0 + top * d) or TINY)
            c = (1.0 + top / c) or TINY
            result *= c * d
        if abs(c * d - 1.0) < 1e-16:
            break
    return result


def _beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    scale = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    if x < (a + 1) / (a + b + 2):
        return scale * _fraction(a, b, x) / a
    return 1.0 - scale * _fraction(b, a, 1 - x) / b


def _check(a: float, b: float) -> None:
    if not (a > 0 and b > 0):
        raise bad_argument("beta " + ("b" if a > 0 else "a") + " must be > 0")


def beta_cdf(a: float, b: float, value: float) -> float:
    """beta_cdf(a, b, value)."""
    _check(a, b)
    if not 0 <= value <= 1:
        raise bad_argument("value must be in the interval [0, 1]")
    return _beta(a, b, value)


def inverse_beta_cdf(a: float, b: float, p: float) -> float:
    """inverse_beta_cdf(a, b, p), by bisection to the last bit."""
    _check(a, b)
    if not 0 <= p <= 1:
        raise bad_argument("p must be in the interval [0, 1]")
    low, high = 0.0, 1.0
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if _beta(a, b, middle) < p else (low, middle)
    return high


def t_cdf(x: float, df: float) -> float:
    """t_cdf(x, degrees of freedom)."""
    if not df > 0:
        raise bad_argument("df must be greater than 0")
    tail = _beta(df / 2, 0.5, df / (df + x * x)) / 2
    return tail if x < 0 else 1 - tail


def t_pdf(x: float, df: float) -> float:
    """t_pdf(x, degrees of freedom)."""
    if not df > 0:
        raise bad_argument("df must be greater than 0")
    scale = math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - math.log(df * math.pi) / 2
    return math.exp(scale - (df + 1) / 2 * math.log1p(x * x / df))
