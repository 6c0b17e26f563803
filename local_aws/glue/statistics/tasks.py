"""Runs of column statistics tasks: the operations that start, show and stop them.

https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-column-statistics.html (November 2026).
"""

from __future__ import annotations

import uuid
from typing import Any

from local_aws.caller import Caller
from local_aws.errors import AwsError
from local_aws.glue.catalog import CatalogStore
from local_aws.glue.catalog.documents import instant, loads, now
from local_aws.glue.catalog.errors import invalid
from local_aws.glue.catalog.pages import after, limit_of, page
from local_aws.glue.catalog.security_configurations import check_security_configuration
from local_aws.glue.statistics.runner import StatisticsRunner
from local_aws.glue.statistics.store import Document, Table, TaskStore

Request = dict[str, Any]
Answer = dict[str, Any]
MOST, MOST_IDS = 1000, 100
OF_REQUEST = ("ColumnNameList", "Role", "SampleSize", "SecurityConfiguration")


class StatisticsTasks:
    """Start-, Get- and StopColumnStatisticsTaskRun, Get- and ListColumnStatisticsTaskRuns."""

    def __init__(self, catalog: CatalogStore, store: TaskStore, runner: StatisticsRunner) -> None:
        self._catalog = catalog
        self._store = store
        self._runner = runner

    def under_way(self) -> list[str]:
        """The runs that have not ended."""
        return self._runner.under_way()

    def close(self) -> None:
        """Stop all runs."""
        self._runner.close()

    def start_column_statistics_task_run(self, request: Request, caller: Caller) -> Answer:
        """Start to compute statistics of a table's columns.

        Raises:
            AwsError: EntityNotFoundException, InvalidInputException, ColumnStatisticsTaskRunningException.
        """
        return {"ColumnStatisticsTaskRunId": self.start(request)}

    def start(self, request: Request) -> str:
        """Start a run; returns its id."""
        table, columns = self.table_and_columns(request)
        run: Document = {
            "CustomerId": self._catalog.account_id,
            "ColumnStatisticsTaskRunId": str(uuid.uuid4()),
            "DatabaseName": table[0],
            "TableName": table[1],
            "CatalogID": self._catalog.account_id,
            "ComputationType": "FULL",
            "Status": "STARTING",
            "CreationTime": instant(now()),
            "LastUpdated": instant(now()),
            **{name: request[name] for name in OF_REQUEST if request.get(name) is not None},
        }
        run["ColumnNameList"] = [column["Name"] for column in columns]
        with self._store.database.write():
            if self._store.under_way(table) is not None:
                message = f"A column statistics task for table {table[1]} is already running."
                raise AwsError("ColumnStatisticsTaskRunningException", message)
            self._store.add(table, run)
        self._runner.start(run, columns)
        return str(run["ColumnStatisticsTaskRunId"])

    def get_column_statistics_task_run(self, request: Request, caller: Caller) -> Answer:
        """Show a run."""
        return {"ColumnStatisticsTaskRun": self._store.run(request["ColumnStatisticsTaskRunId"])}

    def get_column_statistics_task_runs(self, request: Request, caller: Caller) -> Answer:
        """Show a table's runs, the newest first."""
        runs, token = self._page(request, names_of(request), MOST)
        return {"ColumnStatisticsTaskRuns": runs, **token}

    def list_column_statistics_task_runs(self, request: Request, caller: Caller) -> Answer:
        """Show the ids of all runs, the newest first."""
        runs, token = self._page(request, None, MOST_IDS)
        return {"ColumnStatisticsTaskRunIds": [run["ColumnStatisticsTaskRunId"] for run in runs], **token}

    def stop_column_statistics_task_run(self, request: Request, caller: Caller) -> Answer:
        """Stop a table's run.

        Raises:
            AwsError: ColumnStatisticsTaskNotRunningException, ColumnStatisticsTaskStoppingException.
        """
        _, table = names_of(request)
        run = self._store.under_way(names_of(request))
        if run is None:
            message = f"No column statistics task for table {table} is running."
            raise AwsError("ColumnStatisticsTaskNotRunningException", message)
        if not self._runner.stop(run["ColumnStatisticsTaskRunId"]):
            message = f"The column statistics task for table {table} is stopping."
            raise AwsError("ColumnStatisticsTaskStoppingException", message)
        return {}

    def table_and_columns(self, request: Request) -> tuple[Table, list[Document]]:
        """The table of a request, and its columns, or those that the request names.

        Raises:
            AwsError: EntityNotFoundException; InvalidInputException, the table has no such column.
        """
        known = {"CatalogId": request.get("CatalogID"), **request}
        row = self._catalog.require_table(known, request["TableName"])
        check_security_configuration(self._store.database, request.get("SecurityConfiguration"))
        body = loads(row["body"])
        columns = [
            *(body.get("StorageDescriptor") or {}).get("Columns", []),
            *(body.get("PartitionKeys") or []),
        ]
        wanted = {name.lower() for name in request.get("ColumnNameList") or []}
        missing = wanted - {column["Name"].lower() for column in columns}
        if missing:
            raise invalid(f"Table {row['name']} has no column {min(missing)}.")
        chosen = [column for column in columns if not wanted or column["Name"].lower() in wanted]
        return (row["database_name"], row["name"]), chosen

    def _page(self, request: Request, table: Table | None, most: int) -> tuple[list[Document], Answer]:
        limit = limit_of(request, most)
        found = self._store.runs(table, after(request, int), limit + 1)
        some, token = page(found, limit, lambda numbered: numbered[0])
        return [run for _, run in some], token


def names_of(request: Request) -> Table:
    """The table that a request names, whether it is there or not."""
    return request["DatabaseName"].lower(), request["TableName"].lower()
