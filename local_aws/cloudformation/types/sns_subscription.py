"""AWS::SNS::Subscription.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-subscription.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

import json
from typing import Any

from local_aws.cloudformation.template.functions import text_of
from local_aws.cloudformation.types.base import (
    REQUIRED_REPLACES,
    Made,
    Property,
    Request,
    ResourceType,
    missing_is_fine,
    table,
)

_DOCUMENTS = ("DeliveryPolicy", "FilterPolicy", "RedrivePolicy")
_TEXTS = {"FilterPolicyScope": "String", "RawMessageDelivery": "Boolean", "SubscriptionRoleArn": "String"}
_EMPTY = {"RawMessageDelivery": "false", "FilterPolicyScope": "MessageAttributes"}


class Subscription(ResourceType):
    """A subscription; its physical id is its ARN, which SNS chooses."""

    type_name = "AWS::SNS::Subscription"
    service, operation = "sns", "Subscribe"
    properties = table(
        {
            "Endpoint": Property(replaces=True),
            "Protocol": REQUIRED_REPLACES,
            "TopicArn": REQUIRED_REPLACES,
            **{name: Property(kind="Any") for name in _DOCUMENTS},
            **{name: Property(kind=kind) for name, kind in _TEXTS.items()},
        }
    )
    attributes = frozenset(("Arn",))

    def exists(self, request: Request) -> bool:
        return False

    def create(self, request: Request) -> Made:
        names = [name for name in (*_DOCUMENTS, *_TEXTS) if name in request.properties]
        answer = request.client("sns").subscribe(
            **request.params,
            Attributes={name: _attribute(request, name) for name in names},
            ReturnSubscriptionArn=True,
        )
        arn = answer["SubscriptionArn"]
        return Made(arn, {"Arn": arn})

    def update(self, request: Request) -> Made:
        for name in (*_DOCUMENTS, *_TEXTS):
            if request.changed(name):
                request.client("sns").set_subscription_attributes(
                    SubscriptionArn=request.physical_id,
                    AttributeName=name,
                    AttributeValue=_attribute(request, name),
                )
        return Made(request.physical_id, request.attributes)

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            request.client("sns").unsubscribe(SubscriptionArn=request.physical_id)


def _attribute(request: Request, name: str) -> str:
    value: Any = request.properties.get(name, _EMPTY.get(name, "{}"))
    return json.dumps(value) if isinstance(value, dict) else text_of(value)
