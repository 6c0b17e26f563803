"""AWS::Athena::DataCatalog.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-athena-datacatalog.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from local_aws.cloudformation.types.athena import is_there, set_tags
from local_aws.cloudformation.types.base import (
    PLAIN,
    REQUIRED,
    REQUIRED_REPLACES,
    Made,
    Request,
    ResourceType,
    table,
)


class DataCatalog(ResourceType):
    """A data source of Athena."""

    type_name = "AWS::Athena::DataCatalog"
    service, operation = "athena", "CreateDataCatalog"
    name_property, tags_form = "Name", "list"
    properties = table(
        {"Description": PLAIN, "Name": REQUIRED_REPLACES, "Parameters": PLAIN, "Type": REQUIRED}
    )

    def exists(self, request: Request) -> bool:
        return is_there(request.client("athena").get_data_catalog, Name=request.name or request.physical_id)

    def create(self, request: Request) -> Made:
        request.client("athena").create_data_catalog(**request.params)
        return Made(request.physical_id)

    def update(self, request: Request) -> Made:
        wanted = {name: request.params[name] for name in self.properties if name in request.params}
        request.client("athena").update_data_catalog(**{"Description": "", "Parameters": {}, **wanted})
        set_tags(request, f"datacatalog/{request.physical_id}")
        return Made(request.physical_id)

    def delete(self, request: Request) -> None:
        if self.exists(request):
            request.client("athena").delete_data_catalog(Name=request.physical_id)
