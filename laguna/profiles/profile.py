"""A profile says which AWS the commands talk to; nothing else in the code asks which one it is.

Every command is the same sequence of AWS API calls on each profile. What differs is data here: an endpoint
and credentials (the local AWS has them, AWS itself takes the SDK's own), the stack's parameters, whether
somebody must agree to a change, and how patiently to poll.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from laguna.errors import ProfileUnknown, ServerTrouble, SettingsInvalid
from laguna.profiles.settings import ProfileSettings, read_settings
from laguna.project import Project

if TYPE_CHECKING:
    from laguna.rehearsal import Rehearsal

DEFAULT_PORT = 4566
PROD = "prod"
"""The environment whose stack cannot be deleted until somebody switches its protection off."""


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A local AWS that the commands can start and stop: its loopback port, its state folder, what keeps its
    objects, and the Spark that its jobs run on (empty: one of its own).
    """

    port: int
    state: Path
    s3: Literal["folder", "localstack"] = "folder"
    spark_master: str = ""
    port_is_chosen: bool = True
    """Whether somebody asked for this port, or a server of this state has it; else another may do as well."""

    @property
    def endpoint(self) -> str:
        """The URL that clients are given."""
        return f"http://127.0.0.1:{self.port}"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a profile is before `laguna.toml`."""

    poll_seconds: float
    crawler_poll_seconds: int
    attempts: int
    asks: bool
    s3: Literal["folder", "localstack"] | None
    """What keeps the objects of its local AWS; None when it is AWS itself."""
    state_folder: str = "."
    """Where below the state folder its server keeps its own: two profiles never share one."""
    credentials: dict[str, str] = field(default_factory=dict)
    defaults: ProfileSettings = field(default_factory=ProfileSettings)


_LOCAL_CREDENTIALS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
_LOCAL_DEFAULTS = ProfileSettings("dev", "energy-company-dev", "us-east-1")

KINDS: dict[str, Kind] = {
    "local": Kind(0.2, 1, 2, False, "folder", ".", _LOCAL_CREDENTIALS, _LOCAL_DEFAULTS),
    "localstack": Kind(0.2, 1, 2, False, "localstack", "localstack", _LOCAL_CREDENTIALS, _LOCAL_DEFAULTS),
    # No bucket name, which would be somebody else's, and no region: the SDK's chain has one, or nobody has.
    "aws": Kind(3, 15, 8, True, None, defaults=ProfileSettings("dev")),
}


@dataclass(frozen=True, slots=True)
class Profile:
    """One place that the lake can be deployed to."""

    name: str
    region: str | None
    """None is whatever the SDK finds in its environment and configuration."""
    environment: str
    bucket_name: str
    lake_name: str
    bucket_prefixes: tuple[str, ...]
    """What the template puts before `bucket_name` for each bucket."""
    poll_seconds: float
    """Between two looks at a stack, a run or a query."""
    crawler_poll_seconds: int
    """Between two looks of the state machine at a crawler."""
    attempts: int
    """How often the SDK sends a request that fails."""
    asks: bool = False
    """Whether somebody must agree before a deployment changes anything."""
    server: LocalServer | None = None
    endpoint: str | None = None
    credentials: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    rehearsal: Rehearsal | None = None
    """In a dry run, what holds the clients' writes back."""

    @property
    def stack_name(self) -> str:
        """The CloudFormation stack that is the lake."""
        return f"{self.lake_name}-{self.environment}"

    @property
    def buckets(self) -> tuple[str, ...]:
        """The names that the template makes of `BucketName`."""
        return tuple(f"{prefix}{self.bucket_name}" for prefix in self.bucket_prefixes)

    @property
    def protected(self) -> bool:
        """Whether the stack is to be protected from deletion."""
        return self.environment == PROD

    def stack_parameters(self, code_version: str) -> dict[str, str]:
        """The template's parameters."""
        return {
            "Environment": self.environment,
            "BucketName": self.bucket_name,
            "CodeVersion": code_version,
            "CrawlerPollSeconds": str(self.crawler_poll_seconds),
            **self.parameters,
        }

    def stack_tags(self) -> dict[str, str]:
        """The tags that CloudFormation puts on what it makes; bills are split by them."""
        return {"lake": self.stack_name, "environment": self.environment, **self.tags}

    def session(self) -> Any:
        """A boto3 session with the profile's region and credentials."""
        import boto3

        given: dict[str, Any] = dict(self.credentials)
        return boto3.session.Session(region_name=self.region, **given)

    def client(self, service: str) -> Any:
        """A boto3 client of `service`, made once."""
        credentials = tuple(sorted(self.credentials.items()))
        wanted = (service, self.region, self.endpoint, self.attempts, credentials)
        if self.rehearsal is not None:
            return self.rehearsal.client(service, lambda: _new_client(*wanted))
        return _client(*wanted)


