"""Trino's types as values: what every expression has, and how a type is written.

https://trino.io/docs/current/language/types.html. A type is its base name, its numbers (`decimal(10,2)`,
`varchar(5)`, `timestamp(3)`), and its parts (element, key and value, or the fields of a row).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

UNBOUNDED = 2147483647
UNORDERED = frozenset(("map", "json", "color", "Geometry", "SphericalGeography", "BingTile"))
TIMED = ("timestamp", "time", "timestamp with time zone", "time with time zone")


@dataclass(frozen=True, slots=True)
class TrinoType:
    """A Trino type. `names` are the field names of a row, None for an unnamed field."""

    base: str
    numbers: tuple[int, ...] = ()
    parts: tuple[TrinoType, ...] = ()
    names: tuple[str | None, ...] = ()

    def __str__(self) -> str:
        if self.base in TIMED:
            head, _, zone = self.base.partition(" ")
            return f"{head}({self.numbers[0]})" + (f" {zone}" if zone else "")
        if self.base == "varchar" and self.numbers == (UNBOUNDED,):
            return "varchar"
        if self.base == "row":
            fields = (f"{n} {p}" if n else str(p) for n, p in zip(self.names, self.parts, strict=True))
            return f"row({', '.join(fields)})"
        inner = [str(n) for n in self.numbers] + [str(p) for p in self.parts]
        separator = "," if self.base == "decimal" else ", "
        return f"{self.base}({separator.join(inner)})" if inner else self.base

    @property
    def element(self) -> TrinoType:
        """An array's element type; a map's key type."""
        return self.parts[0]

    @property
    def value(self) -> TrinoType:
        """A map's value type."""
        return self.parts[1]

    @property
    def precision(self) -> int:
        """The first number: a decimal's or timestamp's precision, a varchar's length."""
        return self.numbers[0]

    @property
    def is_fine(self) -> bool:
        """Whether values are times finer than a microsecond, which take a carrier of their own."""
        return self.base in TIMED and self.precision > 6

    @property
    def is_comparable(self) -> bool:
        """Whether `=`, DISTINCT and GROUP BY take values; geometries have ST_Equals only."""
        return self.base not in ("Geometry", "SphericalGeography") and all(
            p.is_comparable for p in self.parts
        )

    @property
    def is_orderable(self) -> bool:
        """Whether ORDER BY and `<` take values."""
        return self.base not in UNORDERED and all(p.is_orderable for p in self.parts)

    @property
    def scale(self) -> int:
        """A decimal's scale."""
        return self.numbers[1]


BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, REAL, DOUBLE = map(
    TrinoType, ("boolean", "tinyint", "smallint", "integer", "bigint", "real", "double")
)
VARBINARY, DATE, JSON, UUID, IPADDRESS, UNKNOWN, COLOR = map(
    TrinoType, ("varbinary", "date", "json", "uuid", "ipaddress", "unknown", "color")
)
INTERVAL_DAY, INTERVAL_YEAR = TrinoType("interval day to second"), TrinoType("interval year to month")
VARCHAR = TrinoType("varchar", (UNBOUNDED,))
GEOMETRY, SPHERICAL_GEOGRAPHY, BING_TILE = map(TrinoType, ("Geometry", "SphericalGeography", "BingTile"))

INTEGERS = {"tinyint": 3, "smallint": 5, "integer": 10, "bigint": 19}
"""Each integer type and the decimal digits it needs."""


def varchar(length: int) -> TrinoType:
    """varchar(length)."""
    return TrinoType("varchar", (length,))


def char(length: int) -> TrinoType:
    """char(length)."""
    return TrinoType("char", (length,))


def decimal(precision: int, scale: int) -> TrinoType:
    """decimal(precision, scale)."""
    return TrinoType("decimal", (precision, scale))


def timestamp(precision: int = 3) -> TrinoType:
    """timestamp(precision)."""
    return TrinoType("timestamp", (precision,))


def timestamp_tz(precision: int = 3) -> TrinoType:
    """timestamp(precision) with time zone."""
    return TrinoType("timestamp with time zone", (precision,))


def time(precision: int = 3) -> TrinoType:
    """time(precision)."""
    return TrinoType("time", (precision,))


