"""What can be wrong with the profile `aws` before AWS is asked anything."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from laguna.cli.consent import ask_for_name, require_someone
from laguna.errors import ConsentMissing
from laguna.profiles import profile
from tests.unit.laguna.cli.conftest import Result

Run = Callable[..., Result]

SETTINGS = '[profiles.aws]\nbucket_name = "yourcompany"\n'


@pytest.fixture(autouse=True)
def account(project: Path, monkeypatch: pytest.MonkeyPatch, closed_port: str) -> Iterator[None]:
    """A project with the profile, nothing of this machine's own configuration, and no way to reach AWS."""
    for name in (
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
        "AWS_PROFILE",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(project / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(project / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{closed_port}")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    (project / "laguna.toml").write_text(SETTINGS)
    profile._client.cache_clear()
    yield
    profile._client.cache_clear()


def refused(result: Result) -> str:
    assert (result.code, result.out) == (1, "")
    assert "Traceback" not in result.err
    return result.err.splitlines()[-1]


def test_without_a_region_the_sentence_says_where_to_put_one(laguna: Run) -> None:
    assert "add region to the profile in laguna.toml" in refused(laguna("status", "--profile", "aws"))


def test_without_credentials_the_sentence_says_how_to_get_them(
    laguna: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    assert "There are no AWS credentials" in refused(laguna("status", "--profile", "aws"))


def test_half_of_the_credentials_names_the_missing_half(laguna: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    sentence = refused(laguna("status", "--profile", "aws"))
    assert "incomplete, AWS_SECRET_ACCESS_KEY is missing" in sentence


def test_an_sdk_profile_that_is_not_configured_is_named(laguna: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "ana")
    assert "AWS_PROFILE names 'ana'" in refused(laguna("status", "--profile", "aws"))


def test_a_deployment_that_nobody_agreed_to_asks_aws_nothing(laguna: Run) -> None:
    sentence = refused(laguna("deploy", "--profile", "aws"))
    assert sentence == "laguna: Deploying needs a yes, and nobody can be asked here; add --yes."


@pytest.mark.parametrize("command", ["up", "down"])
def test_there_is_no_server_to_start_or_stop(laguna: Run, command: str) -> None:
    assert "The profile 'aws' has no server" in refused(laguna(command, "--profile", "aws"))


def test_another_name_than_the_stacks_deletes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("click.prompt", lambda *_, **__: "energy-datalake-dev ")
    ask_for_name("This deletes it.", "energy-datalake-dev", yes=False)
    with pytest.raises(ConsentMissing, match="'energy-datalake-dev' is not energy-datalake-prod"):
        ask_for_name("This deletes it.", "energy-datalake-prod", yes=False)


def test_where_somebody_sits_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    require_someone("Deploying", yes=False)
