"""Bing tiles: the world's map cut in four again and again, up to 23 times.

A tile is carried as one number: 23 bits of x, 23 of y and 5 of the zoom level.
https://learn.microsoft.com/bingmaps/articles/bing-maps-tile-system
"""

from __future__ import annotations

import math
from typing import Any

from local_athena.values.binary import bad_argument
from local_athena.values.geo_measures import RADIUS_KM, great_circle_distance
from local_athena.values.geo_shapes import rectangle, wkb

DEEPEST, PIXELS = 23, 256
NORTH, EAST = 85.05112878, 180.0
MOST_TILES = 1_000_000
Tile = tuple[int, int, int]
"""x, y and zoom level."""


def encode(x: int, y: int, zoom: int) -> int:
    """A tile as it is carried."""
    return (x << 28) + (y << 5) + zoom


def decode(carried: int) -> Tile:
    """The x, y and zoom level of a tile."""
    return carried >> 28, (carried >> 5) & 0x7FFFFF, carried & 0x1F


def text_of(carried: int) -> str:
    """What a result shows."""
    x, y, zoom = decode(carried)
    return f"BingTile{{x={x}, y={y}, zoom_level={zoom}}}"


def check_zoom(zoom: int) -> None:
    """Refuse a zoom level that there is not."""
    if zoom <= 0:
        raise bad_argument("Zoom level must be > 0")
    if zoom > DEEPEST:
        raise bad_argument(f"Zoom level must be <= {DEEPEST}")


def check_place(latitude: float, longitude: float, span: bool = False) -> None:
    """Refuse a place beyond the map; `span` words it for a geometry's bounds."""
    if not -NORTH <= latitude <= NORTH:
        problem = f"Latitude must be between {-NORTH} and {NORTH}"
        raise bad_argument(
            "Latitude span for the geometry must be in [-85.05, 85.05] range" if span else problem
        )
    if not -EAST <= longitude <= EAST:
        problem = f"Longitude must be between {-EAST} and {EAST}"
        raise bad_argument(
            "Longitude span for the geometry must be in [-180.00, 180.00] range" if span else problem
        )


def tile(x: int, y: int, zoom: int) -> int:
    """bing_tile(x, y, zoom)."""
    check_zoom(zoom)
    for place in (x, y):
        if not 0 <= place < 1 << zoom:
            raise bad_argument(
                f"XY coordinates for a Bing tile at zoom level {zoom} must be within [0, {1 << zoom}) range"
            )
    return encode(x, y, zoom)


def tile_of_key(key: str) -> int:
    """bing_tile(quadkey)."""
    if not key:
        raise bad_argument("QuadKey must not be empty string")
    if len(key.encode()) > DEEPEST:
        raise bad_argument(f"QuadKey must be {DEEPEST} characters or less")
    if set(key) - set("0123"):
        raise bad_argument(f"Invalid QuadKey digit sequence: {key}")
    x = int("".join(str(int(digit) & 1) for digit in key), 2)
    y = int("".join(str(int(digit) >> 1) for digit in key), 2)
    return encode(x, y, len(key))


def quadkey(carried: int) -> str:
    """bing_tile_quadkey."""
    x, y, zoom = decode(carried)
    return "".join(str((x >> i & 1) + 2 * (y >> i & 1)) for i in range(zoom - 1, -1, -1))


def coordinates(carried: int) -> dict[str, int]:
    """bing_tile_coordinates: a row of x and y."""
    x, y, _ = decode(carried)
    return {"f0": x, "f1": y}


def zoom_level(carried: int) -> int:
    """bing_tile_zoom_level."""
    return decode(carried)[2]


def _across(axis: float, zoom: int) -> int:
    size = PIXELS << zoom
    return int(min(max(axis * size, 0), size - 1)) // PIXELS


def tile_x(longitude: float, zoom: int) -> int:
    """The column of tiles that a longitude lies in."""
    return _across((longitude + 180) / 360, zoom)


def tile_y(latitude: float, zoom: int) -> int:
    """The row of tiles that a latitude lies in."""
    sine = math.sin(latitude * math.pi / 180)
    return _across(0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi), zoom)


