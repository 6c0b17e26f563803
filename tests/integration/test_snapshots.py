"""The state of a running server, saved and put back."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from local_aws import control
from local_aws.snapshots.client import SnapshotClient, SnapshotError
from local_aws.snapshots.shelf import Shelf
from tests.conftest import LocalAws

ROOT = Path(__file__).parents[2]
ROLE = "arn:aws:iam::000000000000:role/states"


@pytest.fixture(scope="module")
def snapshots_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """A server whose whole state these tests may change."""
    from laguna.testing.running import start_laguna, stop_laguna

    laguna = start_laguna(tmp_path_factory.mktemp("laguna"), region="us-east-1", warm_spark=False)
    yield LocalAws(laguna.settings)
    stop_laguna(laguna)


@pytest.fixture
def snapshots(snapshots_aws: LocalAws) -> SnapshotClient:
    return SnapshotClient(snapshots_aws.endpoint)


def test_every_service_is_put_back(snapshots_aws: LocalAws, snapshots: SnapshotClient) -> None:
    aws = snapshots_aws
    s3, glue, iam, athena = (aws.client(name) for name in ("s3", "glue", "iam", "athena"))
    s3.create_bucket(Bucket="lake")
    s3.put_object(Bucket="lake", Key="a/b", Body=b"old", Metadata={"owner": "ana"})
    glue.create_database(DatabaseInput={"Name": "sales"})
    iam.create_user(UserName="ana")
    before = s3.head_object(Bucket="lake", Key="a/b")
    saved = snapshots.save("all")
    assert (saved["objects"], saved["bytes"]) == (1, 3)

    s3.put_object(Bucket="lake", Key="a/b", Body=b"new")
    s3.create_bucket(Bucket="second")
    s3.put_object(Bucket="second", Key="k", Body=b"k")
    glue.delete_database(Name="sales")
    iam.create_user(UserName="luis")
    athena.create_named_query(Name="q", Database="sales", QueryString="SELECT 1")
    snapshots.load("all")

    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["lake"]
    assert s3.get_object(Bucket="lake", Key="a/b")["Body"].read() == b"old"
    after = s3.head_object(Bucket="lake", Key="a/b")
    assert [after[name] for name in ("ETag", "Metadata", "LastModified")] == [
        before[name] for name in ("ETag", "Metadata", "LastModified")
    ]
    assert [database["Name"] for database in glue.get_databases()["DatabaseList"]] == ["sales"]
    assert [user["UserName"] for user in iam.list_users()["Users"]] == ["ana"]
    assert athena.list_named_queries()["NamedQueryIds"] == []


def test_what_is_done_after_a_load_is_kept_and_can_be_taken_back_again(
    snapshots_aws: LocalAws, snapshots: SnapshotClient
) -> None:
    iam, s3 = snapshots_aws.client("iam"), snapshots_aws.client("s3")
    snapshots.save("again")
    users = len(iam.list_users()["Users"])
    for name in ("one", "two"):
        iam.create_user(UserName=name)
        s3.create_bucket(Bucket=f"bucket-{name}")
        assert len(iam.list_users()["Users"]) == users + 1
        snapshots.load("again")
        assert len(iam.list_users()["Users"]) == users


def test_a_region_that_was_first_used_after_the_save_is_as_if_never_used(
    snapshots_aws: LocalAws, snapshots: SnapshotClient
) -> None:
    snapshots.save("regions")
    glue = snapshots_aws.client("glue", "eu-west-1")
    glue.create_database(DatabaseInput={"Name": "ventas"})
    snapshots.load("regions")
    assert glue.get_databases()["DatabaseList"] == []
    glue.create_database(DatabaseInput={"Name": "ventas"})
    assert len(glue.get_databases()["DatabaseList"]) == 1


def test_queries_see_the_files_that_are_there_after_a_load(
    snapshots_aws: LocalAws, snapshots: SnapshotClient
) -> None:
    aws = snapshots_aws
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="orders")
    s3.put_object(Bucket="orders", Key="t/a.csv", Body=b"1\n")
    aws.client("glue").create_database(DatabaseInput={"Name": "shop"})
    run(aws, "CREATE EXTERNAL TABLE shop.orders (n int) ROW FORMAT DELIMITED LOCATION 's3://orders/t/'")
    snapshots.save("orders")
    assert run(aws, "SELECT n FROM shop.orders") == ["1"]
    s3.put_object(Bucket="orders", Key="t/a.csv", Body=b"2\n")
    assert run(aws, "SELECT n FROM shop.orders") == ["2"]
    snapshots.load("orders")
    assert run(aws, "SELECT n FROM shop.orders") == ["1"]


def test_nothing_is_saved_or_loaded_while_an_execution_runs(
    snapshots_aws: LocalAws, snapshots: SnapshotClient
) -> None:
    states = snapshots_aws.client("stepfunctions")
    waiting = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 600, "End": True}}}
    machine = states.create_state_machine(name="waits", definition=json.dumps(waiting), roleArn=ROLE)
    snapshots.save("idle")
    arn = states.start_execution(stateMachineArn=machine["stateMachineArn"])["executionArn"]
    for act in (snapshots.save, snapshots.load):
        with pytest.raises(
            SnapshotError, match=f"Still under way: Step Functions execution {arn}"
        ) as refused:
            act("idle", wait=0)
        assert refused.value.code == "ResourceInUse"
    states.stop_execution(executionArn=arn)
    snapshots.load("idle")
    listed = states.list_executions(stateMachineArn=machine["stateMachineArn"])
    assert listed["executions"] == []


def test_requests_that_come_meanwhile_wait_and_are_answered(
    snapshots_aws: LocalAws, snapshots: SnapshotClient
) -> None:
    s3, iam = snapshots_aws.client("s3"), snapshots_aws.client("iam")
    s3.create_bucket(Bucket="busy")
    snapshots.save("busy")
    over = threading.Event()

    def ask() -> int:
        asked = 0
        while not over.is_set():
            s3.put_object(Bucket="busy", Key=f"{asked}", Body=b"1")
            iam.list_users()
            asked += 1
        return asked

    with ThreadPoolExecutor(2) as pool:
        asking = [pool.submit(ask) for _ in range(2)]
        for number in range(3):
            iam.create_user(UserName=f"meanwhile-{number}")
            snapshots.load("busy")
            snapshots.save("meanwhile")
        over.set()
        assert min(task.result() for task in asking) > 0


@pytest.mark.parametrize("name", ["..", "a b", "x" * 65])
def test_a_bad_name_is_refused(snapshots: SnapshotClient, name: str) -> None:
    with pytest.raises(SnapshotError, match="is no name for a snapshot"):
        snapshots.save(name)


def test_an_unknown_snapshot_is_refused_with_those_that_there_are(snapshots: SnapshotClient) -> None:
    snapshots.save("known")
    with pytest.raises(SnapshotError, match=r"There is no snapshot 'unknown'; there are: .*known"):
        snapshots.load("unknown")
    snapshots.delete("known")
    assert "known" not in [snapshot["name"] for snapshot in snapshots.all()]


def test_the_command_saves_shows_loads_and_deletes(snapshots_aws: LocalAws) -> None:
    s3 = snapshots_aws.client("s3")
    assert "Saved 'by-hand'" in laguna_snapshot(snapshots_aws, "save", "by-hand")
    s3.create_bucket(Bucket="after-the-save")
    assert "Loaded 'by-hand'" in laguna_snapshot(snapshots_aws, "load", "by-hand")
    assert "after-the-save" not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    assert "by-hand" in laguna_snapshot(snapshots_aws, "list")
    assert laguna_snapshot(snapshots_aws, "delete", "by-hand") == "Deleted 'by-hand'.\n"
    assert "by-hand" not in laguna_snapshot(snapshots_aws, "list")


def laguna_snapshot(aws: LocalAws, *arguments: str) -> str:
    """Run the command on that server; its standard output."""
    where = ("--port", str(aws.settings.port), "--state", str(aws.settings.state))
    command = [Path(sys.executable).with_name("laguna"), "snapshot", *arguments, *where]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def test_snapshots_survive_a_kill_and_a_load_that_was_killed_is_finished(own_aws: LocalAws) -> None:
    s3, iam = own_aws.client("s3"), own_aws.client("iam")
    snapshots = SnapshotClient(own_aws.endpoint)
    s3.create_bucket(Bucket="lake")
    iam.create_user(UserName="ana")
    snapshots.save("base")
    s3.create_bucket(Bucket="second")
    iam.create_user(UserName="luis")
    shelf = Shelf(own_aws.settings.state)
    shelf.begin_load(shelf.find("base"))
    running = control.status(own_aws.settings)
    assert running is not None
    os.kill(running.pid, signal.SIGKILL)
    while control.status(own_aws.settings) is not None:
        time.sleep(0.01)
    control.start(own_aws.settings)
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["lake"]
    assert [user["UserName"] for user in iam.list_users()["Users"]] == ["ana"]
    assert [snapshot["name"] for snapshot in snapshots.all()] == ["base"]


def run(aws: LocalAws, sql: str) -> list[str]:
    """The first column of a query's rows."""
    athena = aws.client("athena")
    output = {"OutputLocation": "s3://orders/results/"}
    started: Any = athena.start_query_execution(QueryString=sql, ResultConfiguration=output)
    while True:
        execution = athena.get_query_execution(QueryExecutionId=started["QueryExecutionId"])
        status = execution["QueryExecution"]["Status"]
        if status["State"] in ("SUCCEEDED", "FAILED"):
            break
        time.sleep(0.01)
    assert status["State"] == "SUCCEEDED", status
    answer = athena.get_query_results(QueryExecutionId=started["QueryExecutionId"])
    return [row["Data"][0]["VarCharValue"] for row in answer["ResultSet"]["Rows"][1:]]
