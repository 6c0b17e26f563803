"""AWS::IAM::ManagedPolicy.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html
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
from local_aws.cloudformation.types.iam_attachments import KINDS, for_each, members


class ManagedPolicy(ResourceType):
    """Its physical id is its ARN; a change of the document is a new default version."""

    type_name = "AWS::IAM::ManagedPolicy"
    service, operation = "iam", "CreatePolicy"
    name_property, name_limit = "ManagedPolicyName", 128
    properties = table(
        {
            "Description": REPLACES,
            "ManagedPolicyName": Property(replaces=True, param="PolicyName"),
            "Path": REPLACES,
            "PolicyDocument": Property(required=True, kind="Json"),
            **dict.fromkeys(KINDS, Property(kind="List")),
        }
    )
    attributes = frozenset(("PolicyArn",))

    def planned_id(self, request: Request) -> str:
        path = request.params.get("Path", "/")
        return f"arn:aws:iam::{request.account_id}:policy{path}{request.name}"

    def exists(self, request: Request) -> bool:
        return found(request.client("iam").get_policy, PolicyArn=self.planned_id(request))

    def create(self, request: Request) -> Made:
        iam = request.client("iam")
        arn = iam.create_policy(**request.params)["Policy"]["Arn"]
        for_each(iam, "attach", members(request.properties), PolicyArn=arn)
        return Made(arn, {"PolicyArn": arn})

    def update(self, request: Request) -> Made:
        assert request.old is not None
        iam, arn = request.client("iam"), request.physical_id
        if request.changed("PolicyDocument"):
            self._drop_versions(request)
            iam.create_policy_version(
                PolicyArn=arn, PolicyDocument=request.params["PolicyDocument"], SetAsDefault=True
            )
        before, after = members(request.old.properties), members(request.properties)
        for_each(iam, "attach", after - before, PolicyArn=arn)
        for_each(iam, "detach", before - after, forgiving=True, PolicyArn=arn)
        return Made(arn, {"PolicyArn": arn})

    def delete(self, request: Request) -> None:
        iam, arn = request.client("iam"), request.physical_id
        for_each(iam, "detach", members(request.properties), forgiving=True, PolicyArn=arn)
        with missing_is_fine():
            self._drop_versions(request)
            iam.delete_policy(PolicyArn=arn)

    def _drop_versions(self, request: Request) -> None:
        """Only five versions may be kept, and a policy with old ones cannot be deleted."""
        iam, arn = request.client("iam"), request.physical_id
        for version in iam.list_policy_versions(PolicyArn=arn)["Versions"]:
            if not version["IsDefaultVersion"]:
                iam.delete_policy_version(PolicyArn=arn, VersionId=version["VersionId"])
