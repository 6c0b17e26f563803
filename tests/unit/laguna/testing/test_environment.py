"""The environment of code under test."""

from __future__ import annotations

import os

import boto3
import pytest

from laguna.testing.environment import aws_environment


def test_boto3_goes_to_the_local_aws_whatever_the_developer_has_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "https://s3.example.com")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "secret")
    with aws_environment("eu-west-1", "http://127.0.0.1:4566"):
        client = boto3.client("s3")
        assert client.meta.endpoint_url == "http://127.0.0.1:4566"
        assert client.meta.region_name == "eu-west-1"
        credentials = boto3.Session().get_credentials()
        assert credentials is not None
        assert (credentials.access_key, credentials.token) == ("test", None)


def test_everything_is_as_it_was_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    before = dict(os.environ)
    with aws_environment("eu-west-1", "http://127.0.0.1:4566"):
        os.environ["AWS_REGION"] = "changed by the test"
    assert dict(os.environ) == before


def test_a_proxy_is_not_used_for_the_local_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "intranet.example.com")
    with aws_environment("eu-west-1", "http://127.0.0.1:4566"):
        assert os.environ["NO_PROXY"] == "intranet.example.com,127.0.0.1,localhost"
