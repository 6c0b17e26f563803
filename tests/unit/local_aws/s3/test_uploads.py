"""Uploads in progress: they outlive a restart, and nothing else in their folder does."""

from __future__ import annotations

from pathlib import Path

import pytest

from local_aws.errors import AwsError
from local_aws.s3.folder_store import FolderStore
from local_aws.s3.store import Part
from local_aws.s3.uploads import Upload, Uploads

DETAILS = {
    "headers": {"ContentType": "text/csv"},
    "metadata": {},
    "tags": {},
    "checksum_algorithm": "",
    "checksum_type": "",
}


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "s3", tmp_path / "s3.sqlite")


@pytest.fixture
def uploads(store: FolderStore) -> Uploads:
    return Uploads(store.root / ".uploads", store.database)


def send(store: FolderStore, uploads: Uploads, upload: Upload, number: int, body: bytes) -> Path:
    staged = store.staging_file()
    staged.write_bytes(body)
    return uploads.add_part(upload, Part(number, len(body), "0" * 32), staged).path


def test_an_upload_and_its_parts_survive_a_restart(store: FolderStore, uploads: Uploads) -> None:
    upload = uploads.start("lake", "a", DETAILS)
    send(store, uploads, upload, 2, b"two")
    send(store, uploads, upload, 1, b"one")
    again = Uploads(store.root / ".uploads", store.database)
    assert again.get("lake", "a", upload.id) == upload
    assert [stored.path.read_bytes() for stored in again.parts(upload)] == [b"one", b"two"]


def test_files_that_no_upload_names_are_swept(store: FolderStore, uploads: Uploads) -> None:
    upload = uploads.start("lake", "a", DETAILS)
    kept = send(store, uploads, upload, 1, b"one")
    (kept.parent / "1.orphan").write_bytes(b"")
    (store.root / ".uploads" / "forgotten").mkdir()
    Uploads(store.root / ".uploads", store.database)
    assert [path.name for path in (store.root / ".uploads").rglob("*")] == [upload.id, kept.name]


def test_a_part_for_an_upload_that_ended_is_refused(store: FolderStore, uploads: Uploads) -> None:
    upload = uploads.start("lake", "a", DETAILS)
    uploads.end(upload.id)
    with pytest.raises(AwsError, match="NoSuchUpload"):
        send(store, uploads, upload, 1, b"late")
