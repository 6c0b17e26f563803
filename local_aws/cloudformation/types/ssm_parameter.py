"""AWS::SSM::Parameter.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from local_aws.cloudformation.types.base import (
    PLAIN,
    REPLACES,
    REQUIRED,
    Made,
    Request,
    ResourceType,
    found,
    missing_is_fine,
    table,
)
from local_aws.cloudformation.types.shapes import BadProperty
from local_aws.cloudformation.types.tagging import pairs, retag


class Parameter(ResourceType):
    """A parameter of Parameter Store; CloudFormation makes no SecureString."""

    type_name = "AWS::SSM::Parameter"
    service, operation = "ssm", "PutParameter"
    name_property, tags_form = "Name", "map"
    properties = table(
        {
            "AllowedPattern": PLAIN,
            "DataType": PLAIN,
            "Description": PLAIN,
            "Name": REPLACES,
            "Policies": PLAIN,
            "Tier": PLAIN,
            "Type": REQUIRED,
            "Value": REQUIRED,
        }
    )
    attributes = frozenset(("Type", "Value"))

    def exists(self, request: Request) -> bool:
        return found(request.client("ssm").get_parameter, Name=request.name)

    def create(self, request: Request) -> Made:
        if request.params["Type"] not in ("String", "StringList"):
            raise BadProperty("Value of property Type must be one of [String, StringList]")
        request.client("ssm").put_parameter(**request.params)
        return _made(request)

    def update(self, request: Request) -> Made:
        assert request.old is not None
        ssm, name = request.client("ssm"), request.physical_id
        params = {key: value for key, value in request.params.items() if key != "Tags"}
        ssm.put_parameter(**{"Description": "", **params, "Name": name}, Overwrite=True)
        resource = {"ResourceType": "Parameter", "ResourceId": name}
        retag(
            request.old.tags,
            request.tags,
            lambda tags: ssm.add_tags_to_resource(**resource, Tags=pairs(tags)),
            lambda keys: ssm.remove_tags_from_resource(**resource, TagKeys=keys),
        )
        return _made(request)

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            request.client("ssm").delete_parameter(Name=request.physical_id)


def _made(request: Request) -> Made:
    return Made(request.physical_id, {name: request.params[name] for name in ("Type", "Value")})
