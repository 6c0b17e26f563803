"""A small Spark for the tests of transforms, loads and `awsglue`."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator

import pytest
from pyspark.sql import SparkSession

from laguna.testing.spark import spark_session as started
from local_aws.glue.jobs.process import JOB_PATH
from pipeline.loading.load import SETTINGS

OPTIONS = {"spark.executorEnv.PYTHONPATH": str(JOB_PATH), **SETTINGS}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # PySpark leaves the sockets over which it collects rows to the garbage collector.
    for item in items:
        if item.get_closest_marker("spark"):
            item.add_marker(pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"))


@pytest.fixture(scope="session")
def spark_session() -> Iterator[SparkSession]:
    with started(OPTIONS) as session:
        yield session


@pytest.fixture
def spark(spark_session: SparkSession) -> Iterator[SparkSession]:
    yield spark_session
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
