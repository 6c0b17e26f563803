"""ST_Buffer: everything within a distance, with arcs drawn as Athena's library draws them.

A full circle has 96 corners at the same angles everywhere; an arc has those between its ends, and its ends.
So a buffer is the union of what lies around each segment, and of the polygons themselves.
https://trino.io/docs/current/functions/geospatial.html#ST_Buffer
"""

from __future__ import annotations

import itertools
import math
from functools import cache
from typing import Any

from local_athena.values.binary import bad_argument
from local_athena.values.geo_overlay import assembled, checked
from local_athena.values.geo_shapes import computed, geos, parts, shape, wkb

QUARTER = 24
STEP = math.pi / 2 / QUARTER
"""The angle between two corners of a circle."""
NEAR = 1e-9
"""Corners that are one, in steps."""
AREA = 2
Place = tuple[float, float]


def buffer(carried: bytes, distance: float) -> bytes | None:
    """ST_Buffer.

    Raises:
        QueryFailed: INVALID_FUNCTION_ARGUMENT; NOT_SUPPORTED for a polygon that is not valid.
    """
    if math.isnan(distance):
        raise bad_argument("distance is NaN")
    if distance < 0:
        raise bad_argument("distance is negative")
    if distance == 0:
        return carried
    made = shape(carried)
    if made.is_empty:
        return None
    if math.isinf(distance):
        return wkb(geos().from_wkt("MULTIPOLYGON EMPTY"))
    if made.geom_type == "Point":
        return wkb(_circle(made, distance))
    pieces = [piece for part in parts(checked("ST_Buffer", made)) for piece in _around(part, distance)]
    return wkb(assembled(computed("ST_Buffer", geos().unary_union, pieces), AREA))


def _around(part: Any, distance: float) -> list[Any]:
    if part.geom_type == "Point":
        return [_circle(part, distance)]
    polygon = part.geom_type == "Polygon"
    lines = (part.exterior, *part.interiors) if polygon else (part,)
    pieces = [
        _capsule(a, b, distance) for line in lines for a, b in itertools.pairwise(line.coords) if a != b
    ]
    return [part, *pieces] if polygon else pieces


def _circle(point: Any, distance: float) -> Any:
    corners = map(_corner, range(4 * QUARTER))
    return geos().Polygon([(point.x + distance * x, point.y + distance * y) for x, y in corners])


def _capsule(start: Place, end: Place, distance: float) -> Any:
    """What lies around a segment: half a circle around its end, then half a circle around its start."""
    across, up = end[0] - start[0], end[1] - start[1]
    length = math.hypot(across, up)
    right, left = (up / length, -across / length), (-up / length, across / length)
    directions = [(end, way) for way in _half(right, left)] + [(start, way) for way in _half(left, right)]
    return geos().Polygon([(c[0] + distance * way[0], c[1] + distance * way[1]) for c, way in directions])


def _half(first: Place, last: Place) -> list[Place]:
    """The directions of half a circle, from one to its opposite, with the corners between them.

    Parallel segments have the very same directions, so that nothing is left between what lies around them.
    """
    angle = math.atan2(first[1], first[0])
    low, high = angle / STEP, (angle + math.pi) / STEP
    corners = [_corner(k) for k in range(math.ceil(low - NEAR), math.floor(high + NEAR) + 1)]
    before = [] if math.isclose(low, round(low), abs_tol=NEAR, rel_tol=0) else [first]
    after = [] if math.isclose(high, round(high), abs_tol=NEAR, rel_tol=0) else [last]
    return [*before, *corners, *after]


@cache
def _corner(at: int) -> Place:
    """The direction of a corner of the circle; those of its quarters mirror each other exactly."""
    turns, within = divmod(at, QUARTER)
    along, beside = (1.0, 0.0) if not within else (math.cos(within * STEP), math.sin(within * STEP))
    return ((along, beside), (-beside, along), (-along, -beside), (beside, -along))[turns % 4]
