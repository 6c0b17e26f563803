"""The workflows, ours and the one that users copy: they parse, run what exists, and may do no more."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
OURS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
EXAMPLE = ROOT / "docs" / "examples" / "github-actions.yml"
ALL = [*OURS, EXAMPLE]


def load(path: Path) -> dict[Any, Any]:
    document: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return document


def jobs(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = load(path)["jobs"]
    return found


def commands(path: Path) -> Iterator[str]:
    for job in jobs(path).values():
        yield from (step["run"] for step in job["steps"] if "run" in step)


def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return document


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_a_workflow_says_when_it_runs_how_long_at_most_and_what_it_may(path: Path) -> None:
    document = load(path)
    # YAML 1.1 reads the key `on` as true.
    assert document[True]
    assert document["permissions"]["contents"] == "read"
    assert all(job["timeout-minutes"] <= 90 and job["runs-on"] for job in document["jobs"].values())


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_actions_are_pinned_to_a_version(path: Path) -> None:
    used = [step["uses"] for job in jobs(path).values() for step in job["steps"] if "uses" in step]
    assert used
    assert all(re.fullmatch(r"(actions|docker)/[a-z-]+@v\d+", action) for action in used)


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_every_command_is_shell_that_parses(path: Path) -> None:
    for command in commands(path):
        done = subprocess.run(["bash", "-n"], input=command, text=True, capture_output=True, check=False)
        assert done.returncode == 0, f"{command}: {done.stderr}"


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_our_workflows_run_the_scripts_that_developers_run(path: Path) -> None:
    for command in commands(path):
        first, *rest = shlex.split(command)
        if first == "scripts/test":
            usage = (ROOT / first).read_text(encoding="utf-8")
            assert f" {rest[0]} " in re.sub(r"[|()\n]", " ", usage)
        elif first.startswith("scripts/"):
            assert (ROOT / first).stat().st_mode & 0o111
        else:
            assert first == "docker", f"{command} is no script of ours"


def test_ci_runs_every_kind_of_test() -> None:
    run = set(commands(ROOT / ".github" / "workflows" / "ci.yml"))
    assert {f"scripts/test {kind}" for kind in ("lint", "unit", "integration", "e2e", "extended")} <= run
    assert "docker compose up --exit-code-from demo" in run


def test_compose_commands_name_services_that_there_are() -> None:
    services = compose()["services"]
    for command in commands(ROOT / ".github" / "workflows" / "ci.yml"):
        words = shlex.split(command)
        if words[:3] == ["docker", "compose", "logs"]:
            assert {word for word in words[3:] if not word.startswith("-")} <= services.keys()


def test_the_example_uses_the_ports_and_variables_of_the_image() -> None:
    container = jobs(EXAMPLE)["container"]
    assert container["services"]["laguna"]["ports"] == ["4566:4566"]
    assert container["env"]["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4566"
    assert "EXPOSE 4566" in (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_the_pinned_localstack_is_the_same_everywhere() -> None:
    default = compose()["services"]["localstack"]["image"].partition(":-")[2].rstrip("}")
    assert f"docker pull --quiet {default}" in set(commands(ROOT / ".github" / "workflows" / "ci.yml"))
    assert default in (ROOT / "docs" / "docker.md").read_text(encoding="utf-8")


def test_only_the_gateway_is_published_and_on_the_loopback() -> None:
    ports = {name: service.get("ports", []) for name, service in compose()["services"].items()}
    assert ports == {"localstack": [], "demo": [], "laguna": ["127.0.0.1:${LAGUNA_PORT:-4566}:4566"]}


def test_the_compose_file_starts_the_image_of_this_version() -> None:
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.M)
    assert version
    for service in ("laguna", "demo"):
        assert compose()["services"][service]["image"] == f"${{LAGUNA_IMAGE:-laguna:{version[1]}}}"
