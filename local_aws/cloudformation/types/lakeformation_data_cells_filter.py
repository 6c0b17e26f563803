"""AWS::LakeFormation::DataCellsFilter.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lakeformation-datacellsfilter.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from typing import Any

from local_aws.cloudformation.types.base import (
    Made,
    Property,
    Request,
    ResourceType,
    found,
    missing_is_fine,
    table,
)
from local_aws.cloudformation.types.shapes import input_member, to_api

_KEY = ("TableCatalogId", "DatabaseName", "TableName", "Name")
_CELLS = ("RowFilter", "ColumnNames", "ColumnWildcard")


class DataCellsFilter(ResourceType):
    """Rows and columns of a table; every change is a replacement."""

    type_name = "AWS::LakeFormation::DataCellsFilter"
    service, operation = "lakeformation", "CreateDataCellsFilter"
    properties = table(
        {
            **dict.fromkeys(_KEY, Property(required=True, replaces=True, kind="String")),
            **dict.fromkeys(_CELLS, Property(replaces=True, kind="Any")),
        }
    )

    def check(self, properties: Any) -> None:
        to_api(dict(properties), input_member(self.service, self.operation, "TableData"), "TableData")

    def planned_id(self, request: Request) -> str:
        return "|".join(str(request.properties[name]) for name in _KEY)

    def exists(self, request: Request) -> bool:
        return found(request.client("lakeformation").get_data_cells_filter, **_key(request))

    def create(self, request: Request) -> Made:
        shape = input_member(self.service, self.operation, "TableData")
        table_data = to_api(dict(request.properties), shape, "TableData")
        request.client("lakeformation").create_data_cells_filter(TableData=table_data)
        return Made(request.physical_id)

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            request.client("lakeformation").delete_data_cells_filter(**_key(request))


def _key(request: Request) -> dict[str, Any]:
    return {name: request.properties[name] for name in _KEY}
