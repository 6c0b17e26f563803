"""Glue's types as Spark's and back.

A choice is a struct in Spark, with one member for each alternative, named as the alternative's type; at
most one of them is not null in a row. That is also what AWS's `toDF` makes of an unresolved choice.
"""

from __future__ import annotations

from pyspark.sql import types as spark

from awsglue import gluetypes as glue

SAME: tuple[tuple[type[glue.AtomicType], type[spark.DataType]], ...] = (
    (glue.BinaryType, spark.BinaryType),
    (glue.BooleanType, spark.BooleanType),
    (glue.ByteType, spark.ByteType),
    (glue.DateType, spark.DateType),
    (glue.DoubleType, spark.DoubleType),
    (glue.FloatType, spark.FloatType),
    (glue.IntegerType, spark.IntegerType),
    (glue.LongType, spark.LongType),
    (glue.ShortType, spark.ShortType),
    (glue.StringType, spark.StringType),
    (glue.TimestampType, spark.TimestampType),
)
TO_SPARK: dict[type[glue.DataType], type[spark.DataType]] = dict(SAME)
FROM_SPARK = {theirs: ours for ours, theirs in SAME}
SPARK_ONLY = "spark"
"""The property that keeps a Spark type for which Glue has no name of its own."""


def to_spark(kind: glue.DataType) -> spark.DataType:
    """The Spark type of values of `kind`."""
    if isinstance(kind, glue.StructType):
        return struct_to_spark(kind)
    if isinstance(kind, glue.ChoiceType):
        members = [spark.StructField(name, to_spark(one)) for name, one in alternatives(kind)]
        return spark.StructType(members)
    if isinstance(kind, glue.ArrayType | glue.SetType):
        return spark.ArrayType(to_spark(kind.elementType))
    if isinstance(kind, glue.MapType):
        return spark.MapType(to_spark(kind.keyType), to_spark(kind.valueType))
    if isinstance(kind, glue.DecimalType):
        return spark.DecimalType(kind.precision, kind.scale)
    if SPARK_ONLY in kind.properties:
        kept: spark.DataType = kind.properties[SPARK_ONLY]
        return kept
    # Null and unknown: no value says what it is, and text is what every format can hold.
    known = TO_SPARK.get(type(kind))
    return known() if known is not None else spark.StringType()


def struct_to_spark(kind: glue.StructType) -> spark.StructType:
    """The Spark schema of records of `kind`."""
    return spark.StructType([spark.StructField(one.name, to_spark(one.dataType)) for one in kind])


def from_spark(kind: spark.DataType) -> glue.DataType:
    """The Glue type of a Spark type, which never is a choice."""
    if isinstance(kind, spark.StructType):
        return struct_from_spark(kind)
    if isinstance(kind, spark.ArrayType):
        return glue.ArrayType(from_spark(kind.elementType))
    if isinstance(kind, spark.MapType):
        return glue.MapType(from_spark(kind.valueType), keyType=from_spark(kind.keyType))
    if isinstance(kind, spark.DecimalType):
        return glue.DecimalType(kind.precision, kind.scale)
    if isinstance(kind, spark.NullType):
        return glue.NullType({SPARK_ONLY: kind})
    if isinstance(kind, spark.TimestampNTZType):
        return glue.TimestampType({SPARK_ONLY: kind})
    if type(kind) in FROM_SPARK:
        return FROM_SPARK[type(kind)]()
    return glue.UnknownType({SPARK_ONLY: kind})


def struct_from_spark(kind: spark.StructType) -> glue.StructType:
    """The Glue type of a Spark schema."""
    return glue.StructType([glue.Field(one.name, from_spark(one.dataType)) for one in kind.fields])


def alternatives(kind: glue.ChoiceType) -> list[tuple[str, glue.DataType]]:
    """A choice's alternatives by name, in the order in which they are printed and made columns."""
    return sorted(kind.choices.items())


def has_choice(kind: glue.DataType) -> bool:
    """Whether there is a choice at any depth."""
    if isinstance(kind, glue.StructType):
        return any(has_choice(field.dataType) for field in kind)
    if isinstance(kind, glue.ArrayType | glue.SetType):
        return has_choice(kind.elementType)
    if isinstance(kind, glue.MapType):
        return has_choice(kind.valueType)
    return isinstance(kind, glue.ChoiceType)
