"""Places along a line, and lines as Google's encoded polylines.

https://trino.io/docs/current/functions/geospatial.html#accessors
https://developers.google.com/maps/documentation/utilities/polylinealgorithm
"""

from __future__ import annotations

import itertools
import math
from typing import Any

from local_athena.values.binary import bad_argument
from local_athena.values.geo_shapes import computed, expect, geos, kind, point_wkb, shape, wkb

Place = tuple[float, float]
LINES = ("LINE_STRING", "MULTI_LINE_STRING")


def locate_point(line: bytes, point: bytes) -> float | None:
    """line_locate_point: how far along the line its nearest place is, from 0 to 1."""
    along, place = shape(line), shape(point)
    if along.is_empty or place.is_empty:
        return None
    if kind(along) not in LINES:
        problem = f"must be a LineString or a MultiLineString. Got: {along.geom_type}"
        raise bad_argument(f"First argument to line_locate_point {problem}")
    if kind(place) != "POINT":
        raise bad_argument(f"Second argument to line_locate_point must be a Point. Got: {place.geom_type}")
    return float(computed("line_locate_point", geos().line_locate_point, along, place) / along.length)


def interpolate_point(line: bytes, fraction: float) -> bytes | None:
    """line_interpolate_point."""
    made = shape(line)
    return None if made.is_empty else point_wkb(*_interpolated(made, fraction, repeated=False)[0])


def interpolate_points(line: bytes, fraction: float) -> list[bytes] | None:
    """line_interpolate_points: one at every multiple of the fraction."""
    made = shape(line)
    if made.is_empty:
        return None
    return [point_wkb(*place) for place in _interpolated(made, fraction, repeated=True)]


def _interpolated(made: Any, fraction: float, *, repeated: bool) -> list[Place]:
    expect("line_interpolate_point", made, "LINE_STRING")
    if not 0 <= fraction <= 1:
        raise bad_argument("fraction must be between 0 and 1")
    places: list[Place] = list(made.coords)
    if fraction in (0, 1):
        return [places[-1 if fraction else 0]]
    count = math.floor(1 / fraction) if repeated else 1
    found: list[Place] = []
    wanted, passed, total = fraction, 0.0, made.length
    for (x1, y1), (x2, y2) in itertools.pairwise(places):
        share = math.sqrt((x2 - x1) ** 2 + (y2 - y1) ** 2) / total
        while wanted < passed + share and len(found) < count:
            part = (wanted - passed) / share
            found.append((x1 + (x2 - x1) * part, y1 + (y2 - y1) * part))
            wanted += fraction
        passed += share
    return found if len(found) >= count else [*found, places[-1]]


def to_polyline(carried: bytes) -> str:
    """to_encoded_polyline of a line or multipoint."""
    made = shape(carried)
    expect("encode_polyline", made, "MULTI_POINT", "LINE_STRING")
    written, before = [], (0, 0)
    for x, y in geos().get_coordinates(made).tolist():
        place = (math.floor(y * 1e5 + 0.5), math.floor(x * 1e5 + 0.5))
        written += [_encoded(place[0] - before[0]), _encoded(place[1] - before[1])]
        before = place
    return "".join(written)


def _encoded(step: int) -> str:
    rest, made = (~(step << 1) if step < 0 else step << 1), ""
    while rest >= 0x20:
        made += chr((0x20 | (rest & 0x1F)) + 63)
        rest >>= 5
    return made + chr(rest + 63)


def from_polyline(text: str) -> bytes:
    """from_encoded_polyline.

    Raises:
        QueryFailed: INVALID_FUNCTION_ARGUMENT for a text that ends within a number.
    """
    numbers, number, shift = [], 0, 0
    for letter in text:
        bits = ord(letter) - 63
        number |= (bits & 0x1F) << shift
        shift += 5
        if bits < 0x20:
            numbers.append(~(number >> 1) if number & 1 else number >> 1)
            number, shift = 0, 0
    if shift or len(numbers) % 2 or len(numbers) == 2:
        raise bad_argument(f"Invalid encoded polyline: {text}")
    places, y, x = [], 0, 0
    for down, across in zip(numbers[::2], numbers[1::2], strict=True):
        y, x = y + down, x + across
        places.append((x * 1e-5, y * 1e-5))
    return wkb(geos().LineString(places))
