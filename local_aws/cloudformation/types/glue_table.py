"""AWS::Glue::Table.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-glue-table.html (2026-11)
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


class Table(GlueType):
    """Its physical id is its name."""

    type_name = "AWS::Glue::Table"
    operation = "CreateTable"
    properties = table(
        {
            "CatalogId": REQUIRED_REPLACES,
            "DatabaseName": REQUIRED_REPLACES,
            "OpenTableFormatInput": Property(replaces=True),
            "TableInput": Property(required=True, kind="Any"),
        }
    )

    def check(self, properties: Mapping[str, Any]) -> None:
        checked_input(self, properties, "TableInput")

    def replaced_by(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> set[str]:
        renamed = not same(old["TableInput"].get("Name"), input_name(new, "TableInput"))
        return super().replaced_by(old, new) | ({"TableInput"} if renamed else set())

    def named(self, request: Request) -> Request:
        given = request.properties["TableInput"].get("Name")
        return replace(
            request, name=given or generated_name(request.stack_name, request.logical_id, 255, lower=True)
        )

    def exists(self, request: Request) -> bool:
        return found(request.client("glue").get_table, Name=request.name, **self._database(request))

    def create(self, request: Request) -> Made:
        request.client("glue").create_table(**{**request.params, "TableInput": self._input(request)})
        return Made(request.physical_id)

    def update(self, request: Request) -> Made:
        request.client("glue").update_table(TableInput=self._input(request), **self._database(request))
        return Made(request.physical_id)

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            request.client("glue").delete_table(Name=request.physical_id, **self._database(request))

    def _input(self, request: Request) -> Any:
        return checked_input(self, request.properties, "TableInput", Name=request.physical_id)

    def _database(self, request: Request) -> dict[str, Any]:
        return {name: request.params[name] for name in ("CatalogId", "DatabaseName")}
