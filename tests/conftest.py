"""A private local AWS for tests: its own port, its own state, gone at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from laguna.testing.running import free_port
from local_aws import control
from local_aws.settings import Settings

REGION = "us-east-1"


@dataclass(frozen=True)
class LocalAws:
    """A running server."""

    settings: Settings

    @property
    def endpoint(self) -> str:
        return self.settings.endpoint

    def client(self, service: str, region: str = REGION, **config: Any) -> Any:
        """A boto3 client of it that does not retry, so that a failure shows."""
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=region,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"max_attempts": 0}, **config),
        )


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """One server for the session; tests keep apart by names."""
    settings = Settings(state=Path(tmp_path_factory.mktemp("laguna")), port=free_port(), region=REGION)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_DEFAULT_REGION", REGION)
        environment.setenv("LAGUNA_WARM_SPARK", "0")
        control.start(settings)
    yield LocalAws(settings)
    control.stop(settings)


@pytest.fixture
def own_aws(tmp_path: Path) -> Iterator[LocalAws]:
    """A server that the test may kill."""
    settings = Settings(state=tmp_path / "state", port=free_port(), region=REGION)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_DEFAULT_REGION", REGION)
        environment.setenv("LAGUNA_WARM_SPARK", "0")
        control.start(settings)
        yield LocalAws(settings)
        control.stop(settings)
