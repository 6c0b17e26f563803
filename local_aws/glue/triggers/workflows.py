"""Workflows: definitions are kept; runs are not there yet, and starting one says so."""

from __future__ import annotations

from typing import Any

from local_aws.caller import Caller
from local_aws.errors import not_implemented
from local_aws.glue.catalog import Tags
from local_aws.glue.catalog.errors import already_exists, not_found
from local_aws.glue.catalog.pages import named_page
from local_aws.glue.jobs.runs import now
from local_aws.glue.triggers.store import Document, TriggerStore

Request = dict[str, Any]
Answer = dict[str, Any]
MOST = 25
MEMBERS = ("Name", "Description", "DefaultRunProperties", "MaxConcurrentRuns")


class Workflows:
    """CreateWorkflow, UpdateWorkflow, GetWorkflow, BatchGetWorkflows, ListWorkflows, DeleteWorkflow."""

    def __init__(self, store: TriggerStore, tags: Tags) -> None:
        self._store = store
        self._tags = tags
        tags.add_kind("workflow", lambda name: store.find("workflow", name) is not None)

    def create_workflow(self, request: Request, caller: Caller) -> Answer:
        """Keep a new workflow."""
        name = request["Name"]
        with self._store.database.write():
            if self._store.find("workflow", name) is not None:
                raise already_exists("Workflow")
            self._store.put("workflow", _members(request) | {"CreatedOn": now(), "LastModifiedOn": now()})
        self._tags.put("workflow", name, request.get("Tags"))
        return {"Name": name}

    def update_workflow(self, request: Request, caller: Caller) -> Answer:
        """Change a workflow."""
        with self._store.database.write():
            before = self._require(request["Name"])
            self._store.put("workflow", before | _members(request) | {"LastModifiedOn": now()})
        return {"Name": request["Name"]}

    def get_workflow(self, request: Request, caller: Caller) -> Answer:
        """Show a workflow."""
        self._refuse_graph(request, "GetWorkflow")
        return {"Workflow": self._require(request["Name"])}

    def batch_get_workflows(self, request: Request, caller: Caller) -> Answer:
        """Show the workflows of a list of names, and name those that are not there."""
        self._refuse_graph(request, "BatchGetWorkflows")
        found = {name: self._store.find("workflow", name) for name in dict.fromkeys(request["Names"])}
        return {
            "Workflows": [workflow for workflow in found.values() if workflow is not None],
            "MissingWorkflows": [name for name, workflow in found.items() if workflow is None],
        }

    def list_workflows(self, request: Request, caller: Caller) -> Answer:
        """Show the names of workflows."""
        names, token = named_page(self._store.names("workflow"), request, MOST)
        return {"Workflows": list(names), **token}

    def delete_workflow(self, request: Request, caller: Caller) -> Answer:
        """Delete a workflow; its triggers stay, as on AWS. No error when there is none."""
        self._store.delete("workflow", request["Name"])
        self._tags.drop("workflow", request["Name"])
        return {"Name": request["Name"]}

    def start_workflow_run(self, request: Request, caller: Caller) -> Answer:
        """Refuse: workflows do not run yet."""
        self._require(request["Name"])
        raise not_implemented("glue", "StartWorkflowRun", "workflows are kept and do not run.")

    def _require(self, name: str) -> Document:
        workflow = self._store.find("workflow", name)
        if workflow is None:
            raise not_found(f"Workflow {name} not found.")
        return workflow

    def _refuse_graph(self, request: Request, operation: str) -> None:
        if request.get("IncludeGraph"):
            raise not_implemented("glue", operation, "IncludeGraph.")


def _members(request: Request) -> Document:
    return {member: request[member] for member in MEMBERS if request.get(member) is not None}
