"""AWS::Glue::SecurityConfiguration.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-glue-securityconfiguration.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.cloudformation.types.base import (
    REQUIRED_REPLACES,
    Made,
    Property,
    Request,
    found,
    missing_is_fine,
    table,
)
from local_aws.cloudformation.types.glue import GlueType
from local_aws.cloudformation.types.shapes import input_member, to_api


class SecurityConfiguration(GlueType):
    """There is no update call, so every change is a replacement."""

    type_name = "AWS::Glue::SecurityConfiguration"
    operation = "CreateSecurityConfiguration"
    name_property = "Name"
    properties = table(
        {
            "EncryptionConfiguration": Property(required=True, replaces=True, kind="Any"),
            "Name": REQUIRED_REPLACES,
        }
    )

    def check(self, properties: Mapping[str, Any]) -> None:
        _encryption(properties)

    def exists(self, request: Request) -> bool:
        return found(request.client("glue").get_security_configuration, Name=request.name)

    def create(self, request: Request) -> Made:
        request.client("glue").create_security_configuration(
            Name=request.physical_id, EncryptionConfiguration=_encryption(request.properties)
        )
        return Made(request.physical_id)

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            request.client("glue").delete_security_configuration(Name=request.physical_id)


def _encryption(properties: Mapping[str, Any]) -> Any:
    value = properties["EncryptionConfiguration"]
    if isinstance(value, dict):
        value = {("S3Encryption" if key == "S3Encryptions" else key): item for key, item in value.items()}
    shape = input_member("glue", "CreateSecurityConfiguration", "EncryptionConfiguration")
    return to_api(value, shape, "EncryptionConfiguration")
