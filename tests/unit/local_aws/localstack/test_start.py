"""Which way LocalStack is started, and what a person is told when it cannot be."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from local_aws import localstack
from local_aws.localstack import LocalStackError, docker, package
from local_aws.localstack.errors import reason


@pytest.fixture
def no_docker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("LAGUNA_LOCALSTACK", raising=False)


def docker_that(tmp_path: Path, script: str) -> None:
    command = tmp_path / "docker"
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(0o755)


@pytest.mark.usefixtures("no_docker")
def test_without_docker_the_package_is_the_way_and_a_person_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "python_of_localstack", lambda say: Path("python"))
    said: list[str] = []
    localstack.prepare(said.append)
    assert said == [
        "LocalStack is started from its package, not by Docker: there is no docker command on PATH; "
        "install Docker to change that"
    ]


@pytest.mark.usefixtures("no_docker")
@pytest.mark.parametrize(
    ("script", "obstacle"),
    [
        ("exit 1", "Docker's engine does not answer"),
        (
            '[ "$1" = version ]',
            'the image localstack/localstack:4.14.0 is not on this machine; run "docker pull',
        ),
    ],
)
def test_docker_asked_for_and_not_to_be_had_is_an_error_that_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str, obstacle: str
) -> None:
    docker_that(tmp_path, script)
    monkeypatch.setenv("LAGUNA_LOCALSTACK", "docker")
    with pytest.raises(LocalStackError, match=obstacle):
        localstack.prepare(print)


def test_an_unknown_way_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAGUNA_LOCALSTACK", "podman")
    with pytest.raises(LocalStackError, match="LAGUNA_LOCALSTACK is 'podman'; it is one of docker, package"):
        localstack.prepare(print)


@pytest.mark.usefixtures("no_docker")
def test_a_package_that_cannot_be_installed_says_so_and_does_not_count(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(
        package, "_steps", lambda folder, needed: [["/bin/sh", "-c", "echo no network >&2; exit 1"]]
    )
    monkeypatch.setitem(package.VERSIONS, sys.version_info[:2], "4.13.1")
    for _ in range(2):
        with pytest.raises(LocalStackError, match=r"could not be installed \(no network\)"):
            package.python_of_localstack(lambda line: None)


def test_a_python_without_a_release_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "VERSIONS", {})
    with pytest.raises(LocalStackError, match=r"runs on Python 3\.11, 3\.12 and 3\.13"):
        package.python_of_localstack(print)


@pytest.mark.parametrize(
    ("log", "meaning"),
    [
        ("...\nLicense activation failed! No auth token", "set LOCALSTACK_AUTH_TOKEN"),
        ("No credentials were found in the environment", "set LOCALSTACK_AUTH_TOKEN"),
        ("bind: address already in use", "the port is in use"),
        ("a\nlast thing\n\n", "its last words are: last thing"),
        ("", "it said nothing"),
    ],
)
def test_the_log_of_a_localstack_that_ended_says_why(log: str, meaning: str) -> None:
    assert meaning in reason(log)


def test_the_token_is_passed_by_name_and_not_shown_in_the_command() -> None:
    words = docker.command(4570, "name", {"LOCALSTACK_AUTH_TOKEN": "secret"})
    assert "LOCALSTACK_AUTH_TOKEN" in words
    assert "secret" not in " ".join(words)
