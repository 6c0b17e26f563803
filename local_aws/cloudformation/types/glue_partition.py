"""AWS::Glue::Partition.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-glue-partition.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.cloudformation.types.base import (
    REQUIRED,
    REQUIRED_REPLACES,
    Made,
    Request,
    found,
    missing_is_fine,
    same,
    table,
)
from local_aws.cloudformation.types.glue import GlueType


class Partition(GlueType):
    """A partition; its values are its identity."""

    type_name = "AWS::Glue::Partition"
    operation = "CreatePartition"
    properties = table(
        {
            "CatalogId": REQUIRED_REPLACES,
            "DatabaseName": REQUIRED_REPLACES,
            "PartitionInput": REQUIRED,
            "TableName": REQUIRED_REPLACES,
        }
    )

    def replaced_by(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> set[str]:
        wanted = new["PartitionInput"]
        values = wanted.get("Values") if isinstance(wanted, dict) else wanted
        moved = not same(old["PartitionInput"].get("Values"), values)
        return super().replaced_by(old, new) | ({"PartitionInput"} if moved else set())

    def planned_id(self, request: Request) -> str:
        values = request.params["PartitionInput"]["Values"]
        return "|".join(
            (
                request.params["CatalogId"],
                request.params["DatabaseName"],
                request.params["TableName"],
                *values,
            )
        )

    def exists(self, request: Request) -> bool:
        return found(request.client("glue").get_partition, **self._key(request, "PartitionValues"))

    def create(self, request: Request) -> Made:
        request.client("glue").create_partition(**request.params)
        return Made(request.physical_id)

    def update(self, request: Request) -> Made:
        body = request.params["PartitionInput"]
        request.client("glue").update_partition(
            **self._key(request, "PartitionValueList"), PartitionInput=body
        )
        return Made(request.physical_id)

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            request.client("glue").delete_partition(**self._key(request, "PartitionValues"))

    def _key(self, request: Request, values: str) -> dict[str, Any]:
        names = ("CatalogId", "DatabaseName", "TableName")
        return {
            **{name: request.params[name] for name in names},
            values: request.params["PartitionInput"]["Values"],
        }
