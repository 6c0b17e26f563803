"""Athena through the gateway with unmodified clients: boto3 and PyAthena."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError
from pyathena import connect

from tests.conftest import REGION, LocalAws

BUCKET = "athena-clients"


def finished(athena: Any, sql: str, **request: Any) -> dict[str, Any]:
    location = {"OutputLocation": f"s3://{BUCKET}/results/"}
    query_id = athena.start_query_execution(
        QueryString=sql,
        ResultConfiguration=location,
        QueryExecutionContext={"Database": "energia"},
        **request,
    )["QueryExecutionId"]
    deadline = time.monotonic() + 60
    while True:
        execution: dict[str, Any] = athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]
        if execution["Status"]["State"] in ("SUCCEEDED", "FAILED", "CANCELLED"):
            return execution
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture(scope="module")
def energia(aws: LocalAws) -> Any:
    """An Athena client; database `energia` with tables `clientes` and `transacciones`."""
    athena = aws.client("athena")
    aws.client("s3").create_bucket(Bucket=BUCKET)
    for sql in (
        "CREATE DATABASE energia",
        "CREATE TABLE clientes AS SELECT * FROM (VALUES ('C1', 'Bogotá'), ('C2', 'Cali'), ('C3', 'Cali')) "
        "AS t(cliente_id, ciudad)",
        "CREATE TABLE transacciones AS SELECT id, tipo_transaccion, cliente, CAST(kwh AS decimal(18,3)) kwh, "
        "CAST(cop AS decimal(18,2)) cop FROM (VALUES ('T1', 'venta', 'C1', '10.125', '250.50'), "
        "('T2', 'compra', 'C2', '2.5', '100'), ('T3', 'venta', 'C2', '1', '0.01')) "
        "AS t(id, tipo_transaccion, cliente, kwh, cop)",
    ):
        done = finished(athena, sql)
        assert done["Status"]["State"] == "SUCCEEDED", done["Status"]
    return athena


def cells(athena: Any, execution: dict[str, Any]) -> list[list[str | None]]:
    answer = athena.get_query_results(QueryExecutionId=execution["QueryExecutionId"])
    return [[cell.get("VarCharValue") for cell in row["Data"]] for row in answer["ResultSet"]["Rows"]]


def test_boto3_reads_rows_types_and_statistics(energia: Any) -> None:
    done = finished(energia, "SELECT ciudad, count(1) conteo FROM clientes GROUP BY ciudad ORDER BY ciudad")
    assert cells(energia, done) == [["ciudad", "conteo"], ["Bogotá", "1"], ["Cali", "2"]]
    assert done["Statistics"]["DataScannedInBytes"] > 0


def test_decimals_keep_trinos_precision_and_scale(energia: Any) -> None:
    sql = (
        "SELECT tipo_transaccion, sum(kwh * cop) total, avg(kwh) promedio FROM transacciones "
        "GROUP BY tipo_transaccion ORDER BY 1"
    )
    done = finished(energia, sql)
    assert cells(energia, done)[1:] == [["compra", "250.00000", "2.500"], ["venta", "2536.32250", "5.563"]]
    answer = energia.get_query_results(QueryExecutionId=done["QueryExecutionId"])
    infos = answer["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
    assert [(i["Type"], i["Precision"], i["Scale"]) for i in infos[1:]] == [
        ("decimal", 38, 5),
        ("decimal", 18, 3),
    ]


def test_a_join_of_two_tables(energia: Any) -> None:
    sql = "SELECT c.ciudad, t.id FROM transacciones t JOIN clientes c ON t.cliente = c.cliente_id ORDER BY 2"
    assert cells(energia, finished(energia, sql))[1:] == [["Bogotá", "T1"], ["Cali", "T2"], ["Cali", "T3"]]


def test_a_failed_query_tells_name_category_and_type(energia: Any) -> None:
    status = finished(energia, "SELECT * FROM nada")["Status"]
    assert (
        status["StateChangeReason"]
        == "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.energia.nada' does not exist"
    )
    error = status["AthenaError"]
    assert (error["ErrorCategory"], error["ErrorType"], error["Retryable"]) == (2, 1301, False)


def test_a_syntax_error_starts_no_execution(energia: Any) -> None:
    with pytest.raises(ClientError) as raised:
        finished(energia, "SELEC 1")
    assert raised.value.response["AthenaErrorCode"] == "MALFORMED_QUERY"


def test_pyathena_gives_python_values(aws: LocalAws, energia: Any) -> None:
    connection = connect(
        s3_staging_dir=f"s3://{BUCKET}/pyathena/",
        schema_name="energia",
        region_name=REGION,
        endpoint_url=aws.endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        poll_interval=0.01,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, kwh, NULL nada FROM transacciones WHERE kwh > %(kwh)d ORDER BY id", {"kwh": 2}
        )
        assert cursor.fetchall() == [("T1", Decimal("10.125"), None), ("T2", Decimal("2.500"), None)]
        assert [column[:2] for column in cursor.description or ()] == [
            ("id", "varchar"), ("kwh", "decimal"), ("nada", "unknown"),
        ]  # fmt: skip
