"""The image and `LagunaContainer`: what a test of somebody else's lake starts."""

from __future__ import annotations

import json
import sys
import time
import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from laguna.testing.running import free_port
from tests.containers import docker, laguna_image, require_docker

# The first build of the image downloads Spark and takes minutes.
pytestmark = [pytest.mark.extended, pytest.mark.timeout(1200)]

SCRIPT = """
import sys
from awsglue.context import GlueContext
from pyspark.context import SparkContext

spark = GlueContext(SparkContext.getOrCreate()).spark_session
rows = spark.createDataFrame([(1, "a"), (2, "b")], "id int, name string")
for codec in ("snappy", "zstd", "lz4_raw", "gzip"):
    rows.write.option("compression", codec).parquet(f"s3://lake/{codec}")
    assert spark.read.parquet(f"s3://lake/{codec}").count() == 2
rows.write.orc("s3://lake/orc", compression="lz4")
assert spark.read.orc("s3://lake/orc").count() == 2
"""


@pytest.fixture(scope="module")
def laguna() -> Iterator[Any]:
    require_docker()
    from laguna.testing import LagunaContainer

    with LagunaContainer(laguna_image()) as container:
        yield container


def test_clients_reach_athena_and_s3_in_the_container(laguna: Any) -> None:
    s3 = boto3.client("s3", **laguna.client_config())
    s3.create_bucket(Bucket="answers")
    athena = boto3.client("athena", **laguna.client_config())
    query = athena.start_query_execution(
        QueryString="SELECT 40 + 2 AS n", ResultConfiguration={"OutputLocation": "s3://answers/"}
    )["QueryExecutionId"]
    assert wait_for(lambda: query_state(athena, query), {"SUCCEEDED", "FAILED"}) == "SUCCEEDED"
    assert s3.get_object(Bucket="answers", Key=f"{query}.csv")["Body"].read() == b'"n"\n"42"\n'


@pytest.mark.spark
def test_a_glue_job_runs_on_the_slimmed_spark_with_every_codec(laguna: Any) -> None:
    s3 = boto3.client("s3", **laguna.client_config())
    for bucket in ("code", "lake"):
        s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket="code", Key="job.py", Body=SCRIPT.encode())
    glue = boto3.client("glue", **laguna.client_config())
    glue.create_job(
        Name="codecs",
        Role="arn:aws:iam::000000000000:role/glue",
        GlueVersion="5.0",
        Command={"Name": "glueetl", "ScriptLocation": "s3://code/job.py", "PythonVersion": "3"},
    )
    run = glue.start_job_run(JobName="codecs")["JobRunId"]

    def state() -> str:
        return str(glue.get_job_run(JobName="codecs", RunId=run)["JobRun"]["JobRunState"])

    assert wait_for(state, {"SUCCEEDED", "FAILED"}) == "SUCCEEDED", glue.get_job_run(
        JobName="codecs", RunId=run
    )


def test_nothing_in_the_container_runs_as_root(laguna: Any) -> None:
    users = (
        laguna.exec(["sh", "-c", "cat /proc/[0-9]*/status 2>/dev/null | grep ^Uid:"])
        .output.decode()
        .splitlines()
    )
    assert users
    assert all(line.split()[1:] == ["1000"] * 4 for line in users)


