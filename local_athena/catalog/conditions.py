"""What a query's conditions on a column say about a value that is known as text or from a file's footer."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from local_athena.types.trino import INTEGERS, TrinoType

TESTS: dict[str, Callable[..., bool]] = {
    "=": lambda value, a: bool(value == a),
    "<": lambda value, a: bool(value < a),
    "<=": lambda value, a: bool(value <= a),
    ">": lambda value, a: bool(value > a),
    ">=": lambda value, a: bool(value >= a),
    "IN": lambda value, *items: value in items,
    "BETWEEN": lambda value, low, high: bool(low <= value <= high),
}
"""Whether a value passes a test with its operands."""

RANGES: dict[str, Callable[..., bool]] = {
    "=": lambda low, high, a: bool(low <= a <= high),
    "<": lambda low, high, a: bool(low < a),
    "<=": lambda low, high, a: bool(low <= a),
    ">": lambda low, high, a: bool(high > a),
    ">=": lambda low, high, a: bool(high >= a),
    "IN": lambda low, high, *items: any(low <= item <= high for item in items),
    "BETWEEN": lambda low, high, a, b: bool(low <= b and high >= a),
}
"""Whether some value between two bounds can pass a test."""


def comparable(text: str, type_: TrinoType) -> Any:
    """A text as a value that compares as its type does, None when it is not one."""
    try:
        value = _converted(text, type_.base)
    except (ValueError, InvalidOperation):
        return None
    return None if isinstance(value, float) and math.isnan(value) else value


def _converted(text: str, base: str) -> Any:
    if base in INTEGERS or base == "decimal":
        return Decimal(text)
    if base in ("real", "double"):
        return float(text)
    if base == "date":
        return date.fromisoformat(text)
    if base == "timestamp":
        return (
            datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)
            if "+" in text
            else datetime.fromisoformat(text)
        )
    if base in ("varchar", "char"):
        return text
    raise ValueError(base)
