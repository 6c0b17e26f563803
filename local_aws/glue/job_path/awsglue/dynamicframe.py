# ruff: noqa: N802 - the names are AWS's
"""DynamicFrame: Glue's table of records, each of which may differ from the next.

What it is made of is decided in docs/decisions/dynamic-frames.md: columns or Python records
(`dynamic/data.py`), and beside them the errors that each transformation left (`dynamic/errors.py`).
https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyspark.sql import DataFrame

from awsglue import gluetypes
from awsglue.collection import DynamicFrameCollection
from awsglue.dynamic import (
    errors,
    resolve,
)
from awsglue.dynamic.data import Data, encoded
from awsglue.dynamic.spark_types import from_spark
from awsglue.dynamic.values import as_json
from awsglue.frame_fields import FieldOperations
from awsglue.readers import DynamicFrameReader, DynamicFrameWriter
from awsglue.schema_text import tree_text

__all__ = [
    "DynamicFrame",
    "DynamicFrameCollection",
    "DynamicFrameReader",
    "DynamicFrameWriter",
    "ResolveOption",
]

Record = dict[str, Any]
Paths = Sequence[str] | str


@dataclass
class ResolveOption:
    """What `toDF` does with the choice at `path`: Project or Cast it to `target`, or KeepAsStruct."""

    path: str
    action: str
    target: Any = None


class DynamicFrame(FieldOperations):
    """Records, and the errors of making them. `glue_ctx` is the GlueContext it belongs to."""

    @classmethod
    def fromDF(cls, dataframe: DataFrame, glue_ctx: Any, name: str) -> DynamicFrame:
        """A DynamicFrame of a DataFrame's rows."""
        return cls(dataframe, glue_ctx, name)

    def toDF(self, options: Sequence[ResolveOption] | None = None) -> DataFrame:
        """The records as a DataFrame; a choice that `options` do not name is a struct of its types."""
        wanted = [
            (one.path, one.action, from_spark(one.target) if one.target is not None else None)
            for one in options or ()
        ]
        return resolve.to_frame(self._checked().columns, wanted).frame

    def with_frame_schema(self, schema: gluetypes.StructType) -> DynamicFrame:
        """The same records with a schema that is known and need not be looked for."""
        records, spark = self._data.records, self.glue_ctx.spark_session
        return self._of(Data(lambda: encoded(spark, records, schema), lambda: records, lambda: schema))

    def schema(self) -> gluetypes.StructType:
        """The type of the records; records that a function made are looked through for it."""
        return self._data.columns.schema

    def printSchema(self) -> None:
        """Print the schema as a tree."""
        print(tree_text(self.schema()))  # noqa: T201

    def show(self, num_rows: int = 20) -> None:
        """Print the first records as JSON, one a line."""
        for record in self._checked().records.take(num_rows):
            print(json.dumps(record, ensure_ascii=False, default=as_json))  # noqa: T201

    def count(self) -> int:
        """How many good records there are."""
        data = self._checked()
        return int(data.records.count() if data.has_records else data.columns.frame.count())

    def getNumPartitions(self) -> int:
        """How many Spark partitions the records are in."""
        data = self._data
        return int((data.records if data.has_records else data.columns.frame.rdd).getNumPartitions())

    def errorsAsDynamicFrame(self) -> DynamicFrame:
        """The error records of this frame and of those it was made from."""
        spark = self.glue_ctx.spark_session
        found = [stage.errors() for stage in self._stages if stage.errors is not None]
        records = spark.sparkContext.union(found) if found else spark.sparkContext.emptyRDD()
        return DynamicFrame(Data.of_records(spark, records, lambda: errors.SCHEMA), self.glue_ctx, self.name)

    def errorsCount(self) -> int:
        """How many error records there are."""
        return sum(stage.count() for stage in self._stages)

    def stageErrorsCount(self) -> int:
        """How many error records the last transformation made."""
        return self._stages[-1].count()

    def write(
        self,
        connection_type: str,
        connection_options: Mapping[str, Any] | None = None,
        format: str | None = None,
        format_options: Mapping[str, Any] | None = None,
        accumulator_size: int = 0,
    ) -> DynamicFrame:
        """Write the records, as `write_dynamic_frame.from_options` does."""
        written: DynamicFrame = self.glue_ctx.write_dynamic_frame_from_options(
            self, connection_type, connection_options or {}, format, format_options or {}
        )
        return written
