"""AWS::LakeFormation::Resource: an S3 location that Lake Formation looks after.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lakeformation-resource.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from local_aws.cloudformation.types.base import (
    PLAIN,
    REQUIRED_REPLACES,
    Made,
    Property,
    Request,
    ResourceType,
    found,
    missing_is_fine,
    table,
)


class Resource(ResourceType):
    """Its physical id is the location's ARN."""

    type_name = "AWS::LakeFormation::Resource"
    service, operation = "lakeformation", "RegisterResource"
    properties = table(
        {
            "HybridAccessEnabled": PLAIN,
            "ResourceArn": REQUIRED_REPLACES,
            "RoleArn": PLAIN,
            "UseServiceLinkedRole": Property(required=True),
            "WithFederation": PLAIN,
        }
    )

    def planned_id(self, request: Request) -> str:
        return str(request.params["ResourceArn"])

    def exists(self, request: Request) -> bool:
        return found(
            request.client("lakeformation").describe_resource, ResourceArn=request.params["ResourceArn"]
        )

    def create(self, request: Request) -> Made:
        request.client("lakeformation").register_resource(**request.params)
        return Made(request.physical_id)

    def update(self, request: Request) -> Made:
        names = ("ResourceArn", "RoleArn", "WithFederation", "HybridAccessEnabled")
        wanted = {name: request.params[name] for name in names if name in request.params}
        request.client("lakeformation").update_resource(**wanted)
        return Made(request.physical_id)

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            request.client("lakeformation").deregister_resource(ResourceArn=request.physical_id)
