"""LocalStack as a container, by the `docker` command."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping

DEFAULT_IMAGE = "localstack/localstack:4.14.0"
"""The last image that needs no token."""
ASK_SECONDS = 10.0


def image() -> str:
    """The image to run."""
    return os.environ.get("LAGUNA_LOCALSTACK_IMAGE") or DEFAULT_IMAGE


def obstacle() -> str | None:
    """Why Docker cannot run LocalStack now, and what to do; None when it can."""
    if shutil.which("docker") is None:
        return "there is no docker command on PATH; install Docker"
    if not _answers("version", "--format", "{{.Server.Version}}"):
        return "Docker's engine does not answer; start Docker"
    if not _answers("image", "inspect", image()):
        return f'the image {image()} is not on this machine; run "docker pull {image()}"'
    return None


def command(port: int, name: str, settings: Mapping[str, str]) -> list[str]:
    """What runs the container in the foreground, on a loopback port."""
    variables = [word for key in settings for word in ("--env", key)]
    published = f"127.0.0.1:{port}:4566"
    return [
        *("docker", "run", "--rm", "--pull", "never", "--name", name, "--publish", published),
        *variables,
        image(),
    ]


def removal(name: str) -> list[str]:
    """What ends the container, also while it is starting."""
    return ["docker", "rm", "--force", "--volumes", name]


def _answers(*arguments: str) -> bool:
    try:
        done = subprocess.run(["docker", *arguments], capture_output=True, check=False, timeout=ASK_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
