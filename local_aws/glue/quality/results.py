"""Results of evaluations: collected from the files that the runs' processes leave, and shown.

A process writes its file whole, before its run is seen to end; so whoever sees the end finds the results.
"""

from __future__ import annotations

import json
import secrets
import threading
from pathlib import Path
from typing import Any

from local_aws.caller import Caller
from local_aws.glue.catalog.documents import instant
from local_aws.glue.catalog.errors import not_found
from local_aws.glue.catalog.pages import after, limit_of, page
from local_aws.glue.jobs.runs import RunStore
from local_aws.glue.quality.filters import is_after, is_before, same_table
from local_aws.glue.quality.store import Document, QualityStore

Request = dict[str, Any]
Answer = dict[str, Any]
MOST = 1000
DESCRIBED = ("ResultId", "DataSource", "StartedOn")


class Results:
    """GetDataQualityResult, BatchGetDataQualityResult, ListDataQualityResults."""

    def __init__(self, store: QualityStore, folder: Path, runs: RunStore) -> None:
        self._store = store
        self._folder = folder
        self._runs = runs
        self._lock = threading.Lock()

    def get_data_quality_result(self, request: Request, caller: Caller) -> Answer:
        """Show a result."""
        found = self._store.result(request["ResultId"])
        if found is None:
            raise not_found(f"Cannot find Data Quality Result with id {request['ResultId']}")
        return found

    def batch_get_data_quality_result(self, request: Request, caller: Caller) -> Answer:
        """Show the results of a list of ids, and name those that are not there."""
        found = {one: self._store.result(one) for one in dict.fromkeys(request["ResultIds"])}
        return {
            "Results": [result for result in found.values() if result is not None],
            "ResultsNotFound": [one for one, result in found.items() if result is None],
        }

    def list_data_quality_results(self, request: Request, caller: Caller) -> Answer:
        """List the results that fit a filter, the newest first."""
        for file in self._folder.glob("*.results"):
            self.collect(file.stem)
        wanted = request.get("Filter") or {}
        fitting = [one for one in self._store.results(after(request, int)) if _fits(one[1], wanted)]
        some, token = page(fitting, limit_of(request, MOST), lambda numbered: numbered[0])
        described = [{name: result[name] for name in DESCRIBED} for _, result in some]
        return {"Results": described, **token}

    def collect(self, run_id: str) -> list[str]:
        """Keep what a run's process left, if it has not been yet; the results' ids."""
        file = self._folder / f"{run_id}.results"
        with self._lock:
            run = self._store.run(run_id)
            if run is not None and file.exists():
                found = json.loads(file.read_text(encoding="utf-8"))
                self._store.add_results(run_id, [_result(run, one) for one in found])
            file.unlink(missing_ok=True)
            file.with_suffix(".plan").unlink(missing_ok=True)
        return self._store.result_ids(run_id)


def _result(run: Document, found: Document) -> Document:
    rules = found["Rules"]
    passed = sum(rule["Outcome"] == "Passed" for rule in rules)
    return {
        "ResultId": "dqresult-" + secrets.token_hex(20),
        "Score": passed / len(rules) if rules else 0.0,
        "DataSource": run["DataSource"],
        "RulesetName": found["RulesetName"],
        "StartedOn": instant(found["StartedOn"]),
        "CompletedOn": instant(found["CompletedOn"]),
        "RulesetEvaluationRunId": run["RunId"],
        "RuleResults": [_rule_result(f"Rule_{at}", rule) for at, rule in enumerate(rules, 1)],
    }


def _rule_result(name: str, rule: Document) -> Document:
    shown = {
        "Name": name,
        "Description": rule["Rule"],
        "Result": "PASS" if rule["Outcome"] == "Passed" else "FAIL",
        "EvaluatedMetrics": rule["EvaluatedMetrics"],
        "EvaluatedRule": rule["EvaluatedRule"],
    }
    optional = {"EvaluationMessage": rule["FailureReason"], "Labels": rule["Labels"]}
    return shown | {member: value for member, value in optional.items() if value}


def _fits(result: Document, wanted: Document) -> bool:
    return (
        same_table(result["DataSource"], wanted.get("DataSource"))
        # Results are those of runs on tables: no job has any.
        and not any(wanted.get(member) for member in ("JobName", "JobRunId", "DataQualityEvaluationConfig"))
        and is_after(result["StartedOn"], wanted.get("StartedAfter"))
        and is_before(result["StartedOn"], wanted.get("StartedBefore"))
    )
