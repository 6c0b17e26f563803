"""Iceberg targets: a table for each folder of metadata below a path, with its newest metadata file.

A table that is in the catalog already is moved on to a newer file, never back: who commits through the
catalog is ahead of what a listing shows. See
https://docs.aws.amazon.com/glue/latest/dg/define-crawler-choose-data-sources.html (November 2026).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from local_aws.glue.crawlers.hive_types import MOST_DEPTH
from local_aws.glue.crawlers.lake_tables import Columns, UnreadableTable, lake_table, marks
from local_aws.glue.crawlers.plan import PlannedTable
from local_aws.glue.crawlers.target import Target, objects_of
from local_aws.s3.store import ObjectStore

MOST_BYTES = 64 << 20
"""Of a metadata file, which grows with the table's snapshots."""
_METADATA = re.compile(r"(?:.*/)?metadata/(?:v(?P<v>\d{1,18})|(?P<n>\d{1,18})-[^/]*)\.metadata\.json")
_TYPES = {
    "boolean": "boolean",
    "int": "int",
    "long": "bigint",
    "float": "float",
    "double": "double",
    "date": "date",
    "time": "string",
    "timestamp": "timestamp",
    "timestamptz": "timestamp",
    "timestamp_ns": "timestamp",
    "timestamptz_ns": "timestamp",
    "string": "string",
    "uuid": "string",
    "binary": "binary",
}


@dataclass(frozen=True, slots=True)
class IcebergTarget:
    """A path, and how many folders below it the folder of a table may be."""

    target: Target
    depth: int | None = None


def metadata_number(location: str) -> int:
    """The number of a metadata file's version; -1 for what is none."""
    found = _METADATA.fullmatch(location)
    return int(found["v"] or found["n"]) if found else -1


def iceberg_places(store: ObjectStore, target: IcebergTarget) -> Iterator[tuple[str, str]]:
    """The folder of each table below a path, and the key of its newest metadata file.

    Raises:
        AwsError: NoSuchBucket.
    """
    newest: dict[str, tuple[int, str]] = {}
    root = target.target.path
    for file in objects_of(store, target.target):
        number = metadata_number(file.key)
        if number < 0:
            continue
        folder = file.key.rpartition("/")[0].rpartition("metadata")[0].rstrip("/")
        depth = folder[len(root) :].strip("/").count("/") + 1 if folder != root else 0
        if target.depth is None or depth <= target.depth:
            newest[folder] = max(newest.get(folder, (-1, "")), (number, file.key))
    for folder, (_, key) in newest.items():
        yield folder, key


def iceberg_table(store: ObjectStore, bucket: str, folder: str, key: str, crawler: str) -> PlannedTable:
    """The table whose metadata is an object.

    Raises:
        UnreadableTable: it is no metadata of Iceberg's.
    """
    metadata = _read(store, bucket, key)
    try:
        columns = _columns(metadata)
        location = str(metadata.get("location") or f"s3://{bucket}/{folder}")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableTable(f"s3://{bucket}/{key} is not metadata of an Iceberg table") from error
    # It becomes the catalog's pointer, which every engine follows.
    parameters = {
        **marks(crawler),
        "classification": "iceberg",
        "metadata_location": f"s3://{bucket}/{key}",
        "table_type": "ICEBERG",
    }
    return lake_table(folder.rpartition("/")[2] or bucket, location.rstrip("/"), columns, parameters)


def _read(store: ObjectStore, bucket: str, key: str) -> dict[str, Any]:
    with store.reader(bucket, key) as file:
        data = file.read(MOST_BYTES + 1)
    try:
        document = json.loads(data) if len(data) <= MOST_BYTES else None
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise UnreadableTable(f"s3://{bucket}/{key} is not metadata of an Iceberg table")
    return document


def _columns(metadata: dict[str, Any]) -> Columns:
    schemas = metadata.get("schemas") or [metadata["schema"]]
    current = metadata.get("current-schema-id", schemas[0].get("schema-id"))
    schema = next(one for one in schemas if one.get("schema-id") == current)
    return [_column(field) for field in schema["fields"]]


def _column(field: dict[str, Any]) -> dict[str, Any]:
    more = {"Comment": str(field["doc"])[:255]} if field.get("doc") else {}
    return {
        "Name": str(field["name"]).lower(),
        "Type": _type(field["type"]),
        **more,
        "Parameters": {
            "iceberg.field.current": "true",
            "iceberg.field.id": str(int(field["id"])),
            "iceberg.field.optional": "false" if field["required"] else "true",
        },
    }


def _type(kind: Any, depth: int = 0) -> str:
    if depth > MOST_DEPTH:
        raise ValueError("nested too deep")
    if isinstance(kind, dict):
        if kind["type"] == "list":
            return f"array<{_type(kind['element'], depth + 1)}>"
        if kind["type"] == "map":
            return f"map<{_type(kind['key'], depth + 1)},{_type(kind['value'], depth + 1)}>"
        members = (f"{field['name']}:{_type(field['type'], depth + 1)}" for field in kind["fields"])
        return f"struct<{','.join(members)}>"
    if kind.startswith("decimal("):
        return str(kind).replace(" ", "")
    return "binary" if kind.startswith("fixed[") else _TYPES[kind]
