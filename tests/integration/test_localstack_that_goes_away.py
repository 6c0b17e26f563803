"""What is kept over restarts of LocalStack, which keeps nothing itself, and what clients see meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

from local_aws import control, localstack
from local_aws.localstack import LocalStack
from local_aws.s3.endpoint.store import s3_client
from tests.conftest import REGION, LocalAws, free_port
from tests.integration.localstack import (
    PATIENCE,
    ask,
    localstack_of,
    on_localstack,
    running,
    session_of,
)

pytestmark = [pytest.mark.extended, pytest.mark.timeout(900)]

PART = 5 << 20


@pytest.fixture
def outside() -> Iterator[Callable[[], LocalStack]]:
    """Starts LocalStack, again and again on the same port, as Docker Compose would."""
    port, started = free_port(), list[LocalStack]()

    def start() -> LocalStack:
        started.append(localstack.start(port=port))
        return started[-1]

    yield start
    for one in started:
        one.stop()


def eventually(check: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not check():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def fill(s3: Any, folder: Path) -> None:
    """A bucket with settings, an object with attributes, and one in parts."""
    s3.create_bucket(Bucket="lake")
    s3.put_bucket_tagging(Bucket="lake", Tagging={"TagSet": [{"Key": "cost", "Value": "1"}]})
    s3.put_object(Bucket="lake", Key="año/a b", Body=b"1", Metadata={"k": "v"}, ContentType="text/csv")
    (folder / "large").write_bytes(os.urandom(PART + 7))
    s3.upload_file(
        str(folder / "large"), "lake", "large", Config=TransferConfig(PART, multipart_chunksize=PART)
    )
    s3.put_object_tagging(Bucket="lake", Key="large", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})


def contents(s3: Any) -> list[Any]:
    """All that `fill` made, as clients see it."""
    head = s3.head_object(Bucket="lake", Key="año/a b")
    return [
        [
            (found["Key"], found["Size"], found["ETag"])
            for found in s3.list_objects_v2(Bucket="lake")["Contents"]
        ],
        (head["Metadata"], head["ContentType"]),
        s3.get_object_tagging(Bucket="lake", Key="large")["TagSet"],
        s3.get_bucket_tagging(Bucket="lake")["TagSet"],
    ]


def test_a_stop_and_a_start_keep_every_object_and_setting(tmp_path: Path) -> None:
    settings = on_localstack(tmp_path / "state")
    with running(settings) as aws:
        fill(aws.client("s3"), tmp_path)
        before = contents(aws.client("s3"))
    with running(settings) as aws:
        assert contents(aws.client("s3")) == before


def test_a_lake_keeps_its_objects_when_it_moves_between_folder_and_localstack(tmp_path: Path) -> None:
    stacked = on_localstack(tmp_path / "state")
    folder = replace(stacked, s3="folder")
    with running(folder) as aws:
        fill(aws.client("s3"), tmp_path)
        before = contents(aws.client("s3"))[:3]
    with running(stacked) as aws:
        assert contents_without_settings(aws) == before
        aws.client("s3").put_object(Bucket="lake", Key="later", Body=b"2")
    with running(folder) as aws:
        assert aws.client("s3").get_object(Bucket="lake", Key="later")["Body"].read() == b"2"


def contents_without_settings(aws: LocalAws) -> list[Any]:
    s3 = aws.client("s3")
    s3.put_bucket_tagging(Bucket="lake", Tagging={"TagSet": [{"Key": "x", "Value": "y"}]})
    return contents(s3)[:3]


def test_what_was_written_to_the_endpoint_directly_is_kept_too_after_kill_9(tmp_path: Path) -> None:
    settings = on_localstack(tmp_path / "state")
    with running(settings) as aws:
        aws.client("s3").create_bucket(Bucket="lake")
        direct = s3_client(localstack_of(aws), REGION)
        direct.put_object(Bucket="lake", Key="direct", Body=b"spark was here")
        eventually((settings.state / "s3" / "lake" / "direct").exists)
        server = control.status(settings)
        assert server is not None
        os.kill(server.pid, signal.SIGKILL)
    with running(settings) as aws:
        found = aws.client("s3").get_object(Bucket="lake", Key="direct")
        assert found["Body"].read() == b"spark was here"


def test_our_own_localstack_that_dies_is_started_again_with_all_objects(tmp_path: Path) -> None:
    with running(on_localstack(tmp_path / "state")) as aws:
        s3 = aws.client("s3")
        s3.create_bucket(Bucket="lake")
        s3.put_object(Bucket="lake", Key="csv/a.csv", Body=b"1\n2\n")
        ask(aws, "CREATE DATABASE d", "lake")
        ask(aws, "CREATE EXTERNAL TABLE d.t (id string) LOCATION 's3://lake/csv/'", "lake")
        assert ask(aws, "SELECT count(*) FROM d.t", "lake")[1] == ["2"]
        eventually((aws.settings.state / "s3" / "lake" / "csv" / "a.csv").exists)
        first = session_of(localstack_of(aws))
        kill_localstack(aws)
        eventually(lambda: answers(s3))
        assert session_of(localstack_of(aws)) != first
        assert s3.get_object(Bucket="lake", Key="csv/a.csv")["Body"].read() == b"1\n2\n"
        assert ask(aws, "SELECT count(*) FROM d.t", "lake")[1] == ["2"]


def kill_localstack(aws: LocalAws) -> None:
    """Kill what the server's guard runs, as the machine would when its memory ends."""
    server = control.status(aws.settings)
    assert server is not None
    guard = next(
        pid for pid in children(server.pid) if b"guard.py" in Path(f"/proc/{pid}/cmdline").read_bytes()
    )
    for pid in children(guard):
        command = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
        if Path(command[0]).name == "docker":  # whose container outlives it
            subprocess.run(["docker", "kill", command[command.index("--name") + 1]], check=True)
        else:
            os.kill(pid, signal.SIGKILL)


