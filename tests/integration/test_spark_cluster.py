"""The lake's jobs on a standalone Spark cluster give the tables that they give without one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from laguna.testing.running import free_port
from local_aws.spark.java import find_java_home
from local_aws.spark.launch import spark_home
from tests.e2e.conftest import BIN, ROOT

pytestmark = [pytest.mark.spark, pytest.mark.extended, pytest.mark.timeout(1800)]

WORKERS = 2
LAKE = (ROOT / "laguna.toml").read_text(encoding="utf-8").partition("[profiles.")[0]
TABLES = ("clientes", "clientes_rechazados", "proveedores", "transacciones", "transacciones_rechazados")


class Cluster:
    """A master and its workers on the loopback, from PySpark's own jars."""

    def __init__(self, folder: Path) -> None:
        self.port, self.web = free_port(), free_port()
        self.folder = folder
        java = find_java_home(os.environ)
        self._java = str(java / "bin" / "java")
        self._environment = {
            **os.environ,
            "JAVA_HOME": str(java),
            "SPARK_HOME": str(spark_home()),
            "SPARK_LOCAL_IP": "127.0.0.1",
            # Otherwise a worker looks for the folders of a build of Spark.
            "SPARK_SCALA_VERSION": "2.12",
        }
        self._processes = [
            self._start("master.Master", "--port", str(self.port), "--webui-port", str(self.web))
        ]
        for number in range(WORKERS):
            work = folder / f"worker{number}"
            options = ("--webui-port", "0", "--cores", "1", "--memory", "1g", "--work-dir", str(work))
            self._processes.append(self._start("worker.Worker", *options, self.master))

    @property
    def master(self) -> str:
        return f"spark://127.0.0.1:{self.port}"

    def _start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [
                    *(self._java, "-Xmx256m", "-cp", str(spark_home() / "jars" / "*")),
                    *(f"org.apache.spark.deploy.{name}", "--host", "127.0.0.1", *arguments),
                ],
                env=self._environment,
                stdout=log,
                stderr=log,
            )

    def state(self) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.web}/json/", timeout=5) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except OSError:
            return {}

    def await_workers(self) -> None:
        deadline = time.monotonic() + 120
        while self.state().get("aliveworkers") != WORKERS:
            assert time.monotonic() < deadline, (self.folder / "master.Master.log").read_text()
            time.sleep(0.5)

    def close(self) -> None:
        for process in reversed(self._processes):
            process.terminate()
            process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    started = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        started.await_workers()
        yield started
    finally:
        started.close()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, cluster: Cluster) -> Path:
    """A clone whose profile `local` names the cluster."""
    folder = tmp_path_factory.mktemp("clone")
    for name in ("infra", "pipeline"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copytree(ROOT / "sample_csv" / "2025-07-25", folder / "sample_csv" / "2025-07-25")
    (folder / "laguna.toml").write_text(f'{LAKE}[profiles.local.spark]\nmaster = "{cluster.master}"\n')
    return folder


def laguna(folder: Path, state: Path, port: int, *arguments: str) -> Any:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LAGUNA_")}
    done = subprocess.run(
        [BIN / "laguna", *arguments, "--output", "json"],
        cwd=folder,
        env={**kept, "LAGUNA_STATE": str(state), "LAGUNA_PORT": str(port)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def tables(folder: Path, state: Path) -> dict[str, list[str]]:
    """The rows that a whole demo leaves in the tables, each as text, in an order of their own."""
    port = free_port()
    try:
        laguna(folder, state, port, "demo")
        return {
            table: sorted(map(repr, laguna(folder, state, port, "query", f"SELECT * FROM {table}")["rows"]))
            for table in TABLES
        }
    finally:
        laguna(folder, state, port, "down")


def test_a_cluster_gives_the_same_tables_as_this_machine(
    project: Path, cluster: Cluster, tmp_path: Path
) -> None:
    on_cluster = tables(project, tmp_path / "cluster")
    applications = {application["name"] for application in cluster.state()["completedapps"]}
    assert applications == {"proveedores", "clientes", "transacciones"}, "the jobs did not run on the cluster"
    (project / "laguna.toml").write_text(LAKE)
    assert tables(project, tmp_path / "alone") == on_cluster
    assert all(on_cluster.values())
