"""Job bookmarks with real jobs: which objects a run reads, and what is left of that after it.

The runs of one job, each with what it printed, are a story; a Spark job takes seconds, so stories are few.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import control
from local_aws.settings import Settings
from tests.conftest import LocalAws, free_port
from tests.integration.glue_jobs import Jobs

pytestmark = pytest.mark.spark

ENABLE = {"--job-bookmark-option": "job-bookmark-enable"}
PAUSE = {"--job-bookmark-option": "job-bookmark-pause"}
BEGIN = """
import sys
from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext

args = getResolvedOptions(sys.argv, ["JOB_NAME"])
context = GlueContext(SparkContext.getOrCreate())
job = Job(context)
job.init(args["JOB_NAME"], args)

def read(folder, ctx="source", format="json", **options):
    return context.create_dynamic_frame.from_options(
        connection_type="s3", format=format, transformation_ctx=ctx,
        connection_options={"paths": ["s3://BUCKET/" + folder], "recurse": True, **options},
        format_options={"withHeader": True} if format == "csv" else {},
    )

def seen(frame, *names):
    return sorted(tuple(row[name] for name in names or ("n",)) for row in frame.toDF().collect())
"""
READS = """
frame = read("in/")
print([n for n, in seen(frame)] if frame.toDF().columns else "nothing")
frame.apply_mapping([("n", "int", "m", "int")]).write("s3", {"path": "s3://BUCKET/out/"}, "json")
if "--fail" in sys.argv:
    raise RuntimeError("before the commit")
job.commit()
"""


@pytest.fixture(scope="module")
def jobs(aws: LocalAws) -> Jobs:
    return Jobs(aws, "bookmarks-lake")


class Story:
    """One job and its runs."""

    def __init__(self, jobs: Jobs, script: str, **definition: Any) -> None:
        self.jobs = jobs
        definition = {"DefaultArguments": ENABLE, **definition}
        self.name = jobs.create((BEGIN + script).replace("BUCKET", jobs.bucket), **definition)

    def put(self, key: str, *numbers: int) -> None:
        body = "".join(f'{{"n": {number}}}\n' for number in numbers)
        self.jobs.s3.put_object(Bucket=self.jobs.bucket, Key=key, Body=body.encode())

    def run(self, **arguments: str) -> dict[str, Any]:
        given = {f"--{name.replace('_', '-')}": value for name, value in arguments.items()}
        return self.jobs.wait(self.name, self.jobs.start(self.name, Arguments=given))

    def read(self, **arguments: str) -> list[str]:
        run = self.run(**arguments)
        assert run["JobRunState"] == "SUCCEEDED", run["ErrorMessage"]
        return self.jobs.output(run)


def test_objects_are_read_once_until_they_change_and_a_run_that_fails_reads_nothing(jobs: Jobs) -> None:
    story = Story(jobs, READS)
    story.put("in/a.json", 1)
    assert story.read() == ["[1]"]
    story.put("in/x=1/[b] ñ*?%20.json", 2)
    failed = story.run(fail="1")
    assert failed["ErrorMessage"].endswith("RuntimeError: before the commit")
    assert story.read() == ["[2]"]
    assert story.read() == ["nothing"]
    story.put("in/a.json", 3)
    assert story.read() == ["[3]"]
    assert sorted(map(jobs.text, jobs.keys("out/"))) == ['{"m":1}\n', '{"m":2}\n', '{"m":2}\n', '{"m":3}\n']


def test_a_bookmark_is_shown_paused_rewound_reset_and_put_aside(jobs: Jobs) -> None:
    story = Story(jobs, READS.replace("in/", "paused/"))
    glue, name = jobs.glue, story.name
    with pytest.raises(ClientError, match="Continuation for job"):
        glue.get_job_bookmark(JobName=name)
    runs = []
    for number in (1, 2, 3):
        story.put(f"paused/{number}.json", number)
        runs.append(story.run())
        assert jobs.output(runs[-1]) == [f"[{number}]"]
    entry = glue.get_job_bookmark(JobName=name)["JobBookmarkEntry"]
    assert (entry["Run"], entry["RunId"], entry["PreviousRunId"]) == (3, runs[2]["Id"], runs[1]["Id"])
    assert '"source"' in entry["JobBookmark"]
    pause = {"job_bookmark_option": "job-bookmark-pause"}
    story.put("paused/4.json", 4)
    assert story.read(**pause) == ["[4]"]
    window = {"job_bookmark_from": runs[0]["Id"], "job_bookmark_to": runs[1]["Id"]}
    assert story.read(**pause, **window) == ["[2]"]
    assert story.read(job_bookmark_option="job-bookmark-disable") == ["[1, 2, 3, 4]"]
    assert glue.get_job_bookmark(JobName=name)["JobBookmarkEntry"] == entry
    glue.reset_job_bookmark(JobName=name, RunId=runs[0]["Id"])
    assert story.read() == ["[2, 3, 4]"]
    glue.reset_job_bookmark(JobName=name)
    assert story.read() == ["[1, 2, 3, 4]"]
    wrong = story.run(**pause, job_bookmark_from="jr_x", job_bookmark_to="jr_y")
    assert wrong["ErrorMessage"].endswith("EntityNotFoundException: Job run jr_x not found.")


def test_of_two_runs_at_once_the_later_one_does_not_say_that_it_has_read(jobs: Jobs) -> None:
    story = Story(
        jobs,
        """
