"""What a geometry is made of: constructors, points, rings, members, bounds.

https://trino.io/docs/current/functions/geospatial.html#constructors and #accessors
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

from local_athena.errors import not_supported
from local_athena.values.binary import bad_argument
from local_athena.values.geo_shapes import (
    expect,
    geos,
    kind,
    parts,
    point_wkb,
    rectangle,
    shape,
    wkb,
    xy,
)
from local_athena.values.geo_wkt import wkb_of_text

STANDARD = {"GEOMETRY_COLLECTION": "ST_GeomCollection"}


def point(x: float, y: float) -> bytes:
    """ST_Point."""
    return point_wkb(x, y)


@cache
def from_text(function: str, wanted: str) -> Callable[[str], bytes]:
    """ST_LineFromText and ST_Polygon: a text of one kind of geometry."""

    def make(text: str) -> bytes:
        made = wkb_of_text(text)
        expect(function, shape(made), wanted)
        return made

    return make


def from_binary(carried: bytes) -> bytes:
    """ST_GeomFromBinary."""
    try:
        made = geos().from_wkb(bytes(carried))
    except geos().errors.ShapelyError as error:
        raise bad_argument("Invalid WKB") from error
    if made.has_z or made.has_m:
        raise not_supported("Geometries with Z or M coordinates are not supported")
    return wkb(made)


def line_string(points: list[bytes | None]) -> bytes:
    """ST_LineString of an array of points."""
    found: list[tuple[float, float]] = []
    for at, carried in enumerate(points, 1):
        if carried is None:
            raise bad_argument(f"Invalid input to ST_LineString: null point at index {at}")
        made = shape(carried)
        if kind(made) != "POINT":
            raise bad_argument(
                f"ST_LineString takes only an array of valid points, {made.geom_type} was passed"
            )
        if made.is_empty:
            raise bad_argument(f"Invalid input to ST_LineString: empty point at index {at}")
        if found and found[-1] == (made.x, made.y):
            raise bad_argument(f"Invalid input to ST_LineString: consecutive duplicate points at index {at}")
        found.append((made.x, made.y))
    return wkb(geos().LineString(found if len(found) > 1 else []))


def multi_point(points: list[bytes | None]) -> bytes | None:
    """ST_MultiPoint of an array of points; NULL when there is none."""
    found = []
    for at, carried in enumerate(points, 1):
        if carried is None:
            raise bad_argument(f"Invalid input to ST_MultiPoint: null at index {at}")
        made = shape(carried)
        if kind(made) != "POINT":
            problem = f"geometry is not a point: {made.geom_type} at index {at}"
            raise bad_argument(f"Invalid input to ST_MultiPoint: {problem}")
        if made.is_empty:
            raise bad_argument(f"Invalid input to ST_MultiPoint: empty point at index {at}")
        found.append(made)
    return wkb(geos().MultiPoint(found)) if found else None


@cache
def coordinate(function: str, at: int) -> Callable[[bytes], float | None]:
    """ST_X and ST_Y."""

    def take(carried: bytes) -> float | None:
        place = xy(carried)
        if place is None:
            expect(function, shape(carried), "POINT")
            return None
        return None if place[at] != place[at] else place[at]

    return take


@cache
def bound(at: int) -> Callable[[bytes], float | None]:
    """ST_XMin, ST_YMin, ST_XMax, ST_YMax by place."""

    def take(carried: bytes) -> float | None:
        made = shape(carried)
        return None if made.is_empty else float(made.bounds[at])

    return take


def box(carried: bytes) -> dict[str, float]:
    """The bounds of a geometry as a row; those of an empty one meet no others."""
    made = shape(carried)
    bounds = (math.inf, math.inf, -math.inf, -math.inf) if made.is_empty else made.bounds
    return {f"f{i}": value for i, value in enumerate(bounds)}


def envelope(carried: bytes) -> bytes:
    """ST_Envelope: the bounding rectangle, also of a point or a level line."""
    made = shape(carried)
    return wkb(geos().Polygon() if made.is_empty else rectangle(*made.bounds))


def envelope_points(carried: bytes) -> list[bytes] | None:
    """ST_EnvelopeAsPts: lower left and upper right."""
    made = shape(carried)
    if made.is_empty:
        return None
    x_min, y_min, x_max, y_max = made.bounds
    return [point_wkb(x_min, y_min), point_wkb(x_max, y_max)]


def geometry_type(carried: bytes) -> str:
    """ST_GeometryType."""
    made = shape(carried)
    return STANDARD.get(kind(made), f"ST_{made.geom_type}")


def dimension(carried: bytes) -> int:
    """ST_Dimension; an empty geometry has that of its kind."""
    made = shape(carried)
    plain = kind(made).removeprefix("MULTI_")
    known = {"POINT": 0, "LINE_STRING": 1, "POLYGON": 2}
    return known[plain] if plain in known else max((dimension(wkb(p)) for p in made.geoms), default=0)


def coordinate_dimension(carried: bytes) -> int:
    """ST_CoordDim: there are plane geometries only."""
    return 2


def is_empty(carried: bytes) -> bool:
    """ST_IsEmpty."""
    return bool(shape(carried).is_empty)


def point_n(carried: bytes, at: int) -> bytes | None:
    """ST_PointN, from 1."""
    made = shape(carried)
    expect("ST_PointN", made, "LINE_STRING")
    return point_wkb(*made.coords[at - 1]) if 1 <= at <= len(made.coords) else None


@cache
def end_point(function: str, at: int) -> Callable[[bytes], bytes | None]:
    """ST_StartPoint and ST_EndPoint."""

    def take(carried: bytes) -> bytes | None:
        made = shape(carried)
        expect(function, made, "LINE_STRING")
        return None if made.is_empty else point_wkb(*made.coords[at])

    return take


def points(carried: bytes) -> list[bytes] | None:
    """ST_Points: every vertex, shells clockwise."""
    made = shape(carried)
    if made.is_empty:
        return None
    turned = geos().orient_polygons(made, exterior_cw=True)
    return [point_wkb(x, y) for x, y in geos().get_coordinates(turned).tolist()]


def point_count(carried: bytes) -> int:
    """ST_NumPoints; the point that closes a ring does not count."""
    return sum(map(_vertices, parts(shape(carried))))


def _vertices(part: Any) -> int:
    rings = 1 + len(part.interiors) if part.geom_type == "Polygon" else 0
    return int(geos().get_num_coordinates(part)) - rings


def exterior_ring(carried: bytes) -> bytes | None:
    """ST_ExteriorRing."""
    made = shape(carried)
    expect("ST_ExteriorRing", made, "POLYGON")
    return None if made.is_empty else _line(made.exterior)


def interior_rings(carried: bytes) -> list[bytes] | None:
    """ST_InteriorRings."""
    made = shape(carried)
    expect("ST_InteriorRings", made, "POLYGON")
    return None if made.is_empty else list(map(_line, made.interiors))


def interior_ring_n(carried: bytes, at: int) -> bytes | None:
    """ST_InteriorRingN, from 1."""
    made = shape(carried)
    expect("ST_InteriorRingN", made, "POLYGON")
    return _line(made.interiors[at - 1]) if 1 <= at <= len(made.interiors) else None


def interior_ring_count(carried: bytes) -> int | None:
    """ST_NumInteriorRing."""
    made = shape(carried)
    expect("ST_NumInteriorRing", made, "POLYGON")
    return None if made.is_empty else len(made.interiors)


def _line(ring: Any) -> bytes:
    return wkb(geos().LineString(ring.coords))


def geometries(carried: bytes) -> list[bytes] | None:
    """ST_Geometries: the members of a collection, or the geometry alone."""
    made = shape(carried)
    if made.is_empty:
        return None
    return [wkb(part) for part in made.geoms] if hasattr(made, "geoms") else [carried]


def geometry_n(carried: bytes, at: int) -> bytes | None:
    """ST_GeometryN, from 1."""
    members = geometries(carried) or []
    return members[at - 1] if 1 <= at <= len(members) else None


def geometry_count(carried: bytes) -> int:
    """ST_NumGeometries."""
    return len(geometries(carried) or [])
