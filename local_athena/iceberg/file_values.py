"""A data file's columns as the table's, by field id, never by name or place, at every depth.

So a file that was written before a column was renamed, dropped, added or widened still reads right.
https://iceberg.apache.org/spec/#column-projection
"""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa
from pyiceberg.types import IcebergType, ListType, MapType, NestedField, StructType, TimestamptzType

from local_athena.iceberg.types import to_trino
from local_athena.sql.build import cast_as, ident, null_of, sql, string, struct
from local_athena.sql.fragment import Sql, function

FIELD_ID = b"PARQUET:field_id"


def find(schema: Iterable[pa.Field], wanted: NestedField) -> pa.Field | None:
    """The file's field of a table's; by name in a file that has no ids, as Hive and Spark wrote it."""
    fields = list(schema)
    if any(f.metadata and FIELD_ID in f.metadata for f in fields):
        number = str(wanted.field_id).encode()
        return next((f for f in fields if (f.metadata or {}).get(FIELD_ID) == number), None)
    return next((f for f in fields if f.name.lower() == wanted.name.lower()), None)


def nothing(field: NestedField) -> Sql:
    """What a file gives for a field that it lacks."""
    return null_of(to_trino(field.field_type))


def value(stored: Sql, type_: IcebergType, held: pa.DataType, depth: int) -> Sql:
    """A file's value as its Trino type's carrier."""
    if isinstance(type_, StructType):
        return _struct(stored, type_, held, depth)
    name = ident(f"v{depth}")
    if isinstance(type_, ListType):
        inner = value(name, type_.element_type, held.value_type, depth + 1)
        return sql("list_transform({}, {})", stored, function((name,), inner))
    if isinstance(type_, MapType):
        key = value(sql("{}.key", name), type_.key_type, held.key_type, depth + 1)
        item = value(sql("{}.value", name), type_.value_type, held.item_type, depth + 1)
        entry = function((name,), struct(key=key, value=item))
        return sql("map_from_entries(list_transform(map_entries({}), {}))", stored, entry)
    if isinstance(type_, TimestamptzType):
        made = sql("struct_pack(t := CAST({} AS TIMESTAMP), z := 'UTC')", stored)
        return sql("CASE WHEN {} IS NULL THEN NULL ELSE {} END", stored, made)
    return cast_as(stored, to_trino(type_))


def _struct(stored: Sql, type_: StructType, held: pa.StructType, depth: int) -> Sql:
    fields: dict[str, Sql] = {}
    for i, field in enumerate(type_.fields):
        inner = find(held, field)
        if inner is None:
            fields[f"f{i}"] = nothing(field)
            continue
        part = sql("struct_extract({}, {})", stored, string(inner.name))
        fields[f"f{i}"] = value(part, field.field_type, inner.type, depth)
    return sql("CASE WHEN {} IS NULL THEN NULL ELSE {} END", stored, struct(**fields))
