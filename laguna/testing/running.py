"""A running local AWS as a test sees it."""

from __future__ import annotations

import socket
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from local_aws import control
from local_aws.settings import Settings
from local_aws.snapshots.client import SnapshotClient

ATTEMPTS = 3
"""Two test processes may be given the same free port before either listens on it."""


@dataclass(frozen=True, slots=True)
class Laguna:
    """A local AWS of its own: its port, its state folder."""

    settings: Settings

    @property
    def endpoint(self) -> str:
        """The URL for clients, for example `http://127.0.0.1:49153`."""
        return self.settings.endpoint

    @property
    def region(self) -> str:
        """The region that clients are given."""
        return self.settings.region

    @property
    def state(self) -> Path:
        """The folder of its state; objects are files below `s3/<bucket>/`."""
        return self.settings.state

    def client(self, service: str, **arguments: Any) -> Any:
        """A boto3 client of it; `arguments` are those of boto3's `client`."""
        given = {
            "endpoint_url": self.endpoint,
            "region_name": self.region,
            "aws_access_key_id": "test",
            "aws_secret_access_key": "test",
        }
        return _session().client(service, **given | arguments)

    def save(self, name: str) -> None:
        """Save all its state under a name; `load` puts it back, as often as you like.

        Raises:
            SnapshotError: something, such as a job run, is still under way.
        """
        SnapshotClient(self.endpoint).save(name)

    def load(self, name: str) -> None:
        """Put all its state back to what `save` saved.

        Raises:
            SnapshotError: there is no such snapshot, or something is still under way.
        """
        SnapshotClient(self.endpoint).load(name)


@cache
def _session() -> Any:
    """One for all clients, because it reads the models of a service once."""
    import boto3

    return boto3.session.Session()


def start_laguna(state: Path, *, region: str, warm_spark: bool) -> Laguna:
    """Start a server on a free port and return when it answers; it does not outlive this process.

    Raises:
        ServerError: it did not start; the text says why.
    """
    settings = Settings(state=state.absolute(), region=region, warm_spark=warm_spark)
    for attempt in range(1, ATTEMPTS + 1):
        chosen = replace(settings, port=free_port())
        try:
            control.start(chosen, ends_with_us=True)
        except control.ServerError as error:
            if attempt == ATTEMPTS or "port" not in str(error):
                raise
            continue
        return Laguna(chosen)
    raise AssertionError("the loop returns or raises")


def stop_laguna(laguna: Laguna) -> None:
    """Stop it and wait until it is gone."""
    control.stop(laguna.settings)


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
