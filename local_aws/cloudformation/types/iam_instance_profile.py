"""AWS::IAM::InstanceProfile.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-instanceprofile.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from local_aws.cloudformation.types.base import (
    REPLACES,
    Made,
    Property,
    Request,
    ResourceType,
    found,
    missing_is_fine,
    table,
)


class InstanceProfile(ResourceType):
    """A profile and its one role."""

    type_name = "AWS::IAM::InstanceProfile"
    service, operation = "iam", "CreateInstanceProfile"
    name_property, name_limit = "InstanceProfileName", 128
    properties = table(
        {
            "InstanceProfileName": REPLACES,
            "Path": REPLACES,
            "Roles": Property(required=True, kind="List"),
        }
    )
    attributes = frozenset(("Arn",))

    def exists(self, request: Request) -> bool:
        return found(request.client("iam").get_instance_profile, InstanceProfileName=request.name)

    def create(self, request: Request) -> Made:
        profile = request.client("iam").create_instance_profile(**request.params)["InstanceProfile"]
        self._roles(request, "add_role_to", request.properties["Roles"])
        return Made(request.physical_id, {"Arn": profile["Arn"]})

    def update(self, request: Request) -> Made:
        assert request.old is not None
        self._roles(request, "remove_role_from", request.old.properties["Roles"])
        self._roles(request, "add_role_to", request.properties["Roles"])
        return Made(request.physical_id, request.attributes)

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            self._roles(request, "remove_role_from", request.properties["Roles"])
        with missing_is_fine():
            request.client("iam").delete_instance_profile(InstanceProfileName=request.physical_id)

    def _roles(self, request: Request, verb: str, roles: list[str]) -> None:
        for role in roles:
            call = getattr(request.client("iam"), f"{verb}_instance_profile")
            call(InstanceProfileName=request.physical_id, RoleName=role)
