"""AWS::IAM::Group.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-group.html (2026-11)
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from local_aws.cloudformation.types.base import PLAIN, REPLACES, Made, Property, Request, table
from local_aws.cloudformation.types.iam_principal import IamPrincipal


class Group(IamPrincipal):
    """A group with its policies; who is in it is said by the users."""

    type_name = "AWS::IAM::Group"
    operation, kind = "CreateGroup", "group"
    name_property, name_limit = "GroupName", 128
    properties = table(
        {
            "GroupName": REPLACES,
            "ManagedPolicyArns": Property(kind="List"),
            "Path": PLAIN,
            "Policies": Property(kind="Any"),
        }
    )
    attributes = frozenset(("Arn",))

    def create(self, request: Request) -> Made:
        group = request.client("iam").create_group(**request.params)["Group"]
        self.set_policies(request)
        return Made(group["GroupName"], {"Arn": group["Arn"]})

    def update(self, request: Request) -> Made:
        iam = request.client("iam")
        if request.changed("Path"):
            iam.update_group(GroupName=request.physical_id, NewPath=request.params.get("Path", "/"))
        self.set_policies(request)
        return Made(
            request.physical_id, {"Arn": iam.get_group(GroupName=request.physical_id)["Group"]["Arn"]}
        )

    def delete(self, request: Request) -> None:
        self.drop(request)
