"""AWS::Glue::Workflow.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-glue-workflow.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from local_aws.cloudformation.types.base import PLAIN, REPLACES, Made, Request, found, missing_is_fine, table
from local_aws.cloudformation.types.glue import GlueType


class Workflow(GlueType):
    """A workflow; its triggers name it."""

    type_name = "AWS::Glue::Workflow"
    operation = "CreateWorkflow"
    arn_kind = "workflow"
    name_property, tags_form = "Name", "map"
    properties = table(
        {
            "DefaultRunProperties": PLAIN,
            "Description": PLAIN,
            "MaxConcurrentRuns": PLAIN,
            "Name": REPLACES,
        }
    )

    def exists(self, request: Request) -> bool:
        return found(request.client("glue").get_workflow, Name=request.name)

    def create(self, request: Request) -> Made:
        request.client("glue").create_workflow(**request.params)
        return Made(request.physical_id)

    def update(self, request: Request) -> Made:
        glue = request.client("glue")
        if request.changed(*self.properties):
            wanted = {name: request.params[name] for name in self.properties if name in request.params}
            emptied = {"Description": "", "DefaultRunProperties": {}}
            glue.update_workflow(**{**emptied, **wanted, "Name": request.physical_id})
        self.set_tags(request)
        return Made(request.physical_id)

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            request.client("glue").delete_workflow(Name=request.physical_id)
