"""S3 forwarded to LocalStack, as its clients and our other services see it."""

from __future__ import annotations

import io
import os
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

from tests.conftest import LocalAws
from tests.integration.glue_jobs import Jobs
from tests.integration.localstack import ask, on_localstack, running

pytestmark = [pytest.mark.extended, pytest.mark.timeout(900)]

KEY = "año=2025/ciudad=a%3Ab/ñ é+&#?s3_endpoint=x[1]*.csv"
MEGABYTE = 1 << 20


@pytest.fixture(scope="module")
def stacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """A server whose S3 is a LocalStack of its own."""
    with running(on_localstack(tmp_path_factory.mktemp("stacked"))) as aws:
        yield aws


@pytest.fixture(scope="module")
def s3(stacked: LocalAws) -> Any:
    client = stacked.client("s3")
    client.create_bucket(Bucket="lake")
    return client


def test_an_object_comes_back_with_all_that_was_said_of_it(s3: Any) -> None:
    s3.put_object(
        Bucket="lake", Key=KEY, Body=b"a,b\n1,2\n", Metadata={"k": "v"}, ContentType="text/csv", Tagging="a=b"
    )
    found = s3.get_object(Bucket="lake", Key=KEY)
    assert found["Body"].read() == b"a,b\n1,2\n"
    assert (found["Metadata"], found["ContentType"], found["TagCount"]) == ({"k": "v"}, "text/csv", 1)
    s3.delete_object(Bucket="lake", Key=KEY)


def test_a_large_object_goes_up_in_parts_and_is_read_in_ranges(s3: Any) -> None:
    content = os.urandom(12 * MEGABYTE + 5)
    s3.upload_fileobj(
        io.BytesIO(content),
        "lake",
        "large",
        Config=TransferConfig(5 * MEGABYTE, multipart_chunksize=5 * MEGABYTE),
    )
    assert s3.head_object(Bucket="lake", Key="large")["ETag"].endswith('-3"')
    assert s3.get_object(Bucket="lake", Key="large")["Body"].read() == content
    middle = s3.get_object(Bucket="lake", Key="large", Range=f"bytes={5 * MEGABYTE}-{6 * MEGABYTE}")
    assert middle["Body"].read() == content[5 * MEGABYTE : 6 * MEGABYTE + 1]


def test_presigned_urls_work_and_expire(s3: Any) -> None:
    put = s3.generate_presigned_url("put_object", Params={"Bucket": "lake", "Key": "signed/ñ"})
    with urllib.request.urlopen(urllib.request.Request(put, b"by url", method="PUT")) as answer:
        assert answer.status == 200
    get = s3.generate_presigned_url("get_object", Params={"Bucket": "lake", "Key": "signed/ñ"})
    with urllib.request.urlopen(get) as answer:
        assert answer.read() == b"by url"
    late = s3.generate_presigned_url("get_object", Params={"Bucket": "lake", "Key": "signed/ñ"}, ExpiresIn=1)
    time.sleep(2)
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(late)


def test_many_keys_are_listed_in_pages_and_deleted_at_once(s3: Any) -> None:
    keys = [f"many/{i:03}" for i in range(120)]
    for key in keys:
        s3.put_object(Bucket="lake", Key=key, Body=b"")
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket="lake", Prefix="many/", PaginationConfig={"PageSize": 50}
    )
    assert [found["Key"] for page in pages for found in page["Contents"]] == keys
    done = s3.delete_objects(Bucket="lake", Delete={"Objects": [{"Key": key} for key in keys]})
    assert len(done["Deleted"]) == 120


@pytest.mark.parametrize(
    ("operation", "request_", "code"),
    [
        ("get_object", {"Bucket": "lake", "Key": "nothing"}, "NoSuchKey"),
        ("list_objects_v2", {"Bucket": "no-such-bucket-here"}, "NoSuchBucket"),
        ("create_bucket", {"Bucket": "Not_A_Name"}, "InvalidBucketName"),
        ("delete_bucket", {"Bucket": "lake"}, "BucketNotEmpty"),
    ],
)
def test_errors_are_localstacks_own(s3: Any, operation: str, request_: dict[str, str], code: str) -> None:
    s3.put_object(Bucket="lake", Key="there", Body=b"")
    with pytest.raises(ClientError) as caught:
        getattr(s3, operation)(**request_)
    assert caught.value.response["Error"]["Code"] == code


