"""The operations about executions: StartQueryExecution to GetQueryResults.

The order of StartQueryExecution's checks is Athena's: token, output location, number of statements, syntax.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from botocore.exceptions import ClientError

from local_athena.errors import AthenaApiError, invalid_request
from local_athena.parse import refusals
from local_athena.parse.placeholders import filled
from local_athena.parse.shapes import check_shape
from local_athena.parse.statements import MAX_QUERY_BYTES, QUERIES, Statement, read_statement
from local_athena.protocols import Clock, GlueClient, Storage, StorageError
from local_athena.service import reuse
from local_athena.service.executions import FINAL, Executions, new_id
from local_athena.service.pages import page_size
from local_athena.service.parameters import prepared_statement, values_of
from local_athena.service.state import State
from local_athena.service.syntax import check_syntax, read_query
from local_athena.service.workgroups import WorkGroups
from local_athena.statements.ddl.context import code_of
from local_athena.statements.output.result_file import read_rows
from local_athena.statements.query import Session
from local_athena.statements.runners import Job

Request = dict[str, Any]
NO_LOCATION = (
    "No output location provided. You did not provide an output location for  your query results. "
    "Either specify an "
    "S3 bucket location or enable Athena managed query results in your workgroup settings."
)
MOST_ROWS = 1000
"""Of one page of results."""
ENGINE = {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": "Athena engine version 3"}


class QueriesApi:
    """Executions as operations."""

    def __init__(
        self,
        state: State,
        executions: Executions,
        workgroups: WorkGroups,
        catalog: tuple[GlueClient, Storage],
        clock: Clock,
    ) -> None:
        self._state, self._executions, self._workgroups = state, executions, workgroups
        (self._glue, self._storage), self._clock = catalog, clock

    def start_query_execution(self, request: Request, caller: Any) -> Request:
        """StartQueryExecution."""
        token = request.get("ClientRequestToken")
        if not token:
            raise AthenaApiError("InvalidRequestException", "clientRequestToken is null or empty")
        known = self._state.execution_of_token(token)
        if known is not None:
            return _same_request(known, request)
        text, workgroup = (
            request["QueryString"],
            self._workgroups.enabled(request.get("WorkGroup") or "primary"),
        )
        if len(text.encode()) > MAX_QUERY_BYTES:
            raise AthenaApiError(
                "InvalidRequestException",
                "1 validation error detected: Value at 'queryString' failed to satisfy constraint: "
                f"Member must have length less than or equal to {MAX_QUERY_BYTES}",
            )
        results = self._results(request, workgroup)
        outer = read_statement(text)
        refusals.check(outer, self._tables(request), new_id())
        statement, parameters = prepared_statement(
            self._state, workgroup["Name"], outer, request.get("ExecutionParameters") or []
        )
        check_syntax(statement)
        tree = read_query(statement) if statement.kind.name in QUERIES - {"EXPLAIN", "CREATE_VIEW"} else None
        if tree is not None:
            check_shape(statement.kind.name, tree, statement.text)
        if tree is not None and not parameters:
            parameters = values_of(request.get("ExecutionParameters") or [], tree)
        if tree is not None:
            tree = filled(tree, parameters)
        document = self._document(request, outer, statement, workgroup, results)
        if statement.kind.name == "SELECT" and tree is not None:
            document["_ReuseKey"] = reuse.key(document, tree)
            earlier = self._reusable(document)
            if earlier is not None:
                finished = reuse.reused({**document, "_ReuseKey": None}, earlier, self._clock())
                self._state.add_execution(finished, token)
                self._state.finish_execution(finished)
                return {"QueryExecutionId": document["QueryExecutionId"]}
        job = self._job(document, statement, workgroup)
        job.tree = tree
        return {"QueryExecutionId": self._executions.start(document, statement, job, token)}

    def _reusable(self, document: Request) -> Request | None:
        """The earlier execution whose result answers this one; None when the caller or its age forbids it."""
        key, asked = document["_ReuseKey"], document["ResultReuseConfiguration"]
        if key is None or not asked["ResultReuseByAgeConfiguration"]["Enabled"]:
            return None
        earlier = self._state.reusable(key)
        if earlier is None or not reuse.still_good(earlier, asked, self._clock()):
            return None
        try:
            self._storage.open_file(earlier["ResultConfiguration"]["OutputLocation"]).close()
        except (StorageError, FileNotFoundError):
            return None
        return earlier

    def _tables(self, request: Request) -> refusals.Exists:
        context = request.get("QueryExecutionContext") or {}
        current = (context.get("Database") or "default").strip("`").lower()

        def exists(database: str | None, name: str) -> bool:
            try:
                self._glue.get_table(DatabaseName=database or current, Name=name)
            except ClientError as error:
                if code_of(error) != "EntityNotFoundException":
                    raise
                return False
            return True

        return exists

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

    def _document(
        self, request: Request, outer: Statement, statement: Statement, workgroup: Request, results: Request
    ) -> Request:
        execution_id = new_id()
        kind = statement.kind
        folder = "tables/" if kind.substatement == "CREATE_TABLE_AS_SELECT" else ""
        context = dict(request.get("QueryExecutionContext") or {})
        if "Catalog" in context:
            context["Catalog"] = context["Catalog"].lower()
        document = {
            "QueryExecutionId": execution_id,
            "Query": outer.text,
            "StatementType": kind.statement_type,
            "SubstatementType": kind.substatement,
            "ResultConfiguration": {
                **results, "OutputLocation": f"{results['OutputLocation']}{folder}{execution_id}{kind.extension}"  # noqa: E501
            },
            "ResultReuseConfiguration": reuse.configuration(request),
            "QueryExecutionContext": context,
            "Status": {"State": "QUEUED", "SubmissionDateTime": self._clock()},
            "Statistics": {},
            "WorkGroup": workgroup["Name"],
            "EngineVersion": ENGINE,
            "_Location": (request.get("ResultConfiguration") or {}).get("OutputLocation"),
            "_Output": results["OutputLocation"],
        }  # fmt: skip
        if request.get("ExecutionParameters"):
            document["ExecutionParameters"] = request["ExecutionParameters"]
        return document

    def _job(self, document: Request, statement: Statement, workgroup: Request) -> Job:
        context = document["QueryExecutionContext"]
        session = Session(
            # awswrangler quotes the name as Hive does, which Athena takes.
            (context.get("Database") or "default").strip("`").lower(),
            context.get("Catalog") or "awsdatacatalog",
            document["Status"]["SubmissionDateTime"],
        )
        cutoff = workgroup["Configuration"].get("BytesScannedCutoffPerQuery")
        enforced = bool(workgroup["Configuration"].get("EnforceWorkGroupConfiguration"))
        job = Job(document["QueryExecutionId"], statement, session, document["_Output"], cutoff, enforced)
        job.workgroup = workgroup["Name"]
        return job

    def get_query_execution(self, request: Request, caller: Any) -> Request:
        """GetQueryExecution."""
        return {"QueryExecution": public(self._executions.watch(request["QueryExecutionId"]))}

    def batch_get_query_execution(self, request: Request, caller: Any) -> Request:
        """BatchGetQueryExecution."""
        found, missing = [], []
        for execution_id in request["QueryExecutionIds"]:
            try:
                found.append(public(self._executions.get(execution_id)))
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
        document = self._executions.get(request["QueryExecutionId"])
        times = document["Statistics"]
        names = (
            "QueryQueueTimeInMillis", "ServicePreProcessingTimeInMillis", "EngineExecutionTimeInMillis",
            "ServiceProcessingTimeInMillis", "TotalExecutionTimeInMillis",
        )  # fmt: skip
        timeline = {name: times.get(name, 0) for name in names}
        rows = {"InputBytes": times.get("DataScannedInBytes", 0)}
        return {"QueryRuntimeStatistics": {"Timeline": timeline, "Rows": rows}}

    def get_query_results(self, request: Request, caller: Any) -> Request:
        """GetQueryResults: a page read from the result file."""
        document = self._executions.get(request["QueryExecutionId"])
        limit = page_size(request, MOST_ROWS)
        _check_state(document)
        token = request.get("NextToken")
        offset = _offset(token, document["QueryExecutionId"]) if token else 0
        rows, following, full = self._page(document, offset, limit)
        answer: Request = {
            "ResultSet": {
                "Rows": [{"Data": [{} if c is None else {"VarCharValue": c} for c in row]} for row in rows],
                "ResultSetMetadata": {"ColumnInfo": document.get("_Columns") or []},
            }
        }
        if document.get("_UpdateCount") is not None:
            answer["UpdateCount"] = document["_UpdateCount"]
        if full:
            answer["NextToken"] = _encoded({"id": document["QueryExecutionId"], "offset": following})
        return answer

    def _page(self, document: Request, offset: int, limit: int) -> tuple[list[list[str | None]], int, bool]:
        location = document["ResultConfiguration"]["OutputLocation"]
        # A change of rows has the name of a result file, but only the metadata beside it is written.
        changed = document["SubstatementType"] in ("UPDATE", "DELETE", "MERGE")
        if changed or not location.endswith((".csv", ".txt")) or not document.get("_Columns"):
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


def _same_request(known: Request, request: Request) -> Request:
    context = dict(request.get("QueryExecutionContext") or {})
    if "Catalog" in context:
        context["Catalog"] = context["Catalog"].lower()
    location = (request.get("ResultConfiguration") or {}).get("OutputLocation")
    same = (
        read_statement(request["QueryString"]).text == known["Query"]
        and context == known["QueryExecutionContext"]
        and location == known.get("_Location")
    )
    if not same:
        raise invalid_request("IDEMPOTENT_PARAMETER_MISMATCH", "Idempotent parameters do not match")
    return {"QueryExecutionId": known["QueryExecutionId"]}


def _check_state(document: Request) -> None:
    state = document["Status"]["State"]
    if state == "SUCCEEDED":
        return
    if state not in FINAL:
        raise invalid_request(
            "INVALID_QUERY_EXECUTION_STATE", f"Query has not yet finished. Current state: {state}"
        )
    if state == "CANCELLED":
        raise invalid_request("RESULT_NOT_FOUND", "Could not find results")
    raise invalid_request(
        "INVALID_QUERY_EXECUTION_STATE", f"Query did not finish successfully. Final query state: {state}"
    )


def public(document: Request) -> Request:
    """An execution's document without what is kept for ourselves."""
    return {key: value for key, value in document.items() if not key.startswith("_")}


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
