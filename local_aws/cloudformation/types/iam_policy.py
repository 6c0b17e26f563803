"""AWS::IAM::Policy: one inline policy put into roles, users and groups.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html (2026-11)
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.cloudformation.types.base import Made, Property, Request, ResourceType, table
from local_aws.cloudformation.types.iam_attachments import KINDS, for_each, members
from local_aws.cloudformation.types.names import generated_name
from local_aws.cloudformation.types.shapes import BadProperty


class Policy(ResourceType):
    """It lives inside its principals only; its physical id is a label."""

    type_name = "AWS::IAM::Policy"
    service, operation = "iam", "PutRolePolicy"
    properties = table(
        {
            "PolicyName": Property(required=True),
            "PolicyDocument": Property(required=True, kind="Json"),
            **dict.fromkeys(KINDS, Property(kind="List")),
        }
    )

    def check(self, properties: Mapping[str, Any]) -> None:
        if not any(properties.get(key) for key in KINDS):
            raise BadProperty("At least one of [Groups,Roles,Users] must be non-empty.")

    def exists(self, request: Request) -> bool:
        return False

    def planned_id(self, request: Request) -> str:
        return generated_name(request.stack_name[:5], request.logical_id[:4], 32)

    def create(self, request: Request) -> Made:
        for_each(request.client("iam"), "put", members(request.properties), **request.params)
        return Made(request.physical_id)

    def update(self, request: Request) -> Made:
        assert request.old is not None
        iam, old_name = request.client("iam"), request.old.params["PolicyName"]
        before, after = members(request.old.properties), members(request.properties)
        for_each(iam, "put", after, **request.params)
        gone = before if old_name != request.params["PolicyName"] else before - after
        for_each(iam, "delete", gone, forgiving=True, PolicyName=old_name)
        return Made(request.physical_id)

    def delete(self, request: Request) -> None:
        name = request.params["PolicyName"]
        for_each(
            request.client("iam"), "delete", members(request.properties), forgiving=True, PolicyName=name
        )
