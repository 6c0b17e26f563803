"""The tables of Iceberg, Delta Lake and DynamoDB targets, as the catalog should have them.

Their schema is not inferred: the format's own metadata says it.
"""

from __future__ import annotations

from typing import Any

from local_aws.glue.crawlers.plan import PlannedTable

_HIVE_INPUT = "org.apache.hadoop.mapred"
_HIVE = "org.apache.hadoop.hive"
Columns = list[dict[str, Any]]


class UnreadableTable(Exception):
    """What is at a place is not a table of the format; `str(error)` says why."""


def marks(crawler: str) -> dict[str, str]:
    """The Parameters of every table that a crawler writes."""
    return {
        "CrawlerSchemaDeserializerVersion": "1.0",
        "CrawlerSchemaSerializerVersion": "1.0",
        "UPDATED_BY_CRAWLER": crawler,
    }


def lake_table(
    name: str, location: str, columns: Columns, parameters: dict[str, str], **descriptor: Any
) -> PlannedTable:
    """A table without partitions of the catalog, with the members of its StorageDescriptor that are given."""
    table_input = {
        "Owner": "owner",
        "Retention": 0,
        "TableType": "EXTERNAL_TABLE",
        "PartitionKeys": [],
        "Parameters": parameters,
        "StorageDescriptor": {
            "Columns": columns,
            "Location": location,
            "Compressed": False,
            "NumberOfBuckets": -1,
            "SerdeInfo": {"Parameters": {}},
            "BucketColumns": [],
            "SortColumns": [],
            "Parameters": parameters,
            "StoredAsSubDirectories": False,
            **descriptor,
        },
    }
    return PlannedTable(name, location, table_input, ())
