"""Glue job: raw orders (CSV) to clean ones (Parquet), one row an order, without those that have no amount."""

import sys

from awsglue.context import GlueContext
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext
from pyspark.sql import DataFrame, functions


def clean(orders: DataFrame) -> DataFrame:
    return (
        orders.withColumn("amount", functions.col("amount").cast("decimal(10,2)"))
        .where(functions.col("amount").isNotNull())
        .dropDuplicates(["id"])
        .select(functions.col("id").cast("int"), functions.trim("customer").alias("customer"), "amount")
    )


if __name__ == "__main__":
    arguments = getResolvedOptions(sys.argv, ["bucket"])
    spark = GlueContext(SparkContext.getOrCreate()).spark_session
    raw = spark.read.csv(f"s3://{arguments['bucket']}/raw/orders/", header=True)
    clean(raw).write.mode("overwrite").parquet(f"s3://{arguments['bucket']}/clean/orders/")
