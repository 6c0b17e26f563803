"""A container of Laguna for tests, by Testcontainers: this version's image, on a free port of the loopback.

    with LagunaContainer() as laguna:
        athena = boto3.client("athena", **laguna.client_config())

It is ready when its health page answers, and keeps its state until it stops. The gateway takes requests of
anybody who is no web page, and runs the code they bring, so the port is not published on the machine's other
addresses, as Testcontainers would, unless Docker itself is on another machine.

https://testcontainers-python.readthedocs.io (checked 2026-11-21)
"""

from __future__ import annotations

import os
from importlib.metadata import version
from typing import Any, Self

from docker.errors import DockerException, ImageNotFound  # type: ignore[import-untyped]
from testcontainers.core.config import ConnectionMode
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HttpWaitStrategy

PORT = 4566
HEALTH_PATH = "/_laguna/health"
LOOPBACK_NAMES = ("localhost", "127.0.0.1")
READY_SECONDS = 60
"""How long a start may take; a second is usual."""


class LagunaContainerFailed(Exception):
    """The container cannot be started; the text says why and the way out."""


class LagunaContainer(DockerContainer):
    """A local AWS in a container.

    Args:
        image: `LAGUNA_IMAGE`, or `laguna:<this version>`, by default.
        region: what clients are given, and where what names no region happens.
        settings: what `DockerContainer` takes.

    Raises:
        LagunaContainerFailed: no Docker engine answers.
    """

    def __init__(self, image: str | None = None, *, region: str = "us-east-1", **settings: Any) -> None:
        try:
            super().__init__(image or default_image(), **settings)
        except DockerException as error:
            raise LagunaContainerFailed(
                f"No Docker engine answers ({error}). Start Docker, or set DOCKER_HOST to where it is."
            ) from error
        self.region = region
        self.with_env("AWS_REGION", region)
        self.waiting_for(
            HttpWaitStrategy(PORT, HEALTH_PATH).with_startup_timeout(READY_SECONDS).with_poll_interval(0.1)
        )

    def start(self) -> Self:
        """Start it and return when it answers.

        Raises:
            LagunaContainerFailed: the image is not there.
        """
        if "/" not in self.image:
            self._require_image()
        return super().start()

    def get_url(self) -> str:
        """The endpoint, such as `http://127.0.0.1:49153`."""
        host = self.get_container_host_ip()
        # The name may mean ::1 first, where nothing is published.
        host = "127.0.0.1" if host in LOOPBACK_NAMES else host
        return f"http://{host}:{self.get_exposed_port(PORT)}"

    def client_config(self) -> dict[str, str]:
        """What boto3's `client`, `resource` and `Session.client` take: endpoint, region, credentials."""
        return {
            "endpoint_url": self.get_url(),
            "region_name": self.region,
            "aws_access_key_id": "test",
            "aws_secret_access_key": "test",
        }

    def environment(self) -> dict[str, str]:
        """The standard variables that lead any AWS SDK and the AWS CLI here."""
        return {
            "AWS_ENDPOINT_URL": self.get_url(),
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }

    def _configure(self) -> None:
        client = self.get_docker_client()
        here = client.get_connection_mode() is ConnectionMode.docker_host and client.host() in LOOPBACK_NAMES
        published: Any = ("127.0.0.1",) if here else None
        self.ports[f"{PORT}/tcp"] = published
        if not here and "LAGUNA_HOSTS" not in self.env:
            # It is called by the name of the machine that Docker is on.
            self.with_env("LAGUNA_HOSTS", client.host())

    def _require_image(self) -> None:
        # A name without a registry or an owner is ours, made here; Docker would look for it on Docker Hub.
        try:
            self.get_docker_client().client.images.get(self.image)
        except ImageNotFound as error:
            self.stop()
            raise LagunaContainerFailed(
                f"There is no image '{self.image}' on this machine. Build it in a clone of Laguna with "
                f'"docker build -t {self.image} .", or set LAGUNA_IMAGE to the one you use.'
            ) from error


def default_image() -> str:
    """`LAGUNA_IMAGE`, or the image that this version's `docker compose build` makes."""
    return os.environ.get("LAGUNA_IMAGE") or f"laguna:{version('laguna')}"
