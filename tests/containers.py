"""What tests that need Docker share: an engine that answers, and this tree's image, built once a session."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def require_docker() -> None:
    """Skip the test where no Docker engine answers; fail it where LAGUNA_REQUIRE_DOCKER=1 says one must."""
    trouble = _engine_trouble()
    if trouble is None:
        return
    if os.environ.get("LAGUNA_REQUIRE_DOCKER") == "1":
        pytest.fail(f"LAGUNA_REQUIRE_DOCKER is 1, and {trouble}")
    pytest.skip(trouble)


@functools.cache
def _engine_trouble() -> str | None:
    if shutil.which("docker") is None:
        return "there is no docker command"
    asked = docker("info", "--format", "{{.ServerVersion}}", check=False)
    return None if asked.returncode == 0 else f"no Docker engine answers: {asked.stderr.strip()}"


def docker(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run `docker`; what it says is in the error of one that fails."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)
    if check and done.returncode != 0:
        pytest.fail(f"docker {' '.join(arguments)} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done


@functools.cache
def laguna_image() -> str:
    """The id of the image of this source tree. Its tag only keeps the layers for the next session."""
    # On the host's network, because a machine behind a proxy reaches package indexes from there only.
    return docker("build", "-q", "--network", "host", "-t", "laguna:under-test", str(ROOT)).stdout.split()[-1]


def compose_command() -> list[str]:
    """Compose v2, or the docker-compose of before."""
    if docker("compose", "version", check=False).returncode == 0:
        return ["docker", "compose"]
    if shutil.which("docker-compose") is None:
        pytest.skip("there is neither docker compose nor docker-compose")
    return ["docker-compose"]
