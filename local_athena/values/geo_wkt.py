"""Well-known text of geometries, read as leniently and written as Athena does.

A ring need not be closed, points of a MULTIPOINT need no brackets. Numbers have their shortest digits, in
exponents only below 0.0001 and from 1e17 on.
https://docs.aws.amazon.com/athena/latest/ug/geospatial-input-data-formats-supported-geometry-types.html
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

from local_athena.errors import QueryFailed, not_supported
from local_athena.values.binary import bad_argument
from local_athena.values.geo_shapes import KINDS, Kept, geos, parts, shape, wkb

WORDS = frozenset((*(kind.upper() for kind in KINDS if kind != "LinearRing"), "EMPTY", "E"))
"""All that a text may say; E stands in numbers."""
DEEP = frozenset(("Z", "M", "ZM"))
LEAST = {"LINESTRING": 2, "MULTILINESTRING": 2, "POLYGON": 4, "MULTIPOLYGON": 4}
"""Points that GEOS wants in a line or ring; Athena's library takes fewer."""
_PIECE = re.compile(r"([A-Za-z]+)|\(([^()]*)\)")
_texts = Kept()


def wkb_of_text(text: str) -> bytes:
    """ST_GeometryFromText.

    Raises:
        QueryFailed: INVALID_FUNCTION_ARGUMENT for what is no WKT; NOT_SUPPORTED for a third coordinate, and
            for lines and rings of too few points.
    """
    return bytes(_texts.get(text, lambda given: wkb(read(given))))


def read(text: str) -> Any:
    """The shape of a text; see `wkb_of_text` for errors."""
    words = {word.upper() for word in re.findall(r"[A-Za-z]+", text)}
    if words & DEEP:
        raise not_supported("Geometries with Z or M coordinates are not supported")
    made = _parsed(text) if words <= WORDS else None
    if made is None and words <= WORDS:
        made = _parsed(_completed(text, pad=False))
    if made is None:
        if words <= WORDS and _parsed(_completed(text, pad=True)) is not None:
            raise not_supported(f"A line of one point or a ring of fewer than three is not supported: {text}")
        raise _invalid(text)
    if made.has_z:
        raise _invalid(text)
    return made


def _invalid(text: str) -> QueryFailed:
    return bad_argument(f"Invalid WKT: {text}")


def _parsed(text: str) -> Any:
    try:
        return geos().from_wkt(text)
    except geos().errors.ShapelyError:
        return None


def _completed(text: str, *, pad: bool) -> str:
    """The text with its rings closed; `pad` repeats points where there are too few."""
    word = ""

    def piece(found: re.Match[str]) -> str:
        nonlocal word
        if found[1]:
            word = found[1].upper()
            return found[0]
        least = LEAST.get(word, 0)
        points = [" ".join(point.split()) for point in found[2].split(",")]
        if least == 4 and (points[0] != points[-1] or len(points) == 1):
            points.append(points[0])
        while pad and len(points) < least:
            points.append(points[0])
        return f"({', '.join(points)})"

    return _PIECE.sub(piece, text)


def text_of(carried: bytes) -> str:
    """ST_AsText, and what a result shows."""
    return write(shape(bytes(carried)))


def write(made: Any) -> str:
    """The text of a shape."""
    name = made.geom_type.upper().replace("LINEARRING", "LINESTRING")
    if made.geom_type == "GeometryCollection":
        inner = ", ".join(map(write, made.geoms))
        return f"{name} ({inner})" if inner else f"{name} EMPTY"
    body = _body(made)
    return f"{name} {body or 'EMPTY'}"


def _body(made: Any) -> str:
    if made.is_empty:
        return ""
    if made.geom_type == "Polygon":
        return f"({', '.join(map(_points, (made.exterior, *made.interiors)))})"
    if made.geom_type.startswith("Multi"):
        return f"({', '.join(map(_body, parts(made)))})"
    return _points(made)


def _points(made: Any) -> str:
    rows = geos().get_coordinates(made).tolist()
    return f"({', '.join(f'{number(x)} {number(y)}' for x, y in rows)})"


def number(value: float) -> str:
    """A coordinate, written as Java's `%.17g` without the zeros that say nothing."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else str(value).replace("inf", "Infinity")
    text = repr(value)
    if value == 0 or 1e-4 <= abs(value) < 1e17:
        return text.removesuffix(".0") if "e" not in text else format(Decimal(text), "f").removesuffix(".0")
    sign, digits, exponent = Decimal(text).normalize().as_tuple()
    shown = "".join(map(str, digits)).ljust(17, "0")
    power = int(exponent) + len(digits) - 1
    return f"{'-' if sign else ''}{shown[0]}.{shown[1:]}e{power:+03d}"
