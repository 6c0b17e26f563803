"""Aggregates that DuckDB lacks, computed over the list of a group's values."""

from __future__ import annotations

from collections import Counter
from typing import Any

from local_athena.values.binary import bad_argument
from local_athena.values.frozen import frozen


def map_union(maps: list[list[tuple[Any, Any]] | None]) -> list[tuple[Any, Any]] | None:
    """map_union: of a key in several maps, one value stays; of no entries at all nothing is made."""
    found: dict[Any, tuple[Any, Any]] = {}
    for pairs in maps:
        for key, value in pairs or ():
            found.setdefault(frozen(key), (key, value))
    return list(found.values()) or None


def multimap_agg(pairs: list[dict[str, Any] | None]) -> list[tuple[Any, list[Any]]]:
    """multimap_agg of {f0: key, f1: value}; rows without a key do not count."""
    found: dict[Any, tuple[Any, list[Any]]] = {}
    for pair in pairs:
        if pair is not None:
            found.setdefault(frozen(pair["f0"]), (pair["f0"], []))[1].append(pair["f1"])
    return list(found.values())


def most_frequent(values: list[Any], buckets: int) -> list[tuple[Any, int]]:
    """approx_most_frequent, exactly: the most frequent values with their counts."""
    if buckets < 2:
        raise bad_argument(
            f"approx_most_frequent bucket count must be greater than one, input bucket count: {buckets}"
        )
    return Counter(v for v in values if v is not None).most_common(buckets)
