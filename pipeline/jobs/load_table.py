"""The Glue jobs `clientes`, `proveedores` and `transacciones`: load raw files into `processed/` and `rejected/`.

Arguments: `--table`, which of them it is; `--lake_bucket`, the lake's bucket; `--load_date`, which is `pending`,
`all` or `YYYY-MM-DD`.
"""  # noqa: E501

import sys

import boto3
from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext

from pipeline.loading.lake import Lake
from pipeline.loading.load import load_table
from pipeline.transforms.tables import TABLES

args = getResolvedOptions(sys.argv, ["JOB_NAME", "table", "lake_bucket", "load_date"])
glue = GlueContext(SparkContext.getOrCreate())
job = Job(glue)
job.init(args["JOB_NAME"], args)

lake = Lake(boto3.client("s3"), args["lake_bucket"])
for report in load_table(glue.spark_session, lake, TABLES[args["table"]], args["load_date"]):
    print(report.to_json().decode())

job.commit()