def test_the_environment_leads_an_sdk_there_that_knows_nothing_of_laguna(
    laguna: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in laguna.environment().items():
        monkeypatch.setenv(name, value)
    assert boto3.client("sts").get_caller_identity()["Account"] == "000000000000"


def test_the_port_is_published_on_the_loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    require_docker()
    from testcontainers.core.config import ConnectionMode, testcontainers_config

    from laguna.testing import LagunaContainer

    # What Testcontainers finds on a machine that is no container itself.
    monkeypatch.setattr(testcontainers_config, "connection_mode_override", ConnectionMode.docker_host)
    monkeypatch.setattr(testcontainers_config, "tc_host_override", "localhost")
    with LagunaContainer(laguna_image()).with_env("LAGUNA_WARM_SPARK", "0") as container:
        published = container.get_wrapped_container().ports["4566/tcp"]
        assert [binding["HostIp"] for binding in published] == ["127.0.0.1"]
        assert container.get_url() == f"http://127.0.0.1:{published[0]['HostPort']}"
        assert boto3.client("glue", **container.client_config()).get_databases()["DatabaseList"] == []


def test_a_container_without_network_and_with_a_read_only_disk_has_all_it_needs() -> None:
    require_docker()
    name = f"laguna-test-{uuid.uuid4().hex[:8]}"
    docker(
        *("run", "-d", "--name", name, "--network", "none", "--read-only", "--tmpfs", "/tmp"),
        *("-v", f"{name}:/var/lib/laguna", "--cap-drop", "ALL", laguna_image()),
    )
    try:
        assert wait_for(lambda: health_of(name), {"healthy", "unhealthy"}) == "healthy"
        docker("exec", name, "laguna", "deploy")
        answer = docker("exec", name, "laguna", "query", "SELECT 40 + 2", "--output", "json")
        assert json.loads(answer.stdout)["rows"] == [[42]]
        # A JVM is warm when it has run a small job: CSV, a window, a shuffle, Parquet.
        assert wait_for(lambda: warm_jvms(name), {"1", "2"})
    finally:
        docker("rm", "-f", "-v", name, check=False)
        docker("volume", "rm", "-f", name, check=False)


def test_a_missing_image_is_named_with_the_way_to_build_it_and_never_looked_for_elsewhere() -> None:
    require_docker()
    from laguna.testing import LagunaContainer
    from laguna.testing.container import LagunaContainerFailed

    with pytest.raises(LagunaContainerFailed, match=r"docker build -t laguna:never-built \."):
        LagunaContainer("laguna:never-built").start()


def test_without_an_engine_the_way_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    from laguna.testing import LagunaContainer
    from laguna.testing.container import LagunaContainerFailed

    monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{free_port()}")
    with pytest.raises(LagunaContainerFailed, match=r"No Docker engine answers .*Start Docker"):
        LagunaContainer()


def test_without_testcontainers_the_package_to_install_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "laguna.testing.container", raising=False)
    monkeypatch.setitem(sys.modules, "testcontainers.core.config", None)
    import laguna.testing

    with pytest.raises(ImportError, match=r"pip install laguna\[testing\]"):
        _ = laguna.testing.LagunaContainer


def query_state(athena: Any, query: str) -> str:
    return str(athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]["State"])


def health_of(container: str) -> str:
    return docker("inspect", "-f", "{{.State.Health.Status}}", container).stdout.strip()


def warm_jvms(container: str) -> int:
    page = (
        "import urllib.request as u; print(u.urlopen('http://127.0.0.1:4566/_laguna/health').read().decode())"
    )
    return int(json.loads(docker("exec", container, "python", "-c", page).stdout)["spark"]["warm"])


def wait_for(state: Any, ends: set[str]) -> str:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        found = str(state())
        if found in ends:
            return found
        time.sleep(0.2)
    raise TimeoutError(f"still {state()} after three minutes")


CLIENT = """
import boto3, sys, urllib.request, urllib.error
endpoint = sys.argv[1]
boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").list_buckets()
for headers in ({"Host": "evil.example.com"}, {"Origin": "http://evil.example.com"}):
    try:
        urllib.request.urlopen(urllib.request.Request(endpoint + "/_laguna/health", headers=headers))
    except urllib.error.HTTPError as error:
        assert error.code == 403
    else:
        raise SystemExit("a page was let in")
"""


def test_another_container_calls_it_by_any_of_its_names() -> None:
    require_docker()
    name = f"laguna-test-{uuid.uuid4().hex[:8]}"
    docker("network", "create", name)
    docker(
        *("run", "-d", "--name", name, "--hostname", "the-host", "--network", name),
        *("--network-alias", "aws", "-e", "LAGUNA_WARM_SPARK=0", laguna_image()),
    )
    try:
        assert wait_for(lambda: health_of(name), {"healthy", "unhealthy"}) == "healthy"
        details = json.loads(docker("inspect", name).stdout)[0]
        address = details["NetworkSettings"]["Networks"][name]["IPAddress"]
        for host in (name, "aws", address):
            docker(
                *("run", "--rm", "--network", name, "-e", "AWS_ACCESS_KEY_ID=test"),
                *("-e", "AWS_SECRET_ACCESS_KEY=test", laguna_image()),
                *("python", "-c", CLIENT, f"http://{host}:4566"),
            )
    finally:
        docker("rm", "-f", "-v", name, check=False)
        docker("network", "rm", name, check=False)