def corner(x: int, y: int, zoom: int) -> tuple[float, float]:
    """The longitude and latitude of a tile's upper left corner."""
    size = PIXELS << zoom
    across = min(max(x * PIXELS, 0), size) / size - 0.5
    up = 0.5 - min(max(y * PIXELS, 0), size) / size
    return 360 * across, 90 - 360 * math.atan(math.exp(-up * 2 * math.pi)) / math.pi


def tile_at(latitude: float, longitude: float, zoom: int) -> int:
    """bing_tile_at: the tile that holds a place."""
    check_place(latitude, longitude)
    check_zoom(zoom)
    return encode(tile_x(longitude, zoom), tile_y(latitude, zoom), zoom)


def box(x: int, y: int, zoom: int) -> Any:
    """The rectangle of a tile."""
    west, north = corner(x, y, zoom)
    east, south = corner(x + 1, y + 1, zoom)
    return rectangle(west, south, east, north)


def polygon(carried: int) -> bytes:
    """bing_tile_polygon."""
    return wkb(box(*decode(carried)))


def tiles_around(latitude: float, longitude: float, zoom: int) -> list[int]:
    """bing_tiles_around: a place's tile and its neighbours."""
    x, y, _ = decode(tile_at(latitude, longitude, zoom))
    inside = range(1 << zoom)
    near = ((x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1))
    return [encode(i, j, zoom) for i, j in near if i in inside and j in inside]


def tiles_within(latitude: float, longitude: float, zoom: int, radius: float) -> list[int]:
    """bing_tiles_around with a radius in kilometres: the tiles that a circle touches."""
    x, y, _ = decode(tile_at(latitude, longitude, zoom))
    if not radius >= 0:
        raise bad_argument("Radius must be >= 0")
    if radius > 1000:
        raise bad_argument("Radius must be <= 1,000 km")
    top, bottom = (tile_y(_moved_north(latitude, sign * radius), zoom) for sign in (1, -1))
    left, right = (tile_x(_moved_east(latitude, longitude, sign * radius), zoom) for sign in (-1, 1))
    many = 1 << zoom
    columns = right - left + 1 + (many if right < left else 0)
    count = columns * (bottom - top + 1)
    if count > MOST_TILES:
        raise bad_argument(
            "The number of tiles covering input rectangle exceeds the limit of 1M. "
            f"Number of tiles: {count}. Radius: {radius:.1f} km. Zoom level: {zoom}."
        )
    found = [((left + i) % many, y) for i in range(columns)]
    found += [(x, row) for row in range(top, bottom + 1) if row != y]

    def near(place: tuple[float, float]) -> bool:
        return great_circle_distance(latitude, longitude, place[1], place[0]) <= radius

    # Of the columns beside the middle one, the rows from the first that the circle reaches.
    for start, step, side in ((right, -1, 0), (left, 1, 1)):
        column = start
        while column != x:
            for rows, below in ((range(top, y), 1), (range(bottom, y, -1), 0)):
                reached = next(
                    (i for i, row in enumerate(rows) if near(corner(column + side, row + below, zoom))),
                    len(rows),
                )
                found += [(column, row) for row in rows[reached:]]
            column = (column + step) % many
    return [encode(i, j, zoom) for i, j in found]


def _moved_north(latitude: float, kilometres: float) -> float:
    start, angle = math.radians(latitude), abs(kilometres) / RADIUS_KM
    north = math.cos(math.radians(0 if kilometres >= 0 else 180))
    sine = math.sin(start) * math.cos(angle) + math.cos(start) * math.sin(angle) * north
    return min(max(math.degrees(math.asin(sine)), -NORTH), NORTH)


def _moved_east(latitude: float, longitude: float, kilometres: float) -> float:
    start, angle = math.radians(latitude), abs(kilometres) / RADIUS_KM
    east = math.sin(math.radians(90 if kilometres >= 0 else 270))
    turned = math.atan2(
        east * math.sin(angle) * math.cos(start), math.cos(angle) - math.sin(start) * math.sin(start)
    )
    moved = math.degrees(math.radians(longitude) + turned)
    return moved - 360 if moved > EAST else moved + 360 if moved < -EAST else moved
