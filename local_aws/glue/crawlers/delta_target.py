"""Delta Lake targets: each path is a table, whose log says its columns and files.

A native table is read by its log. Another is a table of links: manifests below `_symlink_format_manifest`
list the files of each partition, and a crawler writes them when it is told to. See
https://docs.aws.amazon.com/glue/latest/dg/crawler-prereqs.html (November 2026).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from local_aws.glue.crawlers.lake_tables import Columns, UnreadableTable, lake_table, marks
from local_aws.glue.crawlers.plan import PlannedTable
from local_aws.glue.crawlers.storage import CLASSES
from local_aws.glue.crawlers.target import Target
from local_aws.s3.store import ObjectStore

MANIFESTS = "_symlink_format_manifest"
_NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
_HIVE = "org.apache.hadoop.hive"
_NATIVE = {
    "InputFormat": "org.apache.hadoop.mapred.SequenceFileInputFormat",
    "OutputFormat": f"{_HIVE}.ql.io.HiveSequenceFileOutputFormat",
}


@dataclass(frozen=True, slots=True)
class DeltaTarget:
    """The path of a table, and what kind of table to make of it."""

    target: Target
    native: bool
    write_manifest: bool


def delta_table(store: ObjectStore, delta: DeltaTarget, crawler: str) -> PlannedTable:
    """The table at a path; its manifests are written when the target says so.

    Raises:
        UnreadableTable: there is no log, or it asks for a feature that is not there.
    """
    # Arrow takes 50 MB, which a server without such a crawler keeps free.
    from local_athena.delta.binding import glue_columns
    from local_athena.delta.log import snapshot
    from local_athena.errors import QueryFailed
    from local_aws.athena import StoreStorage

    location = delta.target.uri
    storage: Any = StoreStorage(store)
    try:
        columns: Columns = list(glue_columns(storage, location))
        state = snapshot(storage, location)
    except QueryFailed as error:
        raise UnreadableTable(error.reason.partition(": ")[2]) from error
    name = delta.target.path.rpartition("/")[2] or delta.target.bucket
    if delta.native:
        return _native(name, location, columns, crawler)
    groups: dict[tuple[str | None, ...], list[str]] = {}
    for file in state.files.values():
        values = tuple(file.values.get(column) for column in state.partition_columns)
        groups.setdefault(values, []).append(file.uri)
    if delta.write_manifest:
        _write_manifests(store, delta.target, state.partition_columns, groups)
    keys = [column.lower() for column in state.partition_columns]
    return _linked(name, location, columns, keys, list(groups), crawler)


def _native(name: str, location: str, columns: Columns, crawler: str) -> PlannedTable:
    parameters = {
        **marks(crawler),
        "EXTERNAL": "TRUE",
        "classification": "delta",
        "spark.sql.sources.provider": "delta",
        "table_type": "delta",
    }
    serde = {
        "SerializationLibrary": f"{_HIVE}.serde2.lazy.LazySimpleSerDe",
        "Parameters": {"path": location, "serialization.format": "1"},
    }
    return lake_table(name, location, columns, parameters, **_NATIVE, SerdeInfo=serde)


def _linked(
    name: str,
    location: str,
    columns: Columns,
    keys: list[str],
    groups: list[tuple[str | None, ...]],
    crawler: str,
) -> PlannedTable:
    parameters = {**marks(crawler), "classification": "parquet", "typeOfData": "file"}
    parquet = CLASSES["parquet"]
    reader: dict[str, Any] = {
        "InputFormat": f"{_HIVE}.ql.io.SymlinkTextInputFormat",
        "OutputFormat": f"{_HIVE}.ql.io.HiveIgnoreKeyTextOutputFormat",
        "SerdeInfo": {"SerializationLibrary": parquet.serde, "Parameters": {"serialization.format": "1"}},
    }
    data = [column for column in columns if column["Name"] not in keys]
    root = f"{location}{MANIFESTS}/"
    planned = lake_table(name, root, data, parameters, **reader)
    descriptor = planned.table_input["StorageDescriptor"]
    kinds = {column["Name"]: column["Type"] for column in columns}
    partitions = tuple(
        {
            "Values": [_NO_VALUE if value is None else value for value in values],
            "StorageDescriptor": {**descriptor, "Location": f"{root}{_folder(keys, values)}"},
            "Parameters": parameters,
        }
        for values in (groups if keys else [])
    )
    table_keys = [{"Name": key, "Type": kinds[key]} for key in keys]
    return replace(
        planned,
        table_input={**planned.table_input, "PartitionKeys": table_keys},
        partition_inputs=partitions,
    )


def _write_manifests(
    store: ObjectStore,
    target: Target,
    keys: tuple[str, ...],
    groups: dict[tuple[str | None, ...], list[str]],
) -> None:
    root = f"{target.path}/{MANIFESTS}/".lstrip("/")
    wanted = {
        f"{root}{_folder([key.lower() for key in keys], values)}manifest": uris
        for values, uris in groups.items()
    }
    for key, uris in wanted.items():
        store.put(target.bucket, key, "".join(f"{uri}\n" for uri in uris).encode())
    # A partition that is gone would go on naming files that the table has no more.
    for file in list(store.list_files(target.bucket, root)):
        if file.key not in wanted:
            store.delete(target.bucket, file.key)


def _folder(keys: list[str], values: tuple[str | None, ...]) -> str:
    parts = (
        f"{key}={_NO_VALUE if value is None else quote(value, safe=' ')}"
        for key, value in zip(keys, values, strict=True)
    )
    return "".join(f"{part}/" for part in parts)
