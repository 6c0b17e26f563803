"""A disk without room fails the operation with a sentence of its own, and nothing else."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import control
from local_aws.settings import Settings
from tests.conftest import LocalAws, free_port

NO_SPACE = "No space left on the disk"
SIZE = 14 << 20
CTAS = "CREATE TABLE big WITH (format = 'TEXTFILE', write_compression = 'NONE') AS"
BIG = "SELECT a, rpad('x', 1000, 'y') b FROM UNNEST(sequence(1, 4000)) AS t(a)"


@dataclass
class Disk:
    """A small disk, and a file that fills it."""

    folder: Path

    def fill(self, leave: int = 0) -> None:
        filler = os.open(self.folder / "filler", os.O_WRONLY | os.O_CREAT)
        try:
            while True:
                os.write(filler, b"x" * 4096)
        except OSError:
            os.ftruncate(filler, os.fstat(filler).st_size - leave)
        finally:
            os.close(filler)

    def empty(self) -> None:
        (self.folder / "filler").unlink(missing_ok=True)


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disk]:
    folder = tmp_path_factory.mktemp("disk")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small disk can be mounted by root only")
    yield Disk(folder)
    subprocess.run(["umount", "-l", folder], check=True)


@pytest.fixture(scope="module")
def server(disk: Disk) -> Iterator[LocalAws]:
    settings = Settings(state=disk.folder / "state", port=free_port(), warm_spark=False)
    control.start(settings)
    aws = LocalAws(settings)
    aws.client("s3").create_bucket(Bucket="lake")
    aws.client("s3").put_object(Bucket="lake", Key="key", Body=b"text")
    aws.client("glue").create_database(DatabaseInput={"Name": "sales"})
    aws.client("iam").create_user(UserName="user")
    yield aws
    control.stop(settings)


@pytest.fixture
def aws(server: LocalAws, disk: Disk) -> Iterator[LocalAws]:
    """The server of the module, which runs before and after each test, with room."""
    yield server
    disk.empty()
    control.start(server.settings)


def table(name: str) -> dict[str, Any]:
    columns = [{"Name": f"c{n}", "Type": "string", "Comment": "c" * 200} for n in range(50)]
    return {"Name": name, "StorageDescriptor": {"Columns": columns, "Location": "s3://lake/t/"}}


def query(aws: LocalAws, sql: str) -> dict[str, Any]:
    athena = aws.client("athena")
    started = athena.start_query_execution(
        QueryString=sql,
        QueryExecutionContext={"Database": "sales"},
        ResultConfiguration={"OutputLocation": "s3://lake/results/"},
    )
    for _ in range(100):
        found = athena.get_query_execution(QueryExecutionId=started["QueryExecutionId"])
        status = found["QueryExecution"]["Status"]
        if status["State"] not in ("QUEUED", "RUNNING"):
            return dict(status)
        time.sleep(0.1)
    raise AssertionError("the query never ended")


def operations(aws: LocalAws, n: int) -> dict[str, Callable[[], Any]]:
    s3 = aws.client("s3")
    return {
        "PutObject": lambda: s3.put_object(Bucket="lake", Key=f"more{n}", Body=b"x" * 5000),
        "CreateMultipartUpload": lambda: s3.create_multipart_upload(Bucket="lake", Key=f"upload{n}"),
        "CreateBucket": lambda: s3.create_bucket(Bucket=f"lake-{n}"),
        "CreateTable": lambda: aws.client("glue").create_table(
            DatabaseName="sales", TableInput=table(f"t{n}")
        ),
        "CreateUser": lambda: aws.client("iam").create_user(UserName=f"user{n}"),
        "StartQueryExecution": lambda: query(aws, "SELECT 1"),
        "CreateStack": lambda: aws.client("cloudformation").create_stack(
            StackName=f"stack{n}", TemplateBody='{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}'
        ),
    }


def held(aws: LocalAws) -> tuple[list[str], ...]:
    s3 = aws.client("s3")
    return (
        [item["Key"] for item in s3.list_objects_v2(Bucket="lake")["Contents"]],
        [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]],
        [upload["Key"] for upload in s3.list_multipart_uploads(Bucket="lake").get("Uploads", [])],
        [one["Name"] for one in aws.client("glue").get_tables(DatabaseName="sales")["TableList"]],
        [user["UserName"] for user in aws.client("iam").list_users()["Users"]],
        [one["StackName"] for one in aws.client("cloudformation").describe_stacks()["Stacks"]],
    )


def test_every_write_fails_with_the_sentence_and_leaves_nothing_and_works_again(
    aws: LocalAws, disk: Disk
) -> None:
    before = held(aws)
    disk.fill()
    for name, operation in operations(aws, 1).items():
        with pytest.raises(ClientError) as failed:
            operation()
        error = failed.value.response
        assert error["Error"]["Code"] == "InsufficientStorage", name
        assert error["Error"]["Message"].startswith(NO_SPACE), name
        assert error["ResponseMetadata"]["HTTPStatusCode"] == 507, name
    assert aws.client("s3").get_object(Bucket="lake", Key="key")["Body"].read() == b"text"
    assert held(aws) == before
    disk.empty()
    for operation in operations(aws, 2).values():
        operation()
    control.stop(aws.settings)
    control.start(aws.settings)
    assert "user2" in held(aws)[4]
    assert "user1" not in held(aws)[4]


def test_bytes_that_do_not_fit_leave_no_file(aws: LocalAws) -> None:
    s3 = aws.client("s3")
    upload = s3.create_multipart_upload(Bucket="lake", Key="big")["UploadId"]
    for put in (
        lambda: s3.put_object(Bucket="lake", Key="big", Body=b"x" * SIZE),
        lambda: s3.upload_part(Bucket="lake", Key="big", UploadId=upload, PartNumber=1, Body=b"x" * SIZE),
    ):
        with pytest.raises(ClientError, match=NO_SPACE):
            put()
    root = aws.settings.state / "s3"
    assert list((root / ".staging").iterdir()) == []
    assert list((root / ".uploads" / upload).iterdir()) == []


def reason_or_refusal(aws: LocalAws, sql: str) -> str:
    try:
        return str(query(aws, sql)["StateChangeReason"])
    except ClientError as error:
        return str(error)


@pytest.mark.parametrize("leave", [24, 64, 512])
def test_a_query_that_cannot_write_ends_and_says_why(aws: LocalAws, disk: Disk, leave: int) -> None:
    for number, sql in enumerate((BIG, f"{CTAS} {BIG}")):
        disk.fill(leave << 10)
        said = reason_or_refusal(aws, sql)
        assert NO_SPACE in said
        disk.empty()
        assert query(aws, f"SELECT {number}")["State"] == "SUCCEEDED"
    keys = [item["Key"] for item in aws.client("s3").list_objects_v2(Bucket="lake")["Contents"]]
    assert not any(key.startswith("results/tables/") for key in keys)
    assert "big" not in [
        one["Name"] for one in aws.client("glue").get_tables(DatabaseName="sales")["TableList"]
    ]


def test_work_in_the_background_ends_when_there_is_room(aws: LocalAws, disk: Disk) -> None:
    glue = aws.client("glue")
    aws.client("s3").put_object(Bucket="lake", Key="csv/a.csv", Body=b"a,b\n1,2\n" * 100)
    glue.create_crawler(
        Name="crawler",
        Role="arn:aws:iam::000000000000:role/role",
        DatabaseName="sales",
        Targets={"S3Targets": [{"Path": "s3://lake/csv/"}]},
    )
    disk.fill(16 << 10)
    with suppress(glue.exceptions.ClientError):
        glue.start_crawler(Name="crawler")
    time.sleep(1)
    disk.empty()
    deadline = time.monotonic() + 20
    while glue.get_crawler(Name="crawler")["Crawler"]["State"] != "READY":
        assert time.monotonic() < deadline, "the crawler runs for ever"
        time.sleep(0.1)


def test_a_server_is_not_started_without_room(aws: LocalAws, disk: Disk) -> None:
    control.stop(aws.settings)
    disk.fill(8 << 10)
    with pytest.raises(control.ServerError, match=r"No space left for the state in .*: 8 KB are free"):
        control.start(aws.settings)
    disk.empty()
    control.start(aws.settings)
    assert aws.client("iam").get_user(UserName="user")


def test_a_server_that_stops_on_a_full_disk_starts_again(aws: LocalAws, disk: Disk) -> None:
    disk.fill()
    control.stop(aws.settings)
    disk.empty()
    control.start(aws.settings)
    assert aws.client("glue").get_database(Name="sales")
