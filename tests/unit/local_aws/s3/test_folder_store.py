"""What only a store on a folder must get right: engines beside it, crashes, links out of it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from local_aws.errors import AwsError
from local_aws.s3.folder_store import FolderStore


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    made = FolderStore(tmp_path / "s3", tmp_path / "s3.sqlite")
    made.create_bucket("lake", "eu-west-1")
    return made


def reopened(store: FolderStore) -> FolderStore:
    return FolderStore(store.root, store.database.path)


def keys(store: FolderStore) -> list[str]:
    return [info.key for info in store.list_objects("lake")]


def written_by_an_engine(store: FolderStore, key: str, content: bytes) -> Path:
    path = store.bucket_folder("lake") / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def settle(path: Path) -> None:
    """Make a file look as if it had been written a while ago."""
    os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns - 10**9))


def test_attributes_survive_a_restart(store: FolderStore) -> None:
    store.put("lake", "a", b"1", content_type="text/csv", metadata={"m": "1"})
    again = reopened(store)
    assert again.head("lake", "a").content_type == "text/csv"
    assert [(bucket.name, bucket.region) for bucket in again.buckets()] == [("lake", "eu-west-1")]


def test_an_engines_file_has_the_md5_of_its_bytes_and_a_changed_one_the_new(store: FolderStore) -> None:
    path = written_by_an_engine(store, "t/part-0", b"first")
    settle(path)
    assert store.head("lake", "t/part-0").etag == hashlib.md5(b"first").hexdigest()
    assert next(store.list_objects("lake")).etag == hashlib.md5(b"first").hexdigest()
    path.write_bytes(b"again")
    assert store.head("lake", "t/part-0").etag == hashlib.md5(b"again").hexdigest()
    assert next(store.list_objects("lake")).etag == hashlib.md5(b"again").hexdigest()


def test_the_etag_of_a_settled_file_is_computed_once(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(written_by_an_engine(store, "t/part-0", b"first"))
    etag = store.head("lake", "t/part-0").etag
    monkeypatch.setattr("local_aws.s3.folder_store.md5_of", lambda file: pytest.fail("read again"))
    assert store.head("lake", "t/part-0").etag == etag
    assert next(store.list_objects("lake")).etag == etag


def test_a_file_that_replaces_an_object_does_not_have_its_attributes(store: FolderStore) -> None:
    store.put("lake", "a", b"by api", content_type="text/csv")
    replacement = written_by_an_engine(store, "b", b"by eng")
    os.rename(replacement, store.path_of("lake", "a"))
    head = store.head("lake", "a")
    assert (head.content_type, head.etag) == ("binary/octet-stream", hashlib.md5(b"by eng").hexdigest())


def test_a_file_that_grows_while_it_is_read_is_not_yet_an_object(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written_by_an_engine(store, "t/part-0", b"1")

    def grow(file: object) -> str:
        with path.open("ab") as more:
            more.write(b"1")
        return "0" * 32

    with monkeypatch.context() as patch:
        patch.setattr("local_aws.s3.folder_store.md5_of", grow)
        assert keys(store) == []
        with pytest.raises(AwsError, match="NoSuchKey"):
            store.head("lake", "t/part-0")
    assert store.head("lake", "t/part-0").etag == hashlib.md5(path.read_bytes()).hexdigest()


def test_readers_see_whole_objects_while_they_are_overwritten(store: FolderStore) -> None:
    bodies = [str(number).encode() * 1000 for number in range(10)]
    store.put("lake", "a", bodies[0], metadata={"md5": hashlib.md5(bodies[0]).hexdigest()})
    done = threading.Event()

    def overwrite() -> None:
        for body in bodies * 10:
            store.put("lake", "a", body, metadata={"md5": hashlib.md5(body).hexdigest()})
        done.set()

    writer = threading.Thread(target=overwrite)
    writer.start()
    while not done.is_set():
        head, file = store.open("lake", "a")
        with file:
            assert hashlib.md5(file.read()).hexdigest() == head.etag == head.metadata["md5"]
        listed = next(store.list_objects("lake"))
        assert listed.etag in {hashlib.md5(body).hexdigest() for body in bodies}
    writer.join()


def test_hadoops_checksum_files_are_no_objects_and_go_with_their_file(store: FolderStore) -> None:
    written_by_an_engine(store, "t/part-0", b"1")
    checksum = written_by_an_engine(store, "t/.part-0.crc", b"crc")
    assert keys(store) == ["t/part-0"]
    store.put("lake", "t/part-0", b"2")
    assert not checksum.exists()
    written_by_an_engine(store, "t/.gone.crc", b"crc")
    store.delete("lake", "t/part-0")
    assert list(store.bucket_folder("lake").iterdir()) == []


def test_a_bucket_with_empty_folders_and_checksum_files_only_is_empty(store: FolderStore) -> None:
    written_by_an_engine(store, "t/u/.part-0.crc", b"crc")
    (store.bucket_folder("lake") / "empty").mkdir()
    assert keys(store) == []
    store.delete_bucket("lake")
    assert store.buckets() == []


def test_a_folder_made_by_hand_is_a_bucket(store: FolderStore) -> None:
    (store.root / "by-hand").mkdir()
    (store.root / "Not_A_Bucket").mkdir()
    assert [bucket.name for bucket in store.buckets()] == ["by-hand", "lake"]
    store.put("by-hand", "a", b"")


def test_links_are_no_objects_and_lead_nowhere(store: FolderStore, tmp_path: Path) -> None:
    secret = tmp_path / "outside"
    secret.mkdir()
    (secret / "file").write_bytes(b"secret")
    folder = store.bucket_folder("lake")
    (folder / "link").symlink_to(secret / "file")
    (folder / "folder").symlink_to(secret)
    (store.root / "linked-bucket").symlink_to(secret)
    assert keys(store) == []
    for key in ("link", "folder/file"):
        with pytest.raises(AwsError, match="NoSuchKey"):
            store.open("lake", key)
    with pytest.raises(AwsError, match="AccessDenied"):
        store.put("lake", "folder/new", b"1")
    with pytest.raises(AwsError, match="NoSuchBucket"):
        store.put("linked-bucket", "a", b"1")
    assert [file.name for file in secret.iterdir()] == ["file"]


def test_staged_files_are_gone_after_a_restart(store: FolderStore) -> None:
    store.staging_file().write_bytes(b"half")
    again = reopened(store)
    assert list((again.root / ".staging").iterdir()) == []
    assert keys(again) == []


def test_an_open_object_keeps_its_bytes_while_it_is_replaced(store: FolderStore) -> None:
    store.put("lake", "a", b"old")
    head, file = store.open("lake", "a")
    store.put("lake", "a", b"newer")
    with file:
        assert (file.read(), head.size) == (b"old", 3)


def test_puts_and_deletes_in_one_folder_do_not_disturb_each_other(store: FolderStore) -> None:
    errors: list[BaseException] = []

    def churn(name: str) -> None:
        try:
            for _ in range(60):
                store.put("lake", f"shared/deep/{name}", name.encode())
                assert store.path_of("lake", f"shared/deep/{name}").read_bytes() == name.encode()
                store.delete("lake", f"shared/deep/{name}")
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=churn, args=(str(number),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert list(store.bucket_folder("lake").iterdir()) == []


CRASHING = """
import hashlib, sys
from pathlib import Path
from local_aws.s3.folder_store import FolderStore
root = Path(sys.argv[1])
store = FolderStore(root / "s3", root / "s3.sqlite")
print("ready", flush=True)
number = 0
while True:
    number += 1
    body = str(number).encode() * 5000
    store.put("lake", "a", body, metadata={"md5": hashlib.md5(body).hexdigest()})
"""


def test_after_kill_9_an_object_has_the_attributes_of_its_bytes(store: FolderStore, tmp_path: Path) -> None:
    store.put("lake", "a", b"", metadata={"md5": hashlib.md5(b"").hexdigest()})
    for pause in (0.0, 0.003, 0.011, 0.017, 0.031):
        writer = subprocess.Popen([sys.executable, "-c", CRASHING, str(tmp_path)], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        with writer.stdout:
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(pause)
            writer.kill()
            writer.wait()
        again = reopened(store)
        head = again.head("lake", "a")
        body = head.path.read_bytes()
        assert head.metadata["md5"] == hashlib.md5(body).hexdigest() == head.etag
        assert keys(again) == ["a"]
