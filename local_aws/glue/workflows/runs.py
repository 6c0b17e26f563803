"""Workflow runs: the operations that start, show, stop and resume them, and their properties.

https://docs.aws.amazon.com/glue/latest/dg/resuming-workflow.html (November 2026).
"""

from __future__ import annotations

from typing import Any

from local_aws.caller import Caller
from local_aws.errors import AwsError
from local_aws.glue.catalog.documents import dumps
from local_aws.glue.catalog.errors import invalid
from local_aws.glue.catalog.pages import after, limit_of, page
from local_aws.glue.jobs.runs import now
from local_aws.glue.triggers.store import TriggerStore
from local_aws.glue.workflows.conductor import TOO_MANY, Conductor
from local_aws.glue.workflows.progress import starting
from local_aws.glue.workflows.resuming import plan_of_resuming
from local_aws.glue.workflows.showing import RunView
from local_aws.glue.workflows.store import Document, WorkflowRunStore, new_id

Request = dict[str, Any]
Answer = dict[str, Any]
MOST = 1000
LARGEST_PROPERTIES = 262_144
"""Characters of a run's properties as JSON: a bound of ours, so that no job fills the state."""


class WorkflowRuns:
    """Start-, Get-, Stop- and ResumeWorkflowRun, GetWorkflowRuns, Get- and PutWorkflowRunProperties."""

    def __init__(
        self, triggers: TriggerStore, store: WorkflowRunStore, conductor: Conductor, view: RunView
    ) -> None:
        self._triggers = triggers
        self._store = store
        self._conductor = conductor
        self._view = view

    def close(self) -> None:
        """Start nothing in runs any more; they go on when the server comes up again."""
        self._conductor.closed = True

    def start_workflow_run(self, request: Request, caller: Caller) -> Answer:
        """Start a run by its start trigger.

        Raises:
            AwsError: EntityNotFoundException, ConcurrentRunsExceededException, InvalidInputException.
        """
        return {"RunId": self.start(request["Name"], request.get("RunProperties"))}

    def start(self, name: str, properties: dict[str, str] | None = None) -> str:
        """Start a run of the workflow of that name; returns its id."""
        workflow = self._triggers.workflow(name)
        run = _new_run(workflow, {**(workflow.get("DefaultRunProperties") or {}), **(properties or {})})
        triggers = self._triggers.triggers_of(name)
        first = starting(triggers)
        if not first:
            raise invalid(f"Workflow {name} has no start trigger.")
        self._conductor.begin(run, triggers, first, workflow.get("MaxConcurrentRuns"))
        return str(run["WorkflowRunId"])

    def start_by_schedule(self, name: str) -> None:
        """Start a run. Above the limit of runs there is one in state ERROR, as on AWS."""
        try:
            self.start(name)
        except AwsError as error:
            if error.code != TOO_MANY:
                raise
            end = {"Status": "ERROR", "CompletedOn": now(), "ErrorMessage": error.message}
            run = _new_run(self._triggers.workflow(name), {}) | end
            self._store.add(run, self._triggers.triggers_of(name))

    def get_workflow_run(self, request: Request, caller: Caller) -> Answer:
        """Show a run."""
        return {"Run": self._view.shown(self._run(request), with_graph=bool(request.get("IncludeGraph")))}

    def get_workflow_runs(self, request: Request, caller: Caller) -> Answer:
        """Show a workflow's runs, the newest first."""
        name, with_graph = request["Name"], bool(request.get("IncludeGraph"))
        self._triggers.workflow(name)
        limit = limit_of(request, MOST)
        found = self._store.runs(name, after(request, int), limit + 1)
        some, token = page(found, limit, lambda numbered: numbered[0])
        return {"Runs": [self._view.shown(run, with_graph=with_graph) for _, run in some], **token}

    def get_workflow_run_properties(self, request: Request, caller: Caller) -> Answer:
        """Show a run's properties."""
        return {"RunProperties": self._run(request)["WorkflowRunProperties"]}

    def put_workflow_run_properties(self, request: Request, caller: Caller) -> Answer:
        """Set some of a run's properties; the others stay."""
        with self._store.database.write():
            run = self._run(request)
            properties = _checked({**run["WorkflowRunProperties"], **request["RunProperties"]})
            self._store.change(run["WorkflowRunId"], WorkflowRunProperties=properties)
        return {}

    def stop_workflow_run(self, request: Request, caller: Caller) -> Answer:
        """Stop a run with what is under way in it.

        Raises:
            AwsError: EntityNotFoundException; IllegalWorkflowStateException, it is not RUNNING.
        """
        with self._store.database.write():
            run = self._run(request)
            if run["Status"] != "RUNNING":
                raise _illegal(
                    f"Workflow run {run['WorkflowRunId']} is {run['Status']} and cannot be stopped."
                )
            self._store.change(run["WorkflowRunId"], Status="STOPPING")
        self._conductor.stop(run["WorkflowRunId"])
        return {}

    def resume_workflow_run(self, request: Request, caller: Caller) -> Answer:
        """Start jobs and crawlers of a run that ended, and what is downstream of them, in a run of its own.

        Raises:
            AwsError: EntityNotFoundException, IllegalWorkflowStateException, InvalidInputException,
                ConcurrentRunsExceededException.
        """
        before = self._run(request)
        if before["Status"] != "COMPLETED":
            raise _illegal(f"Workflow run {before['WorkflowRunId']} is {before['Status']}, not COMPLETED.")
        triggers = self._store.triggers(before["WorkflowRunId"])
        actions = self._store.actions(before["WorkflowRunId"])
        plan = plan_of_resuming(before["Name"], triggers, actions, request["NodeIds"])
        workflow = self._triggers.workflow(before["Name"])
        run = _new_run(workflow, before["WorkflowRunProperties"]) | {"PreviousRunId": before["WorkflowRunId"]}
        self._conductor.begin_again(run, triggers, plan, workflow.get("MaxConcurrentRuns"))
        return {"RunId": run["WorkflowRunId"], "NodeIds": list(plan.node_ids)}

    def _run(self, request: Request) -> Document:
        self._triggers.workflow(request["Name"])
        return self._store.run(request["RunId"], request["Name"])


def _new_run(workflow: Document, properties: dict[str, str]) -> Document:
    return {
        "Name": workflow["Name"],
        "WorkflowRunId": new_id("wr_"),
        "WorkflowRunProperties": _checked(properties),
        "StartedOn": now(),
        "Status": "RUNNING",
    }


def _checked(properties: dict[str, str]) -> dict[str, str]:
    if len(dumps(properties)) > LARGEST_PROPERTIES:
        raise AwsError(
            "ResourceNumberLimitExceededException",
            f"The properties of a workflow run have more than {LARGEST_PROPERTIES} characters.",
        )
    return properties


def _illegal(message: str) -> AwsError:
    return AwsError("IllegalWorkflowStateException", message)
