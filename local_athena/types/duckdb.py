"""How a value of each Trino type is carried in DuckDB.

Most types have a native home. Those without one get a carrier that loses nothing, and the translator knows
from the
type what the carrier means: a zoned timestamp is its UTC instant beside its zone, a time finer than a
microsecond has its picoseconds beside it, an interval is a number of
milliseconds or months, a char is kept without its padding, json is canonical text.
"""

from __future__ import annotations

from local_athena.types.trino import TrinoType

CARRIERS = {
    "boolean": "BOOLEAN",
    "tinyint": "TINYINT",
    "smallint": "SMALLINT",
    "integer": "INTEGER",
    "bigint": "BIGINT",
    "real": "FLOAT",
    "double": "DOUBLE",
    "varchar": "VARCHAR",
    "char": "VARCHAR",
    "varbinary": "BLOB",
    "date": "DATE",
    "time": "TIME",
    "timestamp": "TIMESTAMP",
    "timestamp with time zone": "STRUCT(t TIMESTAMP, z VARCHAR)",
    "time with time zone": "STRUCT(t TIME, o INTEGER)",
    "interval day to second": "BIGINT",
    "interval year to month": "INTEGER",
    "json": "VARCHAR",
    "uuid": "UUID",
    "ipaddress": "BLOB",
    "color": "INTEGER",
    "Geometry": "BLOB",
    "SphericalGeography": "BLOB",
    "BingTile": "BIGINT",
    "unknown": "INTEGER",
}
FINE = {
    "time": "STRUCT(t TIME, p INTEGER)",
    "timestamp": "STRUCT(t TIMESTAMP, p INTEGER)",
    "timestamp with time zone": "STRUCT(t TIMESTAMP, p INTEGER, z VARCHAR)",
    "time with time zone": "STRUCT(t TIME, p INTEGER, o INTEGER)",
}
"""Carriers of times finer than a microsecond; `p` counts picoseconds beyond it."""


def carrier(type_: TrinoType) -> str:
    """The DuckDB type that carries values of a Trino type; a row's fields are f0, f1, ..."""
    if type_.base == "decimal":
        return f"DECIMAL({type_.precision},{type_.scale})"
    if type_.base == "array":
        return f"{carrier(type_.element)}[]"
    if type_.base == "map":
        return f"MAP({carrier(type_.element)}, {carrier(type_.value)})"
    if type_.base == "row":
        return f"STRUCT({', '.join(f'f{i} {carrier(part)}' for i, part in enumerate(type_.parts))})"
    return FINE[type_.base] if type_.is_fine else CARRIERS[type_.base]
