from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from laguna.errors import QueryFailed
from laguna.operations.athena import Athena, price_usd

MIB = 1024**2


@pytest.fixture
def client() -> Any:
    return boto3.client(
        "athena", region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )


@pytest.fixture
def stub(client: Any) -> Iterator[Stubber]:
    with Stubber(client) as stub:
        yield stub
        stub.assert_no_pending_responses()


@pytest.fixture
def athena(client: Any) -> Athena:
    return Athena(client, "lake", "energy_processed_db", 0.0)


def starts(stub: Stubber, sql: str) -> None:
    stub.add_response(
        "start_query_execution",
        {"QueryExecutionId": "q-1"},
        {
            "QueryString": sql,
            "WorkGroup": "lake",
            "QueryExecutionContext": {"Database": "energy_processed_db"},
        },
    )


def is_in_state(stub: Stubber, state: str, statement: str = "DML", **status: str) -> None:
    execution = {
        "StatementType": statement,
        "Status": {"State": state, **status},
        "Statistics": {"DataScannedInBytes": 2048},
    }
    stub.add_response("get_query_execution", {"QueryExecution": execution}, {"QueryExecutionId": "q-1"})


def row(*values: str | None) -> dict[str, Any]:
    return {"Data": [{} if value is None else {"VarCharValue": value} for value in values]}


def answers(stub: Stubber, columns: dict[str, str], *rows: dict[str, Any]) -> None:
    info = [{"Name": name, "Type": type_} for name, type_ in columns.items()]
    result = {"Rows": list(rows), "ResultSetMetadata": {"ColumnInfo": info}}
    stub.add_response("get_query_results", {"ResultSet": result}, {"QueryExecutionId": "q-1"})


def test_a_select_is_read_without_its_header_and_with_json_types(athena: Athena, stub: Stubber) -> None:
    starts(stub, "SELECT 1")
    is_in_state(stub, "QUEUED")
    is_in_state(stub, "RUNNING")
    is_in_state(stub, "SUCCEEDED")
    columns = {"ciudad": "varchar", "n": "bigint", "kwh": "double", "cop": "decimal", "ok": "boolean"}
    answers(
        stub,
        columns,
        row(*columns),
        row("Bogotá", "12", "1.5", "10.10", "true"),
        row(None, None, None, None, None),
    )
    result = athena.run("SELECT 1")
    assert result.columns == tuple(columns)
    assert result.rows == [("Bogotá", 12, 1.5, "10.10", True), (None, None, None, None, None)]
    assert result.scanned_bytes == 2048
    assert result.price_usd == price_usd(2048)


def test_a_row_that_looks_like_the_header_stays_in_a_statement_without_one(
    athena: Athena, stub: Stubber
) -> None:
    starts(stub, "SHOW TABLES")
    is_in_state(stub, "SUCCEEDED", "DDL")
    answers(stub, {"tab_name": "string"}, row("tab_name"))
    result = athena.run("SHOW TABLES")
    assert result.rows == [("tab_name",)]
    assert result.price_usd == 0


def test_only_the_first_of_two_rows_with_the_columns_names_is_the_header(
    athena: Athena, stub: Stubber
) -> None:
    starts(stub, "SELECT 'a' a")
    is_in_state(stub, "SUCCEEDED")
    answers(stub, {"a": "varchar"}, row("a"), row("a"))
    assert athena.run("SELECT 'a' a").rows == [("a",)]


def test_a_failed_query_gives_athenas_reason(athena: Athena, stub: Stubber) -> None:
    starts(stub, "SELECT x")
    is_in_state(stub, "FAILED", StateChangeReason="COLUMN_NOT_FOUND: line 1:8: Column 'x' cannot be resolved")
    with pytest.raises(QueryFailed, match="COLUMN_NOT_FOUND: line 1:8: Column 'x' cannot be resolved"):
        athena.run("SELECT x")


def test_a_query_that_is_refused_gives_athenas_message(athena: Athena, stub: Stubber) -> None:
    stub.add_client_error("start_query_execution", "InvalidRequestException", "Queries of this type are no")
    with pytest.raises(QueryFailed, match="Queries of this type are no"):
        athena.run("EXPLODE")


@pytest.mark.parametrize(
    ("scanned", "charged"),
    [(0, 10 * MIB), (10 * MIB, 10 * MIB), (10 * MIB + 1, 11 * MIB), (1024**4, 1024**4)],
)
def test_the_price_is_of_whole_megabytes_and_ten_at_least(scanned: int, charged: int) -> None:
    assert price_usd(scanned) == pytest.approx(charged / 1024**4 * 5)
