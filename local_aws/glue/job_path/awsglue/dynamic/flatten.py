"""unnest and relationalize: nested records as flat tables that join by keys.

A struct's fields become columns `struct.field`. An array becomes a key, and its elements the rows of a table
of their own with that key as `id`, their `index`, and `array.val` or `array.val.field`.
"""

from __future__ import annotations

from pyspark import StorageLevel
from pyspark.sql import functions as F  # noqa: N812

from awsglue import gluetypes as glue
from awsglue.dynamic import tree
from awsglue.dynamic.data import Columns
from awsglue.missing import not_there

KEY = "awsglue.key"
"""The column that numbers the rows while tables are made."""
Arrays = list[tuple[str, tree.Value]]


def unnest(columns: Columns) -> Columns:
    """One flat table; arrays become keys."""
    flat, arrays = _flat(columns)
    if not arrays:
        return tree.select(columns, flat)
    return tree.select(_numbered(columns), _with_keys(flat, arrays))


def relationalize(columns: Columns, name: str) -> dict[str, Columns]:
    """Flat tables by name: `name`, and one for each array at any depth, as `name_array`."""
    flat, arrays = _flat(columns)
    if not arrays:
        return {name: tree.select(columns, flat)}
    numbered = _numbered(columns)
    tables = {name: tree.select(numbered, _with_keys(flat, arrays))}
    for path, array in arrays:
        tables |= relationalize(_elements(numbered, path, array), f"{name}_{path}")
    return tables


def _flat(columns: Columns) -> tuple[list[tree.Named], Arrays]:
    """The columns of the flat table, arrays among them, and the arrays."""
    flat = [found for name, value in tree.fields_of(columns) for found in _leaves(name, value)]
    maps = [name for name, value in flat if isinstance(value.kind, glue.MapType)]
    if maps:
        raise not_there(f"relationalize and unnest of a map ('{maps[0]}')")
    return flat, [(name, value) for name, value in flat if isinstance(value.kind, glue.ArrayType)]


def _leaves(name: str, value: tree.Value) -> list[tree.Named]:
    if not isinstance(value.kind, glue.StructType):
        return [(name, value)]
    inside = tree.members(value)
    return [found for inner, one in inside for found in _leaves(f"{name}.{inner}", one)]


def _numbered(columns: Columns) -> Columns:
    """The rows with a number each, kept so that every table made of them sees the same numbers."""
    frame = columns.frame.withColumn(KEY, F.monotonically_increasing_id() + 1)
    return Columns(frame.persist(StorageLevel.MEMORY_AND_DISK), columns.schema)


def _with_keys(flat: list[tree.Named], arrays: Arrays) -> list[tree.Named]:
    names = {name for name, _ in arrays}
    key = tree.quoted(KEY)
    return [
        (name, tree.Value(F.when(value.column.isNotNull(), key), glue.LongType(), value.optional))
        if name in names
        else (name, value)
        for name, value in flat
    ]


def _elements(numbered: Columns, path: str, array: tree.Value) -> Columns:
    assert isinstance(array.kind, glue.ArrayType)
    value = f"{path}.val"
    frame = numbered.frame.select(
        tree.quoted(KEY).alias("id"), F.posexplode(array.column).alias("index", value)
    )
    fields = [
        glue.Field("id", glue.LongType()),
        glue.Field("index", glue.IntegerType()),
        glue.Field(value, array.kind.elementType, optional=True),
    ]
    return Columns(frame, glue.StructType(fields))
