"""AWS::LakeFormation::Permissions, the older form of PrincipalPermissions.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lakeformation-permissions.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.cloudformation.template.evaluate import UNKNOWN
from local_aws.cloudformation.types.base import (
    PLAIN,
    Made,
    Property,
    Request,
    ResourceType,
    missing_is_fine,
    table,
)
from local_aws.cloudformation.types.names import generated_name
from local_aws.cloudformation.types.shapes import BadProperty, input_member, to_api

_RENAMED = {
    "DataLocationResource": "DataLocation",
    "DatabaseResource": "Database",
    "TableResource": "Table",
    "TableWithColumnsResource": "TableWithColumns",
}
_LISTS = ("Permissions", "PermissionsWithGrantOption")


class Permissions(ResourceType):
    """Grants to a principal; what is granted can be changed in place."""

    type_name = "AWS::LakeFormation::Permissions"
    service, operation = "lakeformation", "GrantPermissions"
    properties = table(
        {
            "DataLakePrincipal": Property(required=True, replaces=True, param="Principal"),
            "Permissions": PLAIN,
            "PermissionsWithGrantOption": PLAIN,
            "Resource": Property(required=True, replaces=True, kind="Any"),
        }
    )

    def check(self, properties: Mapping[str, Any]) -> None:
        _resource(properties["Resource"])

    def planned_id(self, request: Request) -> str:
        return generated_name(request.stack_name, request.logical_id, 128)

    def exists(self, request: Request) -> bool:
        return False

    def create(self, request: Request) -> Made:
        lists = {name: request.params.get(name, []) for name in _LISTS}
        request.client("lakeformation").grant_permissions(**_target(request), **lists)
        return Made(request.physical_id)

    def update(self, request: Request) -> Made:
        assert request.old is not None
        before = {name: request.old.params.get(name, []) for name in _LISTS}
        after = {name: request.params.get(name, []) for name in _LISTS}
        gone = {name: [one for one in before[name] if one not in after[name]] for name in _LISTS}
        if any(gone.values()):
            request.client("lakeformation").revoke_permissions(**_target(request), **gone)
        return self.create(request)

    def delete(self, request: Request) -> None:
        lists = {name: request.params.get(name, []) for name in _LISTS}
        with missing_is_fine():
            request.client("lakeformation").revoke_permissions(**_target(request), **lists)


def _target(request: Request) -> dict[str, Any]:
    return {"Principal": request.params["Principal"], "Resource": _resource(request.properties["Resource"])}


def _resource(value: Any) -> Any:
    if value is UNKNOWN:
        return value
    if not isinstance(value, dict):
        raise BadProperty("Value of property Resource must be an object")
    renamed = {_RENAMED.get(name, name): item for name, item in value.items()}
    location = renamed.get("DataLocation")
    if isinstance(location, dict) and "S3Resource" in location:
        renamed["DataLocation"] = {
            ("ResourceArn" if key == "S3Resource" else key): one for key, one in location.items()
        }
    return to_api(renamed, input_member("lakeformation", "GrantPermissions", "Resource"), "Resource")
