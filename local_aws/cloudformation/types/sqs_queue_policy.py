"""AWS::SQS::QueuePolicy: one policy put on queues.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queuepolicy.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from local_aws.cloudformation.types.base import (
    Made,
    Property,
    Request,
    ResourceType,
    missing_is_fine,
    table,
)
from local_aws.cloudformation.types.names import generated_name


class QueuePolicy(ResourceType):
    """Its physical id is a label."""

    type_name = "AWS::SQS::QueuePolicy"
    service, operation = "sqs", "SetQueueAttributes"
    properties = table(
        {
            "PolicyDocument": Property(required=True, kind="Json"),
            "Queues": Property(required=True, kind="List"),
        }
    )

    def exists(self, request: Request) -> bool:
        return False

    def planned_id(self, request: Request) -> str:
        return generated_name(request.stack_name, request.logical_id, 128)

    def create(self, request: Request) -> Made:
        text = request.params["PolicyDocument"]
        for url in request.properties["Queues"]:
            request.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": text})
        return Made(request.physical_id)

    def update(self, request: Request) -> Made:
        assert request.old is not None
        self._clear(request, set(request.old.properties["Queues"]) - set(request.properties["Queues"]))
        return self.create(request)

    def delete(self, request: Request) -> None:
        self._clear(request, set(request.properties["Queues"]))

    def _clear(self, request: Request, urls: set[str]) -> None:
        for url in sorted(urls):
            with missing_is_fine():
                request.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
