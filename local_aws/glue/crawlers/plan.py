"""From the tables that were found to what the catalog should hold: table and partition inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from local_aws.glue.crawlers.classified import Classified
from local_aws.glue.crawlers.grouping import FoundTable, Grouping, partition_schemas, schemas_of
from local_aws.glue.crawlers.names import distinct_keys
from local_aws.glue.crawlers.schemas import combined
from local_aws.glue.crawlers.storage import parameters_of, storage_descriptor


@dataclass(frozen=True, slots=True)
class PlannedTable:
    """What a crawl found out about one table; `name` is that of its folder, file or bucket."""

    name: str
    location: str
    table_input: dict[str, Any]
    """A `TableInput` without its Name."""
    partition_inputs: tuple[dict[str, Any], ...]

    @property
    def is_unknown(self) -> bool:
        """Whether no classifier knew any of its files."""
        return bool(self.table_input["Parameters"].get("classification") == "UNKNOWN")


def planned_table(found: FoundTable, bucket: str, crawler: str, grouping: Grouping) -> PlannedTable:
    """What the catalog should say of a table that has at least one classified file."""
    schema = combined(schemas_of(found, grouping))
    location = _location(bucket, found.path, is_file=found.is_file)
    keys = distinct_keys(found.keys, {column.name for column in schema.columns})
    parameters = parameters_of(schema, [file.size for file in found.files], crawler)
    if keys:
        parameters["partition_filtering.enabled"] = "true"
    table_input = {
        "Owner": "owner",
        "Retention": 0,
        "TableType": "EXTERNAL_TABLE",
        "PartitionKeys": [{"Name": key, "Type": "string"} for key in keys],
        "Parameters": parameters,
        "StorageDescriptor": storage_descriptor(schema, location, parameters),
    }
    return PlannedTable(
        found.path.rpartition("/")[2] or bucket,
        location,
        table_input,
        _partition_inputs(found, bucket, crawler, schema, grouping),
    )


def _partition_inputs(
    found: FoundTable, bucket: str, crawler: str, table: Classified, grouping: Grouping
) -> tuple[dict[str, Any], ...]:
    inputs: dict[tuple[str, ...], dict[str, Any]] = {}
    for partition in found.partitions:
        schemas = partition_schemas(partition, table, grouping)
        # A folder in which nothing could be read is a partition like the table's others.
        schema = combined(schemas) if schemas else table
        parameters = parameters_of(schema, [file.size for file in partition.files], crawler)
        descriptor = storage_descriptor(schema, _location(bucket, partition.path), parameters)
        # Two spellings of one value (`a:b`, `a%3Ab`) are one partition; the first is kept.
        inputs.setdefault(
            partition.values,
            {"Values": list(partition.values), "StorageDescriptor": descriptor, "Parameters": parameters},
        )
    return tuple(inputs.values())


def inherited(partition: dict[str, Any], table: dict[str, Any]) -> dict[str, Any]:
    """A partition input that takes its schema and format from its table, as `InheritFromTable` asks."""
    shared = ("Columns", "InputFormat", "OutputFormat", "SerdeInfo", "Compressed")
    ours, theirs = partition["StorageDescriptor"], table["StorageDescriptor"]
    descriptor = {**ours, **{name: theirs[name] for name in shared if name in theirs}}
    return {**partition, "StorageDescriptor": descriptor}


def merged_columns(old: Sequence[dict[str, str]], new: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The old columns as they are, and after them those that are new, as `MergeNewColumns` asks."""
    names = {column["Name"].lower() for column in old}
    return [*old, *(column for column in new if column["Name"] not in names)]


def _location(bucket: str, path: str, *, is_file: bool = False) -> str:
    folder = "" if is_file or not path else "/"
    return f"s3://{bucket}/{path}{folder}"
