"""AWS::CDK::Metadata: the versions of the CDK that made a template. Nothing is made from it, on AWS neither.

https://docs.aws.amazon.com/cdk/v2/guide/usage-data.html (2026-11)
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from local_aws.cloudformation.types.base import Made, Property, Request, ResourceType, table
from local_aws.cloudformation.types.names import generated_name


class Metadata(ResourceType):
    """A record of the stack alone; its physical id is a label."""

    type_name = "AWS::CDK::Metadata"
    service, operation = "cloudformation", ""
    properties = table({name: Property(kind="String") for name in ("Analytics", "Modules")})

    def planned_id(self, request: Request) -> str:
        return generated_name(request.stack_name, request.logical_id, 64)

    def exists(self, request: Request) -> bool:
        return False

    def create(self, request: Request) -> Made:
        return Made(request.physical_id)

    def update(self, request: Request) -> Made:
        return Made(request.physical_id)

    def delete(self, request: Request) -> None:
        """Nothing is there to delete."""
