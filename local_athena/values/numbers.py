"""Numeric functions whose rounding, ranges or errors differ from DuckDB's."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import cache
from itertools import pairwise
from statistics import NormalDist

from local_athena.errors import QueryFailed
from local_athena.types.trino import TrinoType
from local_athena.values.binary import bad_argument
from local_athena.values.texts import WIDE


def _quantized(value: Decimal, digits: int, rounding: str) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), rounding=rounding, context=WIDE)


MOST_LONG = 2.0**63


def round_double(value: float, digits: int) -> float:
    """round(double, digits), of the binary value: round(4.145e0, 2) is 4.14.

    Where the value times the power of ten is beyond a bigint it is not rounded, and beyond a double it stays.
    """
    if value == 0:
        return 0.0
    if not math.isfinite(value):
        return value
    factor = _power_of_ten(digits)
    scaled = abs(value) * factor
    if factor == 0:
        return math.nan if digits < -323 else 0.0
    if not math.isfinite(scaled):
        return value
    if scaled < MOST_LONG:
        scaled = math.floor(scaled + 0.5) if scaled != HALF_BELOW else 0
    return math.copysign(scaled, value) / factor


HALF_BELOW = 0.49999999999999994


def _power_of_ten(digits: int) -> float:
    if digits > 308:
        return math.inf
    return float(f"1e{max(digits, -400)}")


def truncate_double(value: float, digits: int) -> float:
    """truncate(double, digits)."""
    if not math.isfinite(value) or digits > 320:
        return value
    return float(_quantized(Decimal(repr(value)), max(digits, -320), ROUND_DOWN))


def round_integer(value: int, digits: int) -> int:
    """round(bigint, digits): negative digits round to tens, of which a bigint has 18."""
    if digits >= 0:
        return value
    if digits < -18:
        raise QueryFailed("NUMERIC_VALUE_OUT_OF_RANGE", f"decimals: {digits}")
    return int(_quantized(Decimal(value), digits, ROUND_HALF_UP))


@cache
def round_decimal(target: TrinoType) -> Callable[[Decimal, int], Decimal]:
    """round(decimal, digits); the scale stays."""

    def rounded(value: Decimal, digits: int) -> Decimal:
        if digits >= target.scale:
            return value
        made = _quantized(value, max(digits, -60), ROUND_HALF_UP)
        if abs(made) >= Decimal(10) ** (target.precision - target.scale):
            raise QueryFailed("NUMERIC_VALUE_OUT_OF_RANGE", "decimal overflow")
        return _quantized(made, target.scale, ROUND_HALF_UP)

    return rounded


def truncate_decimal(value: Decimal, digits: int) -> Decimal:
    """truncate(decimal, digits); the scale stays."""
    scale = -int(value.as_tuple().exponent)
    return (
        value
        if digits >= scale
        else _quantized(_quantized(value, max(digits, -60), ROUND_DOWN), scale, ROUND_DOWN)
    )


LOG_2 = math.log(2)
FUNCTIONS: dict[str, Callable[[float], float]] = {
    "sqrt": math.sqrt,
    "ln": math.log,
    "log2": lambda value: math.log(value) / LOG_2,
    "log10": math.log10,
    "asin": math.asin,
    "acos": math.acos,
    "exp": math.exp,
}


@cache
def nan_outside(name: str) -> Callable[[float], float]:
    """A function that is NaN (or an infinity) where Python raises."""
    function = FUNCTIONS[name]

    def compute(value: float) -> float:
        try:
            return function(value)
        except OverflowError:
            return math.inf
        except ValueError:
            return -math.inf if value == 0 and name.startswith(("ln", "log")) else math.nan

    return compute


def log(base: float, value: float) -> float:
    """log(base, value), as a quotient of natural logarithms."""
    natural = nan_outside("ln")
    over, under = natural(value), natural(base)
    if under == 0:
        return math.copysign(math.inf, over) if over else math.nan
    return over / under if math.isfinite(over) or math.isfinite(under) else math.nan


def cbrt(value: float) -> float:
    """cbrt, by the steps of Java's library, whose last digit it has.

    An estimate by a third of the exponent is improved to 23 bits, cut to 20 and improved once more.
    """
    if value == 0 or not math.isfinite(value):
        return value
    size = abs(value)
    high = struct.unpack(">I", struct.pack(">d", size)[:4])[0]
    if high < 0x00100000:
        scaled = struct.unpack(">I", struct.pack(">d", size * 2.0**54)[:4])[0]
        rough = struct.unpack(">d", struct.pack(">II", scaled // 3 + 696219795, 0))[0]
    else:
        rough = struct.unpack(">d", struct.pack(">II", high // 3 + 715094163, 0))[0]
    ratio = rough * rough / size * rough
    step = 19 / 35 + ratio
    rough *= 5 / 14 + (45 / 28) / (step + 99 / 70 + (-864 / 1225) / step)
    cut = struct.unpack(">I", struct.pack(">d", rough)[:4])[0]
    rough = struct.unpack(">d", struct.pack(">II", cut + 1, 0))[0]
    rest = size / (rough * rough)
    made = rough + rough * ((rest - rough) / (rough + rough + rest))
    return math.copysign(made, value)


DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def _radix(radix: int) -> None:
    if not 2 <= radix <= 36:
        raise bad_argument("Radix must be between 2 and 36")


def to_base(value: int, radix: int) -> str:
    """to_base."""
    _radix(radix)
    rest, made = abs(value), ""
    while rest or not made:
        rest, digit = divmod(rest, radix)
        made = DIGITS[digit] + made
    return ("-" if value < 0 else "") + made


def from_base(text: str, radix: int) -> int:
    """from_base."""
    _radix(radix)
    try:
        value = int(text, radix)
    except ValueError as error:
        raise bad_argument(f"Not a valid base-{radix} number: {text}") from error
    if not -(2**63) <= value < 2**63 or "_" in text or text.strip() != text:
        raise bad_argument(f"Not a valid base-{radix} number: {text}")
    return value


def width_bucket(value: float, low: float, high: float, count: int) -> int:
    """width_bucket over equal buckets."""
    if count <= 0:
        raise bad_argument("bucketCount must be greater than 0")
    if math.isnan(value):
        raise bad_argument("operand must not be NaN")
    if not math.isfinite(low) or not math.isfinite(high):
        raise bad_argument(f"{'first' if not math.isfinite(low) else 'second'} bound must be finite")
    if low == high:
        raise bad_argument("bounds cannot equal each other")
    lower, upper = min(low, high), max(low, high)
    if value < lower:
        bucket = 0
    elif value >= upper:
        bucket = _bucket_after(value, count)
    else:
        bucket = int(count * (value - lower) / (upper - lower)) + 1
    return bucket if low < high else count - bucket + 1


def _bucket_after(value: float, count: int) -> int:
    if count == 2**63 - 1:
        raise QueryFailed("NUMERIC_VALUE_OUT_OF_RANGE", f"Bucket for value {value} is out of range")
    return count + 1


def width_bucket_bins(value: float, bins: list[float | None]) -> int:
    """width_bucket over given bounds."""
    if not bins:
        raise bad_argument("Bins cannot be an empty array")
    if math.isnan(value):
        raise bad_argument("Operand cannot be NaN")
    bounds = [b for b in bins if b is not None and math.isfinite(b)]
    if len(bounds) != len(bins):
        raise bad_argument("Bin values must be finite")
    if any(a > b for a, b in pairwise(bounds)):
        raise bad_argument("Bin values are not sorted in ascending order")
    return sum(value >= b for b in bounds)


def cosine_similarity(left: dict[str, float | None], right: dict[str, float | None]) -> float | None:
    """cosine_similarity of sparse vectors; None when a value is NULL."""
    first, second = dict(left), dict(right)
    if None in first.values() or None in second.values():
        return None
    norms = [math.sqrt(sum((v or 0) * (v or 0) for v in m.values())) for m in (first, second)]
    over = sum((v or 0) * (second[k] or 0) for k, v in first.items() if k in second)
    under = norms[0] * norms[1]
    return over / under if under else math.nan


def bit_count(value: int, bits: int) -> int:
    """bit_count in two's complement of some bits."""
    if not 2 <= bits <= 64:
        raise bad_argument(f"Bits specified in bit_count must be between 2 and 64, got {bits}")
    if not -(2 ** (bits - 1)) <= value < 2 ** (bits - 1):
        raise bad_argument(
            f"Number must be representable with the bits specified. {value} cannot be represented with "
            f"{bits} bits"
        )
    return int(value & (2**bits - 1)).bit_count()


