"""AWS::Lambda::Permission.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from local_aws.cloudformation.types.base import (
    REPLACES,
    REQUIRED_REPLACES,
    Made,
    Request,
    ResourceType,
    missing_is_fine,
    table,
)
from local_aws.cloudformation.types.names import generated_name


class Permission(ResourceType):
    """One statement of a function's policy; every change is a replacement."""

    type_name = "AWS::Lambda::Permission"
    service, operation = "lambda", "AddPermission"
    properties = table(
        {
            "Action": REQUIRED_REPLACES,
            "EventSourceToken": REPLACES,
            "FunctionName": REQUIRED_REPLACES,
            "FunctionUrlAuthType": REPLACES,
            "Principal": REQUIRED_REPLACES,
            "PrincipalOrgID": REPLACES,
            "SourceAccount": REPLACES,
            "SourceArn": REPLACES,
        }
    )
    attributes = frozenset(("Id",))

    def exists(self, request: Request) -> bool:
        return False

    def planned_id(self, request: Request) -> str:
        return generated_name(request.stack_name, request.logical_id, 100)

    def create(self, request: Request) -> Made:
        request.client("lambda").add_permission(**request.params, StatementId=request.physical_id)
        return Made(request.physical_id, {"Id": request.physical_id})

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            request.client("lambda").remove_permission(
                FunctionName=request.params["FunctionName"], StatementId=request.physical_id
            )