import time
import boto3
s3 = boto3.client("s3")
print(len(seen(read("both/"))))
s3.put_object(Bucket="BUCKET", Key="ready/" + args["JOB_RUN_ID"])
while s3.list_objects_v2(Bucket="BUCKET", Prefix="ready/")["KeyCount"] < 2:
    time.sleep(0.1)
job.commit()
""",
        ExecutionProperty={"MaxConcurrentRuns": 2},
    )
    story.put("both/a.json", 1)
    started = [jobs.start(story.name) for _ in range(2)]
    runs = sorted((jobs.wait(story.name, one) for one in started), key=lambda run: str(run["JobRunState"]))
    assert [run["JobRunState"] for run in runs] == ["FAILED", "SUCCEEDED"]
    message = runs[0]["ErrorMessage"]
    assert message.startswith("Error Category: GLUE_JOB_BOOKMARK_VERSION_MISMATCH_ERROR; Failed Line Number:")


def test_options_choose_objects_and_partitions_come_from_their_folders(jobs: Jobs) -> None:
    story = Story(
        jobs,
        """
print(seen(read("some/", ctx="", exclusions='["**.tmp.json", "s3://BUCKET/some/old/**"]'), "n", "día"))
print(seen(read("some/", boundedFiles="2", exclusions='["old/**"]')))
print(seen(read("some/", ctx="", boundedSize="12")))
print(seen(read("p/", ctx="columns", format="parquet"), "n", "k"))
print(seen(read("q/", ctx="types", format="parquet").resolveChoice(specs=[("n", "cast:long")]), "n", "k"))
print(seen(read("csv/", ctx="csv", format="csv"), "n", "k"))
job.commit()
""",
    )
    spark = jobs.run(
        """
        from pyspark.sql import SparkSession
        spark = SparkSession.builder.getOrCreate()
        spark.sql("select 1 n, '07' k").coalesce(1).write.partitionBy("k").parquet("s3://BUCKET/p/")
        spark.sql("select 1 n").coalesce(1).write.parquet("s3://BUCKET/q/k=a%20b/")
        spark.sql("select 2L n").coalesce(1).write.parquet("s3://BUCKET/q/k=2/")
        """.replace("BUCKET", jobs.bucket)
    )
    assert spark["JobRunState"] == "SUCCEEDED", spark["ErrorMessage"]
    for number, key in enumerate(["a.tmp.json", "día=Santa Marta/b.json", "e.json", "old/d.json"]):
        story.put(f"some/{key}", number)
    jobs.s3.put_object(Bucket=jobs.bucket, Key="csv/k=1/a.csv", Body=b"n\nx\n")
    first = story.read()
    assert first == [
        "[(1, 'Santa Marta'), (2, None)]",
        "[(0,), (1,)]",
        "[(0,)]",
        "[(1, '07')]",
        "[(1, 'a b'), (2, '2')]",
        "[('x', '1')]",
    ]


def test_a_table_of_the_catalog_has_its_columns_when_nothing_is_new(jobs: Jobs) -> None:
    location = f"s3://{jobs.bucket}/table"
    storage = {
        "Location": location,
        "Columns": [{"Name": "n", "Type": "bigint"}],
        "SerdeInfo": {"SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe", "Parameters": {}},
        "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
        "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
    }
    keys = [{"Name": "day", "Type": "int"}]
    jobs.glue.create_database(DatabaseInput={"Name": "bookmarks"})
    jobs.glue.create_table(
        DatabaseName="bookmarks",
        TableInput={
            "Name": "t",
            "StorageDescriptor": storage,
            "PartitionKeys": keys,
            "Parameters": {"exclusions": '["**.tmp"]'},
        },
    )
    story = Story(
        jobs,
        """
