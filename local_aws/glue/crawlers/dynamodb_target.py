"""DynamoDB targets: a table of the catalog for each table, with the attributes that its items have.

See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-crawling.html (November 2026).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from local_aws.glue.crawlers.hive_types import (
    MOST_DEPTH,
    NULL,
    Array,
    Column,
    Struct,
    Type,
    merge,
    merge_all,
    struct_of,
)
from local_aws.glue.crawlers.lake_tables import lake_table, marks
from local_aws.glue.crawlers.plan import PlannedTable
from local_aws.glue.crawlers.storage import hive_columns

MOST_COLUMNS = 10_000


@dataclass(frozen=True, slots=True)
class DynamoDBTarget:
    """A table, and whether all of its items are looked at or those of one page."""

    table: str
    scan_all: bool


def dynamodb_table(
    dynamodb: Any, target: DynamoDBTarget, crawler: str, check: Callable[[], None]
) -> PlannedTable:
    """What the catalog should say of a DynamoDB table.

    Raises:
        ClientError: ResourceNotFoundException, there is none.
    """
    shown = dynamodb.describe_table(TableName=target.table)["Table"]
    found: Type = Struct(())
    for item in _items(dynamodb, target, check):
        found = merge(found, struct_of((name, attribute_type(value)) for name, value in item.items()))
    fields = found.fields if isinstance(found, Struct) else ()
    columns = [Column(name.lower(), kind, name) for name, kind in fields[:MOST_COLUMNS]]
    count, size = shown.get("ItemCount", 0), shown.get("TableSizeBytes", 0)
    keys = {one["KeyType"]: one["AttributeName"] for one in shown["KeySchema"]}
    parameters = {
        **marks(crawler),
        "averageRecordSize": str(round(size / max(count, 1))),
        "classification": "dynamodb",
        "hashKey": keys["HASH"],
        **({"rangeKey": keys["RANGE"]} if "RANGE" in keys else {}),
        "recordCount": str(count),
        "sizeKey": str(size),
        "typeOfData": "table",
    }
    return lake_table(target.table, shown["TableArn"], hive_columns(columns), parameters)


def _items(dynamodb: Any, target: DynamoDBTarget, check: Callable[[], None]) -> Iterator[dict[str, Any]]:
    for page in dynamodb.get_paginator("scan").paginate(TableName=target.table):
        check()
        yield from page["Items"]
        if not target.scan_all:
            return


def attribute_type(attribute: dict[str, Any], depth: int = 0) -> Type:
    """The Hive type of an attribute's value, as DynamoDB writes it: `{"N": "1"}`."""
    [(kind, value)] = attribute.items()
    if depth > MOST_DEPTH:
        return "string"
    if kind == "M":
        return struct_of((name, attribute_type(one, depth + 1)) for name, one in value.items())
    if kind == "L":
        return Array(merge_all(attribute_type(one, depth + 1) for one in value))
    if kind in ("SS", "NS", "BS"):
        return Array(merge_all(attribute_type({kind[0]: one}) for one in value))
    if kind == "N":
        return "bigint" if value.lstrip("-").isdigit() and abs(int(value)) < 2**63 else "double"
    return {"BOOL": "boolean", "B": "binary", "NULL": NULL}.get(kind, "string")
