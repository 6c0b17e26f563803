"""A table of the Glue Data Catalog as a DataFrame.

The catalog says where the files are and what the columns are called; the values come as the catalog's
types, the partition's values from the catalog's partitions. A value that is not of its column's type
would become a choice type in AWS's DynamicFrame; here reading it is an error, never a silent null.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from typing import Any
from urllib.parse import unquote

import boto3
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from awsglue.dynamic.casts import spark_type
from awsglue.missing import not_there

INFERENCE = "spark.sql.sources.partitionColumnTypeInference.enabled"
FORMATS = {
    "ParquetHiveSerDe": "parquet",
    "OrcSerde": "orc",
    "JsonSerDe": "json",
    "LazySimpleSerDe": "csv",
    "OpenCSVSerde": "csv",
}
"""Spark's format by the class name of the SerDe."""


@dataclass(frozen=True, slots=True)
class Partition:
    """One partition: its values by key, and its location."""

    values: Mapping[str, str]
    location: str


@dataclass(frozen=True, slots=True)
class CatalogTable:
    """A table as GetTable shows it."""

    definition: Mapping[str, Any]

    @property
    def storage(self) -> Mapping[str, Any]:
        """The StorageDescriptor."""
        storage: Mapping[str, Any] = self.definition.get("StorageDescriptor") or {}
        return storage

    @property
    def location(self) -> str:
        """Where the files are, without a slash at its end."""
        return str(self.storage.get("Location") or "").rstrip("/")

    @property
    def columns(self) -> dict[str, str]:
        """Hive types by the names of the columns in the files."""
        return {
            column["Name"]: column.get("Type") or "string" for column in self.storage.get("Columns") or ()
        }

    @property
    def partition_keys(self) -> dict[str, str]:
        """Hive types by the names of the partition keys."""
        keys = self.definition.get("PartitionKeys") or ()
        return {key["Name"]: key.get("Type") or "string" for key in keys}

    @property
    def format(self) -> str:
        """Spark's format of the files.

        Raises:
            NotImplementedError: the SerDe is not known.
        """
        library = (self.storage.get("SerdeInfo") or {}).get("SerializationLibrary") or ""
        name = library.rsplit(".", 1)[-1]
        if name not in FORMATS:
            raise not_there(f"reading tables with the SerDe '{library}'")
        return FORMATS[name]

    def reader_options(self) -> dict[str, str]:
        """Spark's reader options for the SerDe's parameters."""
        if self.format != "csv":
            return {"mergeSchema": "true"} if self.format == "parquet" else {}
        serde = (self.storage.get("SerdeInfo") or {}).get("Parameters") or {}
        options = {
            "sep": serde.get("field.delim") or serde.get("separatorChar") or ",",
            "quote": serde.get("quoteChar") or '"',
            "escape": serde.get("escapeChar") or serde.get("escape.delim") or "\\",
        }
        parameters = {**(self.storage.get("Parameters") or {}), **(self.definition.get("Parameters") or {})}
        skipped = parameters.get("skip.header.line.count", "0")
        if skipped not in ("0", "1"):
            raise not_there(f"skipping {skipped} header lines")
        return {**options, "header": "true" if skipped == "1" else "false"}


def check_catalog_id(catalog_id: str | None) -> None:
    """Raise NotImplementedError for the catalog of another account; the own one may be named."""
    if catalog_id and catalog_id != boto3.client("sts").get_caller_identity()["Account"]:
        raise not_there(f"the Data Catalog of another account ({catalog_id})")


def find_table(database: str, name: str) -> CatalogTable:
    """The table `database.name`; raises boto3's EntityNotFoundException."""
    return CatalogTable(boto3.client("glue").get_table(DatabaseName=database, Name=name)["Table"])


def find_partitions(database: str, table: CatalogTable, predicate: str) -> list[Partition]:
    """The partitions of a table that fulfil `predicate`, an expression of GetPartitions; empty means all."""
    pages = boto3.client("glue").get_paginator("get_partitions")
    expression = {"Expression": predicate} if predicate else {}
    found = pages.paginate(DatabaseName=database, TableName=table.definition["Name"], **expression)
    return [
        Partition(
            dict(zip(table.partition_keys, partition["Values"], strict=True)),
            partition["StorageDescriptor"]["Location"].rstrip("/"),
        )
        for page in found
        for partition in page["Partitions"]
    ]


