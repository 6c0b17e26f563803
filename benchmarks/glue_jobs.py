"""Time Glue jobs through boto3: on a Spark that is kept warm, and on one that has to start.

    python -m benchmarks.glue_jobs

`first_line_s` is from StartJobRun to the first line of the script (by its own clock), `query_s` to the
answer of its first query, `ended_s` to the client seeing the run's end. The peer is the same script under
`spark-submit`'s way of starting: a new JVM for each job, with nothing around it.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from typing import Any

import boto3

from benchmarks.record import record
from benchmarks.servers import running_server
from local_aws.settings import Settings

ROUNDS = 5
BUCKET = "bench-glue-jobs"
SCRIPT = """
import json, time
first = time.time()
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
rows = spark.range(100_000).selectExpr("id % 7 as day", "id").groupBy("day").count().collect()
assert len(rows) == 7
print(json.dumps({"first": first, "query": time.time()}))
"""


def main() -> None:
    os.environ["LAGUNA_WARM_SPARK"] = "0"
    with running_server() as settings:
        runs = measured(settings, ROUNDS + 1)
    figures = {
        "cold": runs[0],
        "warm_median": {key: statistics.median(run[key] for run in runs[1:]) for key in runs[0]},
        "warm": runs[1:],
        "peer_new_jvm_each_job": {"ended_s": round(new_jvm(), 2)},
    }
    record("glue_jobs", figures, ("pyspark",))


def measured(settings: Settings, rounds: int) -> list[dict[str, float]]:
    """Run the script `rounds` times on one server."""
    clients: dict[str, Any] = {
        name: boto3.client(
            name,
            endpoint_url=settings.endpoint,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        for name in ("s3", "glue", "logs")
    }
    clients["s3"].create_bucket(Bucket=BUCKET)
    clients["s3"].put_object(Bucket=BUCKET, Key="job.py", Body=SCRIPT.encode())
    command = {"Name": "glueetl", "ScriptLocation": f"s3://{BUCKET}/job.py"}
    clients["glue"].create_job(Name="bench", Role="bench", Command=command)
    return [one_run(clients["glue"], clients["logs"]) for _ in range(rounds)]


def one_run(glue: Any, logs: Any) -> dict[str, float]:
    started = time.time()
    run_id = glue.start_job_run(JobName="bench")["JobRunId"]
    while True:
        run = glue.get_job_run(JobName="bench", RunId=run_id)["JobRun"]
        if run["JobRunState"] not in ("STARTING", "RUNNING"):
            break
        time.sleep(0.02)
    ended = time.time()
    assert run["JobRunState"] == "SUCCEEDED", run
    events = logs.get_log_events(logGroupName="/aws-glue/jobs/output", logStreamName=run_id)["events"]
    printed = json.loads(events[-1]["message"])
    return {
        "first_line_s": round(printed["first"] - started, 2),
        "query_s": round(printed["query"] - started, 2),
        "ended_s": round(ended - started, 2),
    }


def new_jvm() -> float:
    """Seconds of the same script in a Python process that starts its own JVM."""
    started = time.time()
    environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1"}
    subprocess.run([sys.executable, "-c", SCRIPT], check=True, capture_output=True, env=environment)
    return time.time() - started


if __name__ == "__main__":
    main()
