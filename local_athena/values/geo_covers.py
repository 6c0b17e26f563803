"""The Bing tiles that cover a geometry, as few as there are.

From zoom level 10 on, tiles are looked for within larger ones, so that one that the geometry holds whole
needs no look inside; that also is their order in Athena's answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from local_athena.values.binary import bad_argument
from local_athena.values.geo_shapes import geos, parts, shape
from local_athena.values.geo_tiles import (
    MOST_TILES,
    Tile,
    box,
    check_place,
    check_zoom,
    corner,
    encode,
    tile_x,
    tile_y,
)

COARSE = 10
"""The zoom level from which tiles are looked for within larger ones."""
MOST_WORK = 25_000_000
"""The most tiles times vertices."""


def tiles_of(carried: bytes, zoom: int) -> list[int]:
    """geometry_to_bing_tiles: the fewest tiles that cover a geometry."""
    check_zoom(zoom)
    made = shape(carried)
    if made.is_empty:
        return []
    west, south, east, north = made.bounds
    check_place(south, west, span=True)
    check_place(north, east, span=True)
    first_x, first_y = tile_x(west, zoom), tile_y(north, zoom)
    last_x, last_y = tile_x(east, zoom), tile_y(south, zoom)
    # A tile that the geometry only touches with its lower or right edge does not count.
    left, top = corner(last_x, last_y, zoom)
    last_x, last_y = last_x - (left == east), last_y - (top == south)
    plain = _is_rectangle(made)
    _check_count(made, plain, (last_x - first_x + 1) * (last_y - first_y + 1), zoom)
    if plain or zoom <= COARSE:
        tiles = ((x, y) for x in range(first_x, last_x + 1) for y in range(first_y, last_y + 1))
        return [encode(x, y, zoom) for x, y in tiles if plain or made.intersects(box(x, y, zoom))]
    shift = zoom - COARSE
    large = (
        (x, y, COARSE)
        for x in range(first_x >> shift, (last_x >> shift) + 1)
        for y in range(first_y >> shift, (last_y >> shift) + 1)
    )
    return [encode(*inner) for outer in large for inner in _within(made, outer, zoom)]


def _within(made: Any, outer: Tile, zoom: int) -> Iterator[Tile]:
    """The tiles of a zoom level inside another that a geometry meets."""
    x, y, level = outer
    outline = box(x, y, level)
    if not made.intersects(outline):
        return
    if level == zoom:
        yield outer
    elif made.contains(outline):
        many = 1 << (zoom - level)
        yield from ((x * many + i, y * many + j, zoom) for i in range(many) for j in range(many))
    else:
        for i in (0, 1):
            for j in (0, 1):
                yield from _within(made, (2 * x + i, 2 * y + j, level + 1), zoom)


def _is_rectangle(made: Any) -> bool:
    if made.geom_type == "Point":
        return True
    if made.geom_type != "Polygon" or made.interiors or len(made.exterior.coords) != 5:
        return False
    west, south, east, north = made.bounds
    corners = {(west, south), (east, south), (east, north), (west, north)}
    return set(made.exterior.coords) <= corners


def _check_count(made: Any, plain: bool, count: int, zoom: int) -> None:
    west, south, east, north = made.bounds
    if plain and count > MOST_TILES:
        raise bad_argument(
            "The number of tiles covering input rectangle exceeds the limit of 1M. "
            f"Number of tiles: {count}. "
            f"Rectangle: xMin={west:.2f}, yMin={south:.2f}, xMax={east:.2f}, yMax={north:.2f}. "
            f"Zoom level: {zoom}."
        )
    if plain:
        return
    if count >= 2**31:
        raise bad_argument("The zoom level is too high to compute a set of covering Bing tiles.")
    vertices = sum(int(geos().get_num_coordinates(part)) for part in parts(made))
    if count * vertices > MOST_WORK:
        raise bad_argument(
            "The zoom level is too high or the geometry is too complex to compute a set of covering Bing "
            "tiles. Please use a lower zoom level or convert the geometry to its bounding box using the "
            "ST_Envelope function."
        )