def array(element: TrinoType) -> TrinoType:
    """array(element)."""
    return TrinoType("array", (), (element,))


def map_of(key: TrinoType, value: TrinoType) -> TrinoType:
    """map(key, value)."""
    return TrinoType("map", (), (key, value))


def row(*parts: TrinoType, names: tuple[str | None, ...] | None = None) -> TrinoType:
    """row(...); fields without names unless given."""
    return TrinoType("row", (), parts, names or (None,) * len(parts))


ALIASES = {
    "int": "integer",
    "string": "varchar",
    "float": "real",
    "binary": "varbinary",
    "json": "json",
    "struct": "row",
    "dec": "decimal",
    "numeric": "decimal",
    "geometry": "Geometry",
    "sphericalgeography": "SphericalGeography",
    "bingtile": "BingTile",
}
_TOKEN = re.compile(r'\s*("(?:[^"]|"")*"|[A-Za-z_][\w$@]*|\d+|[(),<>:])')


@cache
def parse_type(text: str) -> TrinoType:
    """Read a type as Trino or Hive writes it: `array(row(a bigint))`, `array<struct<a:bigint>>`.

    Raises:
        ValueError: the text is not a type.
    """
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != re.sub(r"\s+", "", text) or not tokens:
        raise ValueError(f"Unknown type: {text}")
    parsed, end = _type(tokens, 0)
    if end != len(tokens):
        raise ValueError(f"Unknown type: {text}")
    return parsed


def _type(tokens: list[str], at: int) -> tuple[TrinoType, int]:
    word = tokens[at].lower()
    base = ALIASES.get(word, word)
    at += 1
    numbers: list[int] = []
    parts: list[TrinoType] = []
    names: list[str | None] = []
    if base == "interval":
        return (INTERVAL_DAY if tokens[at].lower() == "day" else INTERVAL_YEAR), at + 3
    if at < len(tokens) and tokens[at] in "(<":
        while tokens[at] not in ")>":
            at += 1
            if tokens[at].isdigit():
                numbers.append(int(tokens[at]))
                at += 1
                continue
            name, at = _field_name(tokens, at) if base == "row" else (None, at)
            part, at = _type(tokens, at)
            parts.append(part)
            names.append(name)
        at += 1
    if base in ("timestamp", "time") and [t.lower() for t in tokens[at : at + 3]] == ["with", "time", "zone"]:
        base, at = f"{base} with time zone", at + 3
    return _complete(base, numbers, parts, names), at


def _field_name(tokens: list[str], at: int) -> tuple[str | None, int]:
    named = (
        at + 1 < len(tokens)
        and tokens[at + 1] not in (",", ")", "(", "<", ">")
        and not (tokens[at + 1].lower() == "with" or tokens[at].lower() == "interval")
    )
    if not named:
        return None, at
    name = tokens[at].strip('"').replace('""', '"')
    return name, at + (2 if tokens[at + 1] == ":" else 1)


SIMPLE = frozenset(
    [
        "boolean",
        "tinyint",
        "smallint",
        "integer",
        "bigint",
        "real",
        "double",
        "varbinary",
        "date",
        "json",
        "uuid",
        "ipaddress",
        "unknown",
        "color",
        "Geometry",
        "SphericalGeography",
        "BingTile",
    ]
)


def _complete(base: str, numbers: list[int], parts: list[TrinoType], names: list[str | None]) -> TrinoType:
    if base in SIMPLE:
        return TrinoType(base)
    if base == "varchar":
        return varchar(numbers[0]) if numbers else VARCHAR
    if base == "char":
        return char(numbers[0] if numbers else 1)
    if base == "decimal":
        return decimal(numbers[0] if numbers else 38, numbers[1] if len(numbers) > 1 else 0)
    if base in TIMED:
        return TrinoType(base, (numbers[0] if numbers else 3,))
    if (base == "array" and len(parts) == 1) or (base == "map" and len(parts) == 2):
        return TrinoType(base, (), tuple(parts))
    if base == "row" and parts:
        return TrinoType("row", (), tuple(parts), tuple(names))
    raise ValueError(f"Unknown type: {base}")
