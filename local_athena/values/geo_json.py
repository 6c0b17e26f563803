"""Geometries as GeoJSON, written and read as Athena's library (JTS) does.

It rounds to eight decimals, writes whole numbers without a point except 0.0, turns shells clockwise and adds
a `crs` of EPSG:0. It reads a geometry, a feature or a collection, and takes missing coordinates for none.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

from local_athena.values.binary import bad_argument
from local_athena.values.geo_shapes import geos, shape, wkb
from local_athena.values.texts import java_number

CRS = '"crs":{"type":"name","properties":{"name":"EPSG:0"}}'
DECIMALS = 1e8


def write(carried: bytes) -> str:
    """to_geojson_geometry."""
    made = geos().orient_polygons(shape(carried), exterior_cw=True)
    if made.is_empty and made.geom_type in ("Point", "LineString"):
        return f'{{"type":"{made.geom_type}","coordinates":[]}}'
    return f"{{{_members(made)},{CRS}}}"


def _members(made: Any) -> str:
    if made.geom_type == "GeometryCollection":
        inner = ",".join(f"{{{_members(part)}}}" for part in made.geoms)
        return f'"type":"GeometryCollection","geometries":[{inner}]'
    return f'"type":"{made.geom_type}","coordinates":{_nested(made)}'


def _nested(made: Any) -> str:
    if made.geom_type == "Point":
        return _places(made)[0] if not made.is_empty else "[]"
    if made.geom_type == "Polygon":
        return f"[{','.join(map(_nested, (made.exterior, *made.interiors)))}]"
    inner = [_nested(part) for part in made.geoms] if hasattr(made, "geoms") else _places(made)
    return f"[{','.join(inner)}]"


def _places(made: Any) -> list[str]:
    return [f"[{_ordinate(x)},{_ordinate(y)}]" for x, y in geos().get_coordinates(made).tolist()]


def _ordinate(value: float) -> str:
    if abs(value) < 1e-3 or value >= 1e7 or math.isinf(value):
        return java_number(value)
    rounded = math.floor(value * DECIMALS + 0.5) / DECIMALS
    return str(int(rounded)) if rounded == int(rounded) else java_number(rounded)


def read(text: str) -> bytes:
    """from_geojson_geometry.

    Raises:
        QueryFailed: INVALID_FUNCTION_ARGUMENT.
    """
    try:
        found = json.loads(text)
    except ValueError as error:
        raise bad_argument(f"Invalid GeoJSON: {error}") from error
    try:
        return wkb(_geometry(found))
    except (TypeError, ValueError, KeyError, IndexError, geos().errors.ShapelyError) as error:
        raise bad_argument(
            f"Invalid GeoJSON: Could not parse Geometry from GeoJson string. {error}"
        ) from error


def _geometry(found: Any) -> Any:
    kind = found.get("type") if isinstance(found, dict) else None
    if kind is None:
        raise bad_argument(
            "Invalid GeoJSON: Could not parse Geometry from Json string.  No 'type' property found."
        )
    if kind == "Feature":
        if not isinstance(found.get("geometry"), dict):
            raise bad_argument("Invalid GeoJSON: Could not parse Feature from GeoJson string.")
        return _geometry(found["geometry"])
    if kind in COLLECTIONS:
        return geos().GeometryCollection([_geometry(part) for part in found[COLLECTIONS[kind]]])
    if kind not in BUILDERS:
        problem = f"Could not parse Geometry from GeoJson string.  Unsupported 'type':{kind}"
        raise bad_argument(f"Invalid GeoJSON: {problem}")
    return BUILDERS[kind](found.get("coordinates") or [])


def _plane(place: list[float]) -> tuple[float, float]:
    return float(place[0]), float(place[1])


def _line(places: list[Any]) -> list[tuple[float, float]]:
    return list(map(_plane, places))


def _polygon(rings: list[Any]) -> Any:
    if not rings or rings == [[]]:
        return geos().Polygon()
    return geos().Polygon(_line(rings[0]), list(map(_line, rings[1:])))


COLLECTIONS = {"GeometryCollection": "geometries", "FeatureCollection": "features"}
BUILDERS: dict[str, Callable[[list[Any]], Any]] = {
    "Point": lambda place: geos().Point(*_plane(place)) if place else geos().Point(),
    "LineString": lambda places: geos().LineString(_line(places)),
    "Polygon": _polygon,
    "MultiPoint": lambda places: geos().MultiPoint(_line(places)),
    "MultiLineString": lambda lines: geos().MultiLineString(list(map(_line, lines))),
    "MultiPolygon": lambda polygons: geos().MultiPolygon(list(map(_polygon, polygons))),
}
