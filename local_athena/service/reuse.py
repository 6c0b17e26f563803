"""Result reuse: a query that was answered before, in the same workgroup and setting, need not run again.

Athena compares texts, not data: a reused result is as old as the caller allowed, whatever was written since.
https://docs.aws.amazon.com/athena/latest/ug/reusing-query-results.html
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from sqlglot import exp

DEFAULT_MINUTES = 60
CHANGING = (
    exp.CurrentDate, exp.CurrentTime, exp.CurrentTimestamp, exp.Localtime, exp.Localtimestamp, exp.Rand,
    exp.Uuid, exp.TableSample,
)  # fmt: skip
CHANGING_NAMES = frozenset(("rand", "random", "shuffle", "uuid", "now", "current_time", "localtime"))


def configuration(request: dict[str, Any]) -> dict[str, Any]:
    """The ResultReuseConfiguration of a request, complete."""
    asked = (request.get("ResultReuseConfiguration") or {}).get("ResultReuseByAgeConfiguration") or {}
    if not asked.get("Enabled"):
        return {"ResultReuseByAgeConfiguration": {"Enabled": False}}
    minutes = asked.get("MaxAgeInMinutes", DEFAULT_MINUTES)
    return {"ResultReuseByAgeConfiguration": {"Enabled": True, "MaxAgeInMinutes": minutes}}


def key(document: dict[str, Any], tree: exp.Expr) -> str | None:
    """What two executions share when one's result can serve the other; None when no other can."""
    if not _deterministic(tree):
        return None
    parts = [
        document["WorkGroup"], document["Query"], document["QueryExecutionContext"], document["_Output"],
        document.get("ExecutionParameters"),
        {k: v for k, v in document["ResultConfiguration"].items() if k != "OutputLocation"},
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _deterministic(tree: exp.Expr) -> bool:
    for node in tree.walk():
        if isinstance(node, CHANGING) or (
            isinstance(node, exp.Anonymous) and node.name.lower() in CHANGING_NAMES
        ):
            return False
        limited = node.args.get("limit") is not None or node.args.get("offset") is not None
        if isinstance(node, exp.Query) and limited and node.args.get("order") is None:
            return False
    return True


def still_good(earlier: dict[str, Any], asked: dict[str, Any], now: datetime) -> bool:
    """Whether an earlier execution is young enough for what was asked."""
    by_age = asked["ResultReuseByAgeConfiguration"]
    if not by_age["Enabled"] or earlier["Status"]["State"] != "SUCCEEDED":
        return False
    completed: datetime = earlier["Status"]["CompletionDateTime"]
    return now - completed <= timedelta(minutes=by_age["MaxAgeInMinutes"])


def reused(document: dict[str, Any], earlier: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The execution that is answered by an earlier one: its result file, no bytes read."""
    times = ("EngineExecutionTimeInMillis", "TotalExecutionTimeInMillis", "QueryQueueTimeInMillis",
             "ServicePreProcessingTimeInMillis", "ServiceProcessingTimeInMillis")  # fmt: skip
    statistics = {**dict.fromkeys(times, 0), "DataScannedInBytes": 0}
    return {
        **document,
        "ResultConfiguration": {
            **document["ResultConfiguration"],
            "OutputLocation": earlier["ResultConfiguration"]["OutputLocation"],
        },
        "Status": {**document["Status"], "State": "SUCCEEDED", "CompletionDateTime": now},
        "Statistics": {**statistics, "ResultReuseInformation": {"ReusedPreviousResult": True}},
        "_Columns": earlier.get("_Columns"),
        "_UpdateCount": earlier.get("_UpdateCount"),
    }