@cache
def shift(name: str, bits: int) -> Callable[[int, int], int]:
    """bitwise_left_shift, bitwise_right_shift (zeros come in) and ..._arithmetic, in two's complement."""
    mask = 2**bits - 1

    def signed(value: int) -> int:
        value &= mask
        return value - 2**bits if value >> (bits - 1) else value

    def compute(value: int, by: int) -> int:
        by = by & 63 if by < 0 else by  # as Java counts
        if name == "left_shift":
            return signed(value << min(by, bits))
        if name == "right_shift":
            return signed((value & mask) >> min(by, bits)) if by else value
        return value >> min(by, bits)

    return compute


def normal_cdf(mean: float, deviation: float, value: float) -> float:
    """normal_cdf."""
    if not deviation > 0:
        raise bad_argument("standardDeviation must be > 0")
    return 0.5 * (1 + math.erf((value - mean) / (deviation * math.sqrt(2))))


def inverse_normal_cdf(mean: float, deviation: float, p: float) -> float:
    """inverse_normal_cdf."""
    if not 0 < p < 1:
        raise bad_argument("p must be 0 > p > 1")
    if deviation <= 0:
        raise bad_argument("sd must be > 0")
    return NormalDist(mean, deviation).inv_cdf(p)


@cache
def wilson(sign: int) -> Callable[[int, int, float], float]:
    """wilson_interval_lower and _upper."""

    def bound(successes: int, trials: int, z: float) -> float:
        if z < 0:
            raise bad_argument("z-score must not be negative")
        if successes < 0 or trials <= 0 or successes > trials:
            raise bad_argument("number of successes must not be larger than number of trials")
        n, p = float(trials), successes / trials
        spread = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return (p + z * z / (2 * n) + sign * spread) / (1 + z * z / n)

    return bound
