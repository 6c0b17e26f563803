"""Tables and their versions."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.in_process import InProcessClient
from tests.unit.local_aws.glue.catalog.conftest import MakeTable


def update(glue: InProcessClient, **more: Any) -> None:
    parameters = more.pop("Parameters", {})
    glue.update_table(DatabaseName="lake", TableInput={"Name": "sales", "Parameters": parameters}, **more)


def test_a_new_table_is_shown_with_glue_s_own_members(glue: InProcessClient, make_table: MakeTable) -> None:
    make_table("Sales", year="string")
    table = glue.get_table(DatabaseName="LAKE", Name="SALES")["Table"]
    assert (table["Name"], table["VersionId"], table["Retention"]) == ("sales", "0", 0)
    assert table["PartitionKeys"] == [{"Name": "year", "Type": "string"}]
    assert table["StorageDescriptor"]["Compressed"] is False
    assert table["IsRegisteredWithLakeFormation"] is False
    assert table["CreatedBy"].startswith("arn:aws:iam::000000000000:")
    assert table["CreateTime"].tzinfo is not None


def test_errors_are_aws_s(glue: InProcessClient, make_table: MakeTable) -> None:
    make_table("sales")
    with pytest.raises(ClientError, match=r"\(AlreadyExistsException\).*Table already exists\."):
        make_table("SALES")
    with pytest.raises(ClientError, match=r"\(EntityNotFoundException\).*Entity Not Found"):
        glue.get_table(DatabaseName="lake", Name="nothing")
    with pytest.raises(ClientError, match=r"Database nothing not found\."):
        glue.get_table(DatabaseName="nothing", Name="sales")
    with pytest.raises(ClientError, match=r"Table nothing not found\."):
        glue.delete_table(DatabaseName="lake", Name="nothing")


def test_times_in_a_table_s_input_come_back_as_times(glue: InProcessClient) -> None:
    when = datetime(2025, 7, 25, 10, tzinfo=UTC)
    glue.create_table(DatabaseName="lake", TableInput={"Name": "t", "LastAccessTime": when})
    assert glue.get_table(DatabaseName="lake", Name="t")["Table"]["LastAccessTime"] == when


def test_an_update_with_a_stale_version_changes_nothing(glue: InProcessClient, make_table: MakeTable) -> None:
    make_table("sales")
    update(glue, VersionId="0", Parameters={"writer": "first"})
    with pytest.raises(ClientError) as caught:
        update(glue, VersionId="0", Parameters={"writer": "second"})
    error = caught.value.response["Error"]
    assert error["Code"] == "ConcurrentModificationException"
    assert error["Message"] == "Update table failed due to concurrent modifications."
    table = glue.get_table(DatabaseName="lake", Name="sales")["Table"]
    assert (table["VersionId"], table["Parameters"]) == ("1", {"writer": "first"})


def test_of_many_writers_with_one_version_one_wins(glue: InProcessClient, make_table: MakeTable) -> None:
    make_table("sales")

    def write(number: int) -> bool:
        try:
            update(glue, VersionId="0", SkipArchive=True, Parameters={"writer": str(number)})
        except ClientError as error:
            return error.response["Error"]["Code"] != "ConcurrentModificationException"
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(write, range(16))) == 1
    assert glue.get_table(DatabaseName="lake", Name="sales")["Table"]["VersionId"] == "1"


def test_versions_are_kept_unless_skipped(glue: InProcessClient, make_table: MakeTable) -> None:
    make_table("sales")
    update(glue, Parameters={"n": "1"})
    update(glue, Parameters={"n": "2"}, SkipArchive=True)
    update(glue, Parameters={"n": "3"})
    versions = glue.get_table_versions(DatabaseName="lake", TableName="sales")["TableVersions"]
    assert [one["VersionId"] for one in versions] == ["3", "2", "0"]
    old = glue.get_table_version(DatabaseName="lake", TableName="sales", VersionId="2")["TableVersion"]
    assert old["Table"]["Parameters"] == {"n": "2"}
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        glue.get_table_version(DatabaseName="lake", TableName="sales", VersionId="1")


def test_versions_are_paged_newest_first(glue: InProcessClient, make_table: MakeTable) -> None:
    make_table("sales")
    for _ in range(4):
        update(glue)
    pages = glue.get_paginator("get_table_versions").paginate(
        DatabaseName="lake", TableName="sales", PaginationConfig={"PageSize": 2}
    )
    assert [[one["VersionId"] for one in page["TableVersions"]] for page in pages] == [
        ["4", "3"],
        ["2", "1"],
        ["0"],
    ]


def test_deleting_versions_leaves_the_current_one(glue: InProcessClient, make_table: MakeTable) -> None:
    make_table("sales")
    update(glue)
    errors = glue.batch_delete_table_version(
        DatabaseName="lake", TableName="sales", VersionIds=["0", "1", "9", "x", "9" * 30]
    )["Errors"]
    assert [(one["VersionId"], one["ErrorDetail"]["ErrorCode"]) for one in errors] == [
        ("1", "InvalidInputException"),
        ("9", "EntityNotFoundException"),
        ("x", "EntityNotFoundException"),
        ("9" * 30, "EntityNotFoundException"),
    ]
    versions = glue.get_table_versions(DatabaseName="lake", TableName="sales")["TableVersions"]
    assert [one["VersionId"] for one in versions] == ["1"]


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("sales.*", ["sales_2024", "sales_2025"]),
        ("sales*", ["sales_2024", "sales_2025"]),
        ("*2025", ["sales_2025"]),
        ("*ale*", ["sales_2024", "sales_2025"]),
        ("clients|sales_2024", ["clients", "sales_2024"]),
        ("sales", []),
        ("", ["clients", "sales_2024", "sales_2025"]),
    ],
)
def test_tables_are_listed_by_an_expression(
    glue: InProcessClient, make_table: MakeTable, expression: str, names: list[str]
) -> None:
    for name in ("sales_2025", "sales_2024", "clients"):
        make_table(name)
    found = glue.get_tables(DatabaseName="lake", Expression=expression)["TableList"]
    assert [table["Name"] for table in found] == names


@pytest.mark.parametrize("expression", ["(", "(?=s)sales", r"(s)\1", "[a-z&&[^s]]"])
def test_an_expression_that_cannot_be_read_is_refused(glue: InProcessClient, expression: str) -> None:
    with pytest.raises(ClientError, match=r"InvalidInputException.*Invalid expression"):
        glue.get_tables(DatabaseName="lake", Expression=expression)


def test_an_expression_with_a_catastrophe_in_it_is_answered_at_once(
    glue: InProcessClient, make_table: MakeTable
) -> None:
    make_table("a" * 200)
    started = time.perf_counter()
    assert glue.get_tables(DatabaseName="lake", Expression="(a+)+b")["TableList"] == []
    assert time.perf_counter() - started < 1


def test_a_batch_deletes_what_is_there_and_names_the_rest(
    glue: InProcessClient, make_table: MakeTable
) -> None:
    make_table("sales")
    errors = glue.batch_delete_table(DatabaseName="lake", TablesToDelete=["sales", "nothing"])["Errors"]
    assert [(one["TableName"], one["ErrorDetail"]["ErrorCode"]) for one in errors] == [
        ("nothing", "EntityNotFoundException")
    ]
    assert glue.get_tables(DatabaseName="lake")["TableList"] == []


def test_an_iceberg_table_that_glue_would_write_is_refused(glue: InProcessClient) -> None:
    iceberg = {"IcebergInput": {"MetadataOperation": "CREATE"}}
    with pytest.raises(ClientError, match=r"NotImplemented.*OpenTableFormatInput"):
        glue.create_table(DatabaseName="lake", TableInput={"Name": "t"}, OpenTableFormatInput=iceberg)
    assert glue.get_tables(DatabaseName="lake")["TableList"] == []


def test_tables_are_found_by_text_and_property(glue: InProcessClient, make_table: MakeTable) -> None:
    make_table("sales", region="string")
    glue.create_table(
        DatabaseName="lake", TableInput={"Name": "logs", "Parameters": {"classification": "json"}}
    )
    assert [one["Name"] for one in glue.search_tables(SearchText="region")["TableList"]] == ["sales"]
    json_tables = glue.search_tables(
        Filters=[{"Key": "classification", "Value": "json", "Comparator": "EQUALS"}]
    )
    assert [one["Name"] for one in json_tables["TableList"]] == ["logs"]
    by_name = glue.search_tables(SortCriteria=[{"FieldName": "Name", "Sort": "DESC"}], MaxResults=1)
    assert [one["Name"] for one in by_name["TableList"]] == ["sales"]
    rest = glue.search_tables(
        SortCriteria=[{"FieldName": "Name", "Sort": "DESC"}], NextToken=by_name["NextToken"]
    )
    assert [one["Name"] for one in rest["TableList"]] == ["logs"]


def test_columns_are_kept_by_their_names_in_lower_case(glue: InProcessClient) -> None:
    storage = {"Columns": [{"Name": "userId", "Type": "struct<principalId:string>"}], "Location": "s3://b/t"}
    table = {
        "Name": "Folded",
        "StorageDescriptor": storage,
        "PartitionKeys": [{"Name": "Día", "Type": "string"}],
    }
    glue.create_table(DatabaseName="lake", TableInput=table)
    shown = glue.get_table(DatabaseName="lake", Name="folded")["Table"]
    assert shown["StorageDescriptor"]["Columns"] == [{"Name": "userid", "Type": "struct<principalId:string>"}]
    assert shown["PartitionKeys"] == [{"Name": "día", "Type": "string"}]
