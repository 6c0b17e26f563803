"""Geometries in memory: WKB as DuckDB carries them, GEOS shapes as Python works on them.

GEOS (https://libgeos.org) is the C++ twin of JTS, which Trino uses; shapely, which brings it, is loaded when
a query first asks for it. Shapes are kept, and prepared for repeated tests, so that a join reads each polygon
once and not once a pair. Each thread keeps its own: GEOS builds the index of a prepared shape when it is
first used, without a lock.
"""

from __future__ import annotations

import struct
import threading
from collections.abc import Callable
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from local_athena.errors import not_supported
from local_athena.values.binary import bad_argument

POINT_BYTES = 21
"""The length of a point's WKB; nothing else is that short but what is empty."""
_POINT = struct.Struct("<BIdd")

KINDS = {
    "Point": "POINT",
    "MultiPoint": "MULTI_POINT",
    "LineString": "LINE_STRING",
    "LinearRing": "LINE_STRING",
    "MultiLineString": "MULTI_LINE_STRING",
    "Polygon": "POLYGON",
    "MultiPolygon": "MULTI_POLYGON",
    "GeometryCollection": "GEOMETRY_COLLECTION",
}
"""Trino's names of the kinds of geometry, as its errors say them."""


@cache
def geos() -> ModuleType:
    """The library, loaded when first asked for."""
    return import_module("shapely")


class Kept(threading.local):
    """The latest values made from their keys, each thread its own; bounded by the size of the keys."""

    BYTES, OVERHEAD = 2**24, 500

    def __init__(self) -> None:
        self._made: dict[Any, Any] = {}
        self._size = 0

    def get(self, key: Any, make: Callable[[Any], Any]) -> Any:
        """The value of a key, made when it is not known."""
        try:
            return self._made[key]
        except KeyError:
            value = make(key)
        self._size += len(key) + self.OVERHEAD
        if self._size > self.BYTES:
            self._made.clear()
            self._size = len(key) + self.OVERHEAD
        self._made[key] = value
        return value


_shapes = Kept()


def shape(wkb: bytes) -> Any:
    """The shape of a carried geometry."""
    return geos().from_wkb(wkb) if len(wkb) == POINT_BYTES else _shapes.get(wkb, _prepared)


def _prepared(wkb: bytes) -> Any:
    made = geos().from_wkb(wkb)
    geos().prepare(made)
    return made


def wkb(made: Any) -> bytes:
    """A shape as it is carried: shells counterclockwise and holes clockwise, as Athena writes them."""
    turned = geos().orient_polygons(made)
    return bytes(geos().to_wkb(turned, byte_order=1, include_srid=False))


def point_wkb(x: float, y: float) -> bytes:
    """A point, which is empty when a coordinate is NaN."""
    nan = float("nan")
    return _POINT.pack(1, 1, nan, nan) if x != x or y != y else _POINT.pack(1, 1, x, y)


def xy(wkb: bytes) -> tuple[float, float] | None:
    """The coordinates of a carried point; None for anything else."""
    if len(wkb) != POINT_BYTES:
        return None
    _, _, x, y = _POINT.unpack(wkb)
    return x, y


def rectangle(west: float, south: float, east: float, north: float) -> Any:
    """A rectangle, from its lower left corner."""
    return geos().Polygon([(west, south), (east, south), (east, north), (west, north)])


def kind(made: Any) -> str:
    """Trino's name of a shape's kind."""
    return KINDS[made.geom_type]


def expect(function: str, made: Any, *kinds: str) -> None:
    """Refuse a shape of another kind.

    Raises:
        QueryFailed: INVALID_FUNCTION_ARGUMENT.
    """
    if kind(made) not in kinds:
        wanted = " or ".join(kinds)
        raise bad_argument(f"{function} only applies to {wanted}. Input type is: {kind(made)}")


def parts(made: Any) -> list[Any]:
    """The shapes that are no collections, in order, without what is empty."""
    if made.geom_type.startswith("Multi") or made.geom_type == "GeometryCollection":
        return [inner for part in made.geoms for inner in parts(part)]
    return [] if made.is_empty else [made]


def computed(function: str, call: Callable[..., Any], *shapes: Any) -> Any:
    """What GEOS makes of shapes.

    Raises:
        QueryFailed: NOT_SUPPORTED where it fails, as for some that are not valid.
    """
    try:
        return call(*shapes)
    except geos().errors.ShapelyError as error:
        raise not_supported(f"{function} of these geometries is not supported: {error}") from error
