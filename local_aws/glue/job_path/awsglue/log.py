"""Glue's logger, in the run's error log; what a script prints is in the other."""

from __future__ import annotations

from typing import Any

from pyspark.sql import SparkSession

NAME = "GlueLogger"


def logger() -> Any:
    """The logger: `info`, `warn`, `error`."""
    jvm = SparkSession.builder.getOrCreate()._jvm
    level = jvm.org.apache.logging.log4j.Level.INFO
    jvm.org.apache.logging.log4j.core.config.Configurator.setLevel(NAME, level)
    return jvm.org.apache.logging.log4j.LogManager.getLogger(NAME)


def warn(message: str) -> None:
    """Say what does not stop a job and may not be meant."""
    logger().warn(message)


def info(message: str) -> None:
    """Say what was decided."""
    logger().info(message)
