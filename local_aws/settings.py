"""Where one local AWS listens and keeps its state.

Several can run side by side: everything that would collide (port, state folder) is here, and every other
module is given a `Settings` instead of reading the environment.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args
from urllib.parse import urlsplit

S3Kind = Literal["folder", "localstack"]
"""Who keeps the objects: a folder below the state folder, or LocalStack."""

DEFAULT_PORT = 4566
LOOPBACK = "127.0.0.1"
ANY_ADDRESS = "0.0.0.0"  # noqa: S104 - only in a container, whose ports are its own
HOST_NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|[0-9a-f:]+")
MEMORY = re.compile(r"\d+(\.\d+)?[MGT]i?B")
ACCOUNT_ID = "000000000000"
DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class Settings:
    """One server: its address, its state folder, and the account it plays.

    `state` is absolute; `port` is a TCP port on `host`, which is a loopback address by default.
    """

    state: Path
    port: int = DEFAULT_PORT
    host: str = LOOPBACK
    account_id: str = ACCOUNT_ID
    region: str = DEFAULT_REGION
    warm_spark: bool = True
    """Start Spark's JVM with the server, so that the first job does not wait for it."""
    s3: S3Kind = "folder"
    s3_endpoint: str | None = None
    """An S3 endpoint that runs already, such as `http://localstack:4566`; None to start LocalStack here."""
    spark_master: str = ""
    """The cluster that runs jobs, such as `spark://127.0.0.1:7077`; empty for this machine itself."""
    hosts: tuple[str, ...] = ()
    """Further names by which clients call this server, each with the names below it, such as `aws.test`."""
    athena_memory: str = ""
    """What all queries of a region may take together, such as `4GB`; empty for half of the machine's."""

    @property
    def endpoint(self) -> str:
        """The URL for clients on this machine, for example `http://127.0.0.1:4566`."""
        return f"http://{'127.0.0.1' if self.host == ANY_ADDRESS else self.host}:{self.port}"

    @classmethod
    def from_environment(cls, *, port: int | None = None, state: str | Path | None = None) -> Settings:
        """Read `LAGUNA_…` and the SDK's region; arguments win, and an S3 endpoint means LocalStack.

        Raises:
            ValueError: a setting has no value that it may have.
        """
        chosen = port if port is not None else _port_from(os.environ.get("LAGUNA_PORT"))
        folder = Path(state or os.environ.get("LAGUNA_STATE") or ".laguna").absolute()
        region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or DEFAULT_REGION
        endpoint = os.environ.get("LAGUNA_S3_ENDPOINT") or None
        return cls(
            state=folder,
            port=chosen,
            host=os.environ.get("LAGUNA_HOST") or LOOPBACK,
            region=region,
            warm_spark=os.environ.get("LAGUNA_WARM_SPARK", "1") != "0",
            s3="localstack" if endpoint else _s3_from(os.environ.get("LAGUNA_S3")),
            s3_endpoint=_endpoint_from(endpoint),
            spark_master=os.environ.get("LAGUNA_SPARK_MASTER", ""),
            hosts=_hosts_from(os.environ.get("LAGUNA_HOSTS")),
            athena_memory=_memory_from(os.environ.get("LAGUNA_ATHENA_MEMORY")),
        )

    def variables(self) -> dict[str, str]:
        """The environment in which `from_environment` gives these settings; empty ones are not set."""
        return {
            "LAGUNA_PORT": str(self.port),
            "LAGUNA_STATE": str(self.state),
            "LAGUNA_HOST": self.host,
            "LAGUNA_S3": self.s3,
            "LAGUNA_S3_ENDPOINT": self.s3_endpoint or "",
            "LAGUNA_SPARK_MASTER": self.spark_master,
            "LAGUNA_HOSTS": ",".join(self.hosts),
            "LAGUNA_ATHENA_MEMORY": self.athena_memory,
            "AWS_REGION": self.region,
            **({} if self.warm_spark else {"LAGUNA_WARM_SPARK": "0"}),
        }


def _s3_from(text: str | None) -> S3Kind:
    if (text or "folder") not in get_args(S3Kind):
        raise ValueError(f"LAGUNA_S3 is '{text}'; it is one of {', '.join(get_args(S3Kind))}")
    return cast(S3Kind, text or "folder")


def _memory_from(text: str | None) -> str:
    if text and not MEMORY.fullmatch(text):
        raise ValueError(f"LAGUNA_ATHENA_MEMORY is '{text}', not an amount such as 512MB or 4GB")
    return text or ""


def _hosts_from(text: str | None) -> tuple[str, ...]:
    names = [name.strip("[].").lower() for name in re.split(r"[\s,]+", (text or "").replace("*.", ""))]
    for name in filter(None, names):
        if not HOST_NAME.fullmatch(name):
            raise ValueError(f"LAGUNA_HOSTS has '{name}', not a host name such as aws.test, without a port")
    return tuple(filter(None, names))


def _endpoint_from(text: str | None) -> str | None:
    if text is None:
        return None
    parts = urlsplit(text)
    if parts.scheme != "http" or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError(f"LAGUNA_S3_ENDPOINT is '{text}', not a URL such as http://localstack:4566")
    return text.rstrip("/")


def _port_from(text: str | None) -> int:
    if not text:
        return DEFAULT_PORT
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise ValueError(f"LAGUNA_PORT is '{text}', not a port number from 1 to 65535")
    return int(text)
