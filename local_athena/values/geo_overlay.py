"""Geometries made of geometries: union, intersection, difference, hull, boundary.

What comes out stands in the order in which Athena's library meets it, sweeping up: points, lines and rings by
their lowest, then leftmost, vertex.
https://trino.io/docs/current/functions/geospatial.html#operations
"""

from __future__ import annotations

import math
from typing import Any

from local_athena.errors import not_supported
from local_athena.values.binary import bad_argument
from local_athena.values.geo_shapes import computed, geos, kind, parts, shape, wkb

EMPTY = ("POINT EMPTY", "MULTILINESTRING EMPTY", "MULTIPOLYGON EMPTY")
"""What is left of points, lines and polygons when nothing is left."""


def _height(place: tuple[float, float]) -> tuple[float, float]:
    return place[1], place[0]


def _dimension(made: Any) -> int:
    return max(0, int(geos().get_dimensions(made)))


def checked(function: str, made: Any) -> Any:
    """The shape, when it is valid.

    Raises:
        QueryFailed: NOT_SUPPORTED.
    """
    if not made.is_valid:
        problem = geos().is_valid_reason(made)
        raise not_supported(f"{function} of a geometry that is not valid is not supported: {problem}")
    return made


def assembled(made: Any, empty: int) -> Any:
    """The members of a result in order, put together by dimension; `empty` is the dimension of nothing."""
    library, found = geos(), parts(made)
    points = sorted((p for p in found if p.geom_type == "Point"), key=lambda p: (p.y, p.x))
    merged = parts(library.line_merge(library.MultiLineString([p for p in found if _dimension(p) == 1])))
    lines = sorted(map(_upwards, merged), key=lambda p: _height(p.coords[0]))
    polygons = sorted(
        (_from_lowest(p) for p in found if p.geom_type == "Polygon"),
        key=lambda p: _height(p.exterior.coords[0]),
    )
    groups = [
        (library.MultiPoint, points), (library.MultiLineString, lines), (library.MultiPolygon, polygons)
    ]  # fmt: skip
    made_of = [some[0] if len(some) == 1 else many(some) for many, some in groups if some]
    if not made_of:
        return library.from_wkt(EMPTY[empty])
    return made_of[0] if len(made_of) == 1 else library.GeometryCollection(made_of)


def _upwards(line: Any) -> Any:
    first, last = line.coords[0], line.coords[-1]
    return line if _height(first) <= _height(last) else line.reverse()


def _from_lowest(polygon: Any) -> Any:
    turned = geos().orient_polygons(polygon)
    return geos().Polygon(_rotated(turned.exterior), list(map(_rotated, turned.interiors)))


def _rotated(ring: Any) -> list[tuple[float, float]]:
    places = list(ring.coords)[:-1]
    at = places.index(min(places, key=_height))
    return [*places[at:], *places[:at], places[at]]


def intersection(left: bytes, right: bytes) -> bytes:
    """ST_Intersection."""
    first, second = (checked("ST_Intersection", shape(side)) for side in (left, right))
    return wkb(assembled(computed("ST_Intersection", geos().intersection, first, second), 2))


def difference(left: bytes, right: bytes) -> bytes:
    """ST_Difference."""
    first, second = (checked("ST_Difference", shape(side)) for side in (left, right))
    made = computed("ST_Difference", geos().difference, first, second)
    return wkb(assembled(made, _dimension(first)))


def symmetric_difference(left: bytes, right: bytes) -> bytes:
    """ST_SymDifference."""
    first, second = (checked("ST_SymDifference", shape(side)) for side in (left, right))
    if _dimension(first) != _dimension(second):
        raise not_supported(f"ST_SymDifference of {kind(first)} and {kind(second)} is not supported")
    made = computed("ST_SymDifference", geos().symmetric_difference, first, second)
    return wkb(assembled(made, _dimension(first)))


def union(left: bytes, right: bytes) -> bytes:
    """ST_Union."""
    return wkb(_united("ST_Union", [shape(left), shape(right)]))


def union_of(carried: list[bytes | None]) -> bytes | None:
    """geometry_union of an array, and geometry_union_agg; NULLs do not count."""
    shapes = [shape(one) for one in carried if one is not None]
    return wkb(_united("geometry_union", shapes)) if shapes else None


def _united(function: str, shapes: list[Any]) -> Any:
    found = [part for made in shapes for part in parts(checked(function, made))]
    if not found:
        return geos().from_wkt(EMPTY[max(map(_dimension, shapes))])
    return assembled(computed(function, geos().unary_union, found), 0)


def convex_hull(carried: bytes) -> bytes:
    """ST_ConvexHull."""
    made = shape(carried)
    return carried if made.is_empty or kind(made) == "POINT" else wkb(_hull(made))


def hull_of(carried: list[bytes | None]) -> bytes | None:
    """convex_hull_agg; NULLs do not count."""
    shapes = [shape(one) for one in carried if one is not None]
    return wkb(_hull(geos().GeometryCollection(shapes))) if shapes else None


def _hull(made: Any) -> Any:
    """The hull, from the first vertex that is on it."""
    hull = made.convex_hull
    if hull.geom_type != "Polygon":
        return hull
    places = list(geos().orient_polygons(hull).exterior.coords)[:-1]
    first = tuple(geos().get_coordinates(made)[0].tolist())
    at = places.index(first if first in places else min(places))
    return geos().Polygon([*places[at:], *places[:at]])


def boundary(carried: bytes) -> bytes:
    """ST_Boundary: a MULTIPOINT of lines, a MULTILINESTRING of polygons."""
    made, library = shape(carried), geos()
    if kind(made) == "GEOMETRY_COLLECTION":
        raise not_supported("ST_Boundary of GEOMETRY_COLLECTION is not supported")
    if kind(made) in ("POLYGON", "MULTI_POLYGON"):
        turned = parts(library.orient_polygons(made))
        rings = [ring for p in turned for ring in (p.exterior, *p.interiors)]
        return wkb(library.MultiLineString([list(ring.coords) for ring in rings]))
    ends: list[tuple[float, float]] = []
    for line in parts(made) if "LINE" in kind(made) else ():
        for end in (line.coords[0], line.coords[-1]):
            # Where an even number of lines end is no boundary.
            ends.remove(end) if end in ends else ends.append(end)
    return wkb(library.MultiPoint(ends))


def simplified(carried: bytes, tolerance: float) -> bytes:
    """simplify_geometry, which keeps the topology."""
    if math.isnan(tolerance):
        raise bad_argument("distanceTolerance is NaN")
    if tolerance < 0:
        raise bad_argument("distanceTolerance is negative")
    if tolerance == 0:
        return carried
    turned = geos().orient_polygons(shape(carried), exterior_cw=True)
    return wkb(computed("simplify_geometry", lambda made: made.simplify(tolerance), turned))
