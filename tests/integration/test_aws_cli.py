"""docs/aws-cli.md is true: its profile reaches the local AWS, and its example prints what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import LocalAws

# The CLI takes a second and a half to start, each time.
pytestmark = [pytest.mark.extended, pytest.mark.timeout(1500)]

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "aws-cli.md"
EXAMPLE = ROOT / "examples" / "aws-cli" / "lake.sh"
BIN = Path(sys.executable).parent

Run = Callable[..., str]


@pytest.fixture
def run(aws: LocalAws, tmp_path: Path) -> Run:
    """A command with nothing but a profile to say where AWS is."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    environment = {
        **inherited,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
        "AWS_PROFILE": "laguna",
    }

    def run_one(*command: str) -> str:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=1200)
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return done.stdout

    for line in re.findall(r"^aws configure set (\S+) (\S+)$", DOCUMENT.read_text(), re.MULTILINE):
        name, value = line
        run_one("aws", "configure", "set", name, value.replace("http://127.0.0.1:4566", aws.endpoint))
    return run_one


def test_the_profile_of_the_document_reaches_the_local_aws(run: Run, aws: LocalAws) -> None:
    aws.client("s3").create_bucket(Bucket="seen-by-the-cli")
    assert "seen-by-the-cli" in run("aws", "s3", "ls")


def test_files_are_synchronised_and_removed(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "raw"
    for name in ("año=2025/a.csv", "b c.csv", "d.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
        # S3 tells whole seconds: what is written in the second of its upload looks newer than the object.
        os.utime(folder / name, (0, time.time() - 10))
    run("aws", "s3", "mb", "s3://cli-sync")
    up = run("aws", "s3", "sync", str(folder), "s3://cli-sync/raw", "--exclude", "*.txt", "--no-progress")
    assert up.count("upload:") == 2
    assert run("aws", "s3", "sync", str(folder), "s3://cli-sync/raw", "--exclude", "*.txt") == ""
    (folder / "b c.csv").unlink()
    gone = run("aws", "s3", "sync", str(folder), "s3://cli-sync/raw", "--exclude", "*.txt", "--delete")
    assert gone == "delete: s3://cli-sync/raw/b c.csv\n"
    run("aws", "s3", "sync", "s3://cli-sync/raw", str(tmp_path / "back"), "--no-progress")
    assert (tmp_path / "back" / "año=2025" / "a.csv").read_text() == "año=2025/a.csv"
    run("aws", "s3", "rm", "--recursive", "s3://cli-sync")
    run("aws", "s3", "rb", "s3://cli-sync")


@pytest.mark.spark
def test_the_example_prints_what_the_document_shows_and_leaves_nothing(run: Run, aws: LocalAws) -> None:
    shown = re.search(r"<!-- output of lake.sh -->\n```text\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    assert shown is not None
    assert run("bash", str(EXAMPLE), "ventas-cli-lake").strip() == shown[1].strip()
    left = [one["Name"] for one in aws.client("s3").list_buckets()["Buckets"]]
    assert "ventas-cli-lake" not in left
    assert "ventas-cli" not in aws.client("glue").list_jobs()["JobNames"]
