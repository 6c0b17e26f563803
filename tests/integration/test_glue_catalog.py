"""The Data Catalog through a server and boto3, as clients use it."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.conftest import LocalAws


@pytest.fixture(scope="module")
def glue(aws: LocalAws) -> Any:
    client = aws.client("glue")
    client.create_database(DatabaseInput={"Name": "catalog_tests"})
    return client


def make_table(glue: Any, name: str) -> None:
    table = {
        "Name": name,
        "PartitionKeys": [{"Name": "day", "Type": "int"}],
        "StorageDescriptor": {"Columns": [{"Name": "id", "Type": "bigint"}], "Location": f"s3://x/{name}/"},
    }
    glue.create_table(DatabaseName="catalog_tests", TableInput=table)


def test_a_table_and_its_partitions_survive_the_wire(glue: Any) -> None:
    make_table(glue, "wired")
    inputs = [{"Values": [str(n)], "StorageDescriptor": {"Location": f"s3://x/{n}"}} for n in range(100)]
    where = {"DatabaseName": "catalog_tests", "TableName": "wired"}
    assert glue.batch_create_partition(**where, PartitionInputList=inputs)["Errors"] == []
    pages = glue.get_paginator("get_partitions").paginate(
        **where, Expression="day >= 90 OR day = 3", PaginationConfig={"PageSize": 4}
    )
    values = [one["Values"][0] for page in pages for one in page["Partitions"]]
    assert values == ["3", *map(str, range(90, 100))]
    table = glue.get_table(DatabaseName="catalog_tests", Name="wired")["Table"]
    assert table["CreateTime"].tzinfo is not None
    assert table["VersionId"] == "0"


def test_errors_arrive_as_boto3_s_exceptions(glue: Any) -> None:
    with pytest.raises(glue.exceptions.EntityNotFoundException) as caught:
        glue.get_table(DatabaseName="catalog_tests", Name="nothing")
    assert caught.value.response["Error"]["Message"] == "Entity Not Found"
    with pytest.raises(glue.exceptions.AlreadyExistsException):
        glue.create_database(DatabaseInput={"Name": "catalog_tests"})
    make_table(glue, "locked")
    glue.update_table(DatabaseName="catalog_tests", TableInput={"Name": "locked"}, VersionId="0")
    with pytest.raises(glue.exceptions.ConcurrentModificationException):
        glue.update_table(DatabaseName="catalog_tests", TableInput={"Name": "locked"}, VersionId="0")


def test_a_batch_that_is_too_large_is_refused_whole(glue: Any) -> None:
    make_table(glue, "limited")
    where = {"DatabaseName": "catalog_tests", "TableName": "limited"}
    with pytest.raises(ClientError, match="less than or equal to 100"):
        glue.batch_create_partition(**where, PartitionInputList=[{"Values": [str(n)]} for n in range(101)])
    assert glue.get_partitions(**where)["Partitions"] == []


def test_regions_have_catalogs_of_their_own(aws: LocalAws, glue: Any) -> None:
    elsewhere = aws.client("glue", region="eu-west-1")
    assert elsewhere.get_databases()["DatabaseList"] == []
