"""Reading and writing tables of DynamoDB, by its API.

A number is a whole one or a double, sets are arrays, maps are records, and an item keeps the attributes that
it has.
https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-connect-dynamodb-home.html
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

import boto3
from boto3.dynamodb.types import Binary, TypeDeserializer
from pyspark.sql import DataFrame, Row, SparkSession

from awsglue.dynamic.data import Data, Record
from awsglue.missing import not_there

SLICES = 8
INPUT, OUTPUT = "dynamodb.input.tableName", "dynamodb.output.tableName"
NO_EFFECT = frozenset(
    {
        "dynamodb.throughput.read.percent", "dynamodb.throughput.write.percent", "dynamodb.splits",
        "dynamodb.output.retry", "dynamodb.consistentRead",
    }
)  # fmt: skip


def read(spark: SparkSession, options: Mapping[str, Any]) -> Data:
    """The items of a table.

    Raises:
        ValueError: the options name no table.
    """
    records = list(items(_table(options, INPUT)))
    return Data.of_records(spark, spark.sparkContext.parallelize(records, SLICES))


def items(name: str) -> Iterator[Record]:
    """Each item of a table as a record."""
    deserialize = TypeDeserializer().deserialize
    for page in boto3.client("dynamodb").get_paginator("scan").paginate(TableName=name):
        for item in page["Items"]:
            yield {key: _plain(deserialize(value)) for key, value in item.items()}


def write(frame: DataFrame, options: Mapping[str, Any]) -> None:
    """Put each row as an item; a field that is null is no attribute of it."""
    table = boto3.resource("dynamodb").Table(_table(options, OUTPUT))
    table.load()
    with table.batch_writer() as batch:
        for row in frame.toLocalIterator():
            batch.put_item(Item=_attribute(row))


def table_of(location: str) -> str:
    """The table's name in the location of a catalog table, which is its ARN."""
    return location.rsplit("/", 1)[-1]


def _table(options: Mapping[str, Any], name: str) -> str:
    for option in options:
        if option not in NO_EFFECT and option not in (INPUT, OUTPUT):
            raise not_there(f"the DynamoDB option '{option}'")
    if not options.get(name):
        raise ValueError(f"connection_options has no '{name}'")
    return str(options[name])


def _plain(value: Any) -> Any:
    """A value of DynamoDB as one of JSON."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Binary):
        return base64.b64encode(bytes(cast("Any", value))).decode()
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, set):
        return sorted(_plain(one) for one in value)
    return value


def _attribute(value: Any) -> Any:
    """A value of Spark as one of DynamoDB."""
    if isinstance(value, Row):
        value = value.asDict()
    if isinstance(value, dict):
        return {str(key): _attribute(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_attribute(one) for one in value]
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value
