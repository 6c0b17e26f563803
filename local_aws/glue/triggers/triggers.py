"""Triggers: the operations that make, change, show and activate them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local_aws.caller import Caller
from local_aws.glue.catalog import Tags
from local_aws.glue.catalog.errors import already_exists, invalid
from local_aws.glue.catalog.pages import named_page
from local_aws.glue.triggers.definitions import BEGINNING, trigger_definition
from local_aws.glue.triggers.firing import Firing
from local_aws.glue.triggers.store import Document, TriggerStore

Request = dict[str, Any]
Answer = dict[str, Any]
MOST = 200
TRIGGER = "trigger_definition"


class Triggers:
    """CreateTrigger to DeleteTrigger, StartTrigger, StopTrigger."""

    def __init__(
        self, store: TriggerStore, firing: Firing, start_workflow: Callable[[str], Any], tags: Tags
    ) -> None:
        self._store = store
        self._firing = firing
        self._start_workflow = start_workflow
        self._tags = tags
        tags.add_kind("trigger", lambda name: store.find(TRIGGER, name) is not None)

    def close(self) -> None:
        """Fire no scheduled trigger any more."""
        self._firing.close()

    def create_trigger(self, request: Request, caller: Caller) -> Answer:
        """Keep a new trigger, active at once with `StartOnCreation`."""
        trigger = trigger_definition(request)
        if request.get("StartOnCreation"):
            trigger["State"] = "ACTIVATED"
        with self._store.database.write():
            if self._store.find(TRIGGER, trigger["Name"]) is not None:
                raise already_exists("Trigger")
            if trigger.get("WorkflowName"):
                self._check_workflow(trigger)
            self._store.put(TRIGGER, trigger)
        self._tags.put("trigger", trigger["Name"], request.get("Tags"))
        return {"Name": trigger["Name"]}

    def update_trigger(self, request: Request, caller: Caller) -> Answer:
        """Change members of a trigger."""
        with self._store.database.write():
            before = self._store.trigger(request["Name"])
            changed = {**before, **request["TriggerUpdate"], "Name": before["Name"]}
            trigger = trigger_definition(changed) | {"State": before["State"]}
            self._store.put(TRIGGER, trigger)
            self._store.forget_met(trigger["Name"])
        return {"Trigger": trigger}

    def get_trigger(self, request: Request, caller: Caller) -> Answer:
        """Show a trigger."""
        return {"Trigger": self._store.trigger(request["Name"])}

    def get_triggers(self, request: Request, caller: Caller) -> Answer:
        """Show triggers, or those that start the job `DependentJobName`."""
        names, token = named_page(self._names(request), request, MOST)
        return {"Triggers": [self._store.trigger(name) for name in names], **token}

    def list_triggers(self, request: Request, caller: Caller) -> Answer:
        """Show the names of triggers, or of those that start `DependentJobName` or have the given tags."""
        wanted = (request.get("Tags") or {}).items()
        names = [name for name in self._names(request) if wanted <= self._tags.of("trigger", name).items()]
        some, token = named_page(names, request, MOST)
        return {"TriggerNames": list(some), **token}

    def batch_get_triggers(self, request: Request, caller: Caller) -> Answer:
        """Show the triggers of a list of names, and name those that are not there."""
        found = {name: self._store.find(TRIGGER, name) for name in dict.fromkeys(request["TriggerNames"])}
        return {
            "Triggers": [trigger for trigger in found.values() if trigger is not None],
            "TriggersNotFound": [name for name, trigger in found.items() if trigger is None],
        }

    def delete_trigger(self, request: Request, caller: Caller) -> Answer:
        """Delete a trigger; no error when there is none."""
        self._store.delete(TRIGGER, request["Name"])
        self._tags.drop("trigger", request["Name"])
        return {"Name": request["Name"]}

    def start_trigger(self, request: Request, caller: Caller) -> Answer:
        """Activate a trigger; one that is ON_DEMAND fires now, or starts a run of its workflow."""
        trigger = self._store.trigger(request["Name"])
        if trigger["Type"] == "ON_DEMAND" and trigger.get("WorkflowName"):
            self._start_workflow(trigger["WorkflowName"])
        elif trigger["Type"] == "ON_DEMAND":
            self._firing.fire(trigger)
        else:
            self._set_state(trigger, "ACTIVATED")
        return {"Name": trigger["Name"]}

    def stop_trigger(self, request: Request, caller: Caller) -> Answer:
        """Deactivate a trigger."""
        trigger = self._store.trigger(request["Name"])
        if trigger["Type"] == "ON_DEMAND":
            raise invalid("A trigger of type ON_DEMAND cannot be stopped.")
        self._set_state(trigger, "DEACTIVATED")
        return {"Name": trigger["Name"]}

    def _check_workflow(self, trigger: Document) -> None:
        """Refuse a workflow that is not there, and a second trigger that begins one."""
        name = self._store.workflow(trigger["WorkflowName"])["Name"]
        others = [one["Name"] for one in self._store.triggers_of(name) if one["Type"] in BEGINNING]
        if trigger["Type"] in BEGINNING and others:
            raise invalid(f"Workflow {name} has a start trigger already: {others[0]}.")

    def _set_state(self, trigger: Document, state: str) -> None:
        with self._store.database.write():
            self._store.put(TRIGGER, trigger | {"State": state})
            self._store.forget_met(trigger["Name"])

    def _names(self, request: Request) -> list[str]:
        job = request.get("DependentJobName")
        return [
            trigger["Name"]
            for trigger in self._store.triggers()
            if not job or any(action.get("JobName") == job for action in trigger["Actions"])
        ]
