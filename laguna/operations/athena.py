"""Run one query on Athena and read its result with the types that Athena gives it.

https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html (checked 2026-11-21): every
value is text, NULL is a missing `VarCharValue`, and a SELECT's first row holds the column names.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from laguna.errors import QueryFailed

Value = str | int | float | bool | None

_MEBIBYTE = 1024**2
_LEAST_CHARGED = 10 * _MEBIBYTE
_USD_PER_BYTE = 5 / 1024**4


@dataclass(frozen=True, slots=True)
class QueryResult:
    """A query that succeeded; a row has one value per column, decimals and dates as Athena's text."""

    sql: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: list[tuple[Value, ...]]
    scanned_bytes: int
    price_usd: float


def price_usd(scanned_bytes: int) -> float:
    """What AWS charges in us-east-1: 5 USD per TB, rounded up to a MB, 10 MB at least.

    https://aws.amazon.com/athena/pricing/ (checked 2026-11-21)
    """
    rounded = -(-scanned_bytes // _MEBIBYTE) * _MEBIBYTE
    return max(rounded, _LEAST_CHARGED) * _USD_PER_BYTE


@dataclass(frozen=True, slots=True)
class Athena:
    """Where queries run: a boto3 client, a workgroup and the database that bare table names are in."""

    client: Any
    workgroup: str
    database: str
    poll_seconds: float

    def run(self, sql: str) -> QueryResult:
        """Run `sql` to its end.

        Raises:
            QueryFailed: Athena refused the query, or it failed or was cancelled.
        """
        query_id = self._start(sql)
        try:
            execution = self._wait(query_id)
        except KeyboardInterrupt:
            self.client.stop_query_execution(QueryExecutionId=query_id)
            raise
        columns, types, rows = self._read(query_id, execution.get("StatementType") == "DML")
        scanned = execution.get("Statistics", {}).get("DataScannedInBytes", 0)
        # Statements that read no data, such as SHOW or CREATE TABLE, are free.
        price = price_usd(scanned) if execution.get("StatementType") == "DML" else 0.0
        return QueryResult(sql, columns, types, rows, scanned, price)

    def _start(self, sql: str) -> str:
        try:
            answer = self.client.start_query_execution(
                QueryString=sql,
                WorkGroup=self.workgroup,
                QueryExecutionContext={"Database": self.database},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "InvalidRequestException":
                raise
            raise _failed(error.response["Error"]["Message"]) from error
        return str(answer["QueryExecutionId"])

    def _wait(self, query_id: str) -> dict[str, Any]:
        pause = self.poll_seconds / 16
        while True:
            answer = self.client.get_query_execution(QueryExecutionId=query_id)
            execution: dict[str, Any] = answer["QueryExecution"]
            status = execution["Status"]
            if status["State"] == "SUCCEEDED":
                return execution
            if status["State"] in ("FAILED", "CANCELLED"):
                raise _failed(status.get("StateChangeReason", f"The query was {status['State'].lower()}"))
            time.sleep(pause)
            pause = min(pause * 2, self.poll_seconds)

    def _read(
        self, query_id: str, has_header: bool
    ) -> tuple[tuple[str, ...], tuple[str, ...], list[tuple[Value, ...]]]:
        pages = list(self.client.get_paginator("get_query_results").paginate(QueryExecutionId=query_id))
        info = pages[0]["ResultSet"].get("ResultSetMetadata", {}).get("ColumnInfo", [])
        columns = tuple(column["Name"] for column in info)
        types = tuple(column["Type"] for column in info)
        texts = [
            tuple(cell.get("VarCharValue") for cell in row.get("Data", []))
            for page in pages
            for row in page["ResultSet"]["Rows"]
        ]
        if has_header and texts and texts[0] == columns:
            del texts[0]
        return columns, types, [tuple(map(python_value, types, row)) for row in texts]


def _failed(reason: str) -> QueryFailed:
    return QueryFailed(
        f"Athena could not run the query: {reason.rstrip('.')}. "
        "Correct it and try again; \"laguna query 'SHOW TABLES'\" lists the tables."
    )


_READERS: dict[str, Callable[[str], Value]] = {
    **dict.fromkeys(("tinyint", "smallint", "integer", "int", "bigint"), int),
    **dict.fromkeys(("double", "float", "real"), float),
    "boolean": lambda text: text == "true",
}
"""Types that JSON has too. A decimal stays text: a float would change it."""


def python_value(type_name: str, text: str | None) -> Value:
    """A cell as JSON has it; None for NULL."""
    return None if text is None else _READERS.get(type_name, str)(text)
