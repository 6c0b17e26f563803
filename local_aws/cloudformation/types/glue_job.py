"""AWS::Glue::Job.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-glue-job.html (2026-11)
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from local_aws.cloudformation.types.base import (
    PLAIN,
    REPLACES,
    REQUIRED,
    Made,
    Request,
    found,
    missing_is_fine,
    table,
)
from local_aws.cloudformation.types.glue import GlueType, without


class Job(GlueType):
    """A job; UpdateJob replaces the whole definition, so what is gone from the template is gone from the
    job.
    """

    type_name = "AWS::Glue::Job"
    operation = "CreateJob"
    arn_kind = "job"
    name_property, tags_form = "Name", "map"
    properties = table(
        {
            "AllocatedCapacity": PLAIN,
            "Command": REQUIRED,
            "Connections": PLAIN,
            "DefaultArguments": PLAIN,
            "Description": PLAIN,
            "ExecutionClass": PLAIN,
            "ExecutionProperty": PLAIN,
            "GlueVersion": PLAIN,
            "JobMode": PLAIN,
            "JobRunQueuingEnabled": PLAIN,
            "LogUri": PLAIN,
            "MaintenanceWindow": PLAIN,
            "MaxCapacity": PLAIN,
            "MaxRetries": PLAIN,
            "Name": REPLACES,
            "NonOverridableArguments": PLAIN,
            "NotificationProperty": PLAIN,
            "NumberOfWorkers": PLAIN,
            "Role": REQUIRED,
            "SecurityConfiguration": PLAIN,
            "Timeout": PLAIN,
            "WorkerType": PLAIN,
        }
    )

    def exists(self, request: Request) -> bool:
        return found(request.client("glue").get_job, JobName=request.name)

    def create(self, request: Request) -> Made:
        request.client("glue").create_job(**request.params)
        return Made(request.physical_id)

    def update(self, request: Request) -> Made:
        definition = without(request.params, "Name", "Tags")
        request.client("glue").update_job(JobName=request.physical_id, JobUpdate=definition)
        self.set_tags(request)
        return Made(request.physical_id)

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            request.client("glue").delete_job(JobName=request.physical_id)
