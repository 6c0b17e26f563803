"""`docker compose up` from nothing, as a user does it: the demo twice, its state kept, its failures clear.

The stack runs under a project name and a port of its own. The tests are one story on it, in order: each
starts from what the one before left.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from laguna.testing.running import free_port
from tests.containers import ROOT, compose_command, docker, laguna_image, require_docker

# The first build of the image downloads Spark and takes minutes.
pytestmark = [pytest.mark.extended, pytest.mark.spark, pytest.mark.timeout(1800)]

COUNT = ("laguna", "query", "SELECT count(*) FROM transacciones", "--output", "json")


@dataclass(frozen=True)
class Stack:
    """A Compose project of docker-compose.yml."""

    name: str
    port: int
    image: str

    def start(self, *arguments: str, stderr: int = subprocess.PIPE) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*compose_command(), "-p", self.name, *arguments],
            cwd=ROOT,
            env={**os.environ, "LAGUNA_IMAGE": self.image, "LAGUNA_PORT": str(self.port)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        with self.start(*arguments) as process:
            out, err = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def done(self, *arguments: str) -> str:
        """The output of a Compose command that must succeed."""
        result = self.run(*arguments)
        assert result.returncode == 0, f"{result.stdout[-3000:]}\n{result.stderr[-3000:]}"
        return result.stdout

    def in_demo(self, *command: str) -> Any:
        """The document of a command in a new `demo` container."""
        return json.loads(self.done("run", "--rm", "-T", "demo", *command))

    def container(self, service: str) -> str:
        return self.done("ps", "-q", service).strip()


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    require_docker()
    started = Stack(f"laguna-test-{uuid.uuid4().hex[:8]}", free_port(), laguna_image())
    yield started
    started.run("down", "-v", "--remove-orphans")


def test_the_demo_deploys_loads_runs_reports_and_ends_with_0(stack: Stack) -> None:
    said = stack.done("up", "--no-color", "--exit-code-from", "demo")
    for table in ("clientes", "proveedores", "transacciones"):
        assert table in said


def test_the_state_outlives_the_containers_though_localstack_forgets(stack: Stack) -> None:
    stack.done("down")
    assert stack.in_demo(*COUNT)["rows"][0][0] > 6000


def test_only_the_gateway_is_published_and_on_the_loopback_only(stack: Stack) -> None:
    def published(service: str) -> list[str]:
        ports = docker("inspect", "-f", "{{json .NetworkSettings.Ports}}", stack.container(service)).stdout
        return [binding["HostIp"] for port in json.loads(ports).values() for binding in port or ()]

    assert published("laguna") == ["127.0.0.1"]
    assert published("localstack") == []


def test_our_service_has_no_root_no_capabilities_and_a_disk_it_cannot_write(stack: Stack) -> None:
    laguna = stack.container("laguna")
    assert docker("exec", laguna, "id", "-u").stdout.strip() == "1000"
    assert "CapEff:\t0000000000000000" in docker("exec", laguna, "cat", "/proc/1/status").stdout
    assert docker("exec", laguna, "touch", "/lake/x", check=False).returncode != 0


def test_a_second_demo_ends_with_0_and_the_same_report(stack: Stack) -> None:
    before = stack.in_demo("laguna", "report", "--output", "json")
    stack.done("up", "--no-color", "--exit-code-from", "demo")
    assert stack.in_demo("laguna", "report", "--output", "json") == before


def test_localstack_killed_in_the_middle_of_a_run_is_one_clear_sentence(stack: Stack) -> None:
    said = []
    with stack.start("run", "--rm", "-T", "demo", stderr=subprocess.STDOUT) as demo:
        assert demo.stdout is not None
        for line in demo.stdout:
            said.append(line)
            if line.startswith("deploy:"):
                docker("kill", stack.container("localstack"))
    assert demo.returncode == 1, "".join(said)
    assert sum(line.startswith("laguna: ") for line in said) == 1, "".join(said)
    assert "Traceback" not in "".join(said)


def test_the_stack_comes_back_from_that_with_its_data(stack: Stack) -> None:
    stack.done("up", "-d", "localstack", "laguna")
    deadline = time.monotonic() + 120
    while (counted := stack.run("run", "--rm", "-T", "demo", *COUNT)).returncode != 0:
        assert time.monotonic() < deadline, counted.stderr
        time.sleep(1)
    assert json.loads(counted.stdout)["rows"][0][0] > 6000
