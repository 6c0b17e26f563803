"""The objects below a crawler's target."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from local_aws.glue.crawlers.exclusions import glob_pattern
from local_aws.s3.store import ObjectFile, ObjectStore

_URI = re.compile(r"(?:s3[an]?://)?(?P<bucket>[a-z0-9][a-z0-9.\-_]{1,254})(?:/(?P<path>.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Target:
    """An include path, `s3://bucket/path`, and what it leaves out."""

    bucket: str
    path: str
    """Without a slash at its ends; empty for the whole bucket."""
    exclusions: tuple[str, ...] = ()
    sample_size: int | None = None
    """How many files of each folder to read, or None for all."""

    @property
    def uri(self) -> str:
        """`s3://bucket/path/`."""
        return f"s3://{self.bucket}/{self.path}/" if self.path else f"s3://{self.bucket}/"


def parse_target(path: str, exclusions: tuple[str, ...] = (), sample_size: int | None = None) -> Target:
    """An S3 target as the API gives it.

    Raises:
        ValueError: not an S3 path, or a broken exclusion.
    """
    match = _URI.fullmatch(path)
    if match is None:
        raise ValueError(f"'{path}' is not an S3 path such as s3://bucket/folder/")
    for glob in exclusions:
        glob_pattern(glob)
    return Target(match["bucket"], (match["path"] or "").strip("/"), exclusions, sample_size)


def objects_of(store: ObjectStore, target: Target) -> Iterator[ObjectFile]:
    """The objects with data below a target, in the order of their keys.

    Left out, as Glue and Athena do: empty objects, and names that begin with `_` or `.`.
    """
    patterns = [glob_pattern(glob) for glob in target.exclusions]
    folder = f"{target.path}/" if target.path else ""
    for file in store.list_files(target.bucket, target.path):
        if not (file.key.startswith(folder) or file.key == target.path) or not file.size:
            continue
        relative = file.key[len(folder) :] or file.key.rpartition("/")[2]
        if any(name.startswith(("_", ".")) for name in relative.split("/")):
            continue
        if not any(pattern.fullmatch(relative) for pattern in patterns):
            yield file
