"""How two geometries lie to one another, and whether one is well formed.

https://trino.io/docs/current/functions/geospatial.html#relationship-tests
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from local_athena.values.binary import bad_argument
from local_athena.values.geo_shapes import computed, expect, geos, parts, shape

MATRIX = re.compile(r"[TF012*]{9}", re.IGNORECASE)


@cache
def test(name: str) -> Callable[[bytes, bytes], bool]:
    """ST_Contains and its sisters, by the name that GEOS has for them."""

    def related(left: bytes, right: bytes) -> bool:
        return bool(computed(f"ST_{name.title()}", getattr(geos(), name), shape(left), shape(right)))

    return related


def relate(left: bytes, right: bytes, matrix: str) -> bool:
    """ST_Relate by a matrix of the nine intersections."""
    if not MATRIX.fullmatch(matrix):
        raise bad_argument(f"Invalid relation matrix: {matrix}")
    return bool(computed("ST_Relate", geos().relate_pattern, shape(left), shape(right), matrix.upper()))


def is_simple(carried: bytes) -> bool:
    """ST_IsSimple and ST_IsValid, which Athena answers alike: no crossing, touching or repeated points."""
    return all(map(_is_simple, _members(shape(carried))))


def _members(made: Any) -> list[Any]:
    """What is tested on its own: the members of a collection, but a multipolygon as a whole."""
    if made.geom_type == "GeometryCollection":
        return [inner for part in made.geoms for inner in _members(part)]
    return [] if made.is_empty else [made]


def _is_simple(made: Any) -> bool:
    repeated = any(_repeats(line) for line in _lines(made))
    return not repeated and bool(made.is_valid and made.is_simple)


def _lines(made: Any) -> list[Any]:
    rings = [(p.exterior, *p.interiors) if p.geom_type == "Polygon" else (p,) for p in parts(made)]
    return [line for some in rings for line in some if line.geom_type != "Point"]


def _repeats(line: Any) -> bool:
    return any(first == second for first, second in itertools.pairwise(line.coords))


def is_closed(carried: bytes) -> bool:
    """ST_IsClosed: every line ends where it starts."""
    made = shape(carried)
    expect("ST_IsClosed", made, "LINE_STRING", "MULTI_LINE_STRING")
    return all(line.coords[0] == line.coords[-1] for line in parts(made))


def is_ring(carried: bytes) -> bool:
    """ST_IsRing: closed, and touching itself nowhere else."""
    made = shape(carried)
    expect("ST_IsRing", made, "LINE_STRING")
    return is_closed(carried) and is_simple(carried)
