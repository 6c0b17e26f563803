"""Result reuse: a query that was answered before, in the same workgroup and setting, need not run again.

Athena compares texts, not data: a reused result is as old as the caller allowed, whatever was written since.
https://docs.aws.amazon.com/athena/latest/ug/reusing-query-results.html
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from local_athena.service.records import SUCCEEDED, Execution, Statistics

DEFAULT_MINUTES = 60


def configuration(request: dict[str, Any]) -> dict[str, Any]:
    """The ResultReuseConfiguration of a request, complete."""
    asked = (request.get("ResultReuseConfiguration") or {}).get("ResultReuseByAgeConfiguration") or {}
    if not asked.get("Enabled"):
        return {"ResultReuseByAgeConfiguration": {"Enabled": False}}
    minutes = asked.get("MaxAgeInMinutes", DEFAULT_MINUTES)
    return {"ResultReuseByAgeConfiguration": {"Enabled": True, "MaxAgeInMinutes": minutes}}


def key(execution: Execution, output: str) -> str:
    """What two executions share when one's result can serve the other; `output` is the folder of results."""
    parts = [
        execution.workgroup, execution.query, dict(execution.context), output, list(execution.parameters),
        {k: v for k, v in execution.results.items() if k != "OutputLocation"},
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def still_good(earlier: Execution, asked: Mapping[str, Any], now: datetime) -> bool:
    """Whether an earlier execution is young enough for what was asked."""
    by_age = asked["ResultReuseByAgeConfiguration"]
    completed = earlier.status.completed
    if not by_age["Enabled"] or earlier.state != SUCCEEDED or completed is None:
        return False
    return now - completed <= timedelta(minutes=by_age["MaxAgeInMinutes"])


def reused(execution: Execution, earlier: Execution, now: datetime) -> Execution:
    """The execution that is answered by an earlier one: its result file, no bytes read."""
    columns, count = earlier.kept.columns, earlier.kept.update_count
    return replace(
        execution,
        results={**execution.results, "OutputLocation": earlier.output},
        status=replace(execution.status, state=SUCCEEDED, completed=now),
        statistics=Statistics(reused=True),
        kept=replace(execution.kept, columns=columns, update_count=count, reuse_key=None),
    )
