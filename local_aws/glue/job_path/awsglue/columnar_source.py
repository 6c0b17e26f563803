"""Parquet and ORC files whose columns may differ in type from file to file."""

from __future__ import annotations

from functools import reduce
from typing import Protocol
from urllib.parse import unquote

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, DataFrameReader, SparkSession

from awsglue.dynamic.data import Columns
from awsglue.dynamic.union import union
from awsglue.globs import literal

MERGE = {"mergeSchema": "true"}


class Load(Protocol):
    """Loads a source's files with a reader that is prepared: all, or of them `only` some."""

    def __call__(self, reader: DataFrameReader, only: list[str] | None = None) -> DataFrame:
        """The rows, and the values of partition folders beside them."""


class Conform(Protocol):
    """Brings the columns of files of one schema to what is wanted."""

    def __call__(self, columns: Columns) -> Columns:
        """The columns that are wanted."""


def read(
    spark: SparkSession,
    format_name: str,
    load: Load,
    conform: Conform = lambda columns: columns,
) -> Columns:
    """The files' columns, each as `conform` wants it; differing types are one where it can be, or a choice.

    `format_name` is Spark's.
    """
    reader = spark.read.format(format_name)
    try:
        return conform(Columns.of(load(reader.options(**MERGE))))
    except (PySparkException, Py4JJavaError) as error:
        if "CANNOT_MERGE" not in str(error) and "Failed merging schema" not in str(error):
            raise
    groups: dict[str, list[str]] = {}
    for file in map(unquote, load(reader.options(mergeSchema="false")).inputFiles()):
        schema = spark.read.format(format_name).load(literal(file)).schema
        groups.setdefault(schema.json(), []).append(literal(file))
    frames = [load(spark.read.format(format_name), files) for files in groups.values()]
    return reduce(union, [conform(Columns.of(frame)) for frame in frames])
