"""Reading: from the catalog, or from S3 by options."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from awsglue import catalog, formats
from awsglue.missing import not_there

ONLY_SPEED = frozenset(
    {"groupFiles", "groupSize", "useS3ListImplementation", "maxFilesInBand", "compressionType", "compression"}
)
"""Options that change how fast objects are read, or that Spark finds out by itself."""
S3_OPTIONS = frozenset({"paths", "path", "recurse"})


def from_catalog(
    spark: SparkSession,
    database: str | None,
    table: str | None,
    predicate: str,
    options: Mapping[str, Any],
    catalog_id: str | None,
) -> DataFrame:
    """A catalog table, or those of its partitions that fulfil `predicate`."""
    if not database or not table:
        raise ValueError("from_catalog needs a database and a table_name")
    known = ONLY_SPEED | {"catalogPartitionPredicate", "recurse"}
    refused = [name for name in options if name not in known] + ["catalog_id"] * bool(catalog_id)
    if refused:
        raise not_there(f"from_catalog with {refused[0]}")
    both = [part for part in (predicate, options.get("catalogPartitionPredicate")) if part]
    return catalog.read_table(spark, database, table, " and ".join(f"({part})" for part in both))


def from_options(
    spark: SparkSession,
    connection_type: str,
    options: Mapping[str, Any],
    format_name: str | None,
    format_options: Mapping[str, Any],
    predicate: str,
) -> DataFrame:
    """The records of the S3 objects that `options` name."""
    if connection_type != "s3":
        raise not_there(f"the connection type '{connection_type}'")
    refused = [name for name in options if name not in ONLY_SPEED | S3_OPTIONS]
    if refused:
        raise not_there(f"the S3 option '{refused[0]}'")
    if not format_name:
        raise ValueError("from_options of S3 needs a format")
    paths = _paths(options)
    reader = spark.read.format(formats.spark_format(format_name))
    reader = reader.options(**formats.read_options(format_name, format_options))
    if str(options.get("recurse", False)).lower() == "true" and not _has_partition_folders(spark, paths):
        reader = reader.option("recursiveFileLookup", "true")
    frame = reader.load(paths)
    if format_name == "csv" and str(format_options.get("withHeader", False)).lower() != "true":
        frame = frame.toDF(*(_glue_name(name) for name in frame.columns))
    return frame.where(predicate) if predicate else frame


def _paths(options: Mapping[str, Any]) -> list[str]:
    paths = options.get("paths") or options.get("path")
    if not paths:
        raise ValueError("connection_options has no 'paths'")
    if isinstance(paths, str):
        paths = json.loads(paths) if paths.startswith("[") else [paths]
    return list(paths)


def _has_partition_folders(spark: SparkSession, paths: list[str]) -> bool:
    """Whether a path has folders named `key=value`, which Spark reads by itself and adds as columns."""
    for path in paths:
        location = spark._jvm.org.apache.hadoop.fs.Path(path)
        files = location.getFileSystem(spark._jsc.hadoopConfiguration())
        if any("=" in status.getPath().getName() for status in files.listStatus(location)):
            return True
    return False


def _glue_name(name: str) -> str:
    """Glue calls the columns of a CSV without header `col0`, `col1`, …; Spark `_c0`, `_c1`, …."""
    return f"col{name[2:]}" if name.startswith("_c") and name[2:].isdigit() else name
