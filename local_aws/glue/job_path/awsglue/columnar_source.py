"""Parquet and ORC files whose columns may differ in type from file to file."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from urllib.parse import unquote

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, DataFrameReader, SparkSession

from awsglue.dynamic.data import Columns
from awsglue.dynamic.union import union
from awsglue.partition_text import partition_values_as_text

Conform = Callable[[Columns], Columns]
MERGE = {"mergeSchema": "true"}


def read(
    spark: SparkSession,
    format_name: str,
    load: Callable[[DataFrameReader], DataFrame],
    root: str,
    conform: Conform = lambda columns: columns,
) -> Columns:
    """The files' columns, each as `conform` wants it; differing types are one where it can be, or a choice.

    Args:
        spark: the session to read with.
        format_name: Spark's.
        load: loads the files with a reader that is prepared.
        root: the folder below which folders are partitions.
        conform: brings the columns of files of one schema to what is wanted.
    """
    reader = spark.read.format(format_name)
    try:
        return conform(Columns.of(load(reader.options(**MERGE))))
    except (PySparkException, Py4JJavaError) as error:
        if "CANNOT_MERGE" not in str(error) and "Failed merging schema" not in str(error):
            raise
    groups: dict[str, list[str]] = {}
    for file in map(unquote, load(reader.options(mergeSchema="false")).inputFiles()):
        schema = spark.read.format(format_name).load(_literal(file)).schema
        groups.setdefault(schema.json(), []).append(_literal(file))
    with partition_values_as_text(spark):
        reader = spark.read.format(format_name).option("basePath", root)
        frames = [reader.load(files) for files in groups.values()]
    return reduce(union, [conform(Columns.of(frame)) for frame in frames])


def _literal(file: str) -> str:
    """A file's path for a reader that takes paths as patterns."""
    return "".join(f"\\{letter}" if letter in "*?[]{}\\" else letter for letter in file)
