"""The pytest plugin as teams use it: the example project, and a project in an environment of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from laguna.testing.running import free_port

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "testing-a-lake"
OWN_LAKE = """
def test_the_lake_that_comes_with_laguna_is_deployed_from_the_wheel(lake, laguna_client):
    listed = laguna_client("s3").list_objects_v2(Bucket=lake["LakeBucket"], Prefix="scripts/")
    assert any(item["Key"].endswith("/jobs/load_table.py") for item in listed["Contents"])
"""


ON_LOCALSTACK = """
import boto3


def test_it_keeps_objects(localstack):
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    s3 = boto3.client("s3", endpoint_url=localstack.endpoint, region_name="us-east-1", **keys)
    s3.create_bucket(Bucket="lake")
    s3.put_object(Bucket="lake", Key="a", Body=b"1")
    assert s3.get_object(Bucket="lake", Key="a")["Body"].read() == b"1"
"""


def run_pytest(python: Path, project: Path, *arguments: str) -> str:
    """Run the project's tests; their output, which must say that all passed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    ended = subprocess.run(
        [python, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=project,
        env={**environment, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture
def example(tmp_path: Path) -> Path:
    copy = tmp_path / "project"
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


@pytest.mark.spark
@pytest.mark.extended
def test_the_example_project_passes_in_parallel(example: Path) -> None:
    assert "4 passed" in run_pytest(Path(sys.executable), example, "-n", "2")


@pytest.mark.spark
@pytest.mark.extended
@pytest.mark.timeout(900)
def test_a_fresh_environment_with_only_the_wheel_and_pytest_is_enough(example: Path, tmp_path: Path) -> None:
    python = fresh_environment(tmp_path)
    (example / "own").mkdir()
    (example / "own" / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
    (example / "own" / "conftest.py").write_text('pytest_plugins = ["laguna.testing.plugin"]\n')
    (example / "own" / "test_own_lake.py").write_text(OWN_LAKE)
    shown = run_pytest(python, example)
    assert "4 passed" in shown
    print(f"\nThe example project in a fresh environment: {re.findall('in ([0-9.]+s)', shown)[-1]}")
    assert "1 passed" in run_pytest(python, example / "own")
    new_lake(python, tmp_path)


def new_lake(python: Path, folder: Path) -> None:
    """`laguna init` with the wheel alone: the demo's answer, and the tests, beside a package `pipeline`."""
    laguna = python.with_name("laguna")
    subprocess.run([laguna, "init", "shop"], cwd=folder, check=True, capture_output=True)
    lake = folder / "shop"
    (lake / "pipeline").mkdir()
    (lake / "pipeline" / "__init__.py").write_text("OWN = True\n")
    environment = {**os.environ, "LAGUNA_PORT": str(free_port()), "LAGUNA_STATE": str(folder / "state")}
    demo = [laguna, "demo", "--output", "json"]
    started = time.monotonic()
    shown = subprocess.run(demo, cwd=lake, env=environment, capture_output=True, text=True, check=False)
    print(f"The demo of a new lake: {time.monotonic() - started:.1f} s")
    subprocess.run([laguna, "down"], cwd=lake, env=environment, check=True, capture_output=True)
    assert shown.returncode == 0, shown.stderr
    rows = json.loads(shown.stdout)["queries"][0]["rows"]
    assert rows == [["2026-01-31", 2, "1330.50"], ["2026-02-01", 2, "119.99"]]
    assert "2 passed" in run_pytest(python, lake)


@pytest.mark.extended
def test_localstack_is_a_fixture(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["laguna.testing.plugin"]\n')
    (tmp_path / "test_localstack.py").write_text(ON_LOCALSTACK)
    assert "1 passed" in run_pytest(Path(sys.executable), tmp_path)


def fresh_environment(folder: Path) -> Path:
    """The Python of a new environment that has the wheel of this clone, its dependencies, and pytest."""
    code = f"from hatchling.build import build_wheel; build_wheel({str(folder)!r})"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)
    wheel = next(folder.glob("laguna-*.whl"))
    python = folder / "venv" / "bin" / "python"
    pins = ["-c", str(ROOT / "requirements-dev.lock")]
    if shutil.which("uv"):
        subprocess.run(["uv", "venv", "-q", "-p", sys.executable, str(folder / "venv")], check=True)
        install = ["uv", "pip", "install", "-q", "--python", str(python)]
    else:
        subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
        install = [str(python), "-m", "pip", "install", "-q"]
    subprocess.run([*install, *pins, str(wheel), "pytest"], check=True)
    return python
