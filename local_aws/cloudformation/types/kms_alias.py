"""AWS::KMS::Alias.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-alias.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from local_aws.cloudformation.types.base import (
    REQUIRED,
    REQUIRED_REPLACES,
    Made,
    Request,
    ResourceType,
    missing_is_fine,
    table,
)


class Alias(ResourceType):
    """A name for a key."""

    type_name = "AWS::KMS::Alias"
    service, operation = "kms", "CreateAlias"
    name_property = "AliasName"
    properties = table({"AliasName": REQUIRED_REPLACES, "TargetKeyId": REQUIRED})

    def exists(self, request: Request) -> bool:
        pages = request.client("kms").get_paginator("list_aliases").paginate()
        return any(
            one["AliasName"] == request.name and "TargetKeyId" in one
            for page in pages
            for one in page["Aliases"]
        )

    def create(self, request: Request) -> Made:
        request.client("kms").create_alias(**request.params)
        return Made(request.physical_id)

    def update(self, request: Request) -> Made:
        request.client("kms").update_alias(**request.params)
        return Made(request.physical_id)

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            request.client("kms").delete_alias(AliasName=request.physical_id)
