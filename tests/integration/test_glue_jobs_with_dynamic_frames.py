"""Jobs written with `awsglue`, as the reference systems' are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import LocalAws
from tests.integration.glue_jobs import Jobs

pytestmark = pytest.mark.spark

DATABASE = "bsg_db"
SALES = "id,producto,cantidad,fecha\n1,café,3,2024-12-31\n2,té,0,2025-01-01\n3,pan,5,2025-02-10\n"
R3_JOB = """
    import sys
    from awsglue.context import GlueContext
    from awsglue.dynamicframe import DynamicFrame
    from awsglue.job import Job
    from awsglue.transforms import *
    from awsglue.utils import getResolvedOptions
    from pyspark.context import SparkContext
    from pyspark.sql.functions import col, month, year

    args = getResolvedOptions(sys.argv, ["JOB_NAME", "target"])
    sc = SparkContext()
    glueContext = GlueContext(sc)
    spark = glueContext.spark_session
    job = Job(glueContext)
    job.init(args["JOB_NAME"], args)
    sales = glueContext.create_dynamic_frame.from_catalog(database="bsg_db", table_name="raw_sales")
    frame = sales.toDF().filter(col("cantidad") > 0)
    frame = frame.withColumn("año", year("fecha")).withColumn("mes", month("fecha"))
    glueContext.write_dynamic_frame.from_options(
        frame=DynamicFrame.fromDF(frame, glueContext, "clean"),
        connection_type="s3",
        connection_options={"path": args["target"], "partitionKeys": ["año", "mes"]},
        format="parquet",
    )
    glueContext.get_logger().info("sales are clean")
    job.commit()
"""


@pytest.fixture(scope="module")
def jobs(aws: LocalAws) -> Iterator[Jobs]:
    jobs = Jobs(aws, "bsg-data-lake")
    jobs.s3.put_object(Bucket=jobs.bucket, Key="raw/sales.csv", Body=SALES.encode())
    jobs.glue.create_database(DatabaseInput={"Name": DATABASE})
    columns = {"id": "bigint", "producto": "string", "cantidad": "bigint", "fecha": "string"}
    jobs.glue.create_table(
        DatabaseName=DATABASE,
        TableInput={
            "Name": "raw_sales",
            "Parameters": {"classification": "csv", "skip.header.line.count": "1"},
            "StorageDescriptor": {
                "Location": f"s3://{jobs.bucket}/raw/",
                "Columns": [{"Name": name, "Type": kind} for name, kind in columns.items()],
                "SerdeInfo": {
                    "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
                    "Parameters": {"field.delim": ","},
                },
            },
        },
    )
    yield jobs
    jobs.glue.delete_database(Name=DATABASE)


def test_the_r3_job_runs_as_it_is_with_an_ñ_in_a_partition_key(jobs: Jobs) -> None:
    name = jobs.create(R3_JOB, GlueVersion="4.0", NumberOfWorkers=2, WorkerType="G.1X")
    arguments = {"--target": f"s3://{jobs.bucket}/processed/"}
    run = jobs.wait(name, jobs.start(name, Arguments=arguments))
    assert run["JobRunState"] == "SUCCEEDED", run.get("ErrorMessage")
    folders = [key.rsplit("/", 1)[0] for key in jobs.keys("processed/")]
    assert folders == ["processed/año=2024/mes=12", "processed/año=2025/mes=2"]
    assert any("GlueLogger" in line and "sales are clean" in line for line in jobs.output(run, "error"))
