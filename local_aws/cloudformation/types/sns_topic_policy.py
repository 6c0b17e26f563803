"""AWS::SNS::TopicPolicy: one policy put on topics.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topicpolicy.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

import json

from local_aws.cloudformation.types.base import (
    Made,
    Property,
    Request,
    ResourceType,
    missing_is_fine,
    table,
)
from local_aws.cloudformation.types.names import generated_name


class TopicPolicy(ResourceType):
    """Its physical id is a label; a topic always has a policy, so taking one away puts SNS's default back."""

    type_name = "AWS::SNS::TopicPolicy"
    service, operation = "sns", "SetTopicAttributes"
    properties = table(
        {
            "PolicyDocument": Property(required=True, kind="Json"),
            "Topics": Property(required=True, kind="List"),
        }
    )

    def exists(self, request: Request) -> bool:
        return False

    def planned_id(self, request: Request) -> str:
        return generated_name(request.stack_name, request.logical_id, 128)

    def create(self, request: Request) -> Made:
        text = request.params["PolicyDocument"]
        for arn in request.properties["Topics"]:
            _set_policy(request, arn, text)
        return Made(request.physical_id)

    def update(self, request: Request) -> Made:
        assert request.old is not None
        self._reset(request, set(request.old.properties["Topics"]) - set(request.properties["Topics"]))
        return self.create(request)

    def delete(self, request: Request) -> None:
        self._reset(request, set(request.properties["Topics"]))

    def _reset(self, request: Request, arns: set[str]) -> None:
        for arn in sorted(arns):
            with missing_is_fine():
                _set_policy(request, arn, _default_policy(arn, request.account_id))


def _set_policy(request: Request, arn: str, text: str) -> None:
    request.client("sns").set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=text)


def _default_policy(arn: str, account_id: str) -> str:
    actions = (
        "GetTopicAttributes SetTopicAttributes AddPermission RemovePermission DeleteTopic Subscribe "
        "ListSubscriptionsByTopic Publish"
    )
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in actions.split()],
        "Resource": arn,
        "Condition": {"StringEquals": {"AWS:SourceOwner": account_id}},
    }
    return json.dumps({"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]})