def read_table(spark: SparkSession, database: str, name: str, predicate: str = "") -> DataFrame:
    """A catalog table's rows: its columns, then its partition keys, in the catalog's types.

    Args:
        spark: the session to read with.
        database: name of the database.
        name: name of the table.
        predicate: which partitions, in the language of GetPartitions.
    """
    table = find_table(database, name)
    if not table.partition_keys:
        if predicate:
            raise ValueError(
                f"push_down_predicate '{predicate}' on {database}.{name}, which has no partitions"
            )
        return _typed(table, _load(spark, table, _existing(spark, [table.location])))
    partitions = find_partitions(database, table, predicate)
    there = set(_existing(spark, [partition.location for partition in partitions]))
    partitions = [partition for partition in partitions if partition.location in there]
    if all(is_hive_style(table, partition) for partition in partitions):
        return _typed(table, _load(spark, table, [partition.location for partition in partitions]))
    frames = [
        _typed(table, _with_values(_load(spark, table, [partition.location]), partition))
        for partition in partitions
    ]
    return reduce(DataFrame.unionByName, frames)


def is_hive_style(table: CatalogTable, partition: Partition) -> bool:
    """Whether Spark finds the partition's values in its location, as in `…/year=2025/month=07`."""
    folders = "/".join(f"{key}={value}" for key, value in partition.values.items())
    return unquote(partition.location) == unquote(f"{table.location}/") + folders


def exists(spark: SparkSession, location: str) -> bool:
    """Whether there is anything at `location`."""
    path = spark._jvm.org.apache.hadoop.fs.Path(location)
    return bool(path.getFileSystem(spark._jsc.hadoopConfiguration()).exists(path))


@contextmanager
def _partition_values_as_text(spark: SparkSession) -> Iterator[None]:
    """Keep Spark from reading `month=07` as the number 7."""
    before = spark.conf.get(INFERENCE)
    spark.conf.set(INFERENCE, "false")
    try:
        yield
    finally:
        spark.conf.set(INFERENCE, before)


def _existing(spark: SparkSession, locations: Iterable[str]) -> list[str]:
    """AWS reads a location without objects as no rows; Spark would refuse it."""
    return [location for location in locations if exists(spark, location)]


def _load(spark: SparkSession, table: CatalogTable, locations: list[str]) -> DataFrame:
    as_text = ", ".join(f"`{name}` string" for name in table.columns)
    if not locations:
        return spark.createDataFrame([], as_text)
    reader = spark.read.format(table.format).options(**table.reader_options())
    if table.format == "csv":
        reader = reader.schema(as_text)
    if table.partition_keys and locations[0].startswith(f"{table.location}/"):
        reader = reader.option("basePath", table.location)
    with _partition_values_as_text(spark):
        return reader.load(locations)


def _with_values(frame: DataFrame, partition: Partition) -> DataFrame:
    values = {
        key: F.lit(None if value == "__HIVE_DEFAULT_PARTITION__" else value)
        for key, value in partition.values.items()
    }
    return frame.withColumns(values)


def _typed(table: CatalogTable, frame: DataFrame) -> DataFrame:
    """The catalog's columns in their order and types; a column that the files lack is null."""
    there = {name.lower(): name for name in frame.columns}
    columns = []
    for name, hive_type in {**table.columns, **table.partition_keys}.items():
        wanted = spark_type(hive_type)
        found = there.get(name.lower())
        if found is None:
            columns.append(F.lit(None).cast(wanted).alias(name))
        else:
            is_text = frame.schema[found].dataType.typeName() == "string"
            column = F.col(f"`{found}`")
            columns.append((_parsed(column, wanted, name) if is_text else column.cast(wanted)).alias(name))
    return frame.select(columns)


def _parsed(text: Column, wanted: str, name: str) -> Column:
    """`text` as a value of type `wanted`; evaluating it fails where the text is no such value."""
    if wanted == "string":
        return text
    message = F.concat(
        F.lit(f"Column '{name}' is {wanted} in the catalog and holds '"),
        text,
        F.lit("'. AWS Glue would make it a choice type, which Laguna's awsglue does not have yet."),
    )
    value = F.trim(text).cast(wanted)
    return F.when(value.isNull() & (F.trim(text) != ""), F.raise_error(message).cast(wanted)).otherwise(value)
