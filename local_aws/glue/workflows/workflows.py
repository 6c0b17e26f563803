"""Workflows: the operations that make, change, show and delete them."""

from __future__ import annotations

from typing import Any

from local_aws.caller import Caller
from local_aws.glue.catalog import Tags
from local_aws.glue.catalog.errors import already_exists
from local_aws.glue.catalog.pages import named_page
from local_aws.glue.jobs.runs import now
from local_aws.glue.triggers.store import Document, TriggerStore
from local_aws.glue.workflows.graph import graph
from local_aws.glue.workflows.showing import RunView

Request = dict[str, Any]
Answer = dict[str, Any]
MOST = 25
MEMBERS = ("Name", "Description", "DefaultRunProperties", "MaxConcurrentRuns")


class Workflows:
    """CreateWorkflow, UpdateWorkflow, GetWorkflow, BatchGetWorkflows, ListWorkflows, DeleteWorkflow."""

    def __init__(self, store: TriggerStore, view: RunView, tags: Tags) -> None:
        self._store = store
        self._view = view
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
        """Change a workflow; its runs go on as they are."""
        with self._store.database.write():
            before = self._store.workflow(request["Name"])
            self._store.put("workflow", before | _members(request) | {"LastModifiedOn": now()})
        return {"Name": request["Name"]}

    def get_workflow(self, request: Request, caller: Caller) -> Answer:
        """Show a workflow with its last run."""
        return {"Workflow": self._shown(self._store.workflow(request["Name"]), request)}

    def batch_get_workflows(self, request: Request, caller: Caller) -> Answer:
        """Show the workflows of a list of names, and name those that are not there."""
        found = {name: self._store.find("workflow", name) for name in dict.fromkeys(request["Names"])}
        return {
            "Workflows": [
                self._shown(workflow, request) for workflow in found.values() if workflow is not None
            ],
            "MissingWorkflows": [name for name, workflow in found.items() if workflow is None],
        }

    def list_workflows(self, request: Request, caller: Caller) -> Answer:
        """Show the names of workflows."""
        names, token = named_page(self._store.names("workflow"), request, MOST)
        return {"Workflows": list(names), **token}

    def delete_workflow(self, request: Request, caller: Caller) -> Answer:
        """Delete a workflow with its runs; its triggers stay, as on AWS. No error when there is none."""
        self._store.delete("workflow", request["Name"])
        self._tags.drop("workflow", request["Name"])
        return {"Name": request["Name"]}

    def _shown(self, workflow: Document, request: Request) -> Document:
        name, with_graph = workflow["Name"], bool(request.get("IncludeGraph"))
        shown = {**workflow, **self._view.last(name, with_graph=with_graph)}
        return {**shown, "Graph": graph(name, self._store.triggers_of(name), {})} if with_graph else shown


def _members(request: Request) -> Document:
    return {member: request[member] for member in MEMBERS if request.get(member) is not None}
