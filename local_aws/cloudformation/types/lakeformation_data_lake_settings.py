"""AWS::LakeFormation::DataLakeSettings: an account's one set of settings.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lakeformation-datalakesettings.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.cloudformation.types.base import Made, Property, Request, ResourceType, table
from local_aws.cloudformation.types.names import generated_name
from local_aws.cloudformation.types.shapes import input_member, to_api

_RENAMED = {"Admins": "DataLakeAdmins"}
_SETTINGS = (
    "Admins",
    "AllowExternalDataFiltering",
    "AllowFullTableExternalDataAccess",
    "AuthorizedSessionTagValueList",
    "CreateDatabaseDefaultPermissions",
    "CreateTableDefaultPermissions",
    "ExternalDataFilteringAllowList",
    "Parameters",
    "ReadOnlyAdmins",
    "TrustedResourceOwners",
)


class DataLakeSettings(ResourceType):
    """The settings are always there: creating puts them, deleting takes away what the template said."""

    type_name = "AWS::LakeFormation::DataLakeSettings"
    service, operation = "lakeformation", "PutDataLakeSettings"
    properties = table(dict.fromkeys(_SETTINGS, Property(kind="Any")))

    def check(self, properties: Mapping[str, Any]) -> None:
        _settings(properties)

    def planned_id(self, request: Request) -> str:
        return generated_name(request.stack_name, request.logical_id, 128)

    def exists(self, request: Request) -> bool:
        return False

    def create(self, request: Request) -> Made:
        self._put(request, {}, _settings(request.properties))
        return Made(request.physical_id)

    def update(self, request: Request) -> Made:
        assert request.old is not None
        self._put(request, _settings(request.old.properties), _settings(request.properties))
        return Made(request.physical_id)

    def delete(self, request: Request) -> None:
        self._put(request, _settings(request.properties), {})

    def _put(self, request: Request, old: dict[str, Any], new: dict[str, Any]) -> None:
        """PutDataLakeSettings replaces all settings, so those that are not the template's are read first."""
        client = request.client("lakeformation")
        current = client.get_data_lake_settings()["DataLakeSettings"]
        kept = {name: value for name, value in current.items() if name not in old}
        client.put_data_lake_settings(DataLakeSettings={**kept, **new})


def _settings(properties: Mapping[str, Any]) -> dict[str, Any]:
    renamed = {_RENAMED.get(name, name): value for name, value in properties.items()}
    shape = input_member("lakeformation", "PutDataLakeSettings", "DataLakeSettings")
    settings: dict[str, Any] = to_api(renamed, shape, "DataLakeSettings")
    return settings
