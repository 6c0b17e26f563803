"""AWS::LakeFormation::PrincipalPermissions.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lakeformation-principalpermissions.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

import json

from local_aws.cloudformation.types.base import (
    REQUIRED_REPLACES,
    Made,
    Property,
    Request,
    ResourceType,
    missing_is_fine,
    table,
)


class PrincipalPermissions(ResourceType):
    """What a principal may do with a resource; every change is a replacement."""

    type_name = "AWS::LakeFormation::PrincipalPermissions"
    service, operation = "lakeformation", "GrantPermissions"
    properties = table(
        {
            "Catalog": Property(replaces=True, param="CatalogId"),
            "Permissions": REQUIRED_REPLACES,
            "PermissionsWithGrantOption": REQUIRED_REPLACES,
            "Principal": REQUIRED_REPLACES,
            "Resource": REQUIRED_REPLACES,
        }
    )
    attributes = frozenset(("PrincipalIdentifier", "ResourceIdentifier"))

    def planned_id(self, request: Request) -> str:
        return f"{_text(request.params['Principal'])}|{_text(request.params['Resource'])}"

    def exists(self, request: Request) -> bool:
        return False

    def create(self, request: Request) -> Made:
        request.client("lakeformation").grant_permissions(**request.params)
        names = {"PrincipalIdentifier": "Principal", "ResourceIdentifier": "Resource"}
        return Made(request.physical_id, {name: _text(request.params[one]) for name, one in names.items()})

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            request.client("lakeformation").revoke_permissions(**request.params)


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
