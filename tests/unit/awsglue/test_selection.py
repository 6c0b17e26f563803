# ruff: noqa: N803 - the names are boto3's
"""Which objects options choose, on listings that a stand-in for S3 gives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from awsglue import bookmarks
from awsglue.s3_listing import MOST_LISTINGS, files_at, files_of_table
from awsglue.selection import Selection


class S3:
    """Lists what it is given, in pages, in the order of keys."""

    def __init__(self, *keys: str) -> None:
        self.keys = sorted(keys)
        self.classes: dict[str, str] = {}
        self.prefixes: list[str] = []

    def get_paginator(self, name: str) -> S3:
        assert name == "list_objects_v2"
        return self

    def list_objects_v2(self, Bucket: str, Prefix: str, MaxKeys: int) -> dict[str, Any]:
        return next(iter(self.paginate(Bucket, Prefix)))

    def paginate(self, Bucket: str, Prefix: str) -> list[dict[str, Any]]:
        self.prefixes.append(Prefix)
        begin = datetime(2026, 1, 1, tzinfo=UTC)
        listed = [
            {
                "Key": key,
                "Size": 10,
                "ETag": f'"{key}"',
                "LastModified": begin + timedelta(seconds=len(self.keys) - at),
                **({"StorageClass": self.classes[key]} if key in self.classes else {}),
            }
            for at, key in enumerate(self.keys)
            if key.startswith(Prefix)
        ]
        return (
            [{"Contents": listed[:2]}, {"Contents": listed[2:]}, {}] if listed[2:] else [{"Contents": listed}]
        )


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Any:
    def of(*keys: str) -> S3:
        made = S3(*keys)
        monkeypatch.setattr(boto3, "client", lambda name: made)
        monkeypatch.setattr(bookmarks, "current", None)
        return made

    return of


def listed(*paths: str, recurse: bool = True) -> list[str]:
    return sorted(one.object.key for one in files_at(paths, recurse=recurse))


def chosen(*paths: str, **options: Any) -> list[str]:
    selection = Selection.of(options, "")
    found = files_at(paths, recurse=True, left_out=selection.left_out)
    return [one.object.key for one in selection.choose(found)]


def test_a_path_is_a_folder_or_an_object_and_not_what_begins_like_it(s3: Any) -> None:
    s3("in/a", "in/b/c", "in2/a", "in", "input.csv")
    assert listed("s3://lake/in") == ["in/a", "in/b/c"]
    assert listed("s3a://lake/in/") == ["in/a", "in/b/c"]
    assert listed("s3://lake/input.csv") == ["input.csv"]
    assert listed("s3://lake/inp") == []
    assert listed("s3://lake", "s3://lake/in/") == ["in", "in/a", "in/b/c", "in2/a", "input.csv"]


def test_without_recurse_only_partitions_are_looked_into(s3: Any) -> None:
    s3("in/a", "in/sub/b", "in/x=1/c", "in/x=1/y=2/d", "in/x=1/sub/e")
    assert listed("s3://lake/in/", recurse=False) == ["in/a", "in/x=1/c", "in/x=1/y=2/d"]


def test_hidden_files_and_markers_of_folders_are_none(s3: Any) -> None:
    s3("in/", "in/_SUCCESS", "in/.a", "in/_temporary/0/b", "in/_x=1/c", "in/sub/", "in/a_b")
    assert listed("s3://lake/in/") == ["in/_x=1/c", "in/a_b"]


def test_a_path_with_special_characters_is_itself_before_it_is_a_glob(s3: Any) -> None:
    s3("a*b/[1] ñ%20.csv", "aXb/c.csv", "aYb/k=1/d.csv")
    assert listed("s3://lake/a*b/") == ["a*b/[1] ñ%20.csv"]
    assert listed("s3://lake/a*b/[1] ñ%20.csv") == ["a*b/[1] ñ%20.csv"]
    assert listed("s3://lake/a[XY]b/", recurse=False) == ["aXb/c.csv", "aYb/k=1/d.csv"]
    assert listed("s3://lake/a[XY]b/*.csv") == ["aXb/c.csv"]


def test_a_path_of_another_store_is_refused(s3: Any) -> None:
    s3()
    with pytest.raises(ValueError, match="no path of S3"):
        listed("file:///etc")


def test_exclusions_are_seen_from_the_path_or_are_whole_uris(s3: Any) -> None:
    s3("in/a.csv", "in/a.pdf", "in/x=1/b.pdf", "in/old/c.csv", "in/old/deep/d.csv")
    assert chosen("s3://lake/in/", exclusions='["**.pdf"]') == [
        "in/old/deep/d.csv",
        "in/old/c.csv",
        "in/a.csv",
    ]
    assert chosen("s3://lake/in/", exclusions=["old/*", "*.pdf"]) == [
        "in/x=1/b.pdf", "in/old/deep/d.csv", "in/a.csv",
    ]  # fmt: skip
    assert chosen("s3://lake/in/", exclusions='["s3://lake/in/old/**", "s3://lake/in/**.pdf"]') == [
        "in/a.csv"
    ]


def test_bounds_take_the_oldest_first(s3: Any) -> None:
    s3("c", "b", "a")
    assert chosen("s3://lake", boundedFiles="2") == ["c", "b"]
    assert chosen("s3://lake", boundedSize="25") == ["c", "b"]
    assert chosen("s3://lake", boundedFiles=2, boundedSize=5) == ["c"]


def test_storage_classes_are_left_out(s3: Any) -> None:
    s3("a", "b").classes["a"] = "GLACIER"
    assert chosen("s3://lake", excludeStorageClasses=["GLACIER", "DEEP_ARCHIVE"]) == ["b"]
    assert chosen("s3://lake", excludeStorageClasses='["STANDARD"]') == ["a"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("exclusions", "**.pdf"),
        ("exclusions", '{"a": 1}'),
        ("exclusions", "[1]"),
        ("exclusions", '["a[b"]'),
        ("boundedFiles", "many"),
        ("boundedFiles", 0),
        ("boundedSize", "-1"),
        ("maxFilesInBand", "1.5"),
    ],
)
def test_an_option_with_a_value_that_is_none_is_named(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match="glob" if value == '["a[b"]' else name):
        Selection.of({name: value}, "")


def test_there_is_a_choice_only_when_something_asks_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bookmarks, "current", None)
    assert not Selection.of({"maxFilesInBand": 5, "exclusions": "[]"}, "source").is_asked_for
    assert Selection.of({"boundedFiles": 5}, "").is_asked_for
    monkeypatch.setattr(bookmarks, "current", object())
    assert Selection.of({}, "source").is_asked_for
    assert not Selection.of({}, "").is_asked_for


def test_many_partitions_of_a_table_are_found_by_one_listing(s3: Any) -> None:
    keys = [f"t/day={n}/{name}" for n in range(MOST_LISTINGS + 5) for name in ("a", "sub/b", "x=1/c")]
    store = s3(*keys, "t/other/a", "t/day=0b/a")
    locations = [f"s3://lake/t/day={n}" for n in range(MOST_LISTINGS + 2)]
    found = files_of_table("s3://lake/t", locations, recurse=False)
    assert {one.object.key for one in found} == {
        f"t/day={n}/{name}" for n in range(MOST_LISTINGS + 2) for name in ("a", "x=1/c")
    }
    assert (found[0].at.key, store.prefixes) == (found[0].object.key.rsplit("/", 1)[0], ["t/"])
    few = files_of_table("s3://lake/t", ["s3://lake/t/day=1", "s3://lake/t/day=2"], recurse=True)
    assert (len(few), store.prefixes[1:]) == (6, ["t/day=1/", "t/day=2/"])
