"""Glue job: CSV files below raw/ventas/ become Parquet below processed/ventas/, by city."""

import sys

from awsglue.context import GlueContext
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext

args = getResolvedOptions(sys.argv, ["lake_bucket"])
spark = GlueContext(SparkContext.getOrCreate()).spark_session
lake = f"s3://{args['lake_bucket']}"

ventas = spark.read.csv(
    f"{lake}/raw/ventas/", header=True, schema="id string, ciudad string, cantidad double, precio double"
)
ventas.dropna().write.mode("overwrite").partitionBy("ciudad").parquet(f"{lake}/processed/ventas/")
