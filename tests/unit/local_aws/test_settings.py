from __future__ import annotations

from pathlib import Path

import pytest

from local_aws.settings import Settings


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "LAGUNA_PORT",
        "LAGUNA_STATE",
        "LAGUNA_HOST",
        "LAGUNA_S3",
        "LAGUNA_S3_ENDPOINT",
        "LAGUNA_ATHENA_MEMORY",
    ):
        monkeypatch.delenv(name, raising=False)


def test_the_variables_of_settings_give_the_same_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    made = Settings(
        Path("/state"), 4599, "0.0.0.0", region="eu-west-1", s3="localstack", s3_endpoint="http://ls:4566",
        athena_memory="512MB",
    )  # fmt: skip
    for name, value in made.variables().items():
        monkeypatch.setenv(name, value)
    assert Settings.from_environment() == made


def test_an_s3_endpoint_means_localstack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAGUNA_S3_ENDPOINT", "http://localstack:4566/")
    found = Settings.from_environment()
    assert (found.s3, found.s3_endpoint) == ("localstack", "http://localstack:4566")


def test_clients_on_this_machine_use_loopback_when_the_server_listens_everywhere() -> None:
    assert Settings(Path("/state"), 4566, "0.0.0.0").endpoint == "http://127.0.0.1:4566"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LAGUNA_S3", "minio"),
        ("LAGUNA_S3_ENDPOINT", "localstack:4566"),
        ("LAGUNA_S3_ENDPOINT", "https://localstack:4566"),
        ("LAGUNA_S3_ENDPOINT", "http://localstack:4566/bucket"),
        ("LAGUNA_PORT", "0"),
        ("LAGUNA_ATHENA_MEMORY", "much"),
    ],
)
def test_a_wrong_variable_is_named_with_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=f"{name} is '{value}'"):
        Settings.from_environment()
