"""Values that Python can look up: what Trino counts as one value is equal here too."""

from __future__ import annotations

import math
from typing import Any

from local_athena.values import zones


def frozen(value: Any) -> Any:
    """A value that can be looked up: NULL inside counts as itself, so does NaN, and zones do not count."""
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    if isinstance(value, dict) and "t" in value:
        return zones.instant_key(value)
    if isinstance(value, dict):
        return frozenset((k, frozen(v)) for k, v in value.items())
    if isinstance(value, list) and value and isinstance(value[0], tuple):  # a map's entries, in any order
        return frozenset((frozen(k), frozen(v)) for k, v in value)
    return tuple(map(frozen, value)) if isinstance(value, list | tuple) else value


def has_null(value: Any) -> bool:
    """Whether a NULL stands inside an array, a map or a row."""
    if isinstance(value, dict):
        return any(item is None or has_null(item) for item in value.values())
    return isinstance(value, list | tuple) and any(item is None or has_null(item) for item in value)
