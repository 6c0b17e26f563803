"""Settings of column statistics tasks: what is computed of a table, and when.

https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-column-statistics.html (November 2026).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from local_aws.caller import Caller
from local_aws.errors import AwsError
from local_aws.glue.catalog import CatalogStore
from local_aws.glue.catalog.documents import instant, now
from local_aws.glue.catalog.errors import already_exists, invalid, not_found
from local_aws.glue.clock import Clock
from local_aws.glue.statistics.store import Document, Table, TaskStore
from local_aws.glue.statistics.tasks import StatisticsTasks, names_of
from local_aws.glue.triggers.schedule import parse_schedule

Request = dict[str, Any]
Answer = dict[str, Any]
MEMBERS = ("ColumnNameList", "Role", "SampleSize", "SecurityConfiguration")


class TaskSettings:
    """Create-, Update-, Get- and DeleteColumnStatisticsTaskSettings, and their schedules."""

    def __init__(self, catalog: CatalogStore, store: TaskStore, tasks: StatisticsTasks) -> None:
        self._catalog = catalog
        self._store = store
        self._tasks = tasks
        self._clock = Clock("column-statistics-schedule", self.fire_due)
        self._clock.start()

    def close(self) -> None:
        """Start no task by schedule any more."""
        self._clock.close()

    def fire_due(self, time: datetime) -> None:
        """Start the tasks that are due in the minute of `time` (UTC)."""
        for settings in self._store.all_settings():
            schedule = settings.get("Schedule") or {}
            due = schedule.get("State") == "SCHEDULED" and parse_schedule(schedule["ScheduleExpression"])
            if due and due.is_due(time):
                self._start(settings)

    def create_column_statistics_task_settings(self, request: Request, caller: Caller) -> Answer:
        """Keep settings for a table that has none.

        Raises:
            AwsError: EntityNotFoundException, AlreadyExistsException, InvalidInputException.
        """
        if request.get("Tags"):
            raise AwsError("NotImplemented", "Laguna does not keep tags of column statistics settings.", 501)
        table, _ = self._tasks.table_and_columns(request)
        settings = {
            "DatabaseName": table[0],
            "TableName": table[1],
            "CatalogID": self._catalog.account_id,
            "ScheduleType": "CRON",
            "SettingSource": "TABLE",
        }
        with self._store.database.write():
            if self._store.settings(table) is not None:
                raise already_exists("Column statistics task settings")
            self._store.put_settings(table, settings | _members(request))
        return {}

    def update_column_statistics_task_settings(self, request: Request, caller: Caller) -> Answer:
        """Change the members that are given."""
        table, _ = self._tasks.table_and_columns(request)
        with self._store.database.write():
            self._store.put_settings(table, self._require(table) | _members(request))
        return {}

    def get_column_statistics_task_settings(self, request: Request, caller: Caller) -> Answer:
        """Show the settings of a table."""
        return {"ColumnStatisticsTaskSettings": self._require(names_of(request))}

    def delete_column_statistics_task_settings(self, request: Request, caller: Caller) -> Answer:
        """Let go of the settings of a table."""
        with self._store.database.write():
            self._require(names_of(request))
            self._store.put_settings(names_of(request), None)
        return {}

    def start_column_statistics_task_run_schedule(self, request: Request, caller: Caller) -> Answer:
        """Let the schedule of a table's settings start its task."""
        return self._switch(request, "SCHEDULED")

    def stop_column_statistics_task_run_schedule(self, request: Request, caller: Caller) -> Answer:
        """Keep the schedule of a table's settings, and do not start its task by it."""
        return self._switch(request, "NOT_SCHEDULED")

    def _switch(self, request: Request, state: str) -> Answer:
        table = names_of(request)
        with self._store.database.write():
            settings = self._require(table)
            if not settings.get("Schedule"):
                raise invalid(f"The column statistics task settings of table {table[1]} have no schedule.")
            self._store.put_settings(table, settings | {"Schedule": {**settings["Schedule"], "State": state}})
        return {}

    def _start(self, settings: Document) -> None:
        attempt: Document = {"Status": "STARTED", "ExecutionTimestamp": instant(now())}
        try:
            attempt["ColumnStatisticsTaskRunId"] = self._tasks.start(settings)
        except AwsError as error:
            attempt |= {"Status": "FAILED", "ErrorMessage": error.message}
        with self._store.database.write():
            table = names_of(settings)
            if (there := self._store.settings(table)) is not None:
                self._store.put_settings(table, there | {"LastExecutionAttempt": attempt})

    def _require(self, table: Table) -> Document:
        found = self._store.settings(table)
        if found is None:
            raise not_found(f"Column statistics task settings of table {table[1]} not found.")
        return found


def _members(request: Request) -> Document:
    given = {name: request[name] for name in MEMBERS if request.get(name) is not None}
    if request.get("Schedule"):
        parse_schedule(request["Schedule"])
        given["Schedule"] = {"ScheduleExpression": request["Schedule"], "State": "SCHEDULED"}
    return given
