"""The profile `aws` sends AWS what the profile `local` sends the local AWS, and nothing that is local.

Both go through the same commands against the same server, which stands in for AWS: for `aws` it is given by
the SDK's own variable and with credentials such as a user of AWS has.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from laguna.testing.running import free_port
from local_aws import control
from local_aws.settings import ACCOUNT_ID, Settings
from tests.e2e.conftest import BIN, ROOT
from tests.e2e.recording_proxy import Exchange, Recorder, recording
from tests.unit.infra.conftest import listed

pytestmark = [pytest.mark.spark, pytest.mark.extended, pytest.mark.timeout(1800)]

REGION = "eu-west-1"
ACCESS_KEY, SECRET_KEY = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
SETTINGS = """
[profiles.{name}]
environment = "test"
bucket_name = "yourcompany-leaks"
region = "eu-west-1"
tags = {{ CostCenter = "analytics" }}
[profiles.{name}.parameters]
CrawlerPollSeconds = 1
LogRetentionDays = 7
"""
COMMANDS = (
    ("deploy", "--yes"),
    ("deploy", "--yes"),
    ("ingest", "sample_csv"),
    ("run",),
    ("query", "SELECT count(*) FROM clientes"),
    ("report",),
    ("logs", "clientes"),
    ("destroy", "--yes"),
)
AT_ONCE = frozenset({"ingest", "report"})
"""Commands that send several requests at a time, in no order."""

POLLS = frozenset(
    {
        *("DescribeStacks", "DescribeStackEvents", "DescribeChangeSet"),
        *("DescribeExecution", "GetExecutionHistory", "GetQueryExecution", "GetLogEvents"),
    }
)
"""Calls that are made until something is done; their number is a matter of time."""

IDS = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|jr_[0-9a-f]{64}|laguna-\d{8}-\d{6}|f/\d+/s")


@dataclass(frozen=True)
class Traffic:
    """What each command sent, in the order of `COMMANDS`, and the document it printed."""

    exchanges: list[list[Exchange]]
    documents: list[Any]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / "infra", folder / "infra")
    shutil.copytree(ROOT / "pipeline", folder / "pipeline")
    shutil.copytree(ROOT / "sample_csv" / "2025-07-25", folder / "sample_csv" / "2025-07-25")
    lake = (ROOT / "laguna.toml").read_text(encoding="utf-8").partition("[profiles.")[0]
    text = "".join(SETTINGS.format(name=name) for name in ("local", "aws"))
    (folder / "laguna.toml").write_text(lake + text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    settings = Settings(state=tmp_path_factory.mktemp("standin"), port=free_port())
    control.start(settings)
    yield settings
    control.stop(settings)


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "LAGUNA_"))}
    return {**kept, "HOME": str(home), "AWS_EC2_METADATA_DISABLED": "true", **more}


def go_through(recorder: Recorder, project: Path, variables: dict[str, str]) -> Traffic:
    exchanges, documents = [], []
    for arguments in COMMANDS:
        before = len(recorder.exchanges)
        done = subprocess.run(
            [BIN / "laguna", *arguments, "--output", "json"],
            cwd=project,
            env=variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (arguments, done.stderr)
        exchanges.append(recorder.exchanges[before:])
        documents.append(json.loads(done.stdout))
    return Traffic(exchanges, documents)


@pytest.fixture(scope="module")
def aws(server: Settings, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Traffic:
    with recording(server.port) as recorder:
        variables = environment(
            tmp_path_factory.mktemp("home"),
            LAGUNA_PROFILE="aws",
            AWS_ENDPOINT_URL=recorder.url,
            AWS_ACCESS_KEY_ID=ACCESS_KEY,
            AWS_SECRET_ACCESS_KEY=SECRET_KEY,
        )
        return go_through(recorder, project, variables)


@pytest.fixture(scope="module")
def local(server: Settings, project: Path, aws: Traffic, tmp_path_factory: pytest.TempPathFactory) -> Traffic:
    """After `aws`, which takes its lake away again."""
    with recording(server.port) as recorder:
        variables = environment(tmp_path_factory.mktemp("home"), LAGUNA_ENDPOINT=recorder.url)
        return go_through(recorder, project, variables)


def calls_of(command: str, exchanges: list[Exchange]) -> list[str]:
    """What matters of a command's calls, each as one line of text."""
    found: list[str] = []
    for exchange in exchanges:
        service, operation, parameters = exchange.call()
        if command == "run" and operation == "GetJobRun":
            continue  # Asked only while a job is seen running.
        text = IDS.sub("ID", f"{service} {operation} {parameters}")
        if operation not in POLLS or text not in found:
            found.append(text)
    return sorted(found) if command in AT_ONCE else found


