"""Lengths, areas, distances and centres, in the plane and on the sphere.

The sphere has a radius of 6,371.01 km, as Athena's has; its answers are in metres.
https://trino.io/docs/current/functions/geospatial.html#accessors
"""

from __future__ import annotations

import itertools
import math
from typing import Any

from local_athena.values.binary import bad_argument
from local_athena.values.geo_shapes import computed, expect, geos, kind, parts, point_wkb, shape

RADIUS_KM = 6371.01
TURN = 2 * math.pi


def area(carried: bytes) -> float:
    """ST_Area; of a collection, the sum of its members."""
    return float(shape(carried).area)


def length(carried: bytes) -> float:
    """ST_Length."""
    made = shape(carried)
    expect("ST_Length", made, "LINE_STRING", "MULTI_LINE_STRING")
    return float(made.length)


def distance(left: bytes, right: bytes) -> float | None:
    """ST_Distance."""
    first, second = shape(left), shape(right)
    return None if first.is_empty or second.is_empty else float(geos().distance(first, second))


def centroid(carried: bytes) -> bytes:
    """ST_Centroid."""
    made = shape(carried)
    kinds = ("POINT", "MULTI_POINT", "LINE_STRING", "MULTI_LINE_STRING", "POLYGON", "MULTI_POLYGON")
    expect("ST_Centroid", made, *kinds)
    if "POLYGON" in kind(made):
        return point_wkb(*_polygon_centroid(made))
    centre = made.centroid
    return point_wkb(math.nan, math.nan) if centre.is_empty else point_wkb(centre.x, centre.y)


def _polygon_centroid(made: Any) -> tuple[float, float]:
    """The centre as Athena's library adds it up, which loses digits far from the origin; NaN of no area."""
    x_sum, y_sum, area_sum = 0.0, 0.0, 0.0
    for polygon in parts(geos().orient_polygons(made, exterior_cw=True)):
        for ring in (polygon.exterior, *polygon.interiors):
            for (x1, y1), (x2, y2) in itertools.pairwise(ring.coords):
                ladder = x1 * y2 - x2 * y1
                x_sum += (x1 + x2) * ladder
                y_sum += (y1 + y2) * ladder
                area_sum += ladder / 2
    if area_sum == 0:
        return math.nan, math.nan
    return x_sum / (area_sum * 6), y_sum / (area_sum * 6)


def nearest_points(left: bytes, right: bytes) -> dict[str, bytes] | None:
    """geometry_nearest_points: a row of two points."""
    first, second = shape(left), shape(right)
    if first.is_empty or second.is_empty:
        return None
    line = computed("geometry_nearest_points", geos().shortest_line, first, second)
    return {f"f{i}": point_wkb(*place) for i, place in enumerate(line.coords)}


def great_circle_distance(latitude1: float, longitude1: float, latitude2: float, longitude2: float) -> float:
    """Kilometres between two places on the sphere."""
    for latitude, longitude in ((latitude1, longitude1), (latitude2, longitude2)):
        check_place(latitude, longitude)
    phi1, phi2 = math.radians(latitude1), math.radians(latitude2)
    sin1, cos1, sin2, cos2 = math.sin(phi1), math.cos(phi1), math.sin(phi2), math.cos(phi2)
    delta = math.radians(longitude1) - math.radians(longitude2)
    across = cos2 * math.sin(delta)
    along = cos1 * sin2 - sin1 * cos2 * math.cos(delta)
    ahead = sin1 * sin2 + cos1 * cos2 * math.cos(delta)
    return math.atan2(math.sqrt(across * across + along * along), ahead) * RADIUS_KM


def check_place(latitude: float, longitude: float) -> None:
    """Refuse a place that is not on the globe.

    Raises:
        QueryFailed: INVALID_FUNCTION_ARGUMENT.
    """
    if not -90 <= latitude <= 90:
        raise bad_argument("Latitude must be between -90 and 90")
    if not -180 <= longitude <= 180:
        raise bad_argument("Longitude must be between -180 and 180")


