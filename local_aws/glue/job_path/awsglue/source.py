"""Reading S3 by options.

https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-connect-s3-home.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyspark.sql import DataFrame, DataFrameReader, SparkSession
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql.types import StructType

from awsglue import bookmarks, columnar_source, dynamodb, formats, jdbc, log
from awsglue.dynamic.data import Columns, Data
from awsglue.dynamic.errors import Stage
from awsglue.globs import literal
from awsglue.json_source import JsonFiles
from awsglue.missing import not_there
from awsglue.partition_text import partition_values_as_text
from awsglue.path_columns import keys_below, keys_of, load_files, load_xml, with_keys
from awsglue.s3_listing import Found, files_at
from awsglue.selection import OPTIONS as SELECTING
from awsglue.selection import Selection

NO_EFFECT = frozenset(
    {
        "groupFiles", "groupSize", "useS3ListImplementation", "compressionType", "compression",
        "useGlueDataCatalog", "useSparkDataSource", "mode", "inFileGrouping",
    }
)  # fmt: skip
"""Options that change how fast objects are read, or that Spark finds out by itself."""
S3_OPTIONS = frozenset({"paths", "path", "recurse"}) | SELECTING

Source = tuple[Data, tuple[Stage, ...]]


@dataclass(frozen=True, slots=True)
class Files:
    """The files below paths; with `recurse` also those in folders of any name and depth.

    `chosen` are the only ones to read, when there is a choice.
    """

    spark: SparkSession
    paths: Sequence[str]
    recurse: bool
    chosen: Sequence[Found] | None = None

    def load(self, reader: DataFrameReader, only: list[str] | None = None) -> DataFrame:
        """Read them, or of them `only` some; folders named `key=value` become columns of text."""
        if self.chosen is not None:
            files = [literal(one.object.uri) for one in self.chosen] if only is None else only
            return with_keys(load_files(reader, files), self._keys)
        if only is None and not self.recurse:
            with partition_values_as_text(self.spark):
                return reader.load(list(self.paths))
        frame = load_files(reader, list(self.paths) if only is None else only)
        return with_keys(frame, keys_of(frame.inputFiles(), self.paths))

    def load_xml(self, reader: DataFrameReader) -> DataFrame:
        """Read those that are chosen, by a reader that knows neither folders nor several paths."""
        frame = load_xml(reader, [literal(one.object.uri) for one in self.chosen or ()])
        return with_keys(frame, self._keys, path=F.input_file_name())

    @property
    def _keys(self) -> list[str]:
        return keys_below(one.below for one in self.chosen or ())


def from_options(
    spark: SparkSession,
    connection_type: str,
    options: Mapping[str, Any],
    format_name: str | None,
    format_options: Mapping[str, Any],
    predicate: str,
    name: str = "",
) -> Source:
    """The records of what `options` name, objects of S3 or a database, and the errors of reading them.

    `name` is the source's `transformation_ctx`.
    """
    if jdbc.is_jdbc(connection_type.lower()):
        return of_database(spark, options, name)
    if connection_type.lower() == "dynamodb":
        return of_dynamodb(spark, options)
    if connection_type.lower() not in ("s3", "parquet", "orc"):
        raise not_there(f"the connection type '{connection_type}'")
    if connection_type.lower() != "s3":
        format_name = connection_type
    check_options(options, S3_OPTIONS, "the S3 option '{}'")
    if not format_name:
        raise ValueError("from_options of S3 needs a format")
    paths, recurse = _paths(options), is_true(options, "recurse")
    selection, chosen = Selection.of(options, name), None
    if selection.is_asked_for or format_name.lower() == "xml":
        chosen = selection.choose(files_at(paths, recurse=recurse, left_out=selection.left_out))
        if not chosen:
            return Data.of_columns(Columns.of(spark.createDataFrame([], StructType()))), (Stage(),)
    files = Files(spark, paths, recurse, chosen)
    data, stages = _read(files, formats.spark_format(format_name), format_name, format_options)
    if predicate:
        return Data(lambda: _where(data.columns, predicate)), stages
    return data, stages


def of_database(spark: SparkSession, options: Mapping[str, Any], name: str) -> Source:
    """The rows of a table or query of a database."""
    if name and bookmarks.current is not None:
        # All rows at each run would be other data than AWS gives.
        raise not_there(f"job bookmarks of databases ({name}: without transformation_ctx all rows are read)")
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


def is_true(options: Mapping[str, Any], name: str) -> bool:
    """Whether an option is there and true, as Python or as text says it."""
    return str(options.get(name, False)).lower() == "true"


def _read(files: Files, name: str, glue_name: str, options: Mapping[str, Any]) -> Source:
    reader_options = formats.read_options(glue_name, options)
    if name == "json":
        whole = reader_options.pop("multiLine", "false") == "true"
        source = JsonFiles(files.spark, files.load, whole)
        return source.data(), (source.stage(),)
    if name in ("parquet", "orc"):
        columns = columnar_source.read(files.spark, name, files.load)
        return Data.of_columns(columns), (Stage(),)
    reader = files.spark.read.format(name).options(**reader_options)
    frame = files.load_xml(reader) if name == "xml" else files.load(reader)
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
