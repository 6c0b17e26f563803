"""A StartQueryExecution request as the values that it is read into, queued and recognised by."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from local_athena.errors import AthenaApiError, invalid_request
from local_athena.parse.kinds import MAX_QUERY_BYTES
from local_athena.service.executions import new_id
from local_athena.service.records import Execution
from local_athena.statements import jobs
from local_athena.statements.jobs import Analysis, Job, Session

Request = dict[str, Any]


def check_length(text: str) -> None:
    """Refuse a statement that is longer than Athena reads.

    Raises:
        AthenaApiError: it is.
    """
    if len(text.encode()) > MAX_QUERY_BYTES:
        raise AthenaApiError(
            "InvalidRequestException",
            "1 validation error detected: Value at 'queryString' failed to satisfy constraint: "
            f"Member must have length less than or equal to {MAX_QUERY_BYTES}",
        )


def context_of(request: Request) -> dict[str, str]:
    """QueryExecutionContext as Athena shows it: a catalog's name in lower case."""
    context = dict(request.get("QueryExecutionContext") or {})
    if "Catalog" in context:
        context["Catalog"] = context["Catalog"].lower()
    return context


def _database(context: Any) -> str:
    # awswrangler quotes the name as Hive does, which Athena takes.
    return (context.get("Database") or "default").strip("`").lower()


def to_analyse(request: Request, workgroup: str) -> jobs.Request:
    """What is to be read of a request."""
    parameters = tuple(request.get("ExecutionParameters") or ())
    database = _database(request.get("QueryExecutionContext") or {})
    return jobs.Request(request["QueryString"], workgroup, database, parameters, new_id())


def job_of(execution: Execution, analysis: Analysis, workgroup: Request, output: str) -> Job:
    """What runs for an execution; `output` is the folder of results."""
    context, configuration = execution.context, workgroup["Configuration"]
    catalog = context.get("Catalog") or "awsdatacatalog"
    return Job(
        execution.execution_id,
        analysis.statement,
        Session(_database(context), catalog, execution.status.submitted),
        output,
        analysis.parameters,
        configuration.get("BytesScannedCutoffPerQuery"),
        bool(configuration.get("EnforceWorkGroupConfiguration")),
        workgroup["Name"],
    )


def fingerprint(request: Request) -> str:
    """What a token stands for: a request with the same one must be the same in these."""
    location = (request.get("ResultConfiguration") or {}).get("OutputLocation")
    parts = [request["QueryString"], context_of(request), location]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def same_request(known: Execution, request: Request) -> Request:
    """The answer to a request whose token has started an execution.

    Raises:
        AthenaApiError: IDEMPOTENT_PARAMETER_MISMATCH, that was another request.
    """
    # One that an earlier version kept has no fingerprint: its text must do.
    asked = known.kept.asked
    same = asked == fingerprint(request) if asked else known.query in request["QueryString"]
    if not same:
        raise invalid_request("IDEMPOTENT_PARAMETER_MISMATCH", "Idempotent parameters do not match")
    return {"QueryExecutionId": known.execution_id}
