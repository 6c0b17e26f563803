"""Runs that evaluate rulesets on a catalog table: each is a Glue job's process, with a script of ours.

What the process is to do, and what it found, are files between it and the server; its state, logs, role and
stop are those of every run of a job.
"""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

from local_aws.caller import Caller
from local_aws.errors import AwsError, not_implemented
from local_aws.glue.catalog.errors import invalid, not_found
from local_aws.glue.catalog.pages import after, limit_of, page
from local_aws.glue.jobs import JobRunner, RunStore
from local_aws.glue.jobs.runs import UNFINISHED, now
from local_aws.glue.jobs.workspace import QUALITY_SCRIPT
from local_aws.glue.quality.filters import is_after, is_before, same_table
from local_aws.glue.quality.results import Results
from local_aws.glue.quality.rulesets import Rulesets
from local_aws.glue.quality.store import Document, QualityStore

Request = dict[str, Any]
Answer = dict[str, Any]
MOST = 1000
TIMEOUT_MINUTES = 120
WORKERS = 5
GLUE_VERSION = "5.0"
LOG_GROUP = "/aws-glue/data-quality"
KEPT = ("DataSource", "Role", "AdditionalRunOptions", "RulesetNames", "AdditionalDataSources")
RUN_OPTIONS = frozenset(
    {"CloudWatchMetricsEnabled", "CompositeRuleEvaluationMethod", "ObservationScope", "ResultsS3Prefix"}
)


