"""Sizes and counts as people write them: parse_data_size('2.3MB'), format_number(12345) = '12.3K'."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal

from local_athena.errors import QueryFailed
from local_athena.values.binary import bad_argument

SIZE_UNITS = ("B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB")
NUMBER_UNITS = ("", "K", "M", "B", "T", "Q")
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*")


def parse_data_size(text: str) -> Decimal:
    """Bytes of a size, whole ones, as decimal(38,0).

    Raises:
        QueryFailed: INVALID_FUNCTION_ARGUMENT, or NUMERIC_VALUE_OUT_OF_RANGE.
    """
    found = _SIZE.fullmatch(text)
    if found is None or found[2] not in SIZE_UNITS:
        raise bad_argument(f"Invalid data size: '{text}'")
    digits, _, fraction = found[1].partition(".")
    size = int(digits + fraction) * 1024 ** SIZE_UNITS.index(found[2]) // 10 ** len(fraction)
    if size >= 10**38:
        raise QueryFailed("NUMERIC_VALUE_OUT_OF_RANGE", f"Value out of range: '{text}'")
    return Decimal(size)


def format_number(value: float) -> str:
    """Three digits and the unit of thousands, of the whole part; a negative number keeps two more."""
    size, unit = float(_whole(value)), 0
    while abs(size) >= 1000 and unit < len(NUMBER_UNITS) - 1:
        size, unit = size / 1000, unit + 1
    places = 2 if size < 10 else 1 if size < 100 else 0
    rounded = Decimal(size).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    shown = f"{rounded:f}"
    return (shown.rstrip("0").rstrip(".") if "." in shown else shown) + NUMBER_UNITS[unit]


def _whole(value: float) -> int:
    """A number as a bigint, as Java narrows it: NaN is 0, what is too large the largest."""
    if math.isnan(value):
        return 0
    return max(-(2**63), min(2**63 - 1, int(max(-1e19, min(1e19, value)))))
