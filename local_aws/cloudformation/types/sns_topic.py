"""AWS::SNS::Topic.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topic.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.cloudformation.template.evaluate import UNKNOWN
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
from local_aws.cloudformation.types.shapes import BadProperty, input_member, to_api
from local_aws.cloudformation.types.tagging import pairs, retag

_ATTRIBUTES = {
    "ContentBasedDeduplication": "Boolean",
    "DisplayName": "String",
    "FifoThroughputScope": "String",
    "KmsMasterKeyId": "String",
    "SignatureVersion": "String",
    "TracingConfig": "String",
}
# What an attribute is when a topic does not say.
_DEFAULTS = {
    "ContentBasedDeduplication": "false",
    "FifoThroughputScope": "Topic",
    "SignatureVersion": "1",
    "TracingConfig": "PassThrough",
}


class Topic(ResourceType):
    """A topic; its physical id is its ARN. `Subscription` is a short way to subscribe on creation."""

    type_name = "AWS::SNS::Topic"
    service, operation = "sns", "CreateTopic"
    name_property, tags_form = "TopicName", "list"
    properties = table(
        {
            **{name: Property(kind=kind) for name, kind in _ATTRIBUTES.items()},
            "FifoTopic": Property(kind="Boolean", replaces=True),
            "Subscription": Property(kind="Any"),
            "TopicName": Property(replaces=True, param="Name"),
        }
    )
    attributes = frozenset(("TopicArn", "TopicName"))

    def check(self, properties: Mapping[str, Any]) -> None:
        _subscriptions(properties)

    def planned_id(self, request: Request) -> str:
        return request.arn("sns", request.name)

    def exists(self, request: Request) -> bool:
        return found(request.client("sns").get_topic_attributes, TopicArn=self.planned_id(request))

    def create(self, request: Request) -> Made:
        sns = request.client("sns")
        names = ("FifoTopic", *_ATTRIBUTES)
        attributes = {name: text_of(request.properties[name]) for name in names if name in request.properties}
        sns.create_topic(**request.params, Attributes=attributes)
        for one in _subscriptions(request.properties):
            sns.subscribe(TopicArn=request.physical_id, **one)
        return _made(request)

    def update(self, request: Request) -> Made:
        assert request.old is not None
        sns, arn = request.client("sns"), request.physical_id
        for name in _ATTRIBUTES:
            if request.changed(name):
                value = text_of(request.properties.get(name, _DEFAULTS.get(name, "")))
                sns.set_topic_attributes(TopicArn=arn, AttributeName=name, AttributeValue=value)
        before, after = _subscriptions(request.old.properties), _subscriptions(request.properties)
        for page in sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=arn):
            for one in page["Subscriptions"]:
                pair = {name: one[name] for name in ("Protocol", "Endpoint")}
                if pair in before and pair not in after:
                    sns.unsubscribe(SubscriptionArn=one["SubscriptionArn"])
        for one in after:
            if one not in before:
                sns.subscribe(TopicArn=arn, **one)
        retag(
            request.old.tags,
            request.tags,
            lambda tags: sns.tag_resource(ResourceArn=arn, Tags=pairs(tags)),
            lambda keys: sns.untag_resource(ResourceArn=arn, TagKeys=keys),
        )
        return _made(request)

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            request.client("sns").delete_topic(TopicArn=request.physical_id)


def _subscriptions(properties: Mapping[str, Any]) -> list[dict[str, Any]]:
    members = {name: input_member("sns", "Subscribe", name) for name in ("Protocol", "Endpoint")}
    listed = properties.get("Subscription", [])
    if listed is UNKNOWN:
        return []
    if not isinstance(listed, list) or any(
        not isinstance(one, dict) or set(one) != set(members) for one in listed
    ):
        raise BadProperty(
            "Value of property Subscription must be a list of objects with Endpoint and Protocol"
        )
    return [{name: to_api(one[name], shape, name) for name, shape in members.items()} for one in listed]


def _made(request: Request) -> Made:
    arn = request.physical_id
    return Made(arn, {"TopicArn": arn, "TopicName": arn.rsplit(":", 1)[1]})
