# ruff: noqa: N802, N803 - the names are AWS's
"""GlueContext: where a script gets Spark, and reads and writes DynamicFrames.

https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-glue-context.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from awsglue import catalog_source, jdbc, log, purge, sink, source
from awsglue.catalog import check_catalog_id, find_table
from awsglue.data_source import DataSource
from awsglue.dynamicframe import DynamicFrame, DynamicFrameCollection
from awsglue.missing import not_there
from awsglue.readers import DataFrameReader, DataFrameWriter, DynamicFrameReader, DynamicFrameWriter

NOT_THERE = frozenset(
    {
        "add_ingestion_time_columns", "begin_transaction", "cancel_transaction", "commit_transaction",
        "forEachBatch", "getSampleStreamingDynamicFrame", "get_catalog_schema_as_spark_schema",
        "start_transaction", "transition_s3_path", "transition_table",
    }
)  # fmt: skip


class GlueContext:
    """Spark and the Glue Data Catalog together. What it lacks itself is the Spark session's."""

    def __init__(self, sparkContext: Any, **options: Any) -> None:
        self.spark_session = SparkSession.builder.getOrCreate()
        self._sc = self.sc = sparkContext
        self.create_dynamic_frame = DynamicFrameReader(self)
        self.write_dynamic_frame = DynamicFrameWriter(self)
        self.create_data_frame = DataFrameReader(self)
        self.write_data_frame = DataFrameWriter(self)

    def __getattr__(self, name: str) -> Any:
        if name in NOT_THERE:
            raise not_there(f"GlueContext.{name}")
        # On AWS a GlueContext is a SQLContext: `sql`, `read`, `createDataFrame`, `table` and so on.
        return getattr(self.spark_session, name)

    def create_dynamic_frame_from_catalog(
        self,
        database: str | None = None,
        table_name: str | None = None,
        redshift_tmp_dir: str = "",
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        additional_options: Mapping[str, Any] | None = None,
        catalog_id: str | None = None,
        **also: Any,
    ) -> DynamicFrame:
        """A catalog table's records; `name_space` is another name of `database`."""
        data, stages = catalog_source.from_catalog(
            self.spark_session, _database(database, also), table_name,
            push_down_predicate, additional_options or {}, catalog_id, transformation_ctx,
        )  # fmt: skip
        return DynamicFrame(data, self, transformation_ctx or str(table_name), stages)

    def create_dynamic_frame_from_options(
        self,
        connection_type: str,
        connection_options: Mapping[str, Any] | None = None,
        format: str | None = None,
        format_options: Mapping[str, Any] | None = None,
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        **unused: Any,
    ) -> DynamicFrame:
        """The records of S3 objects."""
        data, stages = source.from_options(
            self.spark_session, connection_type, connection_options or {}, format, format_options or {},
            push_down_predicate, transformation_ctx,
        )  # fmt: skip
        return DynamicFrame(data, self, transformation_ctx, stages)

    def create_dynamic_frame_from_rdd(
        self,
        data: Any,
        name: str,
        schema: Any = None,
        sample_ratio: float | None = None,
        transformation_ctx: str = "",
    ) -> DynamicFrame:
        """The records of an RDD."""
        return DynamicFrame(self.spark_session.createDataFrame(data, schema, sample_ratio), self, name)

    def create_data_frame_from_catalog(self, *arguments: Any, **named: Any) -> DataFrame:
        """A catalog table as a DataFrame; the arguments of `create_dynamic_frame_from_catalog`."""
        return self.create_dynamic_frame_from_catalog(*arguments, **named).toDF()

    def create_data_frame_from_options(self, *arguments: Any, **named: Any) -> DataFrame:
        """S3 objects as a DataFrame; the arguments of `create_dynamic_frame_from_options`."""
        return self.create_dynamic_frame_from_options(*arguments, **named).toDF()

    def create_sample_dynamic_frame_from_catalog(
        self, database: str | None = None, table_name: str | None = None, num: int | None = None,
        redshift_tmp_dir: str = "", transformation_ctx: str = "", push_down_predicate: str = "",
        additional_options: Mapping[str, Any] | None = None, sample_options: Mapping[str, Any] | None = None,
        catalog_id: str | None = None, **also: Any,
    ) -> list[Any]:  # fmt: skip
        """The first `num` records of a catalog table, which a bookmark does not take for read."""
        frame = self.create_dynamic_frame_from_catalog(
            database, table_name, redshift_tmp_dir, "", push_down_predicate,
            additional_options, catalog_id, **also,
        )  # fmt: skip
        return list(frame.toDF().take(num or SAMPLE))

    def create_sample_dynamic_frame_from_options(
        self, connection_type: str, connection_options: Mapping[str, Any] | None = None,
        num: int | None = None, sample_options: Mapping[str, Any] | None = None, format: str | None = None,
        format_options: Mapping[str, Any] | None = None, transformation_ctx: str = "",
        push_down_predicate: str = "", **also: Any,
    ) -> list[Any]:  # fmt: skip
        """The first `num` records of S3 objects or of a database; a bookmark does not take them for read."""
        frame = self.create_dynamic_frame_from_options(
            connection_type, connection_options, format, format_options, "",
            push_down_predicate, **also,
        )  # fmt: skip
        return list(frame.toDF().take(num or SAMPLE))

    def getSource(
        self,
        connection_type: str,
        format: str | None = None,
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        **options: Any,
    ) -> DataSource:
        """A source to be told its format before it is read."""
        return DataSource(self, connection_type, format, transformation_ctx, push_down_predicate, options)

    def write_data_frame_from_options(
        self,
        frame: DataFrame,
        connection_type: str,
        connection_options: Mapping[str, Any] | None = None,
        format: str | None = None,
        format_options: Mapping[str, Any] | None = None,
        transformation_ctx: str = "",
    ) -> DataFrame:
        """Add rows to S3 or to a database; returns `frame`."""
        made = DynamicFrame.fromDF(frame, self, transformation_ctx or "frame")
        self.write_from_options(made, connection_type, connection_options, format, format_options)
        return frame

    def write_data_frame_from_catalog(
        self,
        frame: DataFrame,
        database: str | None = None,
        table_name: str | None = None,
        redshift_tmp_dir: str = "",
        transformation_ctx: str = "",
        additional_options: Mapping[str, Any] | None = None,
        catalog_id: str | None = None,
        **also: Any,
    ) -> DataFrame:
        """Add rows to a catalog table; returns `frame`."""
        made = DynamicFrame.fromDF(frame, self, transformation_ctx or "frame")
        self.write_dynamic_frame_from_catalog(
            made, database, table_name, redshift_tmp_dir, transformation_ctx, additional_options,
            catalog_id, **also,
        )  # fmt: skip
        return frame

    def write_dynamic_frame_from_options(
        self,
        frame: DynamicFrame | DynamicFrameCollection,
        connection_type: str,
        connection_options: Mapping[str, Any] | None = None,
        format: str | None = None,
        format_options: Mapping[str, Any] | None = None,
        transformation_ctx: str = "",
    ) -> DynamicFrame | DynamicFrameCollection:
        """Add records to S3; returns `frame`."""
        return self.write_from_options(
            frame, connection_type, connection_options, format, format_options, transformation_ctx
        )

    def write_from_options(
        self,
        frame_or_dfc: DynamicFrame | DynamicFrameCollection,
        connection_type: str,
        connection_options: Mapping[str, Any] | None = None,
        format: str | None = None,
        format_options: Mapping[str, Any] | None = None,
        transformation_ctx: str = "",
        **kwargs: Any,
    ) -> DynamicFrame | DynamicFrameCollection:
        """Add the records of a frame, or of each frame of a collection, to S3; returns it."""
        if not isinstance(frame_or_dfc, DynamicFrame | DynamicFrameCollection):
            raise TypeError(
                f"frame_or_dfc must be DynamicFrame or DynamicFrameCollection. Got {type(frame_or_dfc)}"
            )
        for one in _frames(frame_or_dfc):
            sink.to_options(one, connection_type, connection_options or {}, format, format_options or {})
        return frame_or_dfc

    def extract_jdbc_conf(self, connection_name: str, catalog_id: str | None = None) -> dict[str, Any]:
        """The URL, user and password of a connection of the Data Catalog."""
        check_catalog_id(catalog_id)
        return jdbc.extract(connection_name)

    def write_dynamic_frame_from_jdbc_conf(
        self,
        frame: DynamicFrame,
        catalog_connection: str,
        connection_options: Mapping[str, Any] | None = None,
        redshift_tmp_dir: str = "",
        transformation_ctx: str = "",
        catalog_id: str | None = None,
    ) -> DynamicFrame:
        """Add records to the table `dbtable` of a connection's database; returns `frame`."""
        check_catalog_id(catalog_id)
        sink.to_database(frame, {**(connection_options or {}), "connectionName": catalog_connection})
        return frame

    def write_from_jdbc_conf(
        self,
        frame_or_dfc: DynamicFrame | DynamicFrameCollection,
        catalog_connection: str,
        connection_options: Mapping[str, Any] | None = None,
        redshift_tmp_dir: str = "",
        transformation_ctx: str = "",
        catalog_id: str | None = None,
    ) -> DynamicFrame | DynamicFrameCollection:
        """The same for a frame or each frame of a collection; returns it."""
        for one in _frames(frame_or_dfc):
            self.write_dynamic_frame_from_jdbc_conf(
                one, catalog_connection, connection_options, redshift_tmp_dir, transformation_ctx, catalog_id
            )
        return frame_or_dfc

    def write_dynamic_frame_from_catalog(
        self,
        frame: DynamicFrame,
        database: str | None = None,
        table_name: str | None = None,
        redshift_tmp_dir: str = "",
        transformation_ctx: str = "",
        additional_options: Mapping[str, Any] | None = None,
        catalog_id: str | None = None,
        **also: Any,
    ) -> DynamicFrame:
        """Add records to a catalog table; returns `frame`."""
        name = _database(database, also)
        sink.to_catalog(frame, name, str(table_name), additional_options or {}, catalog_id)
        return frame

    def getSink(
        self,
        connection_type: str,
        format: str | None = None,
        transformation_ctx: str = "",
        **options: Any,
    ) -> sink.DataSink:
        """A sink to be told its format and catalog table before it writes."""
        return sink.DataSink(connection_type, format, options)

    def purge_s3_path(
        self,
        s3_path: str,
        options: Mapping[str, Any] | None = None,
        transformation_ctx: str = "",
        catalog_id: str | None = None,
    ) -> None:
        """Delete the objects below a path that are older than `retentionPeriod` hours, 168 by default."""
        purge.purge_s3_path(s3_path, options or {})

    def purge_table(
        self,
        catalog_id: str | None = None,
        database: str = "",
        table_name: str = "",
        options: Mapping[str, Any] | None = None,
        transformation_ctx: str = "",
    ) -> None:
        """Delete a catalog table's objects that are older than `retentionPeriod` hours, 168 by default."""
        check_catalog_id(catalog_id)
        purge.purge_s3_path(find_table(database, table_name).location, options or {})

    def get_logger(self) -> Any:
        """Glue's logger: `info`, `warn`, `error`, written to the run's error log."""
        return log.logger()


def _database(database: str | None, also: Mapping[str, Any]) -> str:
    """The database by either of its two names."""
    if database is not None and "name_space" in also:
        raise ValueError("Parameter name_space and database are both specified, choose one.")
    name = database or also.get("name_space")
    if not name:
        raise ValueError("Parameter name_space or database is missing.")
    return str(name)


SAMPLE = 100
"""How many records a sample has unless it is said."""


def _frames(given: DynamicFrame | DynamicFrameCollection) -> list[DynamicFrame]:
    return [given] if isinstance(given, DynamicFrame) else list(given.values())
