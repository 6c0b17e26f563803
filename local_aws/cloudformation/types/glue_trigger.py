"""AWS::Glue::Trigger.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-glue-trigger.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from local_aws.cloudformation.types.base import (
    PLAIN,
    REPLACES,
    REQUIRED,
    REQUIRED_REPLACES,
    Made,
    Request,
    found,
    missing_is_fine,
    table,
)
from local_aws.cloudformation.types.glue import GlueType

_UPDATABLE = ("Description", "Schedule", "Actions", "Predicate", "EventBatchingCondition")


class Trigger(GlueType):
    """A trigger; with `StartOnCreation` it is active at once."""

    type_name = "AWS::Glue::Trigger"
    operation = "CreateTrigger"
    arn_kind = "trigger"
    name_property, tags_form = "Name", "map"
    properties = table(
        {
            "Actions": REQUIRED,
            "Description": PLAIN,
            "EventBatchingCondition": PLAIN,
            "Name": REPLACES,
            "Predicate": PLAIN,
            "Schedule": PLAIN,
            "StartOnCreation": PLAIN,
            "Type": REQUIRED_REPLACES,
            "WorkflowName": REPLACES,
        }
    )

    def exists(self, request: Request) -> bool:
        return found(request.client("glue").get_trigger, Name=request.name)

    def create(self, request: Request) -> Made:
        request.client("glue").create_trigger(**request.params)
        return Made(request.physical_id)

    def update(self, request: Request) -> Made:
        glue, name = request.client("glue"), request.physical_id
        if request.changed(*_UPDATABLE):
            changes = {key: request.params[key] for key in _UPDATABLE if key in request.params}
            glue.update_trigger(Name=name, TriggerUpdate=changes)
        if request.changed("StartOnCreation") and request.params["Type"] != "ON_DEMAND":
            call = glue.start_trigger if request.params.get("StartOnCreation") else glue.stop_trigger
            call(Name=name)
        self.set_tags(request)
        return Made(name)

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            request.client("glue").delete_trigger(Name=request.physical_id)
