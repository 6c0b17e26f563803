"""Values in the names of partition folders are texts, as they are in the catalog."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pyspark.sql import SparkSession

INFERENCE = "spark.sql.sources.partitionColumnTypeInference.enabled"


@contextmanager
def partition_values_as_text(spark: SparkSession) -> Iterator[None]:
    """Keep Spark from reading `month=07` as the number 7."""
    with setting(spark, INFERENCE, "false"):
        yield


@contextmanager
def setting(spark: SparkSession, name: str, value: str) -> Iterator[None]:
    """Have a setting of Spark, which has a default, be `value` within a block."""
    before = spark.conf.get(name)
    spark.conf.set(name, value)
    try:
        yield
    finally:
        spark.conf.set(name, before)
