"""approx_percentile with weights, as the t-digest of https://github.com/tdunning/t-digest reads them.

A value of weight one is where it is; a heavier one is spread around its place, and what lies between two is
between them by how far it is from each. Trino merges values that lie close together when there are many,
which here stay apart.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from local_athena.values.binary import bad_argument


def weighted(rows: list[dict[str, Any]], shares: list[float | None]) -> list[float | None] | None:
    """The values that have a share of the weight below them, of {f0: value, f1: weight}."""
    known = sorted((float(row["f0"]), float(row["f1"])) for row in rows)
    for _, weight in known:
        if weight < 1:
            raise bad_argument(f"weight must be >= 1, was {weight}")
    if any(share is not None and not 0 <= share <= 1 for share in shares):
        raise bad_argument("Percentile must be between 0 and 1")
    total = math.fsum(weight for _, weight in known)
    return [None if share is None else _at(known, total, share * total) for share in shares]


def _at(known: list[tuple[float, float]], total: float, wanted: float) -> float:
    if wanted < 1:
        return known[0][0]
    if wanted > total - 1:
        return known[-1][0]
    so_far = known[0][1] / 2
    for low, high in pairwise(known):
        step = (low[1] + high[1]) / 2
        if so_far + step > wanted:
            return _between(low, high, wanted - so_far, so_far + step - wanted)
        so_far += step
    return known[-1][0]


def _between(low: tuple[float, float], high: tuple[float, float], above: float, below: float) -> float:
    """What is `above` one value and `below` another, of which one of weight one takes half a place."""
    if low[1] == 1:
        if above < 0.5:
            return low[0]
        above -= 0.5
    if high[1] == 1:
        if below <= 0.5:
            return high[0]
        below -= 0.5
    return (low[0] * below + high[0] * above) / (above + below)
