# ruff: noqa: N802, N803 - the names are AWS's
"""Writing: to S3 by options, and to tables of the catalog.

Glue adds to what is there and never replaces it. Its sinks leave no `_SUCCESS` object.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pyspark.sql import DataFrame

from awsglue import catalog_update, dynamodb, formats, jdbc, text_lines
from awsglue.catalog import check_catalog_id, find_table
from awsglue.collection import DynamicFrameCollection
from awsglue.dynamic.data import Columns
from awsglue.dynamic.spark_types import has_choice
from awsglue.missing import not_there
from awsglue.source import check_options

NO_SUCCESS_FILE = "mapreduce.fileoutputcommitter.marksuccessfuljobs"
CATALOG_OPTIONS = frozenset({"partitionKeys", "enableUpdateCatalog", "updateBehavior"})
S3_OPTIONS = CATALOG_OPTIONS | {"path", "compression"}


def to_options(
    frame: Any,
    connection_type: str,
    options: Mapping[str, Any],
    format_name: str | None,
    format_options: Mapping[str, Any],
) -> None:
    """Add a DynamicFrame's records to an S3 path, in folders of `partitionKeys`, or to a database's table."""
    if jdbc.is_jdbc(connection_type.lower()):
        to_database(frame, options)
        return
    if connection_type.lower() == "dynamodb":
        dynamodb.write(frame.toDF(), options)
        return
    if connection_type.lower() not in ("s3", "parquet", "orc"):
        raise not_there(f"the connection type '{connection_type}'")
    if connection_type.lower() != "s3":
        format_name = connection_type
    check_options(options, S3_OPTIONS, "the S3 option '{}'")
    if not options.get("path"):
        raise ValueError("connection_options has no 'path'")
    if not format_name:
        raise ValueError("writing to S3 needs a format")
    compression = {"compression": options["compression"]} if options.get("compression") else {}
    writer_options = formats.write_options(format_name, {**compression, **format_options})
    _write(frame, options["path"], format_name, writer_options, options.get("partitionKeys") or ())


def to_catalog(
    frame: Any, database: str, name: str, options: Mapping[str, Any], catalog_id: str | None = None
) -> None:
    """Add records to the location of a catalog table, and to its partitions when `options` say so."""
    check_catalog_id(catalog_id)
    table = find_table(database, name)
    if table.connection:
        to_database(frame, jdbc.table_options(table.connection, table.location, options))
        return
    check_options(options, CATALOG_OPTIONS, "write_dynamic_frame.from_catalog with {}")
    keys = list(options.get("partitionKeys") or ())
    writer_options = formats.WRITE_DEFAULTS.get(table.format, {})
    if table.format == "csv":
        reading = table.reader_options()
        writer_options = {**writer_options, "sep": reading["sep"], "header": reading["header"]}
    _write(frame, table.location, table.format, writer_options, keys)
    if options.get("enableUpdateCatalog"):
        behavior = options.get("updateBehavior", catalog_update.UPDATE)
        catalog_update.update(frame.toDF(), table, database, keys, behavior)


def to_database(frame: Any, options: Mapping[str, Any]) -> None:
    """Add a DynamicFrame's records to a table of a database."""
    rows: DataFrame = frame.toDF()
    if frame._data.columns.schema.fields:
        jdbc.write(rows.sparkSession, rows, options)


class DataSink:
    """A sink from `GlueContext.getSink`: it writes to a path and keeps a catalog table of it."""

    def __init__(self, connection_type: str, format_name: str | None, options: Mapping[str, Any]) -> None:
        self._connection_type = connection_type
        self._format = format_name
        self._format_options: dict[str, Any] = {}
        self._options = dict(options)
        self._table: tuple[str, str] | None = None

    def setFormat(self, format: str, **options: Any) -> None:
        """Say the format and its options."""
        self._format = format
        self._format_options = options

    def setCatalogInfo(
        self,
        catalogDatabase: str,
        catalogTableName: str,
        catalogId: str = "",
    ) -> None:
        """Say which table to create or update; it takes `enableUpdateCatalog` in the sink's options."""
        self._table = (catalogDatabase, catalogTableName)

    def writeFrame(self, dynamic_frame: Any, info: str = "") -> Any:
        """Write the records; returns them."""
        to_options(dynamic_frame, self._connection_type, self._options, self._format, self._format_options)
        frame: DataFrame = dynamic_frame.toDF()
        if self._table and self._options.get("enableUpdateCatalog"):
            keys = list(self._options.get("partitionKeys") or ())
            behavior = self._options.get("updateBehavior", catalog_update.UPDATE)
            path, format_name = self._options["path"], formats.spark_format(str(self._format))
            table = catalog_update.create_if_missing(frame, self._table, path, format_name, keys)
            catalog_update.update(frame, table, self._table[0], keys, behavior)
        return dynamic_frame

    def write(self, dynamic_frame_or_dfc: Any, info: str = "") -> Any:
        """Write the records of a frame, or of each frame of a collection; returns them."""
        if isinstance(dynamic_frame_or_dfc, DynamicFrameCollection):
            for frame in dynamic_frame_or_dfc.values():
                self.writeFrame(frame, info)
            return dynamic_frame_or_dfc
        return self.writeFrame(dynamic_frame_or_dfc, info)

    def setAccumulableSize(self, size: int) -> None:
        """Say how many errors of writing to remember; there are none here, as a failure ends the job."""


def _write(frame: Any, path: str, format_name: str, options: Mapping[str, str], keys: Sequence[str]) -> None:
    name = formats.spark_format(format_name)
    rows: DataFrame = frame.toDF()
    columns: Columns = frame._data.columns
    if not columns.schema.fields:
        return  # Records of nothing, as of an empty file, write nothing.
    if name == "json" and has_choice(columns.schema):
        name, rows = "text", text_lines.of_json(columns, keys)
    elif name == "csv":
        rows = text_lines.without_choices(columns).frame
        if not options.get("quote"):
            rows, options = text_lines.of_csv_without_quotes(rows, options, keys)
    writer = rows.write.mode("append").format(name).options(**options)
    writer = writer.option(NO_SUCCESS_FILE, "false")
    (writer.partitionBy(*keys) if keys else writer).save(path)
