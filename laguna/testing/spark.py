"""A small Spark in the test's own process, on the Java that Laguna finds or brings."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from unittest.mock import patch

from pyspark.sql import SparkSession

from local_aws.spark.java import find_java_home

OPTIONS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.session.timeZone": "UTC",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}


@contextmanager
def spark_session(options: Mapping[str, str] = MappingProxyType({})) -> Iterator[SparkSession]:
    """A session with these options beside `OPTIONS`; it ends with the block.

    Raises:
        NoJava: there is no Java 17 on this machine.
    """
    found = {"JAVA_HOME": str(find_java_home(os.environ)), "PYSPARK_PYTHON": sys.executable}
    with patch.dict(os.environ, found):
        builder = SparkSession.builder.master("local[2]").appName("tests")
        for name, value in {**OPTIONS, **options}.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("OFF")
        try:
            yield session
        finally:
            session.stop()
