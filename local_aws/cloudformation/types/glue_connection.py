"""AWS::Glue::Connection.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-glue-connection.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from local_aws.cloudformation.types.base import (
    REQUIRED_REPLACES,
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


class Connection(GlueType):
    """Its name is inside `ConnectionInput`."""

    type_name = "AWS::Glue::Connection"
    operation = "CreateConnection"
    properties = table(
        {"CatalogId": REQUIRED_REPLACES, "ConnectionInput": Property(required=True, kind="Any")}
    )

    def check(self, properties: Mapping[str, Any]) -> None:
        checked_input(self, properties, "ConnectionInput")

    def replaced_by(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> set[str]:
        renamed = not same(old["ConnectionInput"].get("Name"), input_name(new, "ConnectionInput"))
        return super().replaced_by(old, new) | ({"ConnectionInput"} if renamed else set())

    def named(self, request: Request) -> Request:
        given = request.properties["ConnectionInput"].get("Name")
        return replace(request, name=given or generated_name(request.stack_name, request.logical_id, 255))

    def exists(self, request: Request) -> bool:
        return found(request.client("glue").get_connection, Name=request.name)

    def create(self, request: Request) -> Made:
        request.client("glue").create_connection(**request.params, ConnectionInput=self._input(request))
        return Made(request.physical_id)

    def update(self, request: Request) -> Made:
        request.client("glue").update_connection(
            **request.params, Name=request.physical_id, ConnectionInput=self._input(request)
        )
        return Made(request.physical_id)

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            request.client("glue").delete_connection(ConnectionName=request.physical_id)

    def _input(self, request: Request) -> Any:
        return checked_input(self, request.properties, "ConnectionInput", Name=request.physical_id)
