"""The local AWS as the commands see it; imports `local_aws` only when a profile has a server."""

from __future__ import annotations

import time
import urllib.request
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.errors import ServerTrouble
from pipeline.profiles import Profile

if TYPE_CHECKING:
    from local_aws.control import ServerInfo
    from local_aws.settings import Settings

AWAITED_SECONDS = 60.0
"""How long a server that is being started elsewhere may take to answer."""


def start_server(profile: Profile, *, foreground: bool = False) -> ServerInfo:
    """Start the profile's server, and return when it answers; one that runs already is returned.

    Raises:
        ServerTrouble: it cannot start; the message says why.
    """
    from local_aws import control

    try:
        return control.start(_settings(profile), foreground=foreground)
    except control.ServerError as error:
        raise _trouble(error) from error


def stop_server(profile: Profile) -> bool:
    """Stop the profile's server; False when none was running.

    Raises:
        ServerTrouble: it did not stop.
    """
    from local_aws import control

    try:
        return control.stop(_settings(profile))
    except control.ServerError as error:
        raise _trouble(error) from error


def running_server(profile: Profile) -> ServerInfo | None:
    """The profile's server, if one answers."""
    from local_aws import control

    return control.status(_settings(profile))


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


def _settings(profile: Profile) -> Settings:
    from local_aws.settings import Settings

    if profile.server is None:
        where = f" on {profile.endpoint}" if profile.endpoint else ""
        raise ServerTrouble(f"The profile '{profile.name}'{where} has no server to start, stop or look into.")
    settings = Settings.from_environment(port=profile.server.port, state=profile.server.state)
    # The profile says who keeps the objects; a variable only where such a LocalStack runs already.
    s3 = profile.server.s3
    return replace(
        settings,
        s3=s3,
        s3_endpoint=settings.s3_endpoint if s3 == "localstack" else None,
        spark_master=profile.server.spark_master or settings.spark_master,
    )


def _trouble(error: Exception) -> ServerTrouble:
    said = str(error).rstrip(".")
    return ServerTrouble(f"{said[:1].upper()}{said[1:]}.")
