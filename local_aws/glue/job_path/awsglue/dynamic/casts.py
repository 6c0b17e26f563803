"""Values as another type: by name at every depth, and null where a value has no such form.

Types are written as in mappings and specs (`long`, `decimal(18,2)`) or as in the catalog
(`array<struct<a:varchar(10)>>`). A bare `struct`, `array`, `map` or `choice` keeps the value as it is.
"""

from __future__ import annotations

import re

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql.types import _parse_datatype_string

from awsglue import gluetypes as glue
from awsglue.dynamic.spark_types import alternatives, from_spark, has_choice, to_spark
from awsglue.dynamic.tree import Value, as_struct, find, members

AS_IT_IS = frozenset({"array", "choice", "map", "null", "set", "struct", "unknown", "void"})
TEXTS = re.compile(r"\b(?:var)?char\s*(?:\(\s*\d+\s*\))?(?![\w:])", re.IGNORECASE)
NESTED = (glue.StructType, glue.ArrayType, glue.MapType)


def parse_type(text: str) -> glue.DataType | None:
    """The type of that name; None for a name that says only of what shape it is.

    Raises:
        ValueError: there is no such type.
    """
    name = text.strip()
    if name.lower() in AS_IT_IS:
        return None
    try:
        return from_spark(_parse_datatype_string(spark_type(name)))
    except Exception as error:
        raise ValueError(f"'{text}' is not a type") from error


def spark_type(hive_type: str) -> str:
    """A Hive or Glue type as Spark reads it: `char` and `varchar` are strings."""
    return TEXTS.sub("string", hive_type)


def cast(value: Value, kind: glue.DataType) -> Value:
    """`value` as a `kind`: null where it has no such form."""
    source = value.kind
    if source == kind:
        return value
    if isinstance(source, glue.ChoiceType):
        forms = [cast(Value(value.column.getField(name), one), kind) for name, one in alternatives(source)]
        return Value(F.coalesce(*[form.column for form in forms]), kind, value.optional)
    if isinstance(kind, NESTED):
        return _cast_nested(value, kind)
    if isinstance(source, NESTED):
        if isinstance(kind, glue.StringType):
            return Value(F.to_json(plain(value).column), kind, value.optional)
        return nothing(kind)
    return Value(value.column.cast(to_spark(kind)), kind, value.optional)


def nothing(kind: glue.DataType) -> Value:
    """A `kind` that no record has."""
    return Value(F.lit(None).cast(to_spark(kind)), kind, optional=True)


def _cast_nested(value: Value, kind: glue.DataType) -> Value:
    source = value.kind
    if isinstance(kind, glue.StructType) and isinstance(source, glue.StructType):
        made = as_struct([(one.name, _member(value, one)) for one in kind], value.column)
        return Value(made.column, made.kind, value.optional)
    if isinstance(kind, glue.ArrayType) and isinstance(source, glue.ArrayType):
        column = F.transform(
            value.column, lambda one: cast(Value(one, source.elementType), kind.elementType).column
        )
        return Value(column, kind, value.optional)
    if isinstance(kind, glue.MapType) and isinstance(source, glue.MapType):
        column = F.transform_values(
            value.column, lambda _, one: cast(Value(one, source.valueType), kind.valueType).column
        )
        return Value(column.cast(to_spark(kind)), kind, value.optional)
    if isinstance(kind, glue.MapType) and isinstance(source, glue.StructType):
        return _struct_as_map(value, kind)
    return nothing(kind)


def _member(value: Value, field: glue.Field) -> Value:
    found = find(members(value), (field.name,), case_sensitive=False)
    return nothing(field.dataType) if found is None else cast(found, field.dataType)


def _struct_as_map(value: Value, kind: glue.MapType) -> Value:
    """A map of the fields that the record has: JSON does not tell maps from structs, a catalog does."""
    entries = [
        F.when(one.column.isNotNull(), _entry(name, cast(one, kind.valueType)))
        for name, one in members(value)
    ]
    if not entries:
        return nothing(kind)
    there = F.filter(F.array(*entries), lambda entry: entry.isNotNull())
    column = F.when(value.column.isNotNull(), F.map_from_entries(there)).cast(to_spark(kind))
    return Value(column, kind, value.optional)


def _entry(name: str, value: Value) -> Column:
    return F.struct(F.lit(name).alias("key"), value.column.alias("value"))


def plain(value: Value) -> Value:
    """`value` with each choice inside it as the text of what it holds."""
    kind = value.kind
    if not has_choice(kind):
        return value
    if isinstance(kind, glue.StructType):
        return as_struct([(name, plain(one)) for name, one in members(value)], value.column)
    if isinstance(kind, glue.ArrayType):
        made: list[glue.DataType] = []

        def each(column: Column) -> Column:
            one = plain(Value(column, kind.elementType))
            made[:] = [one.kind]
            return one.column

        column = F.transform(value.column, each)
        return Value(column, glue.ArrayType(made[0]), value.optional)
    return cast(value, glue.StringType())
