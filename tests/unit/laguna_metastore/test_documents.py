"""Glue's documents and Hive's structs, each made of the other."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from laguna_metastore import documents

STORAGE = {
    "Columns": [{"Name": "id", "Type": "int", "Comment": "número"}, {"Name": "n", "Type": "array<string>"}],
    "Location": "s3://lake/t",
    "InputFormat": "in",
    "OutputFormat": "out",
    "Compressed": True,
    "NumberOfBuckets": 4,
    "SerdeInfo": {"Name": "t", "SerializationLibrary": "serde", "Parameters": {"a": "1"}},
    "BucketColumns": ["id"],
    "SortColumns": [{"Column": "id", "SortOrder": 1}],
    "Parameters": {"b": "2"},
    "StoredAsSubDirectories": False,
}
TABLE = {
    "Name": "t",
    "Owner": "ana",
    "Retention": 3,
    "StorageDescriptor": STORAGE,
    "PartitionKeys": [{"Name": "dia", "Type": "date"}],
    "Parameters": {"EXTERNAL": "TRUE"},
    "TableType": "EXTERNAL_TABLE",
}


def test_a_table_comes_back_as_it_was() -> None:
    moment = datetime(2025, 1, 2, tzinfo=UTC)
    struct = documents.table({**TABLE, "DatabaseName": "ventas", "CreateTime": moment, "VersionId": "7"})
    assert (struct.dbName, struct.createTime) == ("ventas", int(moment.timestamp()))
    assert documents.table_input(struct) == TABLE


def test_a_partition_comes_back_as_it_was() -> None:
    given: dict[str, Any] = {"Values": ["2025-01-01"], "StorageDescriptor": STORAGE, "Parameters": {"c": "3"}}
    struct = documents.partition({**given, "DatabaseName": "ventas"}, "t")
    assert struct.tableName == "t"
    assert documents.partition_input(struct) == given


def test_a_database_and_a_function_come_back_as_they_were() -> None:
    database = {"Name": "ventas", "Description": "d", "LocationUri": "s3://lake/", "Parameters": {"a": "1"}}
    assert documents.database_input(documents.database(database)) == database
    function = {
        "FunctionName": "f",
        "ClassName": "org.F",
        "OwnerName": "ana",
        "OwnerType": "USER",
        "ResourceUris": [{"ResourceType": "JAR", "Uri": "s3://lake/f.jar"}],
    }
    assert documents.function_input(documents.function(function)) == function


def test_a_table_that_says_little_is_external_and_has_no_place() -> None:
    struct = documents.table({"Name": "t", "DatabaseName": "d"})
    assert (struct.tableType, struct.parameters) == ("EXTERNAL_TABLE", {"EXTERNAL": "TRUE"})
    # Spark makes a path of a location that is there, and an empty one is none.
    assert struct.sd.location is None
