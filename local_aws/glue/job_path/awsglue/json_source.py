"""JSON files as records: ints that fit are ints, fields keep their order, and a bad line is an error record.

Spark's own reader makes every integer a long, a field of several types a text, columns alphabetical and a
bad line a record of nulls. So the lines are looked through in Python; when they have no choice and no bad
line, Spark then reads the columns itself, with the schema that was found.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pyspark import RDD, StorageLevel
from pyspark.sql import DataFrame, DataFrameReader, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from awsglue import gluetypes as glue
from awsglue.dynamic import errors
from awsglue.dynamic.data import Columns, Data, encoded
from awsglue.dynamic.errors import Stage
from awsglue.dynamic.inference import Seen
from awsglue.dynamic.spark_types import has_choice, struct_to_spark

Load = Callable[[DataFrameReader], DataFrame]
TEXT = "value"
DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Found:
    """What a look through all lines found: the records' type and how many lines are none."""

    schema: glue.StructType
    bad: int


class JsonFiles:
    """The records of JSON files that `load` names; `whole` files may spread a record over lines."""

    def __init__(self, spark: SparkSession, load: Load, whole: bool) -> None:
        self._spark, self._load, self._whole = spark, load, whole

    def data(self) -> Data:
        """The records, as they are and as columns."""
        return Data(lambda: self.columns, lambda: self.records, lambda: None)

    def stage(self) -> Stage:
        """The lines that are no record."""
        return Stage(self._errors)

    @cached_property
    def text(self) -> DataFrame:
        """The lines, and the values of partition folders beside them."""
        option = {"wholetext": "true"} if self._whole else {}
        return self._load(self._spark.read.format("text").options(**option))

    @property
    def keys(self) -> list[str]:
        """The names of partition folders."""
        return [name for name in self.text.columns if name != TEXT]

    @cached_property
    def records(self) -> RDD[dict[str, Any]]:
        """The records, each with the values of its partition folders."""
        keys = self.keys
        return self.text.rdd.mapPartitions(lambda rows: _records(rows, keys))

    @cached_property
    def found(self) -> Found:
        """The type of the records; takes a pass over the files."""
        keys = self.keys
        whole, bad = Seen(), 0
        for seen, errors_of_part in self.text.rdd.mapPartitions(lambda rows: _seen(rows, keys)).collect():
            whole.merge(seen)
            bad += errors_of_part
        kind = whole.type()
        return Found(kind if isinstance(kind, glue.StructType) else glue.StructType(), bad)

    @cached_property
    def columns(self) -> Columns:
        """The records as columns."""
        schema = self.found.schema
        if not schema.fields:
            return Columns(self._spark.createDataFrame([], struct_to_spark(schema)), schema)
        if self._whole or self.found.bad or has_choice(schema) or _has_twins(schema):
            kept = self.records.persist(StorageLevel.MEMORY_AND_DISK)
            return encoded(self._spark, kept, schema)
        inside = glue.StructType([one for one in schema if one.name not in self.keys])
        frame = self._load(self._spark.read.format("json").schema(struct_to_spark(inside)))
        return Columns(frame.select([f"`{one.name}`" for one in schema]), schema)

    def _errors(self) -> RDD[errors.Error]:
        rows = self.text.select(TEXT, F.input_file_name().alias("source")).rdd
        return rows.mapPartitions(_errors)


def _parsed(text: str) -> Iterator[Any]:
    """The records of a text: one, several after each other, or a list of them; ValueError for others."""
    text = text.lstrip("\ufeff \t\r\n")
    at, end = 0, len(text)
    while at < end:
        value, at = DECODER.raw_decode(text, at)
        for record in value if isinstance(value, list) else (value,):
            if not isinstance(record, dict):
                raise ValueError(f"a {type(record).__name__} is no record")
            yield record
        while at < end and text[at] in ", \t\r\n":
            at += 1


def _records(rows: Iterable[Any], keys: Sequence[str]) -> Iterator[dict[str, Any]]:
    for row in rows:
        try:
            found = list(_parsed(row[0]))
        except ValueError:
            continue
        for record in found:
            for name, value in zip(keys, row[1:], strict=True):
                record[name] = value
            yield record


def _seen(rows: Iterable[Any], keys: Sequence[str]) -> Iterator[tuple[Seen, int]]:
    seen, bad = Seen(), 0
    for row in rows:
        try:
            found = list(_parsed(row[0]))
        except ValueError:
            bad += 1
            continue
        for record in found:
            for name, value in zip(keys, row[1:], strict=True):
                record[name] = value
            seen.add(record)
    yield seen, bad


def _errors(rows: Iterable[Any]) -> Iterator[errors.Error]:
    for text, source in rows:
        try:
            list(_parsed(text))
        except ValueError as error:
            yield errors.of_text(f"Unable to parse JSON: {error}", text, source)


def _has_twins(kind: glue.DataType) -> bool:
    """Whether two fields of a struct differ in case only, which Spark's reader refuses."""
    if isinstance(kind, glue.StructType):
        names = {field.name.lower() for field in kind}
        return len(names) < len(kind.fields) or any(_has_twins(field.dataType) for field in kind)
    return isinstance(kind, glue.ArrayType) and _has_twins(kind.elementType)
