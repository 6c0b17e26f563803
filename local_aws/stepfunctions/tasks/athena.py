"""`arn:aws:states:::athena:…`: `startQueryExecution[.sync]`, `stopQueryExecution`, `getQueryExecution`,
results.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-athena.html (checked 2026-11).
"""

from __future__ import annotations

from typing import Any

from local_aws.stepfunctions.tasks.optimised import OptimisedTask

ENDED = {"SUCCEEDED": True, "FAILED": False, "CANCELLED": False}


class AthenaTask(OptimisedTask):
    """The output of `.sync` is GetQueryExecution's answer."""

    service = "athena"
    error_prefix = "Athena"
    base_exception = "AmazonAthenaException"
    actions = frozenset({"startQueryExecution", "stopQueryExecution", "getQueryExecution", "getQueryResults"})
    sync_action = "startQueryExecution"

    def output_of(self, request: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        """The answer itself."""
        return answer

    def poll(self, client: Any, submitted: dict[str, Any]) -> tuple[dict[str, Any], bool | None]:
        """The query execution."""
        execution = client.get_query_execution(**submitted)["QueryExecution"]
        return {"QueryExecution": execution}, ENDED.get(execution["Status"]["State"])

    def cancel(self, client: Any, submitted: dict[str, Any]) -> None:
        """Stop the query."""
        client.stop_query_execution(**submitted)
