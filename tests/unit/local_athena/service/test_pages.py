"""MaxResults of every operation that has it: its bound, after what the operation names has been found."""

from __future__ import annotations

from typing import Any

import pytest

from local_athena.errors import AthenaApiError
from local_athena.service.pages import page_size
from tests.unit.local_athena.conftest import CALLER, Lake

LISTS: list[tuple[str, dict[str, Any]]] = [
    ("list_query_executions", {}),
    ("list_named_queries", {}),
    ("list_prepared_statements", {"WorkGroup": "primary"}),
    ("list_work_groups", {}),
    ("list_data_catalogs", {}),
    ("list_databases", {"CatalogName": "AwsDataCatalog"}),
    ("list_table_metadata", {"CatalogName": "AwsDataCatalog", "DatabaseName": "db"}),
]


def told(lake: Lake, operation: str, **request: Any) -> str:
    with pytest.raises(AthenaApiError) as raised:
        getattr(lake.athena, operation)(request, CALLER)
    return raised.value.message


@pytest.mark.parametrize(("operation", "request_"), LISTS, ids=[row[0] for row in LISTS])
def test_a_list_has_fifty_items_a_page_at_most(lake: Lake, operation: str, request_: dict[str, Any]) -> None:
    getattr(lake.athena, operation)({**request_, "MaxResults": 50}, CALLER)
    assert (
        told(lake, operation, **request_, MaxResults=51)
        == "MaxResults is more than maximum allowed length 50"
    )


def test_what_is_not_there_is_told_before_the_bound(lake: Lake) -> None:
    assert told(lake, "list_query_executions", WorkGroup="none", MaxResults=51) == "WorkGroup is not found."
    assert told(lake, "get_query_results", QueryExecutionId="none", MaxResults=1001) == (
        "QueryExecution none was not found"
    )


def test_results_have_a_thousand_rows_a_page_at_most(lake: Lake) -> None:
    query_id = lake.run("SELECT 1")["QueryExecutionId"]
    failed = lake.run("SELECT 1/0")["QueryExecutionId"]
    lake.athena.get_query_results({"QueryExecutionId": query_id, "MaxResults": 1000}, CALLER)
    for one in (query_id, failed):
        assert told(lake, "get_query_results", QueryExecutionId=one, MaxResults=1001) == (
            "MaxResults is more than maximum allowed length 1000"
        )


def test_a_page_without_a_size_is_the_largest() -> None:
    assert page_size({}) == page_size({"MaxResults": 0}) == 50
    with pytest.raises(AthenaApiError, match="less than minimum"):
        page_size({"MaxResults": -1})
