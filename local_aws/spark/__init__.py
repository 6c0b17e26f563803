"""Spark kept warm for Glue jobs: JVMs that are started once and lent to one job after another."""

from local_aws.spark.java import NoJava
from local_aws.spark.launch import JvmFailed
from local_aws.spark.pool import WarmSpark

__all__ = ["JvmFailed", "NoJava", "WarmSpark"]
