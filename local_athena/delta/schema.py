"""The columns of a Delta Lake table as Trino's types, and the names that its files have for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from local_athena.delta.log import Snapshot
from local_athena.errors import not_supported
from local_athena.types.trino import TrinoType, array, map_of, parse_type, row, timestamp, timestamp_tz

PLAIN = {
    "string": "varchar", "long": "bigint", "integer": "integer", "short": "smallint", "byte": "tinyint",
    "float": "real", "double": "double", "boolean": "boolean", "binary": "varbinary", "date": "date",
}  # fmt: skip
TIMES = {"timestamp": timestamp_tz(3), "timestamp_ntz": timestamp(6)}
PHYSICAL = "delta.columnMapping.physicalName"


@dataclass(frozen=True, slots=True)
class DeltaColumn:
    """A column: its name, what files and partition values call it, and its type."""

    name: str
    physical: str
    type: TrinoType


def columns_of(snapshot: Snapshot) -> tuple[DeltaColumn, ...]:
    """The columns in the order of the schema.

    Raises:
        QueryFailed: NOT_SUPPORTED, a type or a mapping of columns is not read here.
    """
    mode = snapshot.configuration.get("delta.columnMapping.mode", "none")
    if mode not in ("none", "name"):
        raise not_supported(f"Delta Lake: column mapping by {mode} is not supported here")
    mapped = mode == "name"
    return tuple(
        DeltaColumn(
            str(field["name"]).lower(),
            _physical(field) if mapped else field["name"],
            _type(field["type"], mapped),
        )
        for field in snapshot.schema["fields"]
    )


def _physical(field: dict[str, Any]) -> str:
    return str((field.get("metadata") or {}).get(PHYSICAL) or field["name"])


def _type(given: Any, mapped: bool) -> TrinoType:
    if isinstance(given, str):
        if given in TIMES:
            return TIMES[given]
        if given.startswith("decimal"):
            return parse_type(given)
        if given in PLAIN:
            return parse_type(PLAIN[given])
    elif given["type"] == "array":
        return array(_type(given["elementType"], mapped))
    elif given["type"] == "map":
        return map_of(_type(given["keyType"], mapped), _type(given["valueType"], mapped))
    elif given["type"] == "struct":
        if mapped and any(_physical(field) != field["name"] for field in given["fields"]):
            raise not_supported("Delta Lake: renamed fields of structs are not supported here")
        types = [_type(field["type"], mapped) for field in given["fields"]]
        return row(*types, names=tuple(field["name"] for field in given["fields"]))
    raise not_supported(f"Delta Lake: the type {str(given)[:100]} is not supported here")
