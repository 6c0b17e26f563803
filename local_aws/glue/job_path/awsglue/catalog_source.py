"""Reading a table of the Data Catalog.

The catalog says where the files are and what the columns are called; values are found by name, at every
depth, and are of the catalog's types where they fit them (`dynamic/conform.py`). Partitions and their
values come from the catalog's partitions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
from awsglue.globs import literal
from awsglue.json_source import JsonFiles
from awsglue.partition_text import partition_values_as_text
from awsglue.path_columns import NO_VALUE, load_files, with_keys
from awsglue.s3_listing import Folder, Found, files_of_table
from awsglue.selection import OPTIONS as SELECTING
from awsglue.selection import Selection
from awsglue.source import Source, check_options, is_true, of_database, of_dynamodb

OPTIONS = frozenset({"catalogPartitionPredicate", "recurse"}) | SELECTING


@dataclass(frozen=True, slots=True)
class Place:
    """Where rows of a table are: its partitions' folders, or when there was a choice, `files`.

    `values` are those of the one partition, when its folder does not say them.
    """

    spark: SparkSession
    table: CatalogTable
    locations: Sequence[str]
    values: Mapping[str, str] | None = None
    files: Sequence[Found] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to read."""
        return not (self.locations if self.files is None else self.files)

    def load(self, reader: DataFrameReader, only: list[str] | None = None) -> DataFrame:
        """Read them, or of their files `only` some, with the values of the partitions as text."""
        keys = self.table.partition_keys
        if self.files is not None or only is not None:
            files = only if only is not None else [literal(one.object.uri) for one in self.files or ()]
            frame = load_files(reader, files)
            frame = with_keys(frame, keys) if self.values is None else frame
        else:
            if keys and self.values is None:
                reader = reader.option("basePath", self.table.location)
            with partition_values_as_text(self.spark):
                frame = reader.load(list(self.locations))
        values = {key: F.lit(None if one == NO_VALUE else one) for key, one in (self.values or {}).items()}
        return frame.withColumns(values) if values else frame


def from_catalog(
    spark: SparkSession,
    database: str | None,
    name: str | None,
    predicate: str,
    options: Mapping[str, Any],
    catalog_id: str | None,
    context: str = "",
) -> Source:
    """A catalog table, or those of its partitions that fulfil `predicate`, and the errors of reading it.

    `predicate` is Spark SQL on the partition keys; `catalogPartitionPredicate` GetPartitions' expression;
    `context` the source's `transformation_ctx`.
    """
    if not database or not name:
        raise ValueError("from_catalog needs a database and a table_name")
    check_catalog_id(catalog_id)
    table = find_table(database, name)
    if table.connection:
        return of_database(spark, jdbc.table_options(table.connection, table.location, options), context)
    if table.is_dynamodb:
        return of_dynamodb(spark, {dynamodb.INPUT: dynamodb.table_of(table.location), **options})
    check_options(options, OPTIONS, "from_catalog with {}")
    partitions = _partitions(spark, database, table, predicate, options)
    # Crawlers write their exclusions into the table, and bounds may be there as well.
    selection = Selection.of({**table.parameters, **options}, context)
    recurse = is_true(options, "recurse")
    if selection.is_asked_for or recurse:
        found = files_of_table(
            table.location, [one.location for one in partitions], recurse=recurse, left_out=selection.left_out
        )
        return _read_files(spark, table, partitions, selection.choose(found))
    there = set(_existing(spark, [partition.location for partition in partitions]))
    partitions = [partition for partition in partitions if partition.location in there]
    if all(is_hive_style(table, partition) for partition in partitions):
        return _read(Place(spark, table, [partition.location for partition in partitions]))
    return _together([_read(Place(spark, table, [one.location], one.values)) for one in partitions])


def _partitions(
    spark: SparkSession, database: str, table: CatalogTable, predicate: str, options: Mapping[str, Any]
) -> list[Partition]:
    """The partitions to read; a table that has none is one of no values."""
    expression = str(options.get("catalogPartitionPredicate") or "")
    if table.partition_keys:
        return chosen(spark, table, find_partitions(database, table, expression), predicate)
    if predicate or expression:
        raise ValueError(
            f"push_down_predicate '{predicate or expression}' on {database}.{table.definition['Name']}, "
            "which has no partitions"
        )
    return [Partition({}, table.location)]


def _read_files(
    spark: SparkSession, table: CatalogTable, partitions: Sequence[Partition], files: Sequence[Found]
) -> Source:
    """The rows of chosen files of a table."""
    if not files or all(is_hive_style(table, partition) for partition in partitions):
        return _read(Place(spark, table, (), None, files))
    by_folder: dict[Folder, list[Found]] = {}
    for one in files:
        by_folder.setdefault(one.at, []).append(one)
    some = [(one, by_folder.get(Folder.of(one.location))) for one in partitions]
    return _together([_read(Place(spark, table, (), one.values, files)) for one, files in some if files])


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
    if not partition.values:
        return True
    folders = "/".join(f"{key}={value}" for key, value in partition.values.items())
    return unquote(partition.location) == unquote(f"{table.location}/") + folders


def exists(spark: SparkSession, location: str) -> bool:
    """Whether there is anything at `location`."""
    path = spark._jvm.org.apache.hadoop.fs.Path(location if location.count("/") > 2 else f"{location}/")
    return bool(path.getFileSystem(spark._jsc.hadoopConfiguration()).exists(path))


def _existing(spark: SparkSession, locations: Iterable[str]) -> list[str]:
    """AWS reads a location without objects as no rows; Spark would refuse it."""
    return [location for location in locations if exists(spark, location)]


def _read(place: Place) -> Source:
    """The table's columns in the files of a place."""
    spark, table = place.spark, place.table
    if place.is_empty:
        return Data.of_columns(_nothing(spark, table)), (Stage(),)
    if table.format == "json":
        source = JsonFiles(spark, place.load, whole=False)
        # Records as they are in the files have more fields, and not the catalog's types.
        return Data(lambda: _conformed(table, source.columns)), (source.stage(),)
    if table.format in ("parquet", "orc"):
        columns = columnar_source.read(
            spark, table.format, place.load, lambda columns: _conformed(table, columns)
        )
        return Data.of_columns(columns), (Stage(),)
    if table.format == "avro":
        found = Columns.of(place.load(spark.read.format("avro")))
        return Data.of_columns(_conformed(table, found)), (Stage(),)
    texts = StructType([StructField(name, StringType()) for name in table.columns])
    reader = spark.read.format("csv").options(**table.reader_options()).schema(texts)
    frame = place.load(reader)
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
