"""Avro schemas of Hive columns, as Hive's AvroSerDe makes them: everything nullable, rows as named records.

https://cwiki.apache.org/confluence/display/Hive/AvroSerDe
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from local_athena.errors import not_supported
from local_athena.types.trino import TrinoType

Columns = tuple[tuple[str, TrinoType], ...]
EPOCH = datetime(1970, 1, 1)
SCALARS: dict[str, Any] = {
    "boolean": "boolean",
    "integer": "int",
    "bigint": "long",
    "real": "float",
    "double": "double",
    "varchar": "string",
    "char": "string",
    "varbinary": "bytes",
    "date": {"type": "int", "logicalType": "date"},
    "timestamp": {"type": "long", "logicalType": "timestamp-millis"},
}


def avro_schema(columns: Columns) -> dict[str, Any]:
    """The schema of a table's rows.

    Raises:
        QueryFailed: a column has a type that Avro cannot hold.
    """
    fields = [{"name": n, "type": _nullable(t, n), "default": None} for n, t in columns]
    return {"type": "record", "name": "baserecord", "fields": fields}


def _nullable(type_: TrinoType, path: str) -> list[Any]:
    return ["null", _type(type_, path)]


def _type(type_: TrinoType, path: str) -> Any:
    if type_.base == "decimal":
        return {"type": "bytes", "logicalType": "decimal", "precision": type_.precision, "scale": type_.scale}
    if type_.base == "array":
        return {"type": "array", "items": _nullable(type_.element, f"{path}_item")}
    if type_.base == "map":
        if type_.element.base not in ("varchar", "char"):
            raise not_supported(f"Column '{path}' has a non-varchar map key, which is not supported by Avro")
        return {"type": "map", "values": _nullable(type_.value, f"{path}_value")}
    if type_.base == "row":
        fields = [
            {"name": name or f"field{i}", "type": _nullable(part, f"{path}_{name or i}"), "default": None}
            for i, (name, part) in enumerate(zip(type_.names, type_.parts, strict=True))
        ]
        return {"type": "record", "name": path, "fields": fields}
    if type_.base not in SCALARS:
        raise not_supported(
            f"Column '{path}' is {type_}, which is not supported by Avro. Use integer or bigint instead."
        )
    return SCALARS[type_.base]


def avro_record(row: dict[str, Any], columns: Columns) -> dict[str, Any]:
    """A row of Arrow's as fastavro takes it."""
    return {name: _value(row[name], type_) for name, type_ in columns}


def _value(value: Any, type_: TrinoType) -> Any:
    if value is None or not (type_.parts or type_.base == "timestamp"):
        return value
    if type_.base == "timestamp":
        # fastavro takes a naive time for the machine's own.
        return round((value - EPOCH).total_seconds() * 1000)
    if type_.base == "array":
        return [_value(item, type_.element) for item in value]
    if type_.base == "map":
        return {k: _value(v, type_.value) for k, v in value}
    names = [name or f"field{i}" for i, name in enumerate(type_.names)]
    return {n: _value(value[n], part) for n, part in zip(names, type_.parts, strict=True)}