@pytest.mark.parametrize("number", range(len(COMMANDS)), ids=lambda number: COMMANDS[number][0])
def test_both_profiles_make_the_same_calls(aws: Traffic, local: Traffic, number: int) -> None:
    command = COMMANDS[number][0]
    sent = calls_of(command, aws.exchanges[number])
    assert sent
    assert sent == calls_of(command, local.exchanges[number])


def test_both_profiles_give_the_same_report(aws: Traffic, local: Traffic) -> None:
    report = [command for command, *_ in COMMANDS].index("report")
    assert aws.documents[report]["tables"] == local.documents[report]["tables"]
    rows = [[query["rows"] for query in one.documents[report]["queries"]] for one in (aws, local)]
    assert rows[0] == rows[1]


def sent_text(exchange: Exchange) -> str:
    """All that a request says but the address of whom it asks; archives as what is in them."""
    body = exchange.body
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"\n".join(name.encode() + b"\n" + archive.read(name) for name in archive.namelist())
    headers = "\n".join(f"{name}: {value}" for name, value in exchange.headers.items() if name != "host")
    return f"{exchange.method} {exchange.target}\n{headers}\n{body.decode('utf-8', 'replace')}"


def test_nothing_local_is_sent_to_aws(aws: Traffic, project: Path, server: Settings) -> None:
    local_words = ["localhost", "127.0.0.1", ":4566", ".laguna", "localstack", "local_aws", "local_athena"]
    words = [
        *local_words,
        "Credential=test/",
        str(project),
        str(server.state),
        str(Path.home()),
        str(server.port),
    ]
    for exchange in (one for command in aws.exchanges for one in command):
        text = sent_text(exchange)
        assert [word for word in words if word in text] == [], exchange.call()[:2]


def test_requests_are_signed_by_the_users_key_for_the_profiles_region(aws: Traffic) -> None:
    for exchange in (one for command in aws.exchanges for one in command):
        assert f"Credential={ACCESS_KEY}/" in exchange.headers["authorization"]
        assert exchange.region == REGION


def test_the_account_is_named_only_as_aws_named_it_before(aws: Traffic) -> None:
    answered = ""
    for exchange in (one for command in aws.exchanges for one in command):
        text = sent_text(exchange).replace("%3A", ":").replace("%2F", "/")
        for name in re.findall(rf"arn:aws:[\w:-]*{ACCOUNT_ID}[\w:/.-]*|{ACCOUNT_ID}", text):
            assert name in answered, exchange.call()
        answered += exchange.answer.decode("utf-8", "replace")


ACTIONS = {
    ("s3", "HeadBucket"): "s3:ListBucket",
    ("s3", "ListObjectsV2"): "s3:ListBucket",
    ("s3", "HeadObject"): "s3:GetObject",
    ("s3", "DeleteObjects"): "s3:DeleteObject",
}
"""Actions that are not named after the operation: they are those of the permission that it needs."""


def test_the_deployers_policy_allows_what_the_commands_call(aws: Traffic) -> None:
    called = {
        ACTIONS.get((service, operation), f"{service}:{operation}")
        for command in aws.exchanges
        for service, operation, _ in (one.call() for one in command)
    }
    policy = json.loads((ROOT / "infra" / "policies" / "deployer.json").read_text(encoding="utf-8"))
    commands = {
        action
        for statement in policy["Statement"]
        if statement["Sid"].startswith("Commands")
        for action in listed(statement["Action"])
    }
    assert called - commands == set()
    assert commands - called <= RARE <= commands


RARE = {
    "cloudformation:UpdateTerminationProtection",  # environment = "prod"
    "glue:GetJobRun",  # `laguna run`, while a job is seen running; `laguna logs --run`
    "glue:ListJobs",  # `laguna logs` of a job that is not there
    "athena:StopQueryExecution",  # Ctrl-C
    "s3:AbortMultipartUpload",  # a file above 8 MB that could not be sent
    "s3:ListAllMyBuckets",  # `laguna status`
    "cloudformation:GetTemplate",  # `laguna deploy --dry-run`
}
"""What commands call only at times."""
