"""Values as files hold them: rows with their field names for Parquet, ORC and Avro, one JSON text a row, one
line of text a row.

DuckDB carries a row's fields as f0, f1, ... (`types/duckdb.py`), so that names come back here.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from typing import Any

from local_athena.sql.build import commas, ident, sql, string, struct
from local_athena.sql.fragment import Sql, function
from local_athena.types.trino import TrinoType
from local_athena.values import texts

NULL = "\\N"


def named(carried: Sql, type_: TrinoType, *, as_json: bool = False, depth: int = 0) -> Sql:
    """A carrier with the field names of its type; for JSON also binary as base64 and no NaN."""
    if type_.base == "varbinary" and as_json:
        return sql("base64({})", carried)
    if type_.base in ("real", "double") and as_json:
        return sql("CASE WHEN isfinite({0}) THEN {0} END", carried)
    if not type_.parts:
        return carried
    if type_.base == "row":
        return _row(carried, type_, as_json, depth)
    item = ident(f"p{depth}")
    if type_.base == "array":
        inner = named(item, type_.element, as_json=as_json, depth=depth + 1)
        return carried if inner == item else sql("list_transform({}, {})", carried, function((item,), inner))
    held = sql("{}.value", item)
    value = named(held, type_.value, as_json=as_json, depth=depth + 1)
    if value == held:
        return carried
    entry = function((item,), struct(key=sql("{}.key", item), value=value))
    return sql("map_from_entries(list_transform(map_entries({}), {}))", carried, entry)


def _row(carried: Sql, type_: TrinoType, as_json: bool, depth: int) -> Sql:
    items = commas(
        sql(
            "{}: {}",
            string(name or f"field{i}"),
            named(sql("({}).{}", carried, ident(f"f{i}")), part, as_json=as_json, depth=depth),
        )
        for i, (name, part) in enumerate(zip(type_.names, type_.parts, strict=True))
    )
    return sql("CASE WHEN {} IS NOT NULL THEN {{{}}} END", carried, items)


def json_line(names: list[str], values: list[Sql], types: list[TrinoType]) -> Sql:
    """SQL of a row as one JSON object."""
    items = commas(
        sql("{}: {}", string(name), named(value, type_, as_json=True))
        for name, value, type_ in zip(names, values, types, strict=True)
    )
    return sql("CAST(to_json({{{}}}) AS VARCHAR)", items)


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
