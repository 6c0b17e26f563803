"""The pytest plugin, in projects of its own: what it costs and what a wrong setting says."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

HEAVY = ("boto3", "botocore", "duckdb", "moto", "pyspark", "pyarrow", "testcontainers", "uvicorn")


def run_pytest(
    project: Path, settings: str, test: str, plugin: str = "laguna.testing.plugin", **environment: str
) -> tuple[int, str]:
    """Run pytest in a project with those settings and one test: exit code and output."""
    (project / "pytest.ini").write_text(f"[pytest]\nfilterwarnings = error\n{settings}\n")
    (project / "conftest.py").write_text(f'pytest_plugins = ["{plugin}"]\n')
    (project / "test_one.py").write_text(test)
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=project,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, ended.stdout + ended.stderr


@pytest.mark.parametrize("name", ["laguna.testing.plugin", "local_aws.testing.plugin"])
def test_loading_it_imports_no_aws_library_no_spark_and_no_duckdb(name: str) -> None:
    code = f"import sys, {name}; print(set({HEAVY!r}) & set(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "set()"


def test_its_old_name_has_the_same_fixtures(tmp_path: Path) -> None:
    code, shown = run_pytest(
        tmp_path, "", "def test_it(laguna_client):\n    pass\n", plugin="local_aws.testing.plugin"
    )
    assert code == 0, shown


def test_a_server_that_cannot_start_is_one_sentence(tmp_path: Path) -> None:
    impatient = "import local_aws.control\nlocal_aws.control.START_TIMEOUT = 0.0\n"
    code, shown = run_pytest(tmp_path, "", f"{impatient}def test_it(laguna):\n    pass\n")
    assert code == 1
    assert "The local AWS did not start: the server did not answer within 0 seconds; see " in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize(
    ("settings", "fixture", "said"),
    [
        ("laguna_scope = month", "laguna", "laguna_scope is 'month'; it is one of session, package, module"),
        ("laguna_template = none.yaml", "lake", "none.yaml', which is no file"),
        ("laguna_template = pytest.ini\nlaguna_parameters = Bucket", "lake", "has 'Bucket'; each line is"),
    ],
)
def test_a_wrong_setting_says_what_it_takes(tmp_path: Path, settings: str, fixture: str, said: str) -> None:
    code, shown = run_pytest(tmp_path, settings, f"def test_it({fixture}):\n    pass\n")
    assert code != 0
    assert said in shown


def test_a_server_does_not_outlive_a_test_run_that_is_killed(tmp_path: Path) -> None:
    test = "import os, signal\n\ndef test_it(laguna):\n    print('AT', laguna.endpoint, flush=True)\n"
    code, shown = run_pytest(tmp_path, "addopts = -s", f"{test}    os.kill(os.getpid(), signal.SIGKILL)\n")
    assert code == -signal.SIGKILL
    endpoint = urlsplit(shown.partition("AT ")[2].split()[0])
    deadline = time.monotonic() + 30
    while is_open(str(endpoint.hostname), int(endpoint.port or 0)):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_open(host: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) == 0
