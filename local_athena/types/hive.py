"""Hive's type names, which Glue stores and DDL speaks, to and from Trino's.

DDL says `int` and `string`, queries say `integer` and `varchar`
(https://docs.aws.amazon.com/athena/latest/ug/data-types.html).
"""

from __future__ import annotations

from local_athena.errors import QueryFailed
from local_athena.types.trino import UNBOUNDED, TrinoType, parse_type

HIVE_NAMES = {
    "boolean": "boolean",
    "tinyint": "tinyint",
    "smallint": "smallint",
    "integer": "int",
    "bigint": "bigint",
    "real": "float",
    "double": "double",
    "varbinary": "binary",
    "date": "date",
    "timestamp": "timestamp",
    "json": "string",
}


def from_hive(text: str) -> TrinoType:
    """The Trino type of a Hive type.

    Raises:
        QueryFailed: Athena does not know the type.
    """
    try:
        return parse_type(text)
    except (ValueError, IndexError) as error:
        raise QueryFailed("HIVE_INVALID_METADATA", f"Unsupported Hive type: {text}") from error


def to_hive(type_: TrinoType) -> str:
    """The Hive type that stores a Trino type.

    Raises:
        QueryFailed: Hive has none, for example for `time`.
    """
    if type_.base == "varchar":
        return "string" if type_.precision == UNBOUNDED else f"varchar({type_.precision})"
    if type_.base == "char":
        return f"char({type_.precision})"
    if type_.base == "decimal":
        return f"decimal({type_.precision},{type_.scale})"
    if type_.base == "array":
        return f"array<{to_hive(type_.element)}>"
    if type_.base == "map":
        return f"map<{to_hive(type_.element)},{to_hive(type_.value)}>"
    if type_.base == "row":
        fields = (
            f"{name or f'field{i}'}:{to_hive(part)}"
            for i, (name, part) in enumerate(zip(type_.names, type_.parts, strict=True))
        )
        return f"struct<{','.join(fields)}>"
    if type_.base not in HIVE_NAMES or type_.is_fine:
        raise QueryFailed("NOT_SUPPORTED", f"Unsupported Hive type: {type_}")
    return HIVE_NAMES[type_.base]
