"""Python functions on records: filter, map and mapPartitions.

A function that raises makes an error record of its record and the job goes on; only in `filter` do
KeyError, ValueError and TypeError mean no.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pyspark import RDD
from pyspark.sql import SparkSession

from awsglue.dynamic import errors
from awsglue.dynamic.data import Columns, Data
from awsglue.dynamic.errors import Error
from awsglue.dynamic.values import decoder
from awsglue.gluetypes import DynamicRecord

FALSE_ERRORS = (KeyError, ValueError, TypeError)
GOOD, BAD = True, False
NO_RECORD = "User-specified function returned None instead of DynamicRecord"
Tagged = tuple[bool, Any]
Outcome = tuple[Data, Callable[[], RDD[Error]]]
"""The good records, and a way to the errors."""


def filtered(spark: SparkSession, data: Data, wanted: Callable[[Any], Any], site: str, info: str) -> Outcome:
    """The records for which `wanted` is true; they keep the schema of the columns they came from."""
    columns = None if data.has_records else data.columns
    decode = decoder(columns.schema) if columns is not None else DynamicRecord

    def test(items: Iterable[Any]) -> Iterator[Tagged]:
        for item in items:
            record = decode(item)
            try:
                if wanted(record):
                    yield GOOD, item
            except FALSE_ERRORS:
                continue
            except Exception as error:
                yield BAD, errors.of_exception(error, record, site, info)

    items = columns.frame.rdd if columns is not None else data.records
    good, bad = _parted(items.mapPartitions(test))
    if columns is None:
        return Data.of_records(spark, good, data.hint), bad
    schema = columns.schema
    frame = spark.createDataFrame(good, columns.frame.schema, verifySchema=False)
    return Data.of_columns(Columns(frame, schema)), bad


def mapped(spark: SparkSession, data: Data, change: Callable[[Any], Any], site: str, info: str) -> Outcome:
    """The records that `change` makes, one of each."""

    def made(records: Iterable[Any]) -> Iterator[Tagged]:
        for record in records:
            try:
                result = change(DynamicRecord(record))
            except Exception as error:
                yield BAD, errors.of_exception(error, record, site, info)
                continue
            if isinstance(result, dict) and result:
                yield GOOD, result
            else:
                yield BAD, errors.of_message(_unusable(result), record, site, info)

    good, bad = _parted(data.records.mapPartitions(made))
    return Data.of_records(spark, good, data.hint), bad


def mapped_partitions(
    spark: SparkSession, data: Data, change: Callable[[int, Iterator[Any]], Iterable[Any]], site: str
) -> Outcome:
    """What `change` makes of each partition's items: dicts whose `record` is a record.

    An item that comes back with `isError` is an error record, with the item's `errorMessage`.
    """

    def made(index: int, records: Iterable[Any]) -> Iterator[Tagged]:
        items = ({"record": DynamicRecord(record), "isError": False} for record in records)
        for item in change(index, items):
            if item.get("isError"):
                message = str(item.get("errorMessage", ""))
                yield BAD, errors.of_message(message, item.get("record"), site, "")
            else:
                yield GOOD, item["record"]

    good, bad = _parted(data.records.mapPartitionsWithIndex(made))
    return Data.of_records(spark, good, data.hint), bad


def _parted(tagged: RDD[Tagged]) -> tuple[RDD[Any], Callable[[], RDD[Error]]]:
    good = tagged.filter(lambda one: one[0]).map(lambda one: one[1])
    return good, lambda: tagged.filter(lambda one: not one[0]).map(lambda one: one[1])


def _unusable(result: Any) -> str:
    if not result:
        return NO_RECORD
    return f"User-specified function returned {type(result).__name__} instead of DynamicRecord"
