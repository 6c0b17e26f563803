"""docs/cdk.md is true: the CDK's own tool deploys the example, changes it, and takes it away."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import LocalAws

pytestmark = [
    pytest.mark.extended,
    pytest.mark.spark,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed"),
]

ROOT = Path(__file__).parents[2]
VENTAS = "id,ciudad,cantidad,precio\n1,Cali,2,10.5\n2,Bogotá,1,100\n3,Cali,1,4\n4,,1,1\n"

Cdk = Callable[..., str]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example with its tool and library installed, as the document says."""
    folder = Path(tmp_path_factory.mktemp("cdk")) / "app"
    ignored = shutil.ignore_patterns("cdk.out", "node_modules", ".venv", "__pycache__")
    shutil.copytree(ROOT / "examples" / "cdk", folder, ignore=ignored)
    python = folder / ".venv" / "bin" / "python"
    for command in (
        ["npm", "install", "--no-audit", "--no-fund"],
        [sys.executable, "-m", "venv", ".venv"],
        [str(python), "-m", "pip", "install", "--quiet", "-r", "requirements.txt"],
    ):
        subprocess.run(command, cwd=folder, check=True, timeout=600)
    return folder


@pytest.fixture
def cdk(app: Path, aws: LocalAws) -> Cdk:
    """The tool, with the SDK's own variables to say where AWS is."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    paths = [str(app / ".venv" / "bin"), str(app / "node_modules" / ".bin"), os.environ["PATH"]]
    environment = {
        **inherited,
        "AWS_ENDPOINT_URL": aws.endpoint,
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "PATH": os.pathsep.join(paths),
        "CI": "true",
    }

    def run(*arguments: str) -> str:
        done = subprocess.run(
            ["cdk", *arguments], cwd=app, env=environment, capture_output=True, text=True, timeout=600
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run


def outputs(aws: LocalAws) -> dict[str, str]:
    [stack] = aws.client("cloudformation").describe_stacks(StackName="ventas-lake")["Stacks"]
    return {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}


def execute(aws: LocalAws, machine: str) -> dict[str, Any]:
    stepfunctions = aws.client("stepfunctions")
    arn = stepfunctions.start_execution(stateMachineArn=machine)["executionArn"]
    while (done := stepfunctions.describe_execution(executionArn=arn))["status"] == "RUNNING":
        time.sleep(0.5)
    assert done["status"] == "SUCCEEDED", done
    answer: dict[str, Any] = json.loads(done["output"])
    return answer


def test_the_example_is_deployed_runs_changes_and_goes(cdk: Cdk, app: Path, aws: LocalAws) -> None:
    assert "bootstrapped." in cdk("bootstrap", "aws://000000000000/us-east-1")
    assert "bootstrapped (no changes)" in cdk("bootstrap", "aws://000000000000/us-east-1")
    assert "✅  ventas-lake" in cdk("deploy", "--require-approval", "never")
    made = outputs(aws)

    aws.client("s3").put_object(Bucket=made["BucketName"], Key="raw/ventas/julio.csv", Body=VENTAS.encode())
    query = execute(aws, made["StateMachineArn"])["QueryExecution"]["QueryExecutionId"]
    rows = aws.client("athena").get_query_results(QueryExecutionId=query)["ResultSet"]["Rows"]
    assert [[cell["VarCharValue"] for cell in row["Data"]] for row in rows] == [
        ["ciudad", "total"],
        ["Bogotá", "100.0"],
        ["Cali", "25.0"],
    ]

    assert "There were no differences" in cdk("diff")
    assert "(no changes)" in cdk("deploy", "--require-approval", "never")

    stack = app / "lake_stack.py"
    stack.write_text(stack.read_text().replace("number_of_workers=2", "number_of_workers=3"))
    changed = cdk("diff")
    assert re.search(r"\[~\] AWS::Glue::Job Ventas", changed)
    assert "Could not create a change set" not in changed
    cdk("deploy", "--require-approval", "never")
    [job] = aws.client("glue").get_jobs()["Jobs"]
    assert job["NumberOfWorkers"] == 3
    assert outputs(aws) == made

    s3 = aws.client("s3")
    for one in s3.list_objects_v2(Bucket=made["BucketName"])["Contents"]:
        s3.delete_object(Bucket=made["BucketName"], Key=one["Key"])
    assert "ventas-lake: destroyed" in cdk("destroy", "--force")
    assert aws.client("glue").get_jobs()["Jobs"] == []
    assert made["BucketName"] not in [one["Name"] for one in s3.list_buckets()["Buckets"]]
