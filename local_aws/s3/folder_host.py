"""S3 on a folder: our own service on a `FolderStore`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from local_aws.s3.bucket_settings import BucketSettings
from local_aws.s3.folder_store import FolderStore
from local_aws.s3.host import Answer, S3Host
from local_aws.settings import Settings
from local_aws.storage.copies import remove_database
from local_aws.storage.manifest import enter, state_of


class FolderS3(S3Host):
    """Objects in `<state>/s3`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.store: FolderStore = folder_store(settings)

    def services(self) -> dict[str, Callable[[str], Any]]:
        """Our S3 service, and the account's settings."""
        return {"s3": self._service, "s3control": self._account_control}

    def forwards(self) -> dict[str, Answer]:
        """Nothing is."""
        return {}

    async def document(self, bucket: str, name: str) -> Any | None:
        """A row of the bucket's settings; the account's own are of no bucket."""
        if bucket:
            self.store.bucket_folder(bucket)
        return BucketSettings(self.store.database, bucket).get(name)

    def spark_jars(self) -> Path | None:
        """PySpark's own do."""
        return None

    def start(self) -> None:
        """Make a LocalStack that comes later start from this folder, which now goes its own way."""
        remove_database(self._settings.state / COPY_RECORD)

    def health(self) -> dict[str, Any]:
        """Where the objects are."""
        return {"kind": "folder", "folder": str(self.store.root)}

    def close(self) -> None:
        """Nothing is kept open."""

    def _account_control(self, region: str) -> Any:
        from local_aws.s3.account_control import AccountControl

        return AccountControl(self.store.database)

    def _service(self, region: str) -> Any:
        from local_aws.s3.service import S3Service

        return S3Service(self._settings, self.store)


COPY_RECORD = "localstack.sqlite"
"""What is remembered of the copy of LocalStack's objects; without it, all of them are given to LocalStack."""


def folder_store(settings: Settings) -> FolderStore:
    """The store of a state folder."""
    store = FolderStore(settings.state / "s3", settings.state / "s3.sqlite")
    if state_of(store.root) is not None:
        enter(settings.state, "s3")
    return store
