"""AWS::SQS::Queue.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

import json
from typing import Any

from local_aws.cloudformation.template.functions import text_of
from local_aws.cloudformation.types.base import (
    Made,
    Property,
    Request,
    ResourceType,
    found,
    missing_is_fine,
    table,
)
from local_aws.cloudformation.types.tagging import retag

# Each attribute, its kind, and what it is when a queue does not say.
_ATTRIBUTES = {
    "ContentBasedDeduplication": ("Boolean", "false"),
    "DeduplicationScope": ("String", "queue"),
    "DelaySeconds": ("Integer", "0"),
    "FifoThroughputLimit": ("String", "perQueue"),
    "KmsDataKeyReusePeriodSeconds": ("Integer", "300"),
    "KmsMasterKeyId": ("String", ""),
    "MaximumMessageSize": ("Integer", "262144"),
    "MessageRetentionPeriod": ("Integer", "345600"),
    "ReceiveMessageWaitTimeSeconds": ("Integer", "0"),
    "RedriveAllowPolicy": ("Any", ""),
    "RedrivePolicy": ("Any", ""),
    "SqsManagedSseEnabled": ("Boolean", "true"),
    "VisibilityTimeout": ("Integer", "30"),
}


class Queue(ResourceType):
    """A queue; its physical id is its URL."""

    type_name = "AWS::SQS::Queue"
    service, operation = "sqs", "CreateQueue"
    name_property, name_limit = "QueueName", 80
    tags_form, tags_param = "list", "tags"
    properties = table(
        {
            **{name: Property(kind=kind) for name, (kind, _) in _ATTRIBUTES.items()},
            "FifoQueue": Property(kind="Boolean", replaces=True),
            "QueueName": Property(replaces=True),
        }
    )
    attributes = frozenset(("Arn", "QueueName", "QueueUrl"))

    def planned_id(self, request: Request) -> None:
        return None

    def exists(self, request: Request) -> bool:
        return found(request.client("sqs").get_queue_url, QueueName=request.name)

    def create(self, request: Request) -> Made:
        names = [name for name in ("FifoQueue", *_ATTRIBUTES) if name in request.properties]
        attributes = {name: _attribute(request.properties[name]) for name in names}
        url = request.client("sqs").create_queue(**request.params, Attributes=attributes)["QueueUrl"]
        return _made(request, url)

    def update(self, request: Request) -> Made:
        assert request.old is not None
        sqs, url = request.client("sqs"), request.physical_id
        changes = {
            name: _attribute(request.properties.get(name, default))
            for name, (_, default) in _ATTRIBUTES.items()
            if request.changed(name)
        }
        if changes:
            sqs.set_queue_attributes(QueueUrl=url, Attributes=changes)
        retag(
            request.old.tags,
            request.tags,
            lambda tags: sqs.tag_queue(QueueUrl=url, Tags=tags),
            lambda keys: sqs.untag_queue(QueueUrl=url, TagKeys=keys),
        )
        return _made(request, url)

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            request.client("sqs").delete_queue(QueueUrl=request.physical_id)


def _attribute(value: Any) -> str:
    return json.dumps(value) if isinstance(value, dict) else text_of(value)


def _made(request: Request, url: str) -> Made:
    name = url.rsplit("/", 1)[1]
    return Made(url, {"Arn": request.arn("sqs", name), "QueueName": name, "QueueUrl": url})
