"""Glue jobs through the server, with real Spark."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.conftest import LocalAws
from tests.integration.glue_jobs import Jobs

pytestmark = pytest.mark.spark

SPARK = "from pyspark.sql import SparkSession\nspark = SparkSession.builder.getOrCreate()\n"


@pytest.fixture(scope="module")
def jobs(aws: LocalAws) -> Jobs:
    return Jobs(aws, "glue-jobs-lake")


def test_a_job_reads_and_writes_s3_and_logs_what_it_prints(jobs: Jobs) -> None:
    jobs.s3.put_object(
        Bucket=jobs.bucket, Key="in/año=2025/ciudad=Santa Marta/a.csv", Body=b"id,n\n1,2\n2,3\n"
    )
    run = jobs.run(
        SPARK
        + f"""
import boto3
rows = spark.read.csv("s3://{jobs.bucket}/in/", header=True)
print(sorted(rows.columns), rows.count())
rows.coalesce(1).write.partitionBy("año", "ciudad").parquet("s3a://{jobs.bucket}/out/")
rows.select("id").coalesce(1).write.json("s3://{jobs.bucket}/json")
spark.sparkContext.parallelize(["a"], 1).saveAsTextFile("s3://{jobs.bucket}/text")
print(spark.read.parquet("s3://{jobs.bucket}/out/año=*/").count())
boto3.client("s3").put_object(Bucket="{jobs.bucket}", Key="by-boto3", Body=b"yes")
"""
    )
    assert run["JobRunState"] == "SUCCEEDED", run
    assert jobs.output(run) == ["['año', 'ciudad', 'id', 'n'] 2", "2"]
    assert jobs.text("by-boto3") == "yes"
    keys = jobs.keys()
    assert [key.rsplit("/", 1)[0] for key in keys if "part-" in key] == [
        "json",
        "out/año=2025/ciudad=Santa Marta",
        "text",
    ]
    assert not any(".crc" in key or "_temporary" in key for key in keys)


def test_a_partition_is_overwritten_and_the_others_keep_their_etags(jobs: Jobs) -> None:
    script = (
        SPARK
        + """
import sys
spark.conf.set("spark.sql.sources.partitionOverwriteMode", "dynamic")
from awsglue.utils import getResolvedOptions
options = getResolvedOptions(sys.argv, ["day", "rows"])
day, rows = int(options["day"]), int(options["rows"])
frame = spark.range(rows).selectExpr("id", f"{day} as day").coalesce(1)
frame.write.mode("overwrite").partitionBy("day").parquet("s3://BUCKET/days")
"""
    ).replace("BUCKET", jobs.bucket)
    name = jobs.create(script)
    etags = []
    for day, rows in ((1, 3), (2, 3), (2, 4)):
        run = jobs.wait(name, jobs.start(name, Arguments={"--day": str(day), "--rows": str(rows)}))
        assert run["JobRunState"] == "SUCCEEDED", run
        listed = jobs.s3.list_objects_v2(Bucket=jobs.bucket, Prefix="days/day=")
        etags.append({found["Key"].split("/")[1]: found["ETag"] for found in listed.get("Contents", ())})
    assert set(etags[2]) == {"day=1", "day=2"}
    assert etags[1]["day=1"] == etags[2]["day=1"]
    assert etags[1]["day=2"] != etags[2]["day=2"]


def test_the_library_comes_from_extra_py_files_in_the_driver_and_in_udfs(jobs: Jobs) -> None:
    library = io.BytesIO()
    with zipfile.ZipFile(library, "w") as made:
        made.writestr("pipeline/__init__.py", "WHERE = 'the zip'")
    jobs.s3.put_object(Bucket=jobs.bucket, Key="lib/pipeline.zip", Body=library.getvalue())
    run = jobs.run(
        SPARK
        + """
import pipeline
from pyspark.sql.functions import udf
def where(x):
    import pipeline
    return pipeline.WHERE
print(pipeline.WHERE, [row[0] for row in spark.range(1).select(udf(where)("id")).collect()])
""",
        DefaultArguments={"--extra-py-files": f"s3://{jobs.bucket}/lib/pipeline.zip"},
    )
    assert run["JobRunState"] == "SUCCEEDED", run
    assert jobs.output(run) == ["the zip ['the zip']"]


def test_nothing_of_a_job_reaches_the_next(jobs: Jobs) -> None:
    first = jobs.run(
        SPARK
        + """
spark.range(3).createOrReplaceGlobalTempView("left_behind")
spark.conf.set("spark.sql.shuffle.partitions", "77")
spark.sparkContext._jvm.java.lang.System.setProperty("spark.left", "behind")
spark.sparkContext._jsc.hadoopConfiguration().set("left.behind", "yes")
print(spark.conf.get("spark.mine"), spark.conf.get("spark.also"))
""",
        DefaultArguments={"--conf": "spark.mine=1 --conf spark.also=2"},
    )
    assert jobs.output(first) == ["1 2"]
    second = jobs.run(
        SPARK
        + """