def children(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def answers(s3: Any) -> bool:
    """Whether S3 is back; until then it is unavailable, and never an empty lake."""
    try:
        return bool(s3.list_objects_v2(Bucket="lake")["KeyCount"])
    except ClientError as error:
        if error.response["Error"]["Code"] != "ServiceUnavailable":
            raise
        return False


def test_an_endpoint_that_goes_away_is_503_within_seconds_and_comes_back_with_all_objects(
    tmp_path: Path, outside: Callable[[], LocalStack]
) -> None:
    first = outside()
    with running(on_localstack(tmp_path / "state", first.endpoint)) as aws:
        s3 = aws.client("s3")
        fill(s3, tmp_path)
        before = contents(s3)
        eventually((aws.settings.state / "s3" / "lake" / "large").exists)
        time.sleep(3)  # the tags, a second after they were put
        first.stop()
        began = time.monotonic()
        with pytest.raises(ClientError, match=f"S3 is LocalStack at {first.endpoint}, which does not answer"):
            s3.list_buckets()
        assert time.monotonic() - began < 60
        with pytest.raises((RuntimeError, ClientError), match=r"ServiceUnavailable|GENERIC"):
            ask(aws, "SELECT 1", "lake")
        outside()
        eventually(lambda: answers(s3))
        assert contents(s3) == before


def test_a_server_without_its_endpoint_says_so_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = (
        "import local_aws.s3.endpoint.host as h, sys; h.AWAIT_SECONDS = 0.5; "
        "from local_aws.__main__ import main; sys.exit(main())"
    )
    environment = {**os.environ, **on_localstack(tmp_path / "state", "http://127.0.0.1:1").variables()}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert (
        done.stderr.strip()
        .splitlines()[-1]
        .startswith("S3 is not to be had: no LocalStack answers at http://127.0.0.1:1. Start")
    )
    assert not (tmp_path / "state" / "server.json").exists()
