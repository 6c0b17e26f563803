"""`create_dynamic_frame`, `create_data_frame` and `write_dynamic_frame`: GlueContext's methods."""

from __future__ import annotations

from typing import Any, NoReturn

from awsglue.missing import not_there


class DynamicFrameReader:
    """Reads DynamicFrames: `from_catalog`, `from_options`, `from_rdd`."""

    def __init__(self, glue_context: Any) -> None:
        self.from_catalog = glue_context.create_dynamic_frame_from_catalog
        self.from_options = glue_context.create_dynamic_frame_from_options
        self.from_rdd = glue_context.create_dynamic_frame_from_rdd


class DataFrameReader:
    """Reads DataFrames: `from_catalog`, `from_options`."""

    def __init__(self, glue_context: Any) -> None:
        self.from_catalog = glue_context.create_data_frame_from_catalog
        self.from_options = glue_context.create_data_frame_from_options


class DynamicFrameWriter:
    """Writes DynamicFrames: `from_options`, `from_catalog`."""

    def __init__(self, glue_context: Any) -> None:
        self.from_options = glue_context.write_dynamic_frame_from_options
        self.from_catalog = glue_context.write_dynamic_frame_from_catalog

    def from_jdbc_conf(self, *arguments: Any, **named: Any) -> NoReturn:
        """Not there."""
        raise not_there("write_dynamic_frame.from_jdbc_conf")
