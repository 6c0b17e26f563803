"""Reading a table of the Data Catalog.

The catalog says where the files are and what the columns are called; values are found by name, at every
depth, and are of the catalog's types where they fit them (`dynamic/conform.py`). Partitions and their
values come from the catalog's partitions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import Any
from urllib.parse import unquote

from pyspark.sql import DataFrame, DataFrameReader, SparkSession
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql.types import StringType, StructField, StructType

from awsglue import columnar_source, dynamodb, jdbc
from awsglue.catalog import CatalogTable, Partition, check_catalog_id, find_partitions, find_table
from awsglue.dynamic import casts, tree
from awsglue.dynamic.conform import conform
from awsglue.dynamic.data import Columns, Data
from awsglue.dynamic.errors import Stage
from awsglue.dynamic.union import union
from awsglue.json_source import JsonFiles
from awsglue.partition_text import partition_values_as_text
from awsglue.source import Source, check_options, of_database, of_dynamodb

NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
OPTIONS = frozenset({"catalogPartitionPredicate", "recurse"})


def from_catalog(
    spark: SparkSession,
    database: str | None,
    name: str | None,
    predicate: str,
    options: Mapping[str, Any],
    catalog_id: str | None,
) -> Source:
    """A catalog table, or those of its partitions that fulfil `predicate`, and the errors of reading it.

    `predicate` is Spark SQL on the partition keys; `catalogPartitionPredicate` GetPartitions' expression.
    """
    if not database or not name:
        raise ValueError("from_catalog needs a database and a table_name")
    check_catalog_id(catalog_id)
    table = find_table(database, name)
    if table.connection:
        return of_database(spark, jdbc.table_options(table.connection, table.location, options))
    if table.is_dynamodb:
        return of_dynamodb(spark, {dynamodb.INPUT: dynamodb.table_of(table.location), **options})
    check_options(options, OPTIONS, "from_catalog with {}")
    expression = str(options.get("catalogPartitionPredicate") or "")
    if not table.partition_keys:
        if predicate or expression:
            raise ValueError(
                f"push_down_predicate '{predicate or expression}' on {database}.{name}, "
                "which has no partitions"
            )
        return _read(spark, table, _existing(spark, [table.location]))
    partitions = chosen(spark, table, find_partitions(database, table, expression), predicate)
    there = set(_existing(spark, [partition.location for partition in partitions]))
    partitions = [partition for partition in partitions if partition.location in there]
    if all(is_hive_style(table, partition) for partition in partitions):
        return _read(spark, table, [partition.location for partition in partitions])
    return _together([_read(spark, table, [one.location], one.values) for one in partitions])


def chosen(
    spark: SparkSession, table: CatalogTable, partitions: Sequence[Partition], predicate: str
) -> list[Partition]:
    """The partitions whose values fulfil `predicate`, which Spark itself evaluates."""
    if not predicate or not partitions:
        return list(partitions)
    keys = list(table.partition_keys)
    schema = StructType([StructField(name, StringType()) for name in [*keys, "awsglue.at"]])
    values = [
        (*(None if one.values[key] == NO_VALUE else one.values[key] for key in keys), str(at))
        for at, one in enumerate(partitions)
    ]
    texts = Columns.of(spark.createDataFrame(values, schema))
    typed = tree.select(
        texts, [*_keys(texts, table), ("awsglue.at", dict(tree.fields_of(texts))["awsglue.at"])]
    )
    found = typed.frame.where(predicate).select("`awsglue.at`").collect()
    return [partitions[int(row[0])] for row in found]


def is_hive_style(table: CatalogTable, partition: Partition) -> bool:
    """Whether Spark finds the partition's values in its location, as in `…/year=2025/month=07`."""
    folders = "/".join(f"{key}={value}" for key, value in partition.values.items())
    return unquote(partition.location) == unquote(f"{table.location}/") + folders


def exists(spark: SparkSession, location: str) -> bool:
    """Whether there is anything at `location`."""
    path = spark._jvm.org.apache.hadoop.fs.Path(location if location.count("/") > 2 else f"{location}/")
    return bool(path.getFileSystem(spark._jsc.hadoopConfiguration()).exists(path))


def _existing(spark: SparkSession, locations: Iterable[str]) -> list[str]:
    """AWS reads a location without objects as no rows; Spark would refuse it."""
    return [location for location in locations if exists(spark, location)]


def _read(
    spark: SparkSession, table: CatalogTable, locations: list[str], values: Mapping[str, str] | None = None
) -> Source:
    """The table's columns in the files at `locations`, whose partition has `values` if not the folders."""
    if not locations:
        return Data.of_columns(_nothing(spark, table)), (Stage(),)

    def load(reader: DataFrameReader) -> DataFrame:
        if table.partition_keys and values is None:
            reader = reader.option("basePath", table.location)
        with partition_values_as_text(spark):
            frame = reader.load(locations)
        literals = {key: F.lit(None if one == NO_VALUE else one) for key, one in (values or {}).items()}
        return frame.withColumns(literals) if literals else frame

    if table.format == "json":
        source = JsonFiles(spark, load, whole=False)
        # Records as they are in the files have more fields, and not the catalog's types.
        return Data(lambda: _conformed(table, source.columns)), (source.stage(),)
    if table.format in ("parquet", "orc"):
        columns = columnar_source.read(
            spark, table.format, load, table.location, lambda found: _conformed(table, found)
        )
        return Data.of_columns(columns), (Stage(),)
    if table.format == "avro":
        found = Columns.of(load(spark.read.format("avro")))
        return Data.of_columns(_conformed(table, found)), (Stage(),)
    texts = StructType([StructField(name, StringType()) for name in table.columns])
    reader = spark.read.format("csv").options(**table.reader_options()).schema(texts)
    frame = load(reader)
    return Data(lambda: _conformed(table, Columns.of(frame))), (Stage(),)


def _conformed(table: CatalogTable, columns: Columns) -> Columns:
    """The catalog's columns in their order and types, then the partition keys."""
    return conform(columns, table.types, _keys(columns, table))


def _nothing(spark: SparkSession, table: CatalogTable) -> Columns:
    texts = StructType([StructField(name, StringType()) for name in (*table.columns, *table.partition_keys)])
    return _conformed(table, Columns.of(spark.createDataFrame([], texts)))


def _keys(columns: Columns, table: CatalogTable) -> list[tree.Named]:
    """The partition keys, in the catalog's types."""
    there = tree.fields_of(columns)
    found = [
        (name, tree.find(there, (name,), case_sensitive=False), kind)
        for name, kind in table.key_types.items()
    ]
    return [
        (name, casts.nothing(kind) if value is None else casts.cast(value, kind))
        for name, value, kind in found
    ]


def _together(sources: Sequence[Source]) -> Source:
    data = [one for one, _ in sources]
    stages = tuple(stage for _, some in sources for stage in some)
    return Data(lambda: reduce(union, [one.columns for one in data])), stages
