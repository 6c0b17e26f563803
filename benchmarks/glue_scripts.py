"""Time what DynamicFrames cost: scripts on a million rows, against the same work in DataFrames.

    python -m benchmarks.glue_scripts [ROWS]

`sales` is a whole job, from StartJobRun to its end, against the same DataFrame code in a PySpark `local[2]`
that starts its own JVM. The others run inside one job, each pair on the same Spark: `relationalize` and
`resolveChoice` of nested records with a choice, against DataFrame code that comes to the same columns.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.athena import client
from benchmarks.record import record
from benchmarks.servers import running_server
from local_aws.settings import Settings

BUCKET = "bench-glue-scripts"
ROUNDS = 3
SALES = """
from awsglue.context import GlueContext
from awsglue.dynamicframe import DynamicFrame
from pyspark.context import SparkContext
from pyspark.sql.functions import col, month, year

glue = GlueContext(SparkContext())
sales = glue.create_dynamic_frame.from_catalog(database="bench", table_name="sales")
frame = sales.toDF().filter(col("cantidad") > 0)
frame = frame.withColumn("año", year("fecha")).withColumn("mes", month("fecha"))
glue.write_dynamic_frame.from_options(
    frame=DynamicFrame.fromDF(frame, glue, "clean"), connection_type="s3",
    connection_options={"path": "s3://bench-glue-scripts/out/", "partitionKeys": ["año", "mes"]},
    format="parquet",
)
"""
PLAIN = """
import sys
from pyspark.sql import SparkSession
from pyspark.sql.functions import col, month, year

spark = SparkSession.builder.master("local[2]").getOrCreate()
schema = "id bigint, producto string, cantidad bigint, fecha string"
frame = spark.read.csv(sys.argv[1], schema=schema, header=True).filter(col("cantidad") > 0)
frame = frame.withColumn("año", year("fecha")).withColumn("mes", month("fecha"))
frame.write.mode("overwrite").partitionBy("año", "mes").parquet(sys.argv[2])
"""
NESTED = """
import json, time
from awsglue.context import GlueContext
from pyspark.context import SparkContext
from pyspark.sql import functions as F

glue = GlueContext(SparkContext())
spark = glue.spark_session
path = "s3://bench-glue-scripts/nested/"
def seconds(work):
    found = []
    for _ in range(ROUNDS):
        begin = time.time()
        work()
        found.append(time.time() - begin)
    return round(min(found), 2)
def write(frame, name):
    frame.write.mode("overwrite").parquet("s3://bench-glue-scripts/made/" + name)
def frame():
    return glue.create_dynamic_frame.from_options("s3", {"paths": [path]}, "json")
def relationalize():
    made = frame().relationalize("root", "s3://bench-glue-scripts/tmp/")
    for name in made.keys():
        write(made.select(name).toDF(), "dynamic-" + name)
def flat():
    rows = spark.read.json(path).withColumn("key", F.monotonically_increasing_id())
    write(rows.select("id", "amount", F.col("client.name"), F.col("client.city"), "key"), "flat")
    lines = rows.select("key", F.posexplode("lines").alias("index", "line"))
    write(lines.select("key", "index", "line.*"), "lines")
def resolve():
    write(frame().resolveChoice(specs=[("amount", "cast:double")]).toDF(), "resolved")
def cast():
    write(spark.read.json(path).withColumn("amount", F.col("amount").cast("double")), "cast")
