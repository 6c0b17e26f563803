"""The records of two frames together: fields by name, and a choice where their types differ."""

from __future__ import annotations

from pyspark.sql import functions as F  # noqa: N812

from awsglue import gluetypes as glue
from awsglue.dynamic import casts, tree
from awsglue.dynamic.data import Columns
from awsglue.dynamic.spark_types import alternatives


def union(one: Columns, two: Columns) -> Columns:
    """All records of both."""
    schema = glue.mergeDataTypes(one.schema, two.schema)
    assert isinstance(schema, glue.StructType)
    return Columns(_records_of(one, schema).frame.unionByName(_records_of(two, schema).frame), schema)


def _records_of(columns: Columns, schema: glue.StructType) -> Columns:
    """The same records in columns of a schema that has room for them."""
    if columns.schema == schema:
        return columns
    there = dict(tree.fields_of(columns))
    fields = [
        (
            one.name,
            widened(there[one.name], one.dataType) if one.name in there else casts.nothing(one.dataType),
        )
        for one in schema
    ]
    return tree.select(columns, fields)


def widened(value: tree.Value, kind: glue.DataType) -> tree.Value:
    """`value` as a type that has room for it: a choice, a struct of more fields, a wider decimal."""
    source = value.kind
    if source == kind:
        return value
    if isinstance(kind, glue.ChoiceType):
        return _as_choice(value, kind)
    if isinstance(kind, glue.StructType) and isinstance(source, glue.StructType):
        there = dict(tree.members(value))
        fields = [
            (
                one.name,
                widened(there[one.name], one.dataType) if one.name in there else casts.nothing(one.dataType),
            )
            for one in kind
        ]
        return tree.Value(tree.as_struct(fields, value.column).column, kind, value.optional)
    if isinstance(kind, glue.ArrayType) and isinstance(source, glue.ArrayType):
        column = F.transform(
            value.column, lambda one: widened(tree.Value(one, source.elementType), kind.elementType).column
        )
        return tree.Value(column, kind, value.optional)
    if isinstance(kind, glue.MapType) and isinstance(source, glue.MapType):
        column = F.transform_values(
            value.column, lambda _, one: widened(tree.Value(one, source.valueType), kind.valueType).column
        )
        return tree.Value(column, kind, value.optional)
    return casts.cast(value, kind)


def _as_choice(value: tree.Value, kind: glue.ChoiceType) -> tree.Value:
    """The choice that holds `value`, or what `value` holds, in the member of its type."""
    if isinstance(value.kind, glue.NullType | glue.UnknownType):
        return casts.nothing(kind)
    if isinstance(value.kind, glue.ChoiceType):
        held = {name: tree.Value(value.column.getField(name), one) for name, one in alternatives(value.kind)}
    else:
        held = {value.kind.typeName(): value}
    fields = [
        (name, widened(held[name], one) if name in held else casts.nothing(one))
        for name, one in alternatives(kind)
    ]
    return tree.Value(tree.as_struct(fields, value.column).column, kind, value.optional)
