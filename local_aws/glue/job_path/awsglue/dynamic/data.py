"""The records of a frame: Spark columns, Python records, or a way to either that is taken when asked for.

Columns are what Spark computes with; records are what Python functions get. A frame that came from a
DataFrame has columns, and an operation on columns gives columns. One that a function made has records, and
nothing looks at them before someone asks for a schema: then one pass finds their types.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pyspark import RDD, StorageLevel
from pyspark.sql import DataFrame, SparkSession

from awsglue import gluetypes as glue
from awsglue.dynamic.inference import Seen
from awsglue.dynamic.spark_types import struct_from_spark, struct_to_spark
from awsglue.dynamic.values import decoder, encoder

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Columns:
    """A DataFrame, and its schema as Glue sees it, with choices."""

    frame: DataFrame
    schema: glue.StructType

    @classmethod
    def of(cls, frame: DataFrame) -> Columns:
        """A DataFrame's columns as they are."""
        return cls(frame, struct_from_spark(frame.schema))

    def records(self) -> RDD[Record]:
        """The rows as Python records, without the keys they lack."""
        decode = decoder(self.schema)
        return self.frame.rdd.map(decode)


class Data:
    """Columns, records, or both; each is computed at its first use."""

    def __init__(
        self,
        columns: Callable[[], Columns],
        records: Callable[[], RDD[Record]] | None = None,
        hint: Callable[[], glue.StructType | None] | None = None,
    ) -> None:
        self._columns, self._records = columns, records
        self._hint = hint

    @classmethod
    def of_columns(cls, columns: Columns) -> Data:
        """Data that is columns already."""
        data = cls(lambda: columns)
        data.__dict__["columns"] = columns
        return data

    @classmethod
    def of_records(
        cls,
        spark: SparkSession,
        records: RDD[Record],
        hint: Callable[[], glue.StructType | None] = lambda: None,
    ) -> Data:
        """Data that is records; `hint` is the schema they had before, asked for when theirs is."""
        return cls(lambda: typed(spark, records, hint()), lambda: records, hint)

    @cached_property
    def columns(self) -> Columns:
        """The columns."""
        return self._columns()

    @cached_property
    def records(self) -> RDD[Record]:
        """The records."""
        return self._records() if self._records is not None else self.columns.records()

    @property
    def has_records(self) -> bool:
        """Whether the records are there as they came, and not only what columns keep of them."""
        return self._records is not None

    @property
    def is_ready(self) -> bool:
        """Whether the columns are there, and an operation on them costs nothing."""
        return "columns" in self.__dict__

    def hint(self) -> glue.StructType | None:
        """The types that a function's results should keep where their values fit them."""
        return self._hint() if self._hint is not None else self.columns.schema


def typed(spark: SparkSession, records: RDD[Record], hint: glue.StructType | None = None) -> Columns:
    """Records as columns, of the types that a pass over all of them finds."""
    # Two passes, and what made the records may be a function that takes long or has effects.
    kept = records.persist(StorageLevel.MEMORY_AND_DISK)
    return encoded(spark, kept, schema_of(kept, hint))


def schema_of(records: RDD[Record], hint: glue.StructType | None = None) -> glue.StructType:
    """The type of all records together."""
    whole = Seen()
    for seen in records.mapPartitions(_seen).collect():
        whole.merge(seen)
    kind = whole.type(hint)
    if isinstance(kind, glue.StructType):
        return kind
    return hint if hint is not None else glue.StructType()


def encoded(spark: SparkSession, records: RDD[Record], schema: glue.StructType) -> Columns:
    """Records as columns of types that are known already."""
    encode = encoder(schema)
    frame = spark.createDataFrame(records.map(encode), struct_to_spark(schema), verifySchema=False)
    return Columns(frame, schema)


def _seen(records: Iterable[Record]) -> Iterator[Seen]:
    seen = Seen()
    for record in records:
        seen.add(record)
    yield seen