print(json.dumps({
    "relationalize_s": seconds(relationalize), "relationalize_plain_s": seconds(flat),
    "resolve_choice_s": seconds(resolve), "resolve_choice_plain_s": seconds(cast),
}))
"""


class Bench:
    """One server with the data."""

    def __init__(self, settings: Settings, rows: int) -> None:
        self.settings, self.rows = settings, rows
        self.s3, self.glue, self.logs = (client(settings, name) for name in ("s3", "glue", "logs"))
        self.s3.create_bucket(Bucket=BUCKET)
        self.glue.create_database(DatabaseInput={"Name": "bench"})

    def sales(self) -> dict[str, float]:
        """The whole job against a new JVM."""
        self.s3.put_object(Bucket=BUCKET, Key="sales/sales.csv", Body=sales_csv(self.rows).encode())
        self.glue.create_table(DatabaseName="bench", TableInput=sales_table())
        through = min(self._run("sales", SALES)[0] for _ in range(ROUNDS))
        source = self.settings.state / "s3" / BUCKET / "sales"
        with tempfile.TemporaryDirectory() as target:
            direct = min(plain(source, Path(target) / "out") for _ in range(ROUNDS))
        return {"sales_s": round(through, 2), "sales_plain_s": round(direct, 2)}

    def nested(self) -> dict[str, float]:
        """DynamicFrames against DataFrames inside one job."""
        for part, lines in enumerate(nested_lines(self.rows)):
            self.s3.put_object(Bucket=BUCKET, Key=f"nested/{part}.json", Body=lines.encode())
        _, printed = self._run("nested", NESTED.replace("ROUNDS", "2"))
        figures: dict[str, float] = json.loads(printed)
        return figures

    def _run(self, name: str, script: str) -> tuple[float, str]:
        self.s3.put_object(Bucket=BUCKET, Key=f"{name}.py", Body=script.encode())
        location = {"Name": "glueetl", "ScriptLocation": f"s3://{BUCKET}/{name}.py"}
        if name not in self.glue.list_jobs()["JobNames"]:
            self.glue.create_job(Name=name, Role="bench", Command=location)
        begin = time.time()
        run_id = self.glue.start_job_run(JobName=name)["JobRunId"]
        while True:
            run = self.glue.get_job_run(JobName=name, RunId=run_id)["JobRun"]
            if run["JobRunState"] not in ("STARTING", "RUNNING"):
                break
            time.sleep(0.05)
        seconds = time.time() - begin
        assert run["JobRunState"] == "SUCCEEDED", run
        group = {"logGroupName": "/aws-glue/jobs/output", "logStreamName": run_id}
        try:
            events = self.logs.get_log_events(**group)["events"]
        except self.logs.exceptions.ResourceNotFoundException:
            events = []
        return seconds, events[-1]["message"] if events else ""


def plain(source: Path, target: Path) -> float:
    """Seconds of the DataFrame code in a PySpark of its own."""
    begin = time.time()
    environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1"}
    command = [sys.executable, "-c", PLAIN, str(source), str(target)]
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return time.time() - begin


def sales_csv(rows: int) -> str:
    """Sales of two years."""
    chance = random.Random(7)
    lines = (
        f"{n},p{chance.randrange(50)},{chance.randrange(9)},"
        f"202{chance.randrange(4, 6)}-{chance.randrange(1, 13):02}-11"
        for n in range(rows)
    )
    return "id,producto,cantidad,fecha\n" + "\n".join(lines)


def sales_table() -> dict[str, Any]:
    """The catalog's table of the sales."""
    types = {"id": "bigint", "producto": "string", "cantidad": "bigint", "fecha": "string"}
    return {
        "Name": "sales",
        "StorageDescriptor": {
            "Location": f"s3://{BUCKET}/sales/",
            "Columns": [{"Name": name, "Type": kind} for name, kind in types.items()],
            "SerdeInfo": {
                "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
                "Parameters": {"field.delim": ","},
            },
        },
        "Parameters": {"classification": "csv", "skip.header.line.count": "1"},
    }


def nested_lines(rows: int) -> list[str]:
    """Orders with lines, in four files; the amount of every hundredth is a text."""
    chance = random.Random(7)
    records = (
        json.dumps(
            {
                "id": n,
                "amount": n * 1.5 if n % 100 else f"{n}",
                "client": {"name": f"c{n % 1000}", "city": "Santa Marta"},
                "lines": [{"sku": f"s{chance.randrange(99)}", "n": n % 7} for _ in range(n % 3)],
            }
        )
        for n in range(rows)
    )
    lines = list(records)
    return ["\n".join(lines[part::4]) for part in range(4)]


def main() -> None:
    """Measure, print and keep."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with running_server() as settings:
        bench = Bench(settings, rows)
        figures: dict[str, Any] = {"rows": rows, **bench.sales(), **bench.nested()}
    for name in ("sales", "relationalize", "resolve_choice"):
        figures[f"{name}_ratio"] = round(figures[f"{name}_s"] / figures[f"{name}_plain_s"], 2)
    record("glue_scripts", figures, ("pyspark",))


if __name__ == "__main__":
    main()
