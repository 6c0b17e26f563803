# ruff: noqa: N803 - the names are AWS's
"""`create_dynamic_frame`, `create_data_frame` and `write_dynamic_frame`: GlueContext's methods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class DynamicFrameReader:
    """Reads DynamicFrames: `from_catalog`, `from_options`, `from_rdd`."""

    def __init__(self, glue_context: Any) -> None:
        self._glue_context = glue_context

    def from_rdd(self, data: Any, name: str, schema: Any = None, sampleRatio: float | None = None) -> Any:
        """The records of an RDD."""
        return self._glue_context.create_dynamic_frame_from_rdd(data, name, schema, sampleRatio)

    def from_options(
        self,
        connection_type: str,
        connection_options: Mapping[str, Any] | None = None,
        format: str | None = None,
        format_options: Mapping[str, Any] | None = None,
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        **kwargs: Any,
    ) -> Any:
        """The records of S3 objects."""
        return self._glue_context.create_dynamic_frame_from_options(
            connection_type, connection_options, format, format_options, transformation_ctx,
            push_down_predicate, **kwargs,
        )  # fmt: skip

    def from_catalog(
        self,
        database: str | None = None,
        table_name: str | None = None,
        redshift_tmp_dir: str = "",
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        additional_options: Mapping[str, Any] | None = None,
        catalog_id: str | None = None,
        **kwargs: Any,
    ) -> Any:
        """A catalog table's records."""
        return self._glue_context.create_dynamic_frame_from_catalog(
            database, table_name, redshift_tmp_dir, transformation_ctx, push_down_predicate,
            additional_options, catalog_id, **kwargs,
        )  # fmt: skip


class DataFrameReader:
    """Reads DataFrames: `from_catalog`, `from_options`."""

    def __init__(self, glue_context: Any) -> None:
        self.from_catalog = glue_context.create_data_frame_from_catalog
        self.from_options = glue_context.create_data_frame_from_options


class DynamicFrameWriter:
    """Writes DynamicFrames: `from_options`, `from_catalog`."""

    def __init__(self, glue_context: Any) -> None:
        self._glue_context = glue_context

    def from_options(
        self,
        frame: Any,
        connection_type: str,
        connection_options: Mapping[str, Any] | None = None,
        format: str | None = None,
        format_options: Mapping[str, Any] | None = None,
        transformation_ctx: str = "",
    ) -> Any:
        """Add records to S3."""
        return self._glue_context.write_dynamic_frame_from_options(
            frame, connection_type, connection_options, format, format_options, transformation_ctx
        )

    def from_catalog(
        self,
        frame: Any,
        database: str | None = None,
        table_name: str | None = None,
        redshift_tmp_dir: str = "",
        transformation_ctx: str = "",
        additional_options: Mapping[str, Any] | None = None,
        catalog_id: str | None = None,
        **kwargs: Any,
    ) -> Any:
        """Add records to a catalog table."""
        return self._glue_context.write_dynamic_frame_from_catalog(
            frame, database, table_name, redshift_tmp_dir, transformation_ctx, additional_options,
            catalog_id, **kwargs,
        )  # fmt: skip

    def from_jdbc_conf(
        self,
        frame: Any,
        catalog_connection: str,
        connection_options: Mapping[str, Any] | None = None,
        redshift_tmp_dir: str = "",
        transformation_ctx: str = "",
    ) -> Any:
        """Add records to a table of the database that a connection names."""
        return self._glue_context.write_dynamic_frame_from_jdbc_conf(
            frame, catalog_connection, connection_options, redshift_tmp_dir, transformation_ctx
        )


class DataFrameWriter:
    """Writes DataFrames: `from_options`, `from_catalog`."""

    def __init__(self, glue_context: Any) -> None:
        self.from_catalog = glue_context.write_data_frame_from_catalog
        self.from_options = glue_context.write_data_frame_from_options
