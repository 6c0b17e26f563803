"""A value as Athena's text, in results and for `%s` of `format`: `1.0E20`, `[a, null]`, `{k=1}`, `01 02`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local_athena.types.trino import TIMED, TrinoType
from local_athena.values import colors, geo_tiles, geo_wkt, stamps, texts


def writer(type_: TrinoType) -> Callable[[Any], str]:
    """The function from a value, which is not NULL, to its text."""
    if type_.base in ("array", "map", "row"):
        return _nested(type_)
    if type_.base in TIMED:
        return stamps.writer(type_)
    if type_.base == "date":
        return date_text
    if type_.base == "char":
        return lambda value: str(value).ljust(type_.precision)
    return SCALARS.get(type_.base, str)


def date_text(value: Any) -> str:
    """A date: what Arrow gave, or its number where Python has no such year."""
    return stamps.shown_day(value) if isinstance(value, int) else str(value.isoformat())


SCALARS: dict[str, Callable[[Any], str]] = {
    "boolean": lambda value: "true" if value else "false",
    "real": lambda value: texts.java_number(value, single=True),
    "double": texts.java_number,
    "decimal": lambda value: format(value, "f"),
    "varbinary": lambda value: value.hex(" "),
    "ipaddress": texts.ip_text,
    "Geometry": geo_wkt.text_of,
    "SphericalGeography": geo_wkt.text_of,
    "BingTile": geo_tiles.text_of,
    "color": colors.text,
    "interval day to second": texts.day_interval_text,
    "interval year to month": texts.year_interval_text,
}


def _nested(type_: TrinoType) -> Callable[[Any], str]:
    inner = [writer(part) for part in type_.parts]

    def text(at: int, value: Any) -> str:
        return "null" if value is None else inner[at](value)

    if type_.base == "array":
        return lambda items: "[" + ", ".join(text(0, item) for item in items) + "]"
    if type_.base == "map":
        return lambda items: "{" + ", ".join(f"{text(0, k)}={text(1, v)}" for k, v in _sorted(items)) + "}"
    names = [name or f"field{i}" for i, name in enumerate(type_.names)]
    return lambda value: "{" + ", ".join(f"{n}={text(i, value[f'f{i}'])}" for i, n in enumerate(names)) + "}"


def _sorted(items: Any) -> list[tuple[Any, Any]]:
    pairs = list(dict(items).items()) if isinstance(items, dict) else list(items)
    try:
        return sorted(pairs, key=lambda pair: pair[0])
    except TypeError:
        return pairs
