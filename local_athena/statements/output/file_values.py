"""Values as files hold them: rows with their field names for Parquet, ORC and Avro, one JSON text a row, one
line of text a row.

DuckDB carries a row's fields as f0, f1, ... (`types/duckdb.py`), so that names come back here.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from typing import Any

from local_athena.translate.sql import quoted
from local_athena.types.trino import TrinoType
from local_athena.values import texts

NULL = "\\N"


def named(sql: str, type_: TrinoType, *, as_json: bool = False, depth: int = 0) -> str:
    """A carrier with the field names of its type; for JSON also binary as base64 and no NaN."""
    if type_.base == "varbinary" and as_json:
        return f"base64({sql})"
    if type_.base in ("real", "double") and as_json:
        return f"CASE WHEN isfinite({sql}) THEN {sql} END"
    if not type_.parts:
        return sql
    if type_.base == "row":
        names = [name or f"field{i}" for i, name in enumerate(type_.names)]
        items = ", ".join(
            f"{quoted(name)}: {named(f'({sql}).f{i}', part, as_json=as_json, depth=depth)}"
            for i, (name, part) in enumerate(zip(names, type_.parts, strict=True))
        )
        return f"CASE WHEN {sql} IS NOT NULL THEN {{{items}}} END"
    item = f"p{depth}"
    if type_.base == "array":
        inner = named(item, type_.element, as_json=as_json, depth=depth + 1)
        return sql if inner == item else f"list_transform({sql}, lambda {item}: {inner})"
    key = f"{item}.key"
    value = named(f"{item}.value", type_.value, as_json=as_json, depth=depth + 1)
    if value == f"{item}.value":
        return sql
    entry = f"struct_pack(key := {key}, value := {value})"
    return f"map_from_entries(list_transform(map_entries({sql}), lambda {item}: {entry}))"


def json_line(names: list[str], values: list[str], types: list[TrinoType]) -> str:
    """SQL of a row as one JSON object."""
    items = ", ".join(
        f"{quoted(name)}: {named(value, type_, as_json=True)}"
        for name, value, type_ in zip(names, values, types, strict=True)
    )
    return f"CAST(to_json({{{items}}}) AS VARCHAR)"


Write = Callable[[Any], str]


def hive_text(type_: TrinoType, separators: tuple[str, ...], level: int = 1, null: str = NULL) -> Write:
    """The function from a value to its text in a text file; `separators` by depth, 0 being the fields'."""
    if type_.base == "array":
        return _items(hive_text(type_.element, separators, level + 1, null), separators[level], null)
    if type_.base == "row":
        inner = [hive_text(part, separators, level + 1, null) for part in type_.parts]
        return lambda value: separators[level].join(
            null if item is None else write(item) for item, write in zip(value.values(), inner, strict=True)
        )
    if type_.base == "map":
        key = hive_text(type_.element, separators, level + 2, null)
        value = hive_text(type_.value, separators, level + 2, null)
        between = separators[level + 1]
        return lambda pairs: separators[level].join(
            f"{key(k)}{between}{null if v is None else value(v)}" for k, v in _pairs(pairs)
        )
    return SCALARS.get(type_.base, str)


def _items(write: Write, separator: str, null: str) -> Write:
    return lambda items: separator.join(null if item is None else write(item) for item in items)


def _pairs(value: Any) -> Any:
    return value.items() if isinstance(value, dict) else value


def _timestamp(value: datetime) -> str:
    fraction = f"{value.microsecond:06d}".rstrip("0") or "0"
    return f"{value:%Y-%m-%d %H:%M:%S}.{fraction}"


SCALARS: dict[str, Write] = {
    "boolean": lambda value: "true" if value else "false",
    "real": lambda value: texts.java_number(value, single=True),
    "double": texts.java_number,
    "decimal": lambda value: format(value, "f"),
    "varbinary": lambda value: b64encode(value).decode(),
    "timestamp": _timestamp,
}
