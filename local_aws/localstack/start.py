"""Start LocalStack as this machine can: by Docker when it answers and has the image, else from the package.

`LAGUNA_LOCALSTACK=docker` or `=package` allows only that way. Only S3 is switched on; the rest is ours.
https://docs.localstack.cloud/references/configuration/
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

from local_aws.localstack import docker, package
from local_aws.localstack.errors import LocalStackError
from local_aws.localstack.instance import LocalStack, Way, make_folder
from local_aws.user_cache import Say

SETTINGS = {
    "SERVICES": "s3",
    "EAGER_SERVICE_LOADING": "1",
    "LS_LOG": "warn",
    "DISABLE_EVENTS": "1",
    "SKIP_SSL_CERT_DOWNLOAD": "1",
    "SKIP_INFRA_DOWNLOADS": "1",
    "DNS_ADDRESS": "0",
    # A bucket may be in any region; LocalStack knows only those of its own list.
    "ALLOW_NONSTANDARD_REGIONS": "1",
}
TOKEN = "LOCALSTACK_AUTH_TOKEN"  # noqa: S105 - a variable's name


def silent(line: str) -> None:
    """Show nothing."""


def start(*, port: int | None = None, say: Say = silent) -> LocalStack:
    """Start LocalStack with S3 on a loopback port and return when it answers.

    Args:
        port: the port; a free one by default.
        say: is shown what takes long.

    Raises:
        LocalStackError: it cannot be started; the text says why and the way out.
    """
    chosen = port or _free_port()
    folder = make_folder()
    try:
        way = WAYS[_way(say)](chosen, folder, say)
        instance = LocalStack(way, chosen, folder)
    except BaseException:
        folder.rmdir()
        raise
    instance.await_ready()
    return instance


def prepare(say: Say = silent) -> None:
    """Do beforehand what `start` would have to: install the package where Docker is not the way.

    Raises:
        LocalStackError: there is no way to start LocalStack.
    """
    if _way(say) == "package":
        package.python_of_localstack(say)


def _way(say: Say) -> str:
    asked = os.environ.get("LAGUNA_LOCALSTACK")
    if asked not in (None, "", *WAYS):
        raise LocalStackError(f"LAGUNA_LOCALSTACK is '{asked}'; it is one of {', '.join(WAYS)}, or not set.")
    if asked == "package":
        return asked
    obstacle = docker.obstacle()
    if obstacle is None:
        return "docker"
    if asked == "docker":
        raise LocalStackError(
            f"LocalStack cannot be started by Docker: {obstacle}, or set LAGUNA_LOCALSTACK=package."
        )
    say(f"LocalStack is started from its package, not by Docker: {obstacle} to change that")
    return "package"


def _by_docker(port: int, folder: Path, say: Say) -> Way:
    name = f"laguna-localstack-{port}-{os.getpid()}"
    settings = {**SETTINGS, **_token()}
    environment = {**os.environ, **settings}
    return Way("docker", docker.command(port, name, settings), environment, docker.removal(name))


def _by_package(port: int, folder: Path, say: Say) -> Way:
    python = package.python_of_localstack(say)
    return Way("package", package.command(python), package.environment(port, folder, SETTINGS | _token()))


def _token() -> dict[str, str]:
    return {TOKEN: os.environ[TOKEN]} if os.environ.get(TOKEN) else {}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


WAYS: dict[str, Callable[[int, Path, Say], Way]] = {"docker": _by_docker, "package": _by_package}
