"""AWS::Athena::WorkGroup.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-athena-workgroup.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from typing import Any

from local_aws.cloudformation.types.athena import is_there, set_tags
from local_aws.cloudformation.types.base import (
    PLAIN,
    REQUIRED_REPLACES,
    Made,
    Property,
    Request,
    ResourceType,
    table,
)

# What UpdateWorkGroup calls the parts of a configuration that CreateWorkGroup calls otherwise, and how it
# empties them.
_RESULT = "ResultConfiguration"
_REMOVE_RESULT = {
    "OutputLocation": "RemoveOutputLocation",
    "EncryptionConfiguration": "RemoveEncryptionConfiguration",
}


class WorkGroup(ResourceType):
    """A workgroup with its configuration."""

    type_name = "AWS::Athena::WorkGroup"
    service, operation = "athena", "CreateWorkGroup"
    name_property, tags_form = "Name", "list"
    properties = table(
        {
            "Description": PLAIN,
            "Name": REQUIRED_REPLACES,
            "RecursiveDeleteOption": Property(kind="Boolean"),
            "State": Property(kind="String"),
            "WorkGroupConfiguration": Property(param="Configuration"),
        }
    )

    def exists(self, request: Request) -> bool:
        return is_there(
            request.client("athena").get_work_group, WorkGroup=request.name or request.physical_id
        )

    def create(self, request: Request) -> Made:
        athena = request.client("athena")
        athena.create_work_group(**request.params)
        if request.properties.get("State") == "DISABLED":
            athena.update_work_group(WorkGroup=request.physical_id, State="DISABLED")
        return Made(request.physical_id)

    def update(self, request: Request) -> Made:
        assert request.old is not None
        request.client("athena").update_work_group(
            WorkGroup=request.physical_id,
            Description=request.params.get("Description", ""),
            State=request.properties.get("State", "ENABLED"),
            ConfigurationUpdates=configuration_updates(
                request.old.params.get("Configuration", {}), request.params.get("Configuration", {})
            ),
        )
        set_tags(request, f"workgroup/{request.physical_id}")
        return Made(request.physical_id)

    def delete(self, request: Request) -> None:
        recursive = str(request.properties.get("RecursiveDeleteOption", False)).lower() == "true"
        if self.exists(request):
            request.client("athena").delete_work_group(
                WorkGroup=request.physical_id, RecursiveDeleteOption=recursive
            )


def configuration_updates(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """What turns one configuration into another, in UpdateWorkGroup's words."""
    updates = {name: value for name, value in new.items() if name != _RESULT}
    if "BytesScannedCutoffPerQuery" in old and "BytesScannedCutoffPerQuery" not in new:
        updates["RemoveBytesScannedCutoffPerQuery"] = True
    before, after = old.get(_RESULT, {}), new.get(_RESULT, {})
    results = {
        **after,
        **{remove: True for name, remove in _REMOVE_RESULT.items() if name in before and name not in after},
    }
    if results:
        updates["ResultConfigurationUpdates"] = results
    return updates
