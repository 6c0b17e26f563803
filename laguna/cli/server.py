"""The local AWS as the commands see it; imports `local_aws` only when a profile has a server."""

from __future__ import annotations

import json
import os
import socket
import time
import urllib.request
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from laguna.errors import ServerTrouble
from laguna.profiles.profile import Profile

if TYPE_CHECKING:
    from local_aws.control import ServerInfo
    from local_aws.settings import Settings

_KINDS = {"folder": "a folder", "localstack": "LocalStack"}

AWAITED_SECONDS = 60.0
"""How long a server that is being started elsewhere may take to answer."""


def start_server(profile: Profile, *, foreground: bool = False) -> ServerInfo:
    """Start the profile's server, and return when it answers; one that runs already is returned.

    Raises:
        ServerTrouble: it cannot start; the message says why.
    """
    from local_aws import control

    settings = settings_of(profile)
    try:
        return control.start(settings, foreground=foreground)
    except control.ServerError as error:
        holder = _health(settings.endpoint).get("state")
        if holder is not None and not _same(holder, settings.state):
            raise ServerTrouble(
                f"Port {settings.port} is held by the local AWS of {holder}; stop that one with 'laguna "
                "down' and its --profile and --state, or choose another port with --port."
            ) from error
        raise _trouble(error) from error


def stop_server(profile: Profile) -> bool:
    """Stop the profile's server; False when none was running.

    Raises:
        ServerTrouble: it did not stop.
    """
    from local_aws import control

    try:
        return control.stop(settings_of(profile))
    except control.ServerError as error:
        raise _trouble(error) from error


def running_server(profile: Profile) -> ServerInfo | None:
    """The profile's server, if one answers."""
    from local_aws import control

    return control.status(settings_of(profile))


def refuse_another_server(profile: Profile) -> None:
    """Return unless the local AWS at the profile's port is not the profile's own.

    Raises:
        ServerTrouble: it keeps its objects elsewhere, or is that of another state folder.
    """
    server = profile.server
    if server is None:
        return
    health = _health(server.endpoint)
    kind = health.get("s3", {}).get("kind", server.s3)
    if kind != server.s3:
        raise ServerTrouble(
            f"The local AWS on port {server.port} keeps its objects in {_KINDS[kind]}, so it is not "
            f"that of the profile '{profile.name}'; use the profile it was started with, or another --port."
        )
    state = health.get("state", str(server.state))
    if not _same(state, server.state):
        raise ServerTrouble(
            f"The local AWS on port {server.port} is that of {state}, and not of {server.state}; name "
            "that one with --state or LAGUNA_STATE, or start this one's with 'laguna up'."
        )


def _same(told: str, state: Path) -> bool:
    return os.path.realpath(told) == os.path.realpath(state)


def beside_others(profile: Profile) -> Profile:
    """The profile, with a free port when its port is the default and another local AWS has it."""
    server = profile.server
    if server is None or server.port_is_chosen:
        return profile
    holder = _health(server.endpoint).get("state")
    if holder is None or _same(holder, server.state):
        return profile
    moved = replace(server, port=_free_port(server.port))
    return replace(profile, server=moved, endpoint=moved.endpoint)


def _free_port(after: int) -> int:
    for port in range(after + 1, after + 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise ServerTrouble(f"Ports {after} to {after + 99} are all in use; choose another with --port.")


def _health(endpoint: str) -> dict[str, Any]:
    """What the server at `endpoint` says of itself; nothing when none of ours answers."""
    try:
        with urllib.request.urlopen(f"{endpoint}/_laguna/health", timeout=5) as answer:  # noqa: S310
            health = json.load(answer)
    except (OSError, ValueError):
        return {}
    return health if isinstance(health, dict) else {}


def await_endpoint(endpoint: str, seconds: float = AWAITED_SECONDS) -> None:
    """Wait until the local AWS at `endpoint`, which somebody else starts, answers.

    Raises:
        ServerTrouble: it did not in time.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(f"{endpoint}/_laguna/health", timeout=5):  # noqa: S310
                return
        except (OSError, ValueError) as error:
            if time.monotonic() > deadline or isinstance(error, ValueError):
                raise ServerTrouble(
                    f"No local AWS answers at {endpoint} (LAGUNA_ENDPOINT): {error}; start it, or correct "
                    "the variable."
                ) from error
        time.sleep(0.2)


def settings_of(profile: Profile) -> Settings:
    """The settings of the profile's server.

    Raises:
        ServerTrouble: it has none.
    """
    from local_aws.settings import Settings

    if profile.server is None:
        where = f" on {profile.endpoint}" if profile.endpoint else ""
        raise ServerTrouble(f"The profile '{profile.name}'{where} has no server to start, stop or look into.")
    settings = Settings.from_environment(port=profile.server.port, state=profile.server.state)
    # The profile says who keeps the objects; a variable only where such a LocalStack runs already.
    s3 = profile.server.s3
    return replace(
        settings,
        region=profile.region or settings.region,
        s3=s3,
        s3_endpoint=settings.s3_endpoint if s3 == "localstack" else None,
        spark_master=profile.server.spark_master or settings.spark_master,
    )


def _trouble(error: Exception) -> ServerTrouble:
    said = str(error).rstrip(".")
    return ServerTrouble(f"{said[:1].upper()}{said[1:]}.")
