"""Reading S3 by options.

https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-connect-s3-home.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from pyspark.sql import Column, DataFrame, DataFrameReader, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from awsglue import columnar_source, dynamodb, formats, jdbc, log
from awsglue.dynamic.data import Columns, Data
from awsglue.dynamic.errors import Stage
from awsglue.json_source import JsonFiles
from awsglue.missing import not_there
from awsglue.partition_text import partition_values_as_text

NO_EFFECT = frozenset(
    {
        "groupFiles", "groupSize", "useS3ListImplementation", "maxFilesInBand", "maxBand", "compressionType",
        "compression", "useGlueDataCatalog", "useSparkDataSource", "mode", "inFileGrouping",
    }
)  # fmt: skip
"""Options that change how fast objects are read, or that Spark finds out by itself."""
S3_OPTIONS = frozenset({"paths", "path", "recurse"})
FOLDER = re.compile(r"/([^/=]+)=([^/]*)(?=/)")

Source = tuple[Data, tuple[Stage, ...]]


@dataclass(frozen=True, slots=True)
class Files:
    """The files below paths; with `recurse` also those in folders of any name and depth."""

    spark: SparkSession
    paths: Sequence[str]
    recurse: bool

    def load(self, reader: DataFrameReader) -> DataFrame:
        """Read them; folders named `key=value` become columns of text."""
        with partition_values_as_text(self.spark):
            if not self.recurse:
                return reader.load(list(self.paths))
            frame = reader.option("recursiveFileLookup", "true").load(list(self.paths))
        for key in self._partition_keys(frame):
            found = F.regexp_extract(
                _unquoted(F.col("_metadata.file_path")), f"/{re.escape(key)}=([^/]*)/", 1
            )
            frame = frame.withColumn(key, F.when(found != "", _unquoted(found)))
        return frame

    def _partition_keys(self, frame: DataFrame) -> list[str]:
        """The keys in the folders of files at unlike depths, which Spark's own partitions do not allow."""
        keys: dict[str, None] = {}
        for file in frame.inputFiles():
            for key, _ in FOLDER.findall(self._below(unquote(file))):
                keys[key] = None
        return list(keys)

    def _below(self, file: str) -> str:
        """The file's path below the path that names it, from a slash on."""
        for path in self.paths:
            start = path.rstrip("/")
            if file.startswith(f"{start}/"):
                return file[len(start) :]
        return ""


def _unquoted(text: Column) -> Column:
    """A path or a partition's value as it is meant; in neither does a plus stand for a space."""
    return F.url_decode(F.replace(text, F.lit("+"), F.lit("%2B")))


def from_options(
    spark: SparkSession,
    connection_type: str,
    options: Mapping[str, Any],
    format_name: str | None,
    format_options: Mapping[str, Any],
    predicate: str,
) -> Source:
    """The records of what `options` name, objects of S3 or a database, and the errors of reading them."""
    if jdbc.is_jdbc(connection_type.lower()):
        return of_database(spark, options)
    if connection_type.lower() == "dynamodb":
        return of_dynamodb(spark, options)
    if connection_type.lower() not in ("s3", "parquet", "orc"):
        raise not_there(f"the connection type '{connection_type}'")
    if connection_type.lower() != "s3":
        format_name = connection_type
    check_options(options, S3_OPTIONS, "the S3 option '{}'")
    if not format_name:
        raise ValueError("from_options of S3 needs a format")
    recurse = str(options.get("recurse", False)).lower() == "true"
    files = Files(spark, _paths(options), recurse)
    data, stages = _read(files, formats.spark_format(format_name), format_name, format_options)
    if predicate:
        return Data(lambda: _where(data.columns, predicate)), stages
    return data, stages


def of_database(spark: SparkSession, options: Mapping[str, Any]) -> Source:
    """The rows of a table or query of a database."""
    return Data.of_columns(Columns.of(jdbc.read(spark, options))), (Stage(),)


def of_dynamodb(spark: SparkSession, options: Mapping[str, Any]) -> Source:
    """The items of a table of DynamoDB."""
    return dynamodb.read(spark, options), (Stage(),)


def check_options(options: Mapping[str, Any], known: frozenset[str], words: str) -> None:
    """Refuse an option that would change the data, and say so of one that cannot."""
    for name, value in options.items():
        if name in NO_EFFECT:
            log.info(f"{name}={value} has no effect here")
        elif name not in known:
            raise not_there(words.format(name))


def _read(files: Files, name: str, glue_name: str, options: Mapping[str, Any]) -> Source:
    reader_options = formats.read_options(glue_name, options)
    if name == "json":
        whole = reader_options.pop("multiLine", "false") == "true"
        source = JsonFiles(files.spark, files.load, whole)
        return source.data(), (source.stage(),)
    if name in ("parquet", "orc"):
        root = files.paths[0].rstrip("/")
        columns = columnar_source.read(files.spark, name, files.load, root)
        return Data.of_columns(columns), (Stage(),)
    frame = files.load(files.spark.read.format(name).options(**reader_options))
    if name == "csv" and reader_options.get("header") != "true":
        frame = frame.toDF(*(_glue_name(column) for column in frame.columns))
    return Data.of_columns(Columns.of(frame)), (Stage(),)


def _where(columns: Columns, predicate: str) -> Columns:
    return Columns(columns.frame.where(predicate), columns.schema)


def _paths(options: Mapping[str, Any]) -> list[str]:
    paths = options.get("paths") or options.get("path")
    if not paths:
        raise ValueError("connection_options has no 'paths'")
    if isinstance(paths, str):
        paths = json.loads(paths) if paths.startswith("[") else [paths]
    return list(paths)


def _glue_name(name: str) -> str:
    """Glue calls the columns of a CSV without header `col0`, `col1`, …; Spark `_c0`, `_c1`, …."""
    return f"col{name[2:]}" if name.startswith("_c") and name[2:].isdigit() else name
