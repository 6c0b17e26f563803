"""AWS::IAM::User.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-user.html (2026-11)
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from local_aws.cloudformation.types.base import (
    PLAIN,
    REPLACES,
    Made,
    Property,
    Request,
    missing_is_fine,
    table,
)
from local_aws.cloudformation.types.iam_principal import IamPrincipal


class User(IamPrincipal):
    """A user and the groups it is in."""

    type_name = "AWS::IAM::User"
    operation, kind = "CreateUser", "user"
    name_property, tags_form = "UserName", "list"
    properties = table(
        {
            "Groups": Property(kind="List"),
            "ManagedPolicyArns": Property(kind="List"),
            "Path": PLAIN,
            "PermissionsBoundary": PLAIN,
            "Policies": Property(kind="Any"),
            "UserName": REPLACES,
        }
    )
    attributes = frozenset(("Arn",))

    def create(self, request: Request) -> Made:
        user = request.client("iam").create_user(**request.params)["User"]
        self.set_policies(request)
        self._set_groups(request)
        return Made(user["UserName"], {"Arn": user["Arn"]})

    def update(self, request: Request) -> Made:
        iam = request.client("iam")
        if request.changed("Path"):
            iam.update_user(UserName=request.physical_id, NewPath=request.params.get("Path", "/"))
        self.set_policies(request)
        self._set_groups(request)
        self.set_tags_and_boundary(request)
        return Made(request.physical_id, {"Arn": iam.get_user(UserName=request.physical_id)["User"]["Arn"]})

    def delete(self, request: Request) -> None:
        for group in request.properties.get("Groups", []):
            with missing_is_fine():
                request.client("iam").remove_user_from_group(GroupName=group, UserName=request.physical_id)
        self.drop(request)

    def _set_groups(self, request: Request) -> None:
        old = request.old.properties.get("Groups", []) if request.old else []
        new = request.properties.get("Groups", [])
        for group in old:
            if group not in new:
                request.client("iam").remove_user_from_group(GroupName=group, UserName=request.physical_id)
        for group in new:
            if group not in old:
                request.client("iam").add_user_to_group(GroupName=group, UserName=request.physical_id)
