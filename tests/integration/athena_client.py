"""Athena as tests speak to it: a statement in, its rows or its failure out."""

from __future__ import annotations

import time
from typing import Any

from tests.conftest import LocalAws

Rows = list[list[str | None]]


class QueryError(Exception):
    """A query that did not succeed; its text is the StateChangeReason."""


class AthenaClient:
    """Runs statements in one database and keeps their results in one bucket."""

    def __init__(self, aws: LocalAws, bucket: str, database: str) -> None:
        self.athena = aws.client("athena")
        self.bucket, self.database = bucket, database

    def execution(self, sql: str, **request: Any) -> dict[str, Any]:
        """The execution of a statement once it has ended."""
        query_id = self.athena.start_query_execution(
            QueryString=sql,
            ResultConfiguration={"OutputLocation": f"s3://{self.bucket}/results/"},
            QueryExecutionContext={"Database": self.database},
            **request,
        )["QueryExecutionId"]
        deadline = time.monotonic() + 120
        while True:
            found: dict[str, Any] = self.athena.get_query_execution(QueryExecutionId=query_id)[
                "QueryExecution"
            ]
            if found["Status"]["State"] in ("SUCCEEDED", "FAILED", "CANCELLED"):
                return found
            assert time.monotonic() < deadline, f"the query does not end: {sql}"

    def run(self, sql: str, **request: Any) -> dict[str, Any]:
        """The same, for a statement that must succeed."""
        done = self.execution(sql, **request)
        if done["Status"]["State"] != "SUCCEEDED":
            raise QueryError(done["Status"].get("StateChangeReason", done["Status"]["State"]))
        return done

    def results(self, sql: str) -> dict[str, Any]:
        """The first page of GetQueryResults."""
        answer: dict[str, Any] = self.athena.get_query_results(
            QueryExecutionId=self.run(sql)["QueryExecutionId"]
        )
        return answer

    def rows(self, sql: str) -> Rows:
        """The rows of a query, without the row of names."""
        rows = self.results(sql)["ResultSet"]["Rows"]
        return [[cell.get("VarCharValue") for cell in row["Data"]] for row in rows[1:]]

    def changed(self, sql: str) -> int:
        """How many rows a statement changed."""
        count: int = self.results(sql)["UpdateCount"]
        return count

    def scanned(self, sql: str) -> int:
        """DataScannedInBytes."""
        scanned: int = self.run(sql)["Statistics"]["DataScannedInBytes"]
        return scanned