deep = {"additional_options": {"recurse": True}}
sources = {"all": {}, "two": {"push_down_predicate": "day = 2"}, "deep": deep}
for ctx, more in sources.items():
    frame = context.create_dynamic_frame.from_catalog(
        database="bookmarks", table_name="t", transformation_ctx=ctx, **more
    )
    print(ctx, frame.toDF().dtypes if ctx == "all" else "", seen(frame, "n", "day"))
job.commit()
""",
    )
    for day, folder in ((1, "day=1"), (2, "elsewhere")):
        story.put(f"table/{folder}/a.json", day)
        story.put(f"table/{folder}/sub/b.json", day + 10)
        story.put(f"table/{folder}/c.tmp", 99)
        partition = {
            "Values": [str(day)],
            "StorageDescriptor": {**storage, "Location": f"{location}/{folder}"},
        }
        jobs.glue.create_partition(DatabaseName="bookmarks", TableName="t", PartitionInput=partition)
    types = "[('n', 'bigint'), ('day', 'int')]"
    assert story.read() == [
        f"all {types} [(1, 1), (2, 2)]", "two  [(2, 2)]", "deep  [(1, 1), (2, 2), (11, 1), (12, 2)]",
    ]  # fmt: skip
    story.put("table/day=1/new.json", 3)
    assert story.read() == [f"all {types} [(3, 1)]", "two  []", "deep  [(3, 1)]"]
    assert story.read() == [f"all {types} []", "two  []", "deep  []"]


def test_what_is_committed_outlives_a_server_that_is_killed_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAGUNA_WARM_SPARK", "0")
    settings = Settings(state=tmp_path / "state", port=free_port())
    server = control.start(settings)
    try:
        story = Story(
            Jobs(LocalAws(settings), "killed-bookmarks"),
            """
import time
print([n for n, in seen(read("in/"))])
job.commit()
open(HERE, "w").close()
time.sleep(600)
""".replace("HERE", repr(str(tmp_path / "committed"))),
        )
        story.put("in/a.json", 1)
        run_id = story.jobs.start(story.name)
        deadline = time.monotonic() + 120
        while not (tmp_path / "committed").exists():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        os.kill(server.pid, signal.SIGKILL)
        control.start(settings)
        entry = story.jobs.glue.get_job_bookmark(JobName=story.name)["JobBookmarkEntry"]
        assert (entry["RunId"], '"INCLUDE_LIST": "' in entry["JobBookmark"]) == (run_id, True)
    finally:
        control.stop(settings)


@pytest.mark.extended
def test_avro_and_xml_are_read_by_a_bookmark_too(jobs: Jobs) -> None:
    story = Story(
        jobs,
        """
def rows(format, ctx, **options):
    frame = context.create_dynamic_frame.from_options(
        connection_type="s3", format=format, transformation_ctx=ctx, format_options=options,
        connection_options={"paths": ["s3://BUCKET/" + format + "/"], "recurse": True},
    )
    print(format, sorted((row.n, row.k) for row in frame.toDF().collect()) if frame.toDF().columns else "")

rows("xml", "x", rowTag="r")
rows("avro", "a")
job.commit()
context.spark_session.sql("select 5L n").coalesce(1).write.mode("append").format("avro").save("s3://BUCKET/avro/k=z")
""",
    )

    def put(key: str, number: int) -> None:
        body = f"<d><r><n>{number}</n></r></d>".encode()
        jobs.s3.put_object(Bucket=jobs.bucket, Key=f"xml/{key}", Body=body)

    put("k=a/1.xml", 1)
    put("k=b c/2, [x] ñ%.xml", 2)
    assert story.read() == ["xml [(1, 'a'), (2, 'b c')]", "avro "]
    put("k=a/3.xml", 3)
    assert story.read() == ["xml [(3, 'a')]", "avro [(5, 'z')]"]
    assert story.read() == ["xml ", "avro [(5, 'z')]"]