def _new_client(
    service: str,
    region: str | None,
    endpoint: str | None,
    attempts: int,
    credentials: tuple[tuple[str, str], ...],
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


_client = functools.cache(_new_client)


def load_profile(
    name: str,
    project: Project,
    *,
    port: int | None = None,
    state: Path | None = None,
    endpoint: str | None = None,
) -> Profile:
    """The profile `name` with the settings that `laguna.toml` gives it.

    Args:
        name: one of `KINDS`.
        project: where `laguna.toml` is.
        port: of the local AWS to start or use; by default that of the server that holds the state folder.
        state: the folder below which that one keeps its state.
        endpoint: a local AWS that runs already and is neither started nor stopped; port and state are then
            without meaning.

    Raises:
        ProfileUnknown: there is no such profile.
        SettingsInvalid: its settings are not what they can be, or lack one that it needs.
        ServerTrouble: the server of the state folder has another port than is asked for.
    """
    if name not in KINDS:
        raise ProfileUnknown(name, tuple(KINDS))
    kind, given = KINDS[name], read_settings(name, project.settings())
    if kind.s3 is None and (endpoint or given.spark):
        what = f"LAGUNA_ENDPOINT is {endpoint}" if endpoint else "laguna.toml has a spark master"
        raise SettingsInvalid(f"{what}, but the profile '{name}' is AWS itself; take it away.")
    lake, server = project.lake, None
    if kind.s3 is not None and not endpoint:
        folder = (state or project.state).absolute() / kind.state_folder
        chosen = _port(folder, port)
        server = LocalServer(
            chosen or DEFAULT_PORT, folder, kind.s3, given.spark.get("master", ""), chosen is not None
        )
    return Profile(
        name=name,
        region=given.region or kind.defaults.region,
        environment=given.environment or kind.defaults.environment or "",
        bucket_name=given.bucket_name or kind.defaults.bucket_name or _no_bucket_name(name),
        lake_name=lake.name,
        bucket_prefixes=lake.buckets,
        poll_seconds=kind.poll_seconds,
        crawler_poll_seconds=kind.crawler_poll_seconds,
        attempts=kind.attempts,
        asks=kind.asks,
        server=server,
        endpoint=server.endpoint if server else endpoint,
        credentials=kind.credentials,
        tags=given.tags,
        parameters=given.parameters,
    )


def _port(state: Path, asked: int | None) -> int | None:
    from local_aws.control import port_of

    held = port_of(state)
    if held is not None and asked not in (None, held):
        raise ServerTrouble(
            f"The local AWS of {state} is on port {held}, and --port or LAGUNA_PORT says {asked}; leave the "
            "port out, or choose the other server's --state."
        )
    return asked or held


def _no_bucket_name(profile: str) -> str:
    raise SettingsInvalid(
        f"laguna.toml has no bucket_name in [profiles.{profile}], and bucket names are unique in all of AWS; "
        'add one of your own, such as bucket_name = "yourcompany-energy-dev".'
    )