class EvaluationRuns:
    """StartDataQualityRulesetEvaluationRun, and Get-, List- and Cancel-."""

    def __init__(
        self,
        store: QualityStore,
        folder: Path,
        runs: RunStore,
        runner: JobRunner,
        rulesets: Rulesets,
        results: Results,
        catalog: Any,
    ) -> None:
        self._store = store
        self._folder = folder
        self._runs = runs
        self._runner = runner
        self._rulesets = rulesets
        self._results = results
        self._catalog = catalog

    def start_data_quality_ruleset_evaluation_run(self, request: Request, caller: Caller) -> Answer:
        """Start a run."""
        token = request.get("ClientToken")
        before = self._store.run_of_token(token) if token else None
        if before is not None:
            return {"RunId": before["RunId"]}
        plan = self._plan(request)
        run = {
            "RunId": "dqrun-" + secrets.token_hex(20),
            "NumberOfWorkers": request.get("NumberOfWorkers") or WORKERS,
            "Timeout": request.get("Timeout") or TIMEOUT_MINUTES,
            **{member: request[member] for member in KEPT if member in request},
        }
        self._store.add_run(run, token)
        self._start(run, plan)
        return {"RunId": run["RunId"]}

    def get_data_quality_ruleset_evaluation_run(self, request: Request, caller: Caller) -> Answer:
        """Show a run."""
        run = self._require(request["RunId"])
        state = self._state(run)
        if state["Status"] in ("STARTING", "RUNNING", "STOPPING"):
            return run | state
        ids = self._results.collect(run["RunId"])
        return run | state | ({"ResultIds": ids} if ids else {})

    def list_data_quality_ruleset_evaluation_runs(self, request: Request, caller: Caller) -> Answer:
        """List the runs that fit a filter, the newest first."""
        wanted = request.get("Filter") or {}
        found = [
            (number, run | self._state(run))
            for number, run in self._store.runs(after(request, int))
            if same_table(run["DataSource"], wanted.get("DataSource"))
            and wanted.get("RulesetName") in (None, *run["RulesetNames"])
        ]
        fitting = [
            (number, run)
            for number, run in found
            if is_after(run["StartedOn"], wanted.get("StartedAfter"))
            and is_before(run["StartedOn"], wanted.get("StartedBefore"))
        ]
        some, token = page(fitting, limit_of(request, MOST), lambda numbered: numbered[0])
        members = ("RunId", "Status", "StartedOn", "DataSource")
        return {"Runs": [{name: run[name] for name in members} for _, run in some], **token}

    def cancel_data_quality_ruleset_evaluation_run(self, request: Request, caller: Caller) -> Answer:
        """Stop a run."""
        run = self._require(request["RunId"])
        status = self._state(run)["Status"]
        if status not in UNFINISHED:
            raise invalid(f"Run {run['RunId']} is in terminal state {status}.")
        self._runs.change_run(run["RunId"], JobRunState="STOPPING")
        self._runner.stop(run["RunId"])
        return {}

    def _require(self, run_id: str) -> Document:
        found = self._store.run(run_id)
        if found is None:
            raise not_found(f"Cannot find Data Quality Ruleset Evaluation Run with id {run_id}")
        return found

    def _state(self, run: Document) -> Document:
        job_run = self._runs.run(run["RunId"])
        state = {
            "Status": job_run["JobRunState"],
            "StartedOn": job_run["StartedOn"],
            "LastModifiedOn": job_run["LastModifiedOn"],
            "ExecutionTime": job_run["ExecutionTime"],
        }
        optional = {"CompletedOn": "CompletedOn", "ErrorString": "ErrorMessage"}
        return state | {mine: job_run[its] for mine, its in optional.items() if its in job_run}

    def _plan(self, request: Request) -> Document:
        """What the process is to do.

        Raises:
            AwsError: EntityNotFoundException, a ruleset or table is not there; NotImplemented.
        """
        options = request.get("AdditionalRunOptions") or {}
        unknown = sorted(name for name, value in options.items() if value and name not in RUN_OPTIONS)
        if unknown:
            raise _not_there(", ".join(unknown))
        others = request.get("AdditionalDataSources") or {}
        return {
            "Rulesets": {name: self._rulesets.require(name)["Ruleset"] for name in request["RulesetNames"]},
            "Table": self._table(request["DataSource"]),
            "Others": {alias: self._table(source) for alias, source in others.items()},
            "CompositeMethod": options.get("CompositeRuleEvaluationMethod") or "COLUMN",
            "CloudWatch": bool(options.get("CloudWatchMetricsEnabled")),
            "CatalogId": self._rulesets.account,
            "ResultsS3Prefix": options.get("ResultsS3Prefix") or "",
        }

    def _table(self, source: Document) -> Document:
        table = source.get("GlueTable") or source.get("DataQualityGlueTable")
        if not table:
            raise invalid("A data source needs a GlueTable.")
        for member in ("ConnectionName", "PreProcessingQuery"):
            if table.get(member):
                raise _not_there(member)
        database, name = table["DatabaseName"], table["TableName"]
        try:
            self._catalog.get_table(DatabaseName=database, Name=name)
        except self._catalog.exceptions.EntityNotFoundException as error:
            message = error.response["Error"]["Message"]
            raise AwsError("EntityNotFoundException", message) from None
        return {"Database": database, "Name": name, "Options": table.get("AdditionalOptions") or {}}

    def _start(self, run: Document, plan: Document) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        paths = {name: self._folder / f"{run['RunId']}.{name}" for name in ("plan", "results")}
        paths["plan"].write_text(json.dumps(plan | {"RunId": run["RunId"]}), encoding="utf-8")
        job = {
            "Name": run["RunId"],
            "Role": run["Role"],
            "GlueVersion": GLUE_VERSION,
            "Command": {"Name": "glueetl", "ScriptLocation": QUALITY_SCRIPT},
        }
        started = now()
        job_run = {
            "Id": run["RunId"],
            "JobName": run["RunId"],
            "Attempt": 0,
            "JobRunState": "STARTING",
            "StartedOn": started,
            "LastModifiedOn": started,
            "ExecutionTime": 0,
            "Timeout": run["Timeout"],
            "LogGroupName": LOG_GROUP,
        }
        self._runs.add_run(job_run)
        arguments = {f"--{name}": str(path) for name, path in paths.items()}
        self._runner.start(
            job, "j_" + run["RunId"], job_run, {**arguments, "--enable-glue-datacatalog": "true"}
        )


def _not_there(member: str) -> AwsError:
    return not_implemented("glue", "StartDataQualityRulesetEvaluationRun", f"{member} is not built yet.")
