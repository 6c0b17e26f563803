"""Time Spark reading and writing the lake's files: by S3A on LocalStack, and on the folder mount.

    python -m benchmarks.s3a

The same job runs on both, thrice each on a warm JVM; the first run is not counted. `ratio` is S3A's time over
the folder's, so 1 would be a LocalStack that costs nothing.
"""

from __future__ import annotations

import json
import os
import statistics
import time

import boto3

from benchmarks.record import record
from benchmarks.servers import running_server
from local_aws.settings import S3Kind, Settings

ROUNDS = 3
BUCKET = "bench-s3a"
ROWS = 2_000_000
SCRIPT = f"""
import json, time
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.conf.set("spark.sql.sources.partitionOverwriteMode", "dynamic")
rows = spark.range({ROWS}).selectExpr("id", "id % 20 as day", "sha1(cast(id as string)) as text")
started = time.time()
rows.coalesce(2).write.mode("overwrite").parquet("s3://{BUCKET}/whole/")
whole = time.time()
rows.where("id < 200000").coalesce(2).write.mode("overwrite").partitionBy("day").parquet("s3://{BUCKET}/days/")
days = time.time()
read = spark.read.parquet("s3://{BUCKET}/whole/").selectExpr("max(text)", "sum(id)").collect()
print(json.dumps({{"write_s": whole - started, "partitions_s": days - whole, "read_s": time.time() - days}}))
"""


def main() -> None:
    os.environ["LAGUNA_WARM_SPARK"] = "0"
    figures = {kind: measured(kind) for kind in ("folder", "localstack")}
    ratio = {
        name: round(figures["localstack"][name] / figures["folder"][name], 2) for name in figures["folder"]
    }
    record("s3a", {**figures, "ratio": ratio}, ("pyspark",))


def measured(kind: S3Kind) -> dict[str, float]:
    """Median seconds of each part."""
    with running_server(kind) as settings:
        runs = [one_run(settings) for _ in range(ROUNDS + 1)][1:]
    return {name: round(statistics.median(run[name] for run in runs), 2) for name in runs[0]}


def one_run(settings: Settings) -> dict[str, float]:
    session = boto3.Session("test", "test", region_name="us-east-1")
    s3, glue, logs = (session.client(name, endpoint_url=settings.endpoint) for name in ("s3", "glue", "logs"))
    if BUCKET not in [found["Name"] for found in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(Bucket=BUCKET)
        s3.put_object(Bucket=BUCKET, Key="job.py", Body=SCRIPT.encode())
        command = {"Name": "glueetl", "ScriptLocation": f"s3://{BUCKET}/job.py"}
        glue.create_job(Name="bench", Role="bench", Command=command)
    run_id = glue.start_job_run(JobName="bench")["JobRunId"]
    while True:
        run = glue.get_job_run(JobName="bench", RunId=run_id)["JobRun"]
        if run["JobRunState"] not in ("STARTING", "RUNNING"):
            break
        time.sleep(0.1)
    assert run["JobRunState"] == "SUCCEEDED", run
    events = logs.get_log_events(logGroupName="/aws-glue/jobs/output", logStreamName=run_id)["events"]
    figures: dict[str, float] = json.loads(events[-1]["message"])
    return figures


if __name__ == "__main__":
    main()
