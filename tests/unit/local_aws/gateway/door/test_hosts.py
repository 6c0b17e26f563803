"""Which hosts a request may name."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from local_aws.gateway.door.hosts import Hosts
from local_aws.settings import Settings

ALWAYS = [
    "127.0.0.1", "127.0.0.1:4566", "127.8.9.10:80", "[::1]:4566", "0.0.0.0:4566", "localhost",
    "LOCALHOST:4566", "localhost.:4566", "lake.localhost:4566", "lake.s3.localhost",
    "lake.s3.eu-west-1.localhost:4566",
    "localhost.localstack.cloud:4566", "lake.s3.localhost.localstack.cloud:4566", "host.docker.internal:4566",
    "host.containers.internal", "000000000000.localhost:4566",
]  # fmt: skip
NEVER = [
    "", "evil.example.com", "evil.example.com:4566", "127.0.0.1.evil.example.com",
    "localhost.evil.example.com",
    "evillocalhost.com", "localhost@evil.example.com", "evil.example.com/localhost",
    "localhost, evil.example.com",
    "localhost:port", "localhost:4566:1", "[::1", "::1", ".localhost.evil",
    "lake.s3.amazonaws.com", "host docker",
]  # fmt: skip
BEYOND = [
    "laguna:4566",
    "laguna",
    "aws_1",
    "172.18.0.2:4566",
    "[fd00::2]:4566",
    "laguna.lake.svc.cluster.local",
]


def hosts(tmp_path: Path, host: str = "127.0.0.1", names: tuple[str, ...] = ()) -> Hosts:
    return Hosts.of(Settings(state=tmp_path, host=host, hosts=names))


@pytest.mark.parametrize("host", ALWAYS)
@pytest.mark.parametrize("bound", ["127.0.0.1", "0.0.0.0"])
def test_names_that_only_this_machine_can_have_are_taken(tmp_path: Path, host: str, bound: str) -> None:
    assert hosts(tmp_path, bound).has(host)


@pytest.mark.parametrize("host", NEVER)
@pytest.mark.parametrize("bound", ["127.0.0.1", "0.0.0.0"])
def test_names_that_somebody_else_can_own_are_refused(tmp_path: Path, host: str, bound: str) -> None:
    assert not hosts(tmp_path, bound).has(host)


@pytest.mark.parametrize("host", BEYOND)
def test_a_server_in_a_container_is_called_by_any_alias_and_address(tmp_path: Path, host: str) -> None:
    assert hosts(tmp_path, "0.0.0.0").has(host)
    assert not hosts(tmp_path).has(host)


def test_the_machine_s_own_name_is_taken(tmp_path: Path) -> None:
    assert hosts(tmp_path).has(f"{socket.gethostname()}:4566")


def test_the_setting_adds_names_with_all_below_them(tmp_path: Path) -> None:
    named = hosts(tmp_path, names=("aws.test", "10.0.0.5"))
    assert named.has("aws.test:4566")
    assert named.has("lake.s3.aws.test")
    assert named.has("10.0.0.5:4566")
    assert not named.has("evilaws.test")
    assert not named.has("10.0.0.6:4566")


def test_the_setting_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAGUNA_HOSTS", "aws.test, *.Preview.example.dev  [fd00::1]")
    settings = Settings.from_environment()
    assert settings.hosts == ("aws.test", "preview.example.dev", "fd00::1")
    assert settings.variables()["LAGUNA_HOSTS"] == "aws.test,preview.example.dev,fd00::1"


@pytest.mark.parametrize("text", ["http://aws.test", "aws.test:4566", "*", "a/b"])
def test_what_is_no_name_is_refused_at_start(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("LAGUNA_HOSTS", text)
    with pytest.raises(ValueError, match="LAGUNA_HOSTS"):
        Settings.from_environment()
