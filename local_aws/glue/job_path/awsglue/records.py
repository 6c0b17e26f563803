"""Records as Python functions see them: dicts, nested structs being dicts too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyspark.sql import DataFrame, Row
from pyspark.sql.types import (
    ByteType,
    DataType,
    DecimalType,
    DoubleType,
    FloatType,
    IntegerType,
    LongType,
    ShortType,
    StructField,
    StructType,
)

Record = dict[str, Any]

FALSE_ERRORS = (KeyError, ValueError, TypeError)
SAME_IN_PYTHON = (
    (LongType, (ByteType, ShortType, IntegerType, LongType)),
    (DoubleType, (FloatType, DoubleType)),
    (DecimalType, (DecimalType,)),
)
"""The types that Spark infers from Python values, and those that such a value may have had before."""


def filtered(frame: DataFrame, wanted: Callable[[Record], bool]) -> DataFrame:
    """The rows for which `wanted(record)` is true."""

    def keep(row: Row) -> bool:
        try:
            return bool(wanted(row.asDict(recursive=True)))
        except FALSE_ERRORS:
            return False

    return frame.sparkSession.createDataFrame(frame.rdd.filter(keep), frame.schema)


def mapped(frame: DataFrame, change: Callable[[Record], Record]) -> DataFrame:
    """The rows made of `change(record)`; fields keep their type as long as their values fit it."""

    def changed(row: Row) -> Record:
        record = change(row.asDict(recursive=True))
        if not isinstance(record, dict):
            raise TypeError(f"map's function must return a record, not {type(record).__name__}")
        return record

    rows = frame.rdd.map(changed)
    if rows.isEmpty():
        return frame
    inferred = frame.sparkSession.createDataFrame(rows, samplingRatio=1.0)
    before = {field.name: field for field in frame.schema}
    fields = [_as_before(field, before) for field in inferred.schema]
    order = [field for field in frame.schema.names if field in inferred.columns]
    order += [name for name in inferred.columns if name not in order]
    typed = inferred.select(
        [inferred[f"`{field.name}`"].cast(field.dataType).alias(field.name) for field in fields]
    )
    return typed.select([f"`{name}`" for name in order])


def _as_before(field: StructField, before: dict[str, StructField]) -> StructField:
    earlier = before.get(field.name)
    if earlier is not None and same_in_python(field.dataType, earlier.dataType):
        return StructField(field.name, earlier.dataType)
    return field


def same_in_python(inferred: DataType, earlier: DataType) -> bool:
    """Whether values of `earlier` look like those Spark infers `inferred` from; null fits all."""
    if inferred.typeName() == "void":
        return True
    return any(
        isinstance(inferred, kind) and isinstance(earlier, origins) for kind, origins in SAME_IN_PYTHON
    ) and not isinstance(inferred, StructType)
