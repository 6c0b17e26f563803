"""AWS::SecretsManager::Secret.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from local_aws.cloudformation.types.base import (
    PLAIN,
    REPLACES,
    Made,
    Property,
    Request,
    ResourceType,
    found,
    missing_is_fine,
    table,
)
from local_aws.cloudformation.types.shapes import BadProperty, document, input_shape, to_api
from local_aws.cloudformation.types.tagging import pairs, retag

_TEMPLATE = ("SecretStringTemplate", "GenerateStringKey")


class Secret(ResourceType):
    """A secret, given or generated; its physical id is its ARN, which the service completes."""

    type_name = "AWS::SecretsManager::Secret"
    service, operation = "secretsmanager", "CreateSecret"
    name_property, tags_form = "Name", "list"
    properties = table(
        {
            "Description": PLAIN,
            "GenerateSecretString": Property(kind="Any"),
            "KmsKeyId": PLAIN,
            "Name": REPLACES,
            "SecretString": PLAIN,
        }
    )
    attributes = frozenset(("Id",))

    def check(self, properties: Mapping[str, Any]) -> None:
        if "SecretString" in properties and "GenerateSecretString" in properties:
            raise BadProperty("You can't specify both SecretString and GenerateSecretString.")
        _password_params(properties)
        wanted = properties.get("GenerateSecretString")
        if isinstance(wanted, dict) and any(name in wanted for name in _TEMPLATE):
            if not all(name in wanted for name in _TEMPLATE):
                raise BadProperty("SecretStringTemplate and GenerateStringKey must be given together.")
            document(wanted[_TEMPLATE[0]], _TEMPLATE[0])

    def planned_id(self, request: Request) -> None:
        return None

    def exists(self, request: Request) -> bool:
        return found(request.client("secretsmanager").describe_secret, SecretId=request.name)

    def create(self, request: Request) -> Made:
        secret = request.client("secretsmanager").create_secret(**request.params, **_generated(request))
        return Made(secret["ARN"], {"Id": secret["ARN"]})

    def update(self, request: Request) -> Made:
        assert request.old is not None
        service, arn = request.client("secretsmanager"), request.physical_id
        generated = _generated(request) if request.changed("GenerateSecretString") else {}
        wanted = {
            name: request.params[name] for name in ("KmsKeyId", "SecretString") if name in request.params
        }
        description = request.params.get("Description", "")
        service.update_secret(SecretId=arn, Description=description, **wanted, **generated)
        retag(
            request.old.tags,
            request.tags,
            lambda tags: service.tag_resource(SecretId=arn, Tags=pairs(tags)),
            lambda keys: service.untag_resource(SecretId=arn, TagKeys=keys),
        )
        return Made(arn, {"Id": arn})

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            request.client("secretsmanager").delete_secret(
                SecretId=request.physical_id, ForceDeleteWithoutRecovery=True
            )


def _password_params(properties: Mapping[str, Any]) -> Any:
    value = properties.get("GenerateSecretString", {})
    if isinstance(value, dict):
        value = {name: item for name, item in value.items() if name not in _TEMPLATE}
    shape = input_shape("secretsmanager", "GetRandomPassword")
    return to_api(value, shape, "GenerateSecretString")


def _generated(request: Request) -> dict[str, str]:
    """A random password, alone or put into the given JSON under the given key."""
    if "GenerateSecretString" not in request.properties:
        return {}
    wanted = request.properties["GenerateSecretString"]
    service = request.client("secretsmanager")
    password = service.get_random_password(**_password_params(request.properties))["RandomPassword"]
    template, key = (wanted.get(name) for name in _TEMPLATE)
    if template is None:
        return {"SecretString": password}
    return {"SecretString": json.dumps({**json.loads(template), key: password})}