configuration = spark.sparkContext._jsc.hadoopConfiguration()
print(spark.conf.get("spark.mine", None), spark.conf.get("spark.left", None))
print(configuration.get("left.behind"), spark.conf.get("spark.sql.shuffle.partitions") == "77")
print(spark.catalog.tableExists("global_temp.left_behind"))
"""
    )
    assert second["JobRunState"] == "SUCCEEDED", second
    assert jobs.output(second) == ["None None", "None False", "False"]


def test_a_failing_query_says_where_as_glue_does(jobs: Jobs) -> None:
    run = jobs.run(SPARK + "\nspark.sql('select nope')\n")
    assert run["JobRunState"] == "FAILED"
    start = "Error Category: QUERY_ERROR; Failed Line Number: 4; AnalysisException: [UNRESOLVED_COLUMN"
    assert run["ErrorMessage"].startswith(start)
    assert run["CompletedOn"] >= run["StartedOn"]


def test_a_bucket_that_is_not_there_is_an_error_and_no_folder_of_the_machine(jobs: Jobs) -> None:
    run = jobs.run(SPARK + "spark.range(3).write.csv('s3://no-such-bucket/tmp/x')\n")
    assert run["JobRunState"] == "FAILED"
    assert "The specified bucket does not exist." in run["ErrorMessage"]


def test_a_job_that_kills_its_jvm_does_not_hurt_the_next(jobs: Jobs) -> None:
    killed = jobs.run(SPARK + "spark.sparkContext._jvm.java.lang.System.exit(3)\n")
    assert killed["JobRunState"] == "FAILED"
    assert "Spark's JVM ended" in killed["ErrorMessage"]
    assert jobs.run(SPARK + "print(spark.range(4).count())\n")["JobRunState"] == "SUCCEEDED"


def test_a_stopped_job_leaves_nothing_half_written(jobs: Jobs) -> None:
    script = """
import time
from pyspark.sql.functions import udf
slow = udf(lambda x: time.sleep(0.2 if x < 50 else 600) or x)
print("started", flush=True)
spark.range(100).repartition(2).select(slow("id")).write.parquet("s3://BUCKET/half")
""".replace("BUCKET", jobs.bucket)
    name = jobs.create(SPARK + script)
    run_id = jobs.start(name)
    jobs.wait(name, run_id, {"RUNNING"})
    answer = jobs.glue.batch_stop_job_run(JobName=name, JobRunIds=[run_id])
    assert answer["Errors"] == []
    assert jobs.wait(name, run_id)["JobRunState"] == "STOPPED"
    assert jobs.keys("half") == []


def test_two_jobs_run_at_the_same_time(jobs: Jobs) -> None:
    script = """
import time
time.sleep(2)
print(spark.range(5).count())
"""
    names = [jobs.create(SPARK + script) for _ in range(3)]
    started = [(name, jobs.start(name)) for name in names]
    runs = [jobs.wait(name, run_id) for name, run_id in started]
    assert [run["JobRunState"] for run in runs] == ["SUCCEEDED"] * 3


def test_a_python_shell_job_runs_without_spark(jobs: Jobs) -> None:
    run = jobs.run("import sys; print(sys.argv[1:][-2:])", "pythonshell", DefaultArguments={"--a": "b"})
    assert run["JobRunState"] == "SUCCEEDED", run
    assert run["LogGroupName"] == "/aws-glue/python-jobs"
    assert jobs.output(run) == ["['--a', 'b']"]


def test_what_is_not_there_fails_the_run_by_its_name(jobs: Jobs) -> None:
    run = jobs.run("print(1)", DefaultArguments={"--job-language": "scala"})
    assert run["JobRunState"] == "FAILED"
    assert "--job-language" in run["ErrorMessage"]


def test_a_job_s_python_modules_come_from_a_wheel_in_s3(jobs: Jobs) -> None:
    wheel = io.BytesIO()
    with zipfile.ZipFile(wheel, "w") as made:
        made.writestr("medidas.py", "UNIDAD = 'kWh'\n")
        made.writestr(
            "medidas-2.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: medidas\nVersion: 2.0\n"
        )
        tag = "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        made.writestr("medidas-2.0.dist-info/WHEEL", tag)
        made.writestr("medidas-2.0.dist-info/RECORD", "medidas.py,,\n")
    key = "wheels/medidas-2.0-py3-none-any.whl"
    jobs.s3.put_object(Bucket=jobs.bucket, Key=key, Body=wheel.getvalue())
    arguments = {
        "--additional-python-modules": f"numpy>=1.0,s3://{jobs.bucket}/{key}",
        "--python-modules-installer-option": "--no-index --no-deps",
    }
    script = "import medidas, numpy\nprint(medidas.UNIDAD)"
    run = jobs.run(script, command="pythonshell", DefaultArguments=arguments)
    assert run["JobRunState"] == "SUCCEEDED", run
    assert jobs.output(run) == ["kWh"]
    absent = {**arguments, "--additional-python-modules": "no-such-module==1.0"}
    run = jobs.run(script, command="pythonshell", DefaultArguments=absent)
    assert "no-such-module" in run["ErrorMessage"]
