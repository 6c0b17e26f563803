"""Hive types of the Arrow types that a Parquet or ORC file has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa

from local_aws.glue.crawlers.hive_types import MOST_DEPTH, Array, Map, Type, struct_of

_ARROW: tuple[tuple[Callable[[Any], bool], str], ...] = (
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_int8, "tinyint"),
    (lambda kind: pa.types.is_int16(kind) or pa.types.is_uint8(kind), "smallint"),
    (lambda kind: pa.types.is_int32(kind) or pa.types.is_uint16(kind), "int"),
    (pa.types.is_integer, "bigint"),
    (lambda kind: pa.types.is_float32(kind) or pa.types.is_float16(kind), "float"),
    (pa.types.is_float64, "double"),
    (pa.types.is_date, "date"),
    (pa.types.is_timestamp, "timestamp"),
    (pa.types.is_time32, "int"),
    (pa.types.is_time64, "bigint"),
    (lambda kind: pa.types.is_binary(kind) or pa.types.is_large_binary(kind), "binary"),
    (pa.types.is_fixed_size_binary, "binary"),
)


def arrow_type(kind: pa.DataType, depth: int = 0) -> Type:
    """The Hive type of an Arrow type, as a Parquet or ORC file has it."""
    if depth > MOST_DEPTH:
        return "string"
    if pa.types.is_dictionary(kind):
        return arrow_type(kind.value_type, depth + 1)
    if pa.types.is_decimal(kind):
        return f"decimal({kind.precision},{kind.scale})"
    if pa.types.is_map(kind):
        return Map(arrow_type(kind.key_type, depth + 1), arrow_type(kind.item_type, depth + 1))
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return Array(arrow_type(kind.value_type, depth + 1))
    if pa.types.is_struct(kind):
        return struct_of((field.name, arrow_type(field.type, depth + 1)) for field in kind)
    return next((name for is_kind, name in _ARROW if is_kind(kind)), "string")
