"""What every object store does, whatever it is built on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local_aws.errors import AwsError
from local_aws.s3.folder_store import FolderStore
from local_aws.s3.store import Attributes, ObjectHead
from tests.unit.local_aws.s3.test_keys import KEYS

STORES: dict[str, Callable[[Path], FolderStore]] = {
    "folder": lambda path: FolderStore(path / "s3", path / "s3.sqlite"),
}


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FolderStore:
    made = STORES[request.param](tmp_path)
    made.create_bucket("lake", "us-east-1")
    return made


def keys(store: FolderStore, prefix: str = "", start_after: str = "") -> list[str]:
    return [info.key for info in store.list_objects("lake", prefix, start_after)]


def test_keys_are_listed_in_byte_order(store: FolderStore) -> None:
    for key in ("a/2", "a-b", "a/10", "a", "ñ", "z", "a.b", "a0"):
        store.put("lake", key, b"")
    assert keys(store) == ["a", "a-b", "a.b", "a/10", "a/2", "a0", "z", "ñ"]


def test_an_object_is_a_file_with_its_bytes(store: FolderStore) -> None:
    store.put("lake", "raw/año=2025/a.csv", b"id\n1\n")
    path = store.path_of("lake", "raw/año=2025/a.csv")
    assert path == store.bucket_folder("lake") / "raw/año=2025/a.csv"
    assert path.read_bytes() == b"id\n1\n"


def test_head_tells_what_put_was_told(store: FolderStore) -> None:
    store.put("lake", "a", b"abc", content_type="text/csv", metadata={"origen": "sap"})
    head = store.head("lake", "a")
    assert (head.size, head.content_type, dict(head.metadata)) == (3, "text/csv", {"origen": "sap"})
    assert head.etag == hashlib.md5(b"abc").hexdigest()


def test_a_key_may_be_a_folder_of_other_keys_in_either_order(store: FolderStore) -> None:
    store.put("lake", "a", b"first", content_type="text/csv")
    store.put("lake", "a/b", b"second")
    store.put("lake", "c/d", b"third")
    store.put("lake", "c", b"fourth")
    store.put("lake", "c/", b"")
    assert keys(store) == ["a", "a/b", "c", "c/", "c/d"]
    assert [store.path_of("lake", key).read_bytes() for key in ("a", "a/b", "c/d", "c")] == [
        b"first",
        b"second",
        b"third",
        b"fourth",
    ]
    assert store.head("lake", "a").content_type == "text/csv"


def test_deleting_the_last_object_of_a_folder_removes_the_folder(store: FolderStore) -> None:
    store.put("lake", "a/b/c", b"")
    store.delete("lake", "a/b/c")
    assert list(store.bucket_folder("lake").iterdir()) == []


def test_deleting_what_is_not_there_is_no_error(store: FolderStore) -> None:
    store.delete("lake", "nothing/here")
    assert keys(store) == []


def test_delete_prefix_removes_only_what_starts_with_it(store: FolderStore) -> None:
    for key in ("a/1", "a/2", "ab", "b"):
        store.put("lake", key, b"")
    assert store.delete_prefix("lake", "a/") == 2
    assert keys(store) == ["ab", "b"]


@pytest.mark.parametrize("bucket", ["nowhere", "..", "../lake", ".staging", "lake/..", "LAKE", ""])
def test_a_bucket_that_is_not_there_is_no_such_bucket(store: FolderStore, bucket: str) -> None:
    with pytest.raises(AwsError, match="NoSuchBucket"):
        store.put(bucket, "a", b"")
    with pytest.raises(AwsError, match="NoSuchBucket"):
        store.list_objects(bucket)


def test_a_missing_object_is_no_such_key(store: FolderStore) -> None:
    for read in (store.head, store.path_of):
        with pytest.raises(AwsError, match="NoSuchKey"):
            read("lake", "a")


def test_a_bucket_is_deleted_only_when_it_is_empty(store: FolderStore) -> None:
    store.put("lake", "a/b", b"")
    with pytest.raises(AwsError, match="BucketNotEmpty"):
        store.delete_bucket("lake")
    store.delete("lake", "a/b")
    store.delete_bucket("lake")
    assert store.buckets() == []


def test_a_write_that_its_check_refuses_changes_nothing(store: FolderStore) -> None:
    store.put("lake", "a", b"old")
    seen: list[ObjectHead | None] = []

    def refuse(present: ObjectHead | None) -> None:
        seen.append(present)
        raise AwsError("PreconditionFailed", "no", 412)

    staged = store.staging_file()
    staged.write_bytes(b"new")
    with pytest.raises(AwsError, match="PreconditionFailed"):
        store.write("lake", "a", staged, Attributes("0"), refuse)
    assert store.path_of("lake", "a").read_bytes() == b"old"
    assert [head and head.size for head in seen] == [3]
    assert not staged.exists()


def test_attributes_change_without_touching_the_bytes(store: FolderStore) -> None:
    before = store.put("lake", "a", b"abc")
    store.set_attributes("lake", "a", lambda attributes: replace(attributes, tags={"zona": "raw"}))
    after = store.head("lake", "a")
    assert after.attributes.tags == {"zona": "raw"}
    assert after.info == before


def test_a_file_that_is_put_is_moved_in(store: FolderStore, tmp_path: Path) -> None:
    file = tmp_path / "result.csv"
    file.write_bytes(b"1")
    store.put("lake", "out/result.csv", file)
    assert not file.exists()
    assert store.path_of("lake", "out/result.csv").read_bytes() == b"1"


OPERATIONS = st.lists(st.tuples(st.sampled_from(["put", "put", "delete"]), KEYS), max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(operations=OPERATIONS, prefix=st.sampled_from(["", "a", "a/", ".", "~"]), after=KEYS)
def test_a_store_holds_what_a_dict_would(
    store: FolderStore, operations: list[tuple[str, str]], prefix: str, after: str
) -> None:
    store.delete_prefix("lake", "")
    model: dict[str, bytes] = {}
    for number, (operation, key) in enumerate(operations):
        if operation == "put":
            model[key] = str(number).encode()
            store.put("lake", key, model[key])
        else:
            model.pop(key, None)
            store.delete("lake", key)
    expected = sorted((key for key in model if key.startswith(prefix)), key=str.encode)
    assert keys(store, prefix) == expected
    assert keys(store, prefix, after) == [key for key in expected if key.encode() > after.encode()]
    assert {key: store.path_of("lake", key).read_bytes() for key in model} == model
    store.delete_prefix("lake", "")
    assert list(store.bucket_folder("lake").iterdir()) == []
