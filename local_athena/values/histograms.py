"""numeric_histogram: so many buckets, each a weighted mean of the values that were nearest to each other.

Ben-Haim and Tom-Tov's streaming histogram, whose buckets meet in the order of the variance that it costs.
https://trino.io/docs/current/functions/aggregate.html#numeric_histogram
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from local_athena.values.binary import bad_argument

BUFFER = 100
"""How many values are taken beside the buckets before the nearest are put together."""


@dataclass(slots=True)
class _Bucket:
    value: float
    weight: float
    left: _Bucket | None = None
    right: _Bucket | None = None
    valid: bool = True

    def cost(self) -> float:
        """What it costs to put it together with the next one."""
        if self.right is None:
            return math.inf
        both = self.weight + self.right.weight
        apart = self.value - self.right.value
        return both * apart * apart * (self.weight * self.right.weight) / (both * both)


def numeric_histogram(rows: list[dict[str, Any]], buckets: int) -> list[tuple[float, float]]:
    """Mean and weight of each bucket.

    Raises:
        QueryFailed: INVALID_FUNCTION_ARGUMENT, fewer than two buckets are asked for.
    """
    if buckets < 2:
        raise bad_argument("numeric_histogram bucket count must be greater than one")
    kept: list[tuple[float, float]] = []
    for row in rows:
        if len(kept) == buckets + BUFFER:
            kept = _compacted(kept, buckets)
        kept.append((float(row["f0"]), float(row["f1"])))
    return _compacted(kept, buckets)


def _compacted(pairs: list[tuple[float, float]], most: int) -> list[tuple[float, float]]:
    merged: list[list[float]] = []
    for value, weight in sorted(pairs, key=lambda pair: (math.isnan(pair[0]), pair[0])):
        if merged and (merged[-1][0] == value or (math.isnan(value) and math.isnan(merged[-1][0]))):
            merged[-1][1] += weight
        else:
            merged.append([value, weight])
    if len(merged) <= most:
        return [(value, weight) for value, weight in merged]
    return _joined([_Bucket(value, weight) for value, weight in merged], most)


def _joined(chain: list[_Bucket], most: int) -> list[tuple[float, float]]:
    for first, second in pairwise(chain):
        first.right, second.left = second, first
    queue = [(bucket.cost(), at, bucket) for at, bucket in enumerate(chain)]
    heapq.heapify(queue)
    count, number = len(chain), len(chain)
    while count > most:
        current = heapq.heappop(queue)[2]
        right = current.right
        if not current.valid or right is None:
            continue
        weight = current.weight + right.weight
        mean = (current.value * current.weight + right.value * right.weight) / weight
        made = _Bucket(mean, weight, current.left, right.right)
        for old in (current, right):
            old.valid = False
        count, number = count - 1, number + 1
        heapq.heappush(queue, (made.cost(), number, made))
        if made.left is not None:
            number = _again(queue, made, number)
        if made.right is not None:
            made.right.left = made
    left_over = sorted((b for _, _, b in queue if b.valid), key=lambda b: (math.isnan(b.value), b.value))
    return [(bucket.value, bucket.weight) for bucket in left_over]


def _again(queue: list[tuple[float, int, _Bucket]], made: _Bucket, number: int) -> int:
    """Queue the neighbour before a new bucket anew, since it now costs otherwise."""
    before = made.left
    assert before is not None
    before.valid = False
    fresh = _Bucket(before.value, before.weight, before.left, made)
    made.left = fresh
    if fresh.left is not None:
        fresh.left.right = fresh
    heapq.heappush(queue, (fresh.cost(), number + 1, fresh))
    return number + 1
