"""`awsglue` is on the path of job processes only; these tests put it on theirs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest
from pyspark.sql import SparkSession

from local_aws.glue.jobs.process import JOB_PATH

sys.path.insert(0, str(JOB_PATH))


@pytest.fixture
def context(spark: SparkSession) -> Any:
    """A GlueContext on the tests' Spark."""
    from awsglue.context import GlueContext

    return GlueContext(spark.sparkContext)


@pytest.fixture
def frame_of(context: Any) -> Callable[..., Any]:
    """Makes a DynamicFrame of Python records, as a source that reads records does."""
    from awsglue.dynamic.data import Data
    from awsglue.dynamicframe import DynamicFrame

    def make(*records: dict[str, Any], slices: int = 2) -> Any:
        spark = context.spark_session
        return DynamicFrame(
            Data.of_records(spark, spark.sparkContext.parallelize(records, slices)), context, "frame"
        )

    return make


@pytest.fixture
def records_of() -> Callable[..., list[dict[str, Any]]]:
    """The records of a frame as plain dicts."""

    def collect(frame: Any) -> list[dict[str, Any]]:
        return [plain(record) for record in frame._data.records.collect()]

    return collect


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list) else value
