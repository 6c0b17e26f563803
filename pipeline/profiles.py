"""A profile says which AWS the commands talk to; nothing else in the code asks which one it is.

Every command is the same sequence of AWS API calls on each profile. What differs is data here: an endpoint
and credentials (the local AWS has them, AWS itself takes the SDK's own), the stack's parameters, and how
patiently to poll.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import ProfileUnknown, SettingsInvalid
from pipeline.project import Project

DEFAULT_PORT = 4566


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A local AWS that the commands can start and stop: its loopback port and its state folder."""

    port: int
    state: Path

    @property
    def endpoint(self) -> str:
        """The URL that clients are given."""
        return f"http://127.0.0.1:{self.port}"


@dataclass(frozen=True, slots=True)
class Profile:
    """One place that the lake can be deployed to."""

    name: str
    region: str
    environment: str
    bucket_name: str
    poll_seconds: float
    """Between two looks at a stack, a run or a query."""
    crawler_poll_seconds: int
    """Between two looks of the state machine at a crawler."""
    attempts: int
    """How often the SDK sends a request that fails."""
    server: LocalServer | None = None
    endpoint: str | None = None
    credentials: dict[str, str] = field(default_factory=dict)

    @property
    def stack_name(self) -> str:
        """The CloudFormation stack that is the lake."""
        return f"energy-datalake-{self.environment}"

    def stack_parameters(self, code_version: str) -> dict[str, str]:
        """The template's parameters."""
        return {
            "Environment": self.environment,
            "BucketName": self.bucket_name,
            "CodeVersion": code_version,
            "CrawlerPollSeconds": str(self.crawler_poll_seconds),
        }

    def client(self, service: str) -> Any:
        """A boto3 client of `service`, made once."""
        return _client(
            service, self.region, self.endpoint, self.attempts, tuple(sorted(self.credentials.items()))
        )


@functools.cache
def _client(
    service: str, region: str, endpoint: str | None, attempts: int, credentials: tuple[tuple[str, str], ...]
) -> Any:
    # Imported here because it takes 0.2 s, which `laguna --help` should not.
    import boto3
    from botocore.config import Config

    config = Config(
        retries={"mode": "standard", "total_max_attempts": attempts},
        s3={"addressing_style": "path"} if endpoint else None,
        max_pool_connections=32,
    )
    # The stubs know the names of services, not a name that is passed in.
    session: Any = boto3.session.Session()
    return session.client(
        service, region_name=region, endpoint_url=endpoint, config=config, **dict(credentials)
    )


def _local(settings: dict[str, str], server: LocalServer) -> Profile:
    return Profile(
        name="local",
        poll_seconds=0.2,
        crawler_poll_seconds=1,
        attempts=2,
        server=server,
        endpoint=server.endpoint,
        credentials={"aws_access_key_id": "test", "aws_secret_access_key": "test"},
        **settings,
    )


PROFILES: dict[str, Callable[[dict[str, str], LocalServer], Profile]] = {"local": _local}
"""Makes a profile of its settings and of the local AWS that `--port` and `--state` mean."""

DEFAULTS = {"environment": "dev", "bucket_name": "energy-company-dev", "region": "us-east-1"}


def load_profile(
    name: str, project: Project, *, port: int = DEFAULT_PORT, state: Path | None = None
) -> Profile:
    """The profile `name` with the settings that `laguna.toml` gives it.

    Raises:
        ProfileUnknown: there is no such profile.
        SettingsInvalid: its settings have an unknown name, or a value that is not text.
    """
    if name not in PROFILES:
        raise ProfileUnknown(name, tuple(PROFILES))
    given = project.settings().get("profiles", {}).get(name, {})
    for key, value in given.items():
        if key not in DEFAULTS or not isinstance(value, str):
            raise SettingsInvalid(
                f"laguna.toml has {key} = {value!r} in [profiles.{name}]; "
                f"it takes {', '.join(DEFAULTS)}, each a text."
            )
    return PROFILES[name]({**DEFAULTS, **given}, LocalServer(port, (state or project.state).absolute()))
