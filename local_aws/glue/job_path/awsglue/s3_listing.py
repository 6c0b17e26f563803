"""The objects below paths, as S3 lists them, and which of them are a source's files.

Spark's own listing knows neither ETags nor storage classes, and says only which files it found when it has
made a table of them; a choice among objects must be made before.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import boto3

from awsglue.bookmark_state import S3Object
from awsglue.globs import MAGIC, fixed_part, glob_pattern

SCHEMES = ("s3", "s3a", "s3n")
MOST_LISTINGS = 50
"""More folders of one table than this are found by one listing of the table."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A path of a source: a folder, or one object. `key` has no slash at its end."""

    bucket: str
    key: str

    @classmethod
    def of(cls, path: str) -> Folder:
        """The folder at `s3://bucket/key`.

        Raises:
            ValueError: the path is none of S3.
        """
        scheme, _, rest = path.partition("://")
        bucket, _, key = rest.partition("/")
        if scheme not in SCHEMES or not bucket:
            raise ValueError(f"'{path}' is no path of S3")
        return cls(bucket, key.rstrip("/"))

    def below(self, key: str) -> str | None:
        """A key as seen from here; None when it is elsewhere."""
        if not self.key:
            return key
        if key == self.key:
            return key.rsplit("/", 1)[-1]
        return key[len(self.key) + 1 :] if key.startswith(f"{self.key}/") else None


@dataclass(frozen=True, slots=True)
class Found:
    """An object, the path by which it was found, and its key as seen from there."""

    object: S3Object
    at: Folder
    below: str


def files_at(paths: Iterable[str], *, recurse: bool, left_out: Collection[str] = ()) -> list[Found]:
    """The data files at paths, each once; `left_out` are storage classes.

    Without `recurse`, of folders below a path only those that are partitions (`key=value`) are looked into.
    """
    found: dict[str, Found] = {}
    for path in paths:
        for one in _at(path, left_out):
            if is_data(one.below) and (recurse or _only_partitions(one.below)):
                found.setdefault(one.object.uri, one)
    return list(found.values())


def files_of_table(
    root: str, locations: Sequence[str], *, recurse: bool, left_out: Collection[str] = ()
) -> list[Found]:
    """The data files at the locations of a table or of its partitions."""
    folders = {Folder.of(location) for location in locations}
    top = Folder.of(root) if root else None
    inside = top is not None and all(
        one.bucket == top.bucket and top.below(f"{one.key}/") is not None for one in folders
    )
    if top is None or not inside or len(folders) <= MOST_LISTINGS:
        return files_at(locations, recurse=recurse, left_out=left_out)
    keys = {folder.key for folder in folders}
    found = []
    for one in _listed(top, left_out):
        folder = next((above for above in _above(one.key) if above in keys), None)
        below = one.key[len(folder) + 1 :] if folder is not None else ""
        if folder is not None and is_data(below) and (recurse or _only_partitions(below)):
            found.append(Found(one, Folder(top.bucket, folder), below))
    return found


def is_data(below: str) -> bool:
    """Whether Spark would read the file: not a marker of a folder, and no name is a hidden one's."""
    return bool(below) and not below.endswith("/") and not any(map(_is_hidden, below.split("/")))


def _is_hidden(name: str) -> bool:
    if name.startswith(("_common_metadata", "_metadata")):
        return False
    return name.startswith(".") or name.endswith("._COPYING_") or (name.startswith("_") and "=" not in name)


def _only_partitions(below: str) -> bool:
    return all("=" in folder for folder in below.split("/")[:-1])


def _above(key: str) -> Iterator[str]:
    """The folders that a key is in, the innermost first."""
    while "/" in key:
        key = key.rsplit("/", 1)[0]
        yield key


def _at(path: str, left_out: Collection[str]) -> Iterator[Found]:
    """What is at a path: as it is written, or when there is nothing, as the glob that it may be."""
    folder, nothing = Folder.of(path), True
    for one in _listed(folder, left_out):
        nothing = False
        yield Found(one, folder, folder.below(one.key) or "")
    if nothing and MAGIC.search(folder.key):
        pattern = glob_pattern(folder.key)
        for one in _listed(Folder(folder.bucket, fixed_part(folder.key).rstrip("/")), left_out):
            below = _below_match(pattern, one.key)
            if below is not None:
                yield Found(one, folder, below)


def _below_match(pattern: re.Pattern[str], key: str) -> str | None:
    """A key as seen from the first folder above it that fits `pattern`, which may be its own name."""
    names = key.split("/")
    for end in range(1, len(names) + 1):
        if pattern.fullmatch("/".join(names[:end])):
            return "/".join(names[end:]) or names[-1]
    return None


def _listed(folder: Folder, left_out: Collection[str]) -> Iterator[S3Object]:
    """The objects in a folder; when it is none, the object of that key."""
    s3, nothing = boto3.client("s3"), True
    prefix = f"{folder.key}/" if folder.key else ""
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=folder.bucket, Prefix=prefix):
        for one in page.get("Contents", ()):
            nothing = False
            if one.get("StorageClass", "STANDARD") not in left_out:
                yield _object(folder.bucket, one)
    if nothing and folder.key:
        first = s3.list_objects_v2(Bucket=folder.bucket, Prefix=folder.key, MaxKeys=1)
        for one in first.get("Contents", ()):
            if one["Key"] == folder.key and one.get("StorageClass", "STANDARD") not in left_out:
                yield _object(folder.bucket, one)


def _object(bucket: str, listed: dict[str, Any]) -> S3Object:
    modified = round(listed["LastModified"].timestamp() * 1000)
    return S3Object(bucket, listed["Key"], listed["Size"], modified, listed.get("ETag", ""))
