"""Databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from local_aws.in_process import InProcessClient
from tests.unit.local_aws.glue.catalog.conftest import MakeTable, open_catalog


def test_a_name_is_folded_to_lower_case_and_found_in_any_case(glue: InProcessClient) -> None:
    glue.create_database(DatabaseInput={"Name": "Ventas", "Description": "las ventas"})
    database = glue.get_database(Name="VENTAS")["Database"]
    assert database["Name"] == "ventas"
    assert database["Description"] == "las ventas"
    assert database["CatalogId"] == "000000000000"


def test_a_missing_database_is_named_in_the_error(glue: InProcessClient) -> None:
    with pytest.raises(ClientError, match=r"Database nothing not found\.") as caught:
        glue.get_database(Name="nothing")
    assert caught.value.response["Error"]["Code"] == "EntityNotFoundException"


def test_a_database_cannot_be_made_twice(glue: InProcessClient) -> None:
    with pytest.raises(ClientError, match=r"Database already exists\."):
        glue.create_database(DatabaseInput={"Name": "LAKE"})


def test_another_account_s_catalog_is_not_there(glue: InProcessClient) -> None:
    assert glue.get_database(CatalogId="000000000000", Name="lake")
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        glue.get_database(CatalogId="111111111111", Name="lake")


def test_databases_are_paged_by_name(glue: InProcessClient) -> None:
    for name in ("c", "a", "b"):
        glue.create_database(DatabaseInput={"Name": name})
    pages = glue.get_paginator("get_databases").paginate(PaginationConfig={"PageSize": 3})
    names = [[one["Name"] for one in page["DatabaseList"]] for page in pages]
    assert names == [["a", "b", "c"], ["lake"]]


def test_a_token_that_is_not_ours_is_refused(glue: InProcessClient) -> None:
    for token in ("garbage", "ñ", "MTI=", "bnVsbA=="):
        with pytest.raises(ClientError, match="InvalidInputException"):
            glue.get_databases(NextToken=token)


def test_deleting_a_database_deletes_what_is_in_it(glue: InProcessClient, make_table: MakeTable) -> None:
    make_table("sales", day="string")
    glue.create_partition(DatabaseName="lake", TableName="sales", PartitionInput={"Values": ["1"]})
    glue.delete_database(Name="lake")
    glue.create_database(DatabaseInput={"Name": "lake"})
    assert glue.get_tables(DatabaseName="lake")["TableList"] == []
    make_table("sales", day="string")
    assert glue.get_partitions(DatabaseName="lake", TableName="sales")["Partitions"] == []


def test_renaming_a_database_keeps_its_tables(glue: InProcessClient, make_table: MakeTable) -> None:
    make_table("sales")
    glue.update_database(Name="lake", DatabaseInput={"Name": "pond"})
    assert glue.get_table(DatabaseName="pond", Name="sales")["Table"]["DatabaseName"] == "pond"


def test_a_linked_database_is_refused_by_name(glue: InProcessClient) -> None:
    link = {"CatalogId": "000000000000", "DatabaseName": "lake"}
    with pytest.raises(ClientError, match="TargetDatabase"):
        glue.create_database(DatabaseInput={"Name": "link", "TargetDatabase": link})
    assert [one["Name"] for one in glue.get_databases()["DatabaseList"]] == ["lake"]


def test_a_catalog_is_the_same_after_it_is_opened_again(tmp_path: Path) -> None:
    open_catalog(tmp_path).create_database(DatabaseInput={"Name": "kept", "Parameters": {"a": "b"}})
    assert open_catalog(tmp_path).get_database(Name="kept")["Database"]["Parameters"] == {"a": "b"}
