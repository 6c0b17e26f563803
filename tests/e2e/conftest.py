"""One demo a profile for all end-to-end tests, on a server of its own and run by the installed command.

Every test runs on each profile that needs no AWS; those on LocalStack are extended ones.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.conftest import REGION, free_port

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Installation:
    """A port and a state folder, and the programs of this environment on them."""

    port: int
    state: Path
    profile: str = "local"

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        aws = {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
        }
        return {
            **os.environ,
            **aws,
            "LAGUNA_PORT": str(self.port),
            "LAGUNA_STATE": str(self.state),
            "LAGUNA_PROFILE": self.profile,
        }

    def run(self, program: str, *arguments: str) -> Result:
        done = subprocess.run(
            [BIN / program, *arguments],
            cwd=ROOT,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Result(done.returncode, done.stdout, done.stderr)

    def laguna(self, *arguments: str) -> Result:
        return self.run("laguna", *arguments)

    def done(self, *arguments: str) -> Any:
        """The document of a `laguna` command that must succeed."""
        result = self.laguna(*arguments, "--output", "json")
        assert result.code == 0, result.err
        return result.json()

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )


class Installations:
    """An installation and its demo for each profile, made when first asked for."""

    def __init__(self, new_state: Callable[[str], Path]) -> None:
        self._new_state = new_state
        self._made: dict[str, Installation] = {}
        self._demos: dict[str, Any] = {}

    def of(self, profile: str) -> Installation:
        if profile not in self._made:
            self._made[profile] = Installation(free_port(), self._new_state(profile), profile)
        return self._made[profile]

    def demo(self, profile: str) -> Any:
        """What `laguna demo` printed on an empty state."""
        if profile not in self._demos:
            self._demos[profile] = self.of(profile).done("demo")
        return self._demos[profile]

    def stop(self) -> None:
        for installed in self._made.values():
            installed.laguna("down")


@pytest.fixture(scope="session")
def installations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installations]:
    made = Installations(lambda profile: tmp_path_factory.mktemp(f"state-{profile}"))
    yield made
    made.stop()


@pytest.fixture(scope="session", params=["local", pytest.param("localstack", marks=pytest.mark.extended)])
def installation(request: pytest.FixtureRequest, installations: Installations) -> Installation:
    return installations.of(request.param)


@pytest.fixture(scope="session")
def demo(installation: Installation, installations: Installations) -> Any:
    """What `laguna demo` printed on an empty state."""
    return installations.demo(installation.profile)


@pytest.fixture
def lake(installation: Installation, demo: Any) -> Installation:
    """The installation with the samples loaded; each test leaves a running server."""
    assert demo["tables"]
    return installation