def test_athena_reads_and_writes_tables_through_httpfs(stacked: LocalAws, s3: Any) -> None:
    s3.put_object(Bucket="lake", Key="csv/ciudad=a%3Ab/ñ é+&#[1]*.csv", Body=b"id,x\n1,uno\n\n2,dos\n")
    s3.put_object(Bucket="lake", Key="csv/ciudad=Santa Marta/x.csv", Body=b"id,x\n3,tr\xffs\n")
    for sql in (
        "CREATE DATABASE d",
        "CREATE EXTERNAL TABLE d.c (id string, x string) PARTITIONED BY (ciudad string) ROW FORMAT DELIMITED "
        "FIELDS TERMINATED BY ',' LOCATION 's3://lake/csv/' TBLPROPERTIES ('skip.header.line.count'='1')",
        "MSCK REPAIR TABLE d.c",
        "CREATE TABLE d.p WITH (format = 'PARQUET', external_location = 's3://lake/p/', partitioned_by = "
        "ARRAY['ciudad']) AS SELECT CAST(id AS integer) AS id, x, ciudad FROM d.c WHERE id <> ''",
        "INSERT INTO d.p VALUES (4, 'cuatro', 'ñ')",
    ):
        ask(stacked, sql, "lake")
    assert ask(stacked, "SELECT id, x, ciudad FROM d.p ORDER BY id", "lake") == [
        ["id", "x", "ciudad"],
        ["1", "uno", "a:b"],
        ["2", "dos", "a:b"],
        ["3", "tr\ufffds", "Santa Marta"],
        ["4", "cuatro", "ñ"],
    ]
    paths = ask(stacked, "SELECT \"$path\" FROM d.c WHERE ciudad = 'Santa Marta'", "lake")
    assert paths[1] == ["s3://lake/csv/ciudad=Santa Marta/x.csv"]
    assert ask(stacked, "SELECT count(*) FROM d.c", "lake")[1] == ["4"]


def test_a_crawler_finds_tables_in_localstack(stacked: LocalAws, s3: Any) -> None:
    for day in ("01", "02"):
        s3.put_object(Bucket="lake", Key=f"crawled/dia={day}/x.csv", Body=b"id,kwh\n1,2.5\n2,3.5\n")
    glue = stacked.client("glue")
    glue.create_database(DatabaseInput={"Name": "crawled"})
    targets = {"S3Targets": [{"Path": "s3://lake/crawled/"}]}
    glue.create_crawler(Name="crawler", Role="role", DatabaseName="crawled", Targets=targets)
    glue.start_crawler(Name="crawler")
    while glue.get_crawler(Name="crawler")["Crawler"]["State"] != "READY":
        time.sleep(0.1)
    table = glue.get_table(DatabaseName="crawled", Name="crawled")["Table"]
    assert [(c["Name"], c["Type"]) for c in table["StorageDescriptor"]["Columns"]] == [
        ("id", "bigint"),
        ("kwh", "double"),
    ]
    assert len(glue.get_partitions(DatabaseName="crawled", TableName="crawled")["Partitions"]) == 2


@pytest.mark.spark
def test_jobs_read_write_and_overwrite_partitions_through_s3a(stacked: LocalAws) -> None:
    jobs = Jobs(stacked, "jobs-on-localstack")
    script = """
        from pyspark.sql import SparkSession, functions as F
        spark = SparkSession.builder.getOrCreate()
        spark.conf.set("spark.sql.sources.partitionOverwriteMode", "dynamic")
        rows = spark.range(6).withColumn("ciudad", F.when(F.col("id") < 4, "Santa Marta").otherwise("a:b/ñ"))
        target = rows.write.mode("overwrite").partitionBy("ciudad")
        target.parquet("s3://jobs-on-localstack/table/")
        rows.where("id = 4").write.mode("overwrite").partitionBy("ciudad").parquet("s3://jobs-on-localstack/table/")
        print(sorted(r.id for r in spark.read.parquet("s3://jobs-on-localstack/table/").collect()))
        spark.read.csv("s3://no-such-bucket-here/x")
    """
    for _ in range(2):  # the second on the JVM of the first
        run = jobs.run(script)
        assert run["JobRunState"] == "FAILED"
        assert "The specified bucket does not exist" in run["ErrorMessage"]
        assert "[0, 1, 2, 3, 4]" in jobs.output(run)
    keys = jobs.keys("table/")
    assert {key.split("/")[1] for key in keys} == {"ciudad=Santa Marta", "ciudad=a%3Ab%2Fñ"}