def to_spherical(carried: bytes) -> bytes:
    """to_spherical_geography."""
    made = shape(carried)
    if not made.is_empty:
        west, south, east, north = made.bounds
        for latitude in (south, north):
            check_place(latitude, 0)
        for longitude in (west, east):
            check_place(0, longitude)
    return carried


def _expect_on_sphere(function: str, made: Any, *kinds: str) -> None:
    if kind(made) not in kinds:
        wanted = " or ".join(kinds)
        raise bad_argument(
            f"When applied to SphericalGeography inputs, {function} only supports {wanted}. "
            f"Input type is: {kind(made)}"
        )


def spherical_distance(left: bytes, right: bytes) -> float | None:
    """ST_Distance of two points on the sphere."""
    first, second = shape(left), shape(right)
    if first.is_empty or second.is_empty:
        return None
    _expect_on_sphere("ST_Distance", first, "POINT")
    _expect_on_sphere("ST_Distance", second, "POINT")
    return great_circle_distance(first.y, first.x, second.y, second.x) * 1000


def spherical_length(carried: bytes) -> float | None:
    """ST_Length on the sphere."""
    made = shape(carried)
    if made.is_empty:
        return None
    _expect_on_sphere("ST_Length", made, "LINE_STRING", "MULTI_LINE_STRING")
    total = 0.0
    for line in parts(made):
        places = list(line.coords)
        for (x1, y1), (x2, y2) in itertools.pairwise(places):
            total += great_circle_distance(y1, x1, y2, x2)
    return total * 1000


def spherical_area(carried: bytes) -> float | None:
    """ST_Area on the sphere."""
    made = shape(carried)
    if made.is_empty:
        return None
    _expect_on_sphere("ST_Area", made, "POLYGON", "MULTI_POLYGON")
    total = 0.0
    for polygon in parts(geos().orient_polygons(made, exterior_cw=True)):
        total += abs(_excess(polygon.exterior))
        total -= sum(abs(_excess(ring)) for ring in polygon.interiors)
    metres = RADIUS_KM * 1000.0
    return abs(total * metres * metres)


def _excess(ring: Any) -> float:
    """The spherical excess of a ring; of one around a pole, that of what it holds.

    https://www.movable-type.co.uk/scripts/latlong.html gives the formula; the course of a ring turns once
    around, but not at all where it goes around a pole.
    """
    places = [(math.radians(x), math.radians(y)) for x, y in ring.coords[:-1]]
    if len(places) < 3:
        raise bad_argument("Polygon is not valid: a loop contains less then 3 vertices.")
    excess, course = 0.0, 0.0
    bearings = []
    for (lambda1, phi1), (lambda2, phi2) in zip([places[-1], *places], places, strict=False):
        if (lambda1, phi1) == (lambda2, phi2):
            raise bad_argument("Polygon is not valid: it has two identical consecutive vertices")
        tan1, tan2, delta = math.tan(phi1 / 2), math.tan(phi2 / 2), lambda2 - lambda1
        excess += 2 * math.atan2(math.tan(delta / 2) * (tan1 + tan2), 1 + tan1 * tan2)
        leaving = _bearing(phi1, phi2, delta)
        arriving = (_bearing(phi2, phi1, -delta) + math.pi) % TURN
        bearings.append((leaving, arriving))
    for (leaving, arriving), (onward, _) in zip(bearings, [*bearings[1:], bearings[0]], strict=True):
        course += _turn(leaving, arriving) + _turn(arriving, onward)
    return abs(excess) - TURN if abs(course) < math.pi / 4 else excess


def _bearing(phi1: float, phi2: float, delta: float) -> float:
    """The bearing at which one place sees another, `delta` east of it."""
    east = math.sin(delta) * math.cos(phi2)
    north = math.cos(phi1) * math.sin(phi2) - math.sin(phi1) * math.cos(phi2) * math.cos(delta)
    return math.atan2(east, north) % TURN


def _turn(before: float, after: float) -> float:
    return (after - before + 3 * math.pi) % TURN - math.pi
