"""Glue job: raw orders of one load date, or of all of them, to `processed/orders/`.

Arguments: `--lake_bucket`; `--load_date`, which is `YYYY-MM-DD`, or `pending` or `all`, which take every one.
"""

import sys

from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext

from lake.transforms.orders import clean

args = getResolvedOptions(sys.argv, ["JOB_NAME", "lake_bucket", "load_date"])
glue = GlueContext(SparkContext.getOrCreate())
spark = glue.spark_session
spark.conf.set("spark.sql.sources.partitionOverwriteMode", "dynamic")
job = Job(glue)
job.init(args["JOB_NAME"], args)

raw = f"s3://{args['lake_bucket']}/raw/orders/"
orders = spark.read.option("header", True).option("basePath", raw)
day = args["load_date"]
read = orders.csv(raw if day in ("all", "pending") else f"{raw}dt={day}/")
days = [str(row.dt) for row in read.select("dt").distinct().collect()]
for day in days:
    one = clean(read.where(read.dt == day))
    one.write.mode("overwrite").parquet(f"s3://{args['lake_bucket']}/processed/orders/dt={day}/")
    print(f"{day}: {one.count()} orders")

job.commit()
