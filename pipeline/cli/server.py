"""The local AWS as the commands see it; imports `local_aws` only when a profile has a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.errors import ServerTrouble
from pipeline.profiles import Profile

if TYPE_CHECKING:
    from local_aws.control import ServerInfo
    from local_aws.settings import Settings


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


def _settings(profile: Profile) -> Settings:
    from local_aws.settings import Settings

    if profile.server is None:
        raise ServerTrouble(f"The profile '{profile.name}' has no server of ours to start or stop.")
    return Settings.from_environment(port=profile.server.port, state=profile.server.state)


def _trouble(error: Exception) -> ServerTrouble:
    said = str(error).rstrip(".")
    return ServerTrouble(f"{said[:1].upper()}{said[1:]}.")
