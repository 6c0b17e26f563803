"""AWS::Glue::Database.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-glue-database.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from local_aws.cloudformation.types.base import (
    Made,
    Property,
    Request,
    found,
    missing_is_fine,
    same,
    table,
)
from local_aws.cloudformation.types.glue import GlueType, checked_input, input_name
from local_aws.cloudformation.types.names import generated_name


class Database(GlueType):
    """Its name is inside `DatabaseInput`, or `DatabaseName`, or generated."""

    type_name = "AWS::Glue::Database"
    operation = "CreateDatabase"
    properties = table(
        {
            "CatalogId": Property(required=True, replaces=True),
            "DatabaseInput": Property(required=True, kind="Any"),
            "DatabaseName": Property(kind="String", replaces=True),
        }
    )

    def check(self, properties: Mapping[str, Any]) -> None:
        checked_input(self, properties, "DatabaseInput")

    def replaced_by(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> set[str]:
        renamed = not same(old["DatabaseInput"].get("Name"), input_name(new, "DatabaseInput"))
        return super().replaced_by(old, new) | ({"DatabaseInput"} if renamed else set())

    def named(self, request: Request) -> Request:
        given = request.properties["DatabaseInput"].get("Name") or request.properties.get("DatabaseName")
        return replace(
            request, name=given or generated_name(request.stack_name, request.logical_id, 255, lower=True)
        )

    def exists(self, request: Request) -> bool:
        return found(request.client("glue").get_database, Name=request.name)

    def create(self, request: Request) -> Made:
        request.client("glue").create_database(**self._params(request))
        return Made(request.physical_id)

    def update(self, request: Request) -> Made:
        request.client("glue").update_database(Name=request.physical_id, **self._params(request))
        return Made(request.physical_id)

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            request.client("glue").delete_database(
                CatalogId=request.params["CatalogId"], Name=request.physical_id
            )

    def _params(self, request: Request) -> dict[str, Any]:
        body = checked_input(self, {**request.properties}, "DatabaseInput", Name=request.physical_id)
        return {**request.params, "DatabaseInput": body}
