"""Partitions, written and read."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.in_process import InProcessClient
from tests.unit.local_aws.glue.catalog.conftest import MakeTable

TABLE = {"DatabaseName": "lake", "TableName": "sales"}


def add(glue: InProcessClient, *partitions: list[str]) -> list[dict[str, Any]]:
    inputs = [
        {"Values": one, "StorageDescriptor": {"Location": "s3://lake/" + "/".join(one), "Columns": []}}
        for one in partitions
    ]
    errors: list[dict[str, Any]] = glue.batch_create_partition(**TABLE, PartitionInputList=inputs)["Errors"]
    return errors


def found(glue: InProcessClient, expression: str = "", **more: Any) -> list[list[str]]:
    answer = glue.get_partitions(**TABLE, Expression=expression, **more)
    return [one["Values"] for one in answer["Partitions"]]


def test_a_partition_comes_back_as_it_was_given(glue: InProcessClient, make_table: MakeTable) -> None:
    make_table("sales", year="string", city="string")
    add(glue, ["2025", "Santa Marta ñ 'x'"])
    one = glue.get_partition(**TABLE, PartitionValues=["2025", "Santa Marta ñ 'x'"])["Partition"]
    assert one["StorageDescriptor"]["Location"] == "s3://lake/2025/Santa Marta ñ 'x'"
    assert (one["DatabaseName"], one["TableName"], one["CatalogId"]) == ("lake", "sales", "000000000000")
    assert one["CreationTime"].tzinfo is not None


def test_a_batch_creates_the_new_ones_and_names_the_others(
    glue: InProcessClient, make_table: MakeTable
) -> None:
    make_table("sales", year="string")
    add(glue, ["2024"])
    errors = add(glue, ["2024"], ["2025"], ["2025", "too", "many"])
    assert [(one["PartitionValues"], one["ErrorDetail"]["ErrorCode"]) for one in errors] == [
        (["2024"], "AlreadyExistsException"),
        (["2025", "too", "many"], "InvalidInputException"),
    ]
    assert found(glue) == [["2024"], ["2025"]]


def test_errors_of_single_operations_are_aws_s(glue: InProcessClient, make_table: MakeTable) -> None:
    make_table("sales", year="string")
    add(glue, ["2024"])
    with pytest.raises(ClientError, match=r"Partition already exists\."):
        glue.create_partition(**TABLE, PartitionInput={"Values": ["2024"]})
    with pytest.raises(ClientError, match="number of partition keys do not match"):
        glue.create_partition(**TABLE, PartitionInput={"Values": []})
    for call in (glue.get_partition, glue.delete_partition):
        with pytest.raises(ClientError, match=r"EntityNotFoundException.*Cannot find partition\."):
            call(**TABLE, PartitionValues=["1999"])
    with pytest.raises(ClientError, match="Entity Not Found"):
        glue.get_partitions(DatabaseName="lake", TableName="nothing")


def test_an_update_can_move_a_partition_but_not_onto_another(
    glue: InProcessClient, make_table: MakeTable
) -> None:
    make_table("sales", year="string")
    add(glue, ["2024"], ["2025"])
    glue.update_partition(**TABLE, PartitionValueList=["2024"], PartitionInput={"Values": ["2026"]})
    assert found(glue) == [["2026"], ["2025"]]
    errors = glue.batch_update_partition(
        **TABLE,
        Entries=[
            {
                "PartitionValueList": ["2026"],
                "PartitionInput": {"Values": ["2026"], "Parameters": {"a": "b"}},
            },
            {"PartitionValueList": ["2026"], "PartitionInput": {"Values": ["2025"]}},
            {"PartitionValueList": ["1999"], "PartitionInput": {"Values": ["1999"]}},
        ],
    )["Errors"]
    assert [one["ErrorDetail"]["ErrorCode"] for one in errors] == [
        "AlreadyExistsException",
        "EntityNotFoundException",
    ]
    assert glue.get_partition(**TABLE, PartitionValues=["2026"])["Partition"]["Parameters"] == {"a": "b"}


def test_batches_get_and_delete_what_is_there(glue: InProcessClient, make_table: MakeTable) -> None:
    make_table("sales", year="string")
    add(glue, ["2024"], ["2025"])
    keys = [{"Values": ["2025"]}, {"Values": ["1999"]}]
    answer = glue.batch_get_partition(**TABLE, PartitionsToGet=keys)
    assert [one["Values"] for one in answer["Partitions"]] == [["2025"]]
    assert answer["UnprocessedKeys"] == []
    errors = glue.batch_delete_partition(**TABLE, PartitionsToDelete=keys)["Errors"]
    assert [one["PartitionValues"] for one in errors] == [["1999"]]
    assert found(glue) == [["2024"]]


def test_pages_neither_repeat_nor_miss_when_the_table_changes(
    glue: InProcessClient, make_table: MakeTable
) -> None:
    make_table("sales", n="int")
    add(glue, *([str(n)] for n in range(10)))
    first = glue.get_partitions(**TABLE, MaxResults=4, Expression="n >= 1")
    glue.delete_partition(**TABLE, PartitionValues=["2"])
    add(glue, ["10"])
    rest = glue.get_partitions(**TABLE, Expression="n >= 1", NextToken=first["NextToken"])
    values = [one["Values"][0] for one in first["Partitions"] + rest["Partitions"]]
    assert values == ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]
    assert "NextToken" not in rest


def test_segments_share_a_table_between_them(glue: InProcessClient, make_table: MakeTable) -> None:
    make_table("sales", n="int")
    add(glue, *([str(n)] for n in range(20)))
    parts = [found(glue, Segment={"SegmentNumber": n, "TotalSegments": 3}) for n in range(3)]
    assert all(parts)
    assert sorted(one for part in parts for one in part) == sorted([str(n)] for n in range(20))


def test_columns_can_be_left_out(glue: InProcessClient, make_table: MakeTable) -> None:
    make_table("sales", year="string")
    add(glue, ["2025"])
    bare = glue.get_partitions(**TABLE, ExcludeColumnSchema=True)["Partitions"][0]
    assert bare["StorageDescriptor"] == {"Location": "s3://lake/2025"}


def test_partitions_follow_when_a_key_s_type_changes(glue: InProcessClient, make_table: MakeTable) -> None:
    make_table("sales", day="string")
    add(glue, ["9"], ["10"])
    assert found(glue, "day > '5'") == [["9"]]
    table = {"Name": "sales", "PartitionKeys": [{"Name": "day", "Type": "int"}]}
    glue.update_table(DatabaseName="lake", TableInput=table)
    assert found(glue, "day > 5") == [["9"], ["10"]]


def test_partition_indexes_are_checked_and_kept(glue: InProcessClient, make_table: MakeTable) -> None:
    make_table("sales", year="string", day="int")
    glue.create_partition_index(**TABLE, PartitionIndex={"IndexName": "by_day", "Keys": ["day"]})
    assert glue.get_partition_indexes(**TABLE)["PartitionIndexDescriptorList"] == [
        {"IndexName": "by_day", "Keys": [{"Name": "day", "Type": "int"}], "IndexStatus": "ACTIVE"}
    ]
    with pytest.raises(ClientError, match="InvalidInputException"):
        glue.create_partition_index(**TABLE, PartitionIndex={"IndexName": "x", "Keys": ["city"]})
    with pytest.raises(ClientError, match="AlreadyExistsException"):
        glue.create_partition_index(**TABLE, PartitionIndex={"IndexName": "by_day", "Keys": ["year"]})
    glue.delete_partition_index(**TABLE, IndexName="by_day")
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        glue.delete_partition_index(**TABLE, IndexName="by_day")


def test_statistics_of_columns_are_kept_for_tables_and_partitions(
    glue: InProcessClient, make_table: MakeTable
) -> None:
    make_table("sales", year="string")
    add(glue, ["2025"])
    data = {
        "Type": "DECIMAL",
        "DecimalColumnStatisticsData": {
            "MinimumValue": {"UnscaledValue": b"\x00\xff", "Scale": 2},
            "NumberOfNulls": 1,
            "NumberOfDistinctValues": 2,
        },
    }
    one = {"ColumnName": "id", "ColumnType": "decimal(5,2)", "StatisticsData": data}
    for suffix, where in (("table", TABLE), ("partition", {**TABLE, "PartitionValues": ["2025"]})):
        getattr(glue, f"update_column_statistics_for_{suffix}")(**where, ColumnStatisticsList=[one])
        get = getattr(glue, f"get_column_statistics_for_{suffix}")
        answer = get(**where, ColumnNames=["id", "other"])
        assert answer["ColumnStatisticsList"] == [one]
        assert [error["ColumnName"] for error in answer["Errors"]] == ["other"]
        getattr(glue, f"delete_column_statistics_for_{suffix}")(**where, ColumnName="id")
        assert get(**where, ColumnNames=["id"])["ColumnStatisticsList"] == []
