"""AWS::IAM::Role.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html (2026-11)
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from local_aws.cloudformation.types.base import PLAIN, REPLACES, Made, Property, Request, table
from local_aws.cloudformation.types.iam_principal import IamPrincipal


class Role(IamPrincipal):
    """A role with its trust policy, inline policies and attached policies."""

    type_name = "AWS::IAM::Role"
    operation, kind = "CreateRole", "role"
    name_property, tags_form = "RoleName", "list"
    properties = table(
        {
            "AssumeRolePolicyDocument": Property(required=True, kind="Json"),
            "Description": PLAIN,
            "ManagedPolicyArns": Property(kind="List"),
            "MaxSessionDuration": PLAIN,
            "Path": REPLACES,
            "PermissionsBoundary": PLAIN,
            "Policies": Property(kind="Any"),
            "RoleName": REPLACES,
        }
    )
    attributes = frozenset(("Arn", "RoleId"))

    def create(self, request: Request) -> Made:
        role = request.client("iam").create_role(**request.params)["Role"]
        self.set_policies(request)
        return Made(role["RoleName"], {"Arn": role["Arn"], "RoleId": role["RoleId"]})

    def update(self, request: Request) -> Made:
        if request.changed("AssumeRolePolicyDocument"):
            request.client("iam").update_assume_role_policy(
                RoleName=request.physical_id, PolicyDocument=request.params["AssumeRolePolicyDocument"]
            )
        if request.changed("Description", "MaxSessionDuration"):
            self.call(
                request,
                "update",
                Description=request.params.get("Description", ""),
                MaxSessionDuration=request.params.get("MaxSessionDuration", 3600),
            )
        self.set_policies(request)
        self.set_tags_and_boundary(request)
        return Made(request.physical_id, request.attributes)

    def delete(self, request: Request) -> None:
        self.drop(request)
