"""The operations about executions: StartQueryExecution to GetQueryResults.

The order of StartQueryExecution's checks is Athena's: token, output location, then what the reading of the
statement finds.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from local_athena.errors import AthenaApiError, invalid_request
from local_athena.protocols import Clock, Storage, StorageError
from local_athena.service import reuse
from local_athena.service.executions import Executions, new_id
from local_athena.service.pages import page_size
from local_athena.service.records import CANCELLED, FINAL, QUEUED, SUCCEEDED, Execution, Kept, Status
from local_athena.service.start_request import (
    check_length,
    context_of,
    fingerprint,
    job_of,
    same_request,
    to_analyse,
)
from local_athena.service.state import State, TokenTaken
from local_athena.service.workgroups import WorkGroups
from local_athena.statements import jobs
from local_athena.statements.jobs import Analysis
from local_athena.statements.output.result_file import read_rows

Request = dict[str, Any]
NO_LOCATION = (
    "No output location provided. You did not provide an output location for  your query results. "
    "Either specify an "
    "S3 bucket location or enable Athena managed query results in your workgroup settings."
)
MOST_ROWS = 1000
"""Of one page of results."""
Analyse = Callable[[jobs.Request], Analysis]
"""Reads a request's statement, or refuses it."""


class QueriesApi:
    """Executions as operations."""

    def __init__(
        self,
        state: State,
        executions: Executions,
        workgroups: WorkGroups,
        analyse: Analyse,
        storage: Storage,
        clock: Clock,
    ) -> None:
        self._state, self._executions, self._workgroups = state, executions, workgroups
        self._analyse, self._storage, self._clock = analyse, storage, clock

    def start_query_execution(self, request: Request, caller: Any) -> Request:
        """StartQueryExecution."""
        token = request.get("ClientRequestToken")
        if not token:
            raise AthenaApiError("InvalidRequestException", "clientRequestToken is null or empty")
        known = self._state.execution_of_token(token)
        if known is not None:
            return same_request(known, request)
        workgroup = self._workgroups.enabled(request.get("WorkGroup") or "primary")
        check_length(request["QueryString"])
        results = self._results(request, workgroup)
        analysis = self._analyse(to_analyse(request, workgroup["Name"]))
        execution = self._execution(request, analysis, workgroup["Name"], results)
        try:
            return self._started(execution, analysis, workgroup, results["OutputLocation"], token)
        except TokenTaken:
            # Another request with this token came in between: both are told of the one execution.
            known = self._state.execution_of_token(token)
            assert known is not None
            return same_request(known, request)

    def _started(
        self, execution: Execution, analysis: Analysis, workgroup: Request, output: str, token: str
    ) -> Request:
        earlier = self._reusable(execution) if execution.kept.reuse_key else None
        if earlier is not None:
            finished = reuse.reused(execution, earlier, self._clock())
            self._state.add_execution(finished, token)
            self._state.finish_execution(finished)
        else:
            job = job_of(execution, analysis, workgroup, output)
            self._executions.start(execution, job, token, uses_engine=analysis.uses_engine)
        return {"QueryExecutionId": execution.execution_id}

    def _reusable(self, execution: Execution) -> Execution | None:
        """The earlier execution whose result answers this one; None when the caller or its age forbids it."""
        key, asked = execution.kept.reuse_key, execution.reuse
        if key is None or not asked["ResultReuseByAgeConfiguration"]["Enabled"]:
            return None
        earlier = self._state.reusable(key)
        if earlier is None or not reuse.still_good(earlier, asked, self._clock()):
            return None
        try:
            self._storage.open_file(earlier.output).close()
        except (StorageError, FileNotFoundError):
            return None
        return earlier

    def _results(self, request: Request, workgroup: Request) -> Request:
        configuration = workgroup["Configuration"]
        group = configuration.get("ResultConfiguration") or {}
        asked = request.get("ResultConfiguration") or {}
        merged = group if configuration.get("EnforceWorkGroupConfiguration") else {**group, **asked}
        location = merged.get("OutputLocation")
        if not location:
            raise invalid_request("INVALID_INPUT", NO_LOCATION)
        if not location.startswith("s3://") or len(location) < 6:
            raise invalid_request("INVALID_INPUT", "outputLocation is not a valid S3 path.")
        return {**merged, "OutputLocation": location if location.endswith("/") else location + "/"}

    def _execution(self, request: Request, analysis: Analysis, workgroup: str, results: Request) -> Execution:
        execution_id, kind = new_id(), analysis.statement.kind
        folder = "tables/" if kind.substatement == "CREATE_TABLE_AS_SELECT" else ""
        place = f"{results['OutputLocation']}{folder}{execution_id}{kind.extension}"
        execution = Execution(
            execution_id,
            analysis.outer.text,
            kind.statement_type,
            kind.substatement,
            {**results, "OutputLocation": place},
            reuse.configuration(request),
            context_of(request),
            Status(QUEUED, self._clock()),
            workgroup,
            tuple(request.get("ExecutionParameters") or ()),
        )
        key = reuse.key(execution, results["OutputLocation"]) if analysis.reusable else None
        return replace(execution, kept=Kept(asked=fingerprint(request), reuse_key=key))

    def get_query_execution(self, request: Request, caller: Any) -> Request:
        """GetQueryExecution."""
        return {"QueryExecution": self._executions.watch(request["QueryExecutionId"]).to_wire()}

    def batch_get_query_execution(self, request: Request, caller: Any) -> Request:
        """BatchGetQueryExecution."""
        found, missing = [], []
        for execution_id in request["QueryExecutionIds"]:
            try:
                found.append(self._executions.get(execution_id).to_wire())
            except AthenaApiError as error:
                missing.append({
                    "QueryExecutionId": execution_id,
                    "ErrorCode": error.members["AthenaErrorCode"],
                    "ErrorMessage": error.message,
                })  # fmt: skip
        return {"QueryExecutions": found, "UnprocessedQueryExecutionIds": missing}

    def list_query_executions(self, request: Request, caller: Any) -> Request:
        """ListQueryExecutions, newest first."""
        name = self._workgroups.existing(request.get("WorkGroup") or "primary")["Name"]
        limit = page_size(request)
        token = request.get("NextToken")
        before = int(_decoded(token)["before"]) if token else None
        rows = self._state.execution_ids(name, before, limit + 1)
        answer: Request = {"QueryExecutionIds": [row[1] for row in rows[:limit]]}
        if len(rows) > limit:
            answer["NextToken"] = _encoded({"before": rows[limit - 1][0]})
        return answer

    def stop_query_execution(self, request: Request, caller: Any) -> Request:
        """StopQueryExecution."""
        self._executions.stop(request["QueryExecutionId"])
        return {}

    def get_query_runtime_statistics(self, request: Request, caller: Any) -> Request:
        """GetQueryRuntimeStatistics: timeline and rows; the stage tree is Athena's own and is absent."""
        times = self._executions.get(request["QueryExecutionId"]).to_wire()["Statistics"]
        names = (
            "QueryQueueTimeInMillis", "ServicePreProcessingTimeInMillis", "EngineExecutionTimeInMillis",
            "ServiceProcessingTimeInMillis", "TotalExecutionTimeInMillis",
        )  # fmt: skip
        timeline = {name: times.get(name, 0) for name in names}
        rows = {"InputBytes": times.get("DataScannedInBytes", 0)}
        return {"QueryRuntimeStatistics": {"Timeline": timeline, "Rows": rows}}

    def get_query_results(self, request: Request, caller: Any) -> Request:
        """GetQueryResults: a page read from the result file."""
        execution = self._executions.get(request["QueryExecutionId"])
        limit = page_size(request, MOST_ROWS)
        _check_state(execution.state)
        token, columns = request.get("NextToken"), [dict(column) for column in execution.kept.columns]
        offset = _offset(token, execution.execution_id) if token else 0
        rows, following, full = self._page(execution, offset, limit)
        answer: Request = {
            "ResultSet": {
                "Rows": [{"Data": [{} if c is None else {"VarCharValue": c} for c in row]} for row in rows],
                "ResultSetMetadata": {"ColumnInfo": columns},
            }
        }
        if execution.kept.update_count is not None:
            answer["UpdateCount"] = execution.kept.update_count
        if full:
            answer["NextToken"] = _encoded({"id": execution.execution_id, "offset": following})
        return answer

    def _page(
        self, execution: Execution, offset: int, limit: int
    ) -> tuple[list[list[str | None]], int, bool]:
        location = execution.output
        # A change of rows has the name of a result file, but only the metadata beside it is written.
        changed = execution.substatement in ("UPDATE", "DELETE", "MERGE")
        if changed or not location.endswith((".csv", ".txt")) or not execution.kept.columns:
            return [], 0, False
        try:
            with self._storage.open_file(location) as file:
                if location.endswith(".csv"):
                    return read_rows(file, offset, limit)
                text = file.read().decode()
        except (StorageError, FileNotFoundError) as error:
            raise invalid_request("RESULT_NOT_FOUND", "Could not find results") from error
        lines = text.split("\n")[offset : offset + limit] if text else []
        return [[line] for line in lines], offset + len(lines), len(lines) == limit


def _check_state(state: str) -> None:
    if state == SUCCEEDED:
        return
    if state not in FINAL:
        raise invalid_request(
            "INVALID_QUERY_EXECUTION_STATE", f"Query has not yet finished. Current state: {state}"
        )
    if state == CANCELLED:
        raise invalid_request("RESULT_NOT_FOUND", "Could not find results")
    raise invalid_request(
        "INVALID_QUERY_EXECUTION_STATE", f"Query did not finish successfully. Final query state: {state}"
    )


def _encoded(value: Request) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


def _decoded(token: str) -> Request:
    try:
        return dict(json.loads(base64.urlsafe_b64decode(token)))
    except (ValueError, TypeError) as error:
        raise invalid_request("INVALID_INPUT", f"Malformed nextPageToken {token}") from error


def _offset(token: str, execution_id: str) -> int:
    value = _decoded(token)
    if value.get("id") != execution_id or not isinstance(value.get("offset"), int):
        raise invalid_request("INVALID_INPUT", f"Malformed nextPageToken {token}")
    return int(value["offset"])
