"""What roles, users and groups have in common: inline policies, attached policies, tags, a boundary.

IAM names its calls after the kind (`put_role_policy`, `put_user_policy`), so the kind is a parameter.
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from local_aws.cloudformation.types.base import MISSING, Request, ResourceType, found
from local_aws.cloudformation.types.shapes import BadProperty, document
from local_aws.cloudformation.types.tagging import pairs, retag


class IamPrincipal(ResourceType):
    """A role, a user or a group; `kind` is the word in the names of its calls."""

    service = "iam"
    name_limit = 64
    kind: str
    has_boundary = True

    def check(self, properties: Mapping[str, Any]) -> None:
        policies = properties.get("Policies", [])
        for policy in policies if isinstance(policies, list) else ():
            if not isinstance(policy, dict):
                raise BadProperty("Value of property Policies must be a list of objects")
            for name in ("PolicyName", "PolicyDocument"):
                if name not in policy:
                    raise BadProperty(f"Property {name} cannot be empty.")
            for name in set(policy) - {"PolicyName", "PolicyDocument"}:
                raise BadProperty(f"Encountered unsupported property {name}")
            document(policy["PolicyDocument"], "PolicyDocument")

    def call(self, request: Request, verb: str, what: str = "", **params: Any) -> Any:
        """`<verb>_<kind><what>` for this principal, for example `put_role_policy`."""
        name = {f"{self.kind.capitalize()}Name": request.physical_id or request.name}
        return getattr(request.client("iam"), f"{verb}_{self.kind}{what}")(**name, **params)

    def exists(self, request: Request) -> bool:
        return found(lambda: self.call(request, "get"))

    def set_policies(self, request: Request) -> None:
        """Bring inline and attached policies from those of `request.old` (or none) to the wanted ones."""
        old = request.old.properties if request.old else {}
        before, after = inline_policies(old), inline_policies(request.properties)
        for name in before.keys() - after.keys():
            self._forgiving(request, "delete", "_policy", PolicyName=name)
        for name, text in after.items():
            if before.get(name) != text:
                self.call(request, "put", "_policy", PolicyName=name, PolicyDocument=text)
        attached, wanted = old.get("ManagedPolicyArns", []), request.properties.get("ManagedPolicyArns", [])
        for arn in attached:
            if arn not in wanted:
                self._forgiving(request, "detach", "_policy", PolicyArn=arn)
        for arn in wanted:
            if arn not in attached:
                self.call(request, "attach", "_policy", PolicyArn=arn)

    def set_tags_and_boundary(self, request: Request) -> None:
        """Bring tags and permissions boundary from the old ones to the wanted ones."""
        assert request.old is not None
        retag(
            request.old.tags,
            request.tags,
            lambda tags: self.call(request, "tag", Tags=pairs(tags)),
            lambda keys: self.call(request, "untag", TagKeys=keys),
        )
        if request.changed("PermissionsBoundary"):
            boundary = request.properties.get("PermissionsBoundary")
            if boundary is None:
                self.call(request, "delete", "_permissions_boundary")
            else:
                self.call(request, "put", "_permissions_boundary", PermissionsBoundary=boundary)

    def drop(self, request: Request) -> None:
        """Take away what the stack has attached, then delete."""
        for name in inline_policies(request.properties):
            self._forgiving(request, "delete", "_policy", PolicyName=name)
        for arn in request.properties.get("ManagedPolicyArns", []):
            self._forgiving(request, "detach", "_policy", PolicyArn=arn)
        self._forgiving(request, "delete")

    def _forgiving(self, request: Request, verb: str, what: str = "", **params: Any) -> None:
        try:
            self.call(request, verb, what, **params)
        except ClientError as error:
            if error.response["Error"]["Code"] not in MISSING:
                raise


def inline_policies(properties: Mapping[str, Any]) -> dict[str, str]:
    """The property `Policies` as documents by name."""
    return {
        policy["PolicyName"]: json.dumps(policy["PolicyDocument"], ensure_ascii=False)
        for policy in properties.get("Policies", [])
    }
