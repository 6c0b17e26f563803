"""Who serves S3 in this server: a folder of ours, or LocalStack behind the gateway."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from local_aws.gateway.http import HttpRequest, HttpResponse
from local_aws.s3.store import ObjectStore
from local_aws.settings import Settings

Answer = Callable[[HttpRequest], Awaitable[HttpResponse]]


class S3Host(ABC):
    """What a server needs of its S3. `store` may be used once `start` has returned."""

    store: ObjectStore

    @abstractmethod
    def services(self) -> dict[str, Callable[[str], Any]]:
        """The service of ours that answers, by its name; empty when `forwards` does."""

    @abstractmethod
    def forwards(self) -> dict[str, Answer]:
        """Who answers whole requests instead of a service of ours."""

    @abstractmethod
    async def document(self, bucket: str, name: str) -> Any | None:
        """What a bucket's owner has set: `cors`, `policy` (its text) or `public_access`, as boto3 shows them.

        Raises:
            AwsError: NoSuchBucket.
        """

    @abstractmethod
    def spark_jars(self) -> Path | None:
        """The folder of jars that Spark needs beside its own."""

    @abstractmethod
    def start(self) -> None:
        """Make S3 ready.

        Raises:
            LocalStackError: it cannot be.
        """

    @abstractmethod
    def health(self) -> dict[str, Any]:
        """What the health page says of S3."""

    @abstractmethod
    def close(self) -> None:
        """Let go of everything."""


def make_s3(settings: Settings) -> S3Host:
    """The S3 that the settings ask for."""
    if settings.s3 == "folder":
        from local_aws.s3.folder_host import FolderS3

        return FolderS3(settings)
    # Imported only when it is used: it takes as long as all else at the server's start.
    from local_aws.s3.endpoint.host import LocalStackS3

    return LocalStackS3(settings)
