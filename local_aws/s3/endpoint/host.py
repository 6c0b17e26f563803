"""S3 by LocalStack: started here or running already, forwarded to, and copied into the state folder."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from local_aws import localstack
from local_aws.localstack import LocalStack, LocalStackError
from local_aws.s3.endpoint.copy import Copy
from local_aws.s3.endpoint.forward import Forward
from local_aws.s3.endpoint.keeper import Keeper
from local_aws.s3.endpoint.store import EndpointStore
from local_aws.s3.folder_host import COPY_RECORD, folder_store
from local_aws.s3.host import Answer, S3Host
from local_aws.settings import Settings
from local_aws.spark.jars import S3A, jars
from local_aws.user_cache import NotInstalled

logger = logging.getLogger(__name__)

AWAIT_SECONDS = 60.0
"""How long an endpoint that is said to run is waited for."""


class LocalStackS3(S3Host):
    """LocalStack at `settings.s3_endpoint`, or one of our own, which is started again when it ends."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._own: LocalStack | None = None
        self._endpoint = settings.s3_endpoint or ""
        self._closed = threading.Event()
        copy = Copy(folder_store(settings), settings.state / COPY_RECORD)
        self._keeper = Keeper(copy, settings.region, self.endpoint, self._revive)
        self._forward = Forward(self.endpoint, self._keeper.admits, self._keeper.answered)
        self.store: EndpointStore = EndpointStore(settings.endpoint, settings.region, self.endpoint)

    def endpoint(self) -> str:
        """Where LocalStack is now."""
        return self._endpoint

    def services(self) -> dict[str, Callable[[str], Any]]:
        """None of ours."""
        return {}

    def forwards(self) -> dict[str, Answer]:
        """All of S3."""
        return {"s3": self._forward}

    async def document(self, bucket: str, name: str) -> Any | None:
        """What LocalStack was told of the bucket; of the account there is nothing."""
        return await asyncio.to_thread(self.store.document, bucket, name) if bucket else None

    def spark_jars(self) -> Path | None:
        """S3A's."""
        try:
            return jars(S3A, logger.info)
        except NotInstalled as error:
            raise LocalStackError(str(error)) from error

    def start(self) -> None:
        """Start LocalStack unless it runs already, and give it its objects.

        Raises:
            LocalStackError: it cannot be started, or does not answer.
        """
        if self._settings.s3_endpoint is None:
            self._start_own()
        deadline = time.monotonic() + AWAIT_SECONDS
        while True:
            try:
                return self._keeper.start()
            except ConnectionError as error:
                if self._own is not None or time.monotonic() > deadline:
                    raise LocalStackError(
                        f"S3 is not to be had: {error}. Start LocalStack, or unset LAGUNA_S3_ENDPOINT and "
                        "set LAGUNA_S3=localstack, so that Laguna starts one."
                    ) from error
                time.sleep(0.2)

    def _start_own(self) -> None:
        self._own = localstack.start(say=logger.info)
        self._endpoint = self._own.endpoint
        logger.info("LocalStack %s is at %s", self._own.way, self._endpoint)

    def _revive(self) -> None:
        """Start our LocalStack again when it has ended, on another port: nothing finds it too early."""
        if self._own is None or self._own.alive or self._closed.is_set():
            return
        logger.warning("LocalStack ended; it is started again")
        self._own.stop()
        try:
            self._start_own()
        except LocalStackError:
            logger.exception("LocalStack could not be started again")
            self._closed.wait(5.0)

    def health(self) -> dict[str, Any]:
        """Where the objects are."""
        return {"kind": "localstack", "endpoint": self._endpoint}

    def close(self) -> None:
        """Copy the last changes, then stop the LocalStack that was started here."""
        self._closed.set()
        self._keeper.close()
        if self._own is not None:
            self._own.stop()
