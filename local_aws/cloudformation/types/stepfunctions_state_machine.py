"""AWS::StepFunctions::StateMachine.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from local_aws.cloudformation.template.evaluate import UNKNOWN
from local_aws.cloudformation.template.functions import text_of
from local_aws.cloudformation.types.base import (
    Made,
    Property,
    Request,
    ResourceType,
    found,
    missing_is_fine,
    table,
)
from local_aws.cloudformation.types.shapes import BadProperty
from local_aws.cloudformation.types.tagging import pairs, retag

_DEFINITIONS = ("Definition", "DefinitionString", "DefinitionS3Location")


class StateMachine(ResourceType):
    """Its physical id is its ARN. The definition is text, an object or an S3 object, and `${name}` in it is
    substituted.
    """

    type_name = "AWS::StepFunctions::StateMachine"
    service, operation = "stepfunctions", "CreateStateMachine"
    name_property, name_limit = "StateMachineName", 80
    tags_form, tags_param = "list", "tags"
    properties = table(
        {
            "Definition": Property(kind="Any"),
            "DefinitionS3Location": Property(kind="Any"),
            "DefinitionString": Property(kind="String"),
            "DefinitionSubstitutions": Property(kind="Any"),
            "EncryptionConfiguration": Property(param="encryptionConfiguration"),
            "LoggingConfiguration": Property(param="loggingConfiguration"),
            "RoleArn": Property(required=True, param="roleArn"),
            "StateMachineName": Property(replaces=True, param="name"),
            "StateMachineType": Property(replaces=True, param="type"),
            "TracingConfiguration": Property(param="tracingConfiguration"),
        }
    )
    attributes = frozenset(("Arn", "Name", "StateMachineRevisionId"))

    def check(self, properties: Mapping[str, Any]) -> None:
        if sum(name in properties for name in _DEFINITIONS) != 1:
            raise BadProperty(f"Exactly one of [{', '.join(_DEFINITIONS)}] must be given.")
        location = properties.get("DefinitionS3Location", {})
        if location is not UNKNOWN and (
            not isinstance(location, dict) or set(location) - {"Bucket", "Key", "Version"}
        ):
            raise BadProperty(
                "Value of property DefinitionS3Location must be an object of Bucket, Key and Version"
            )

    def planned_id(self, request: Request) -> str:
        return request.arn("states", f"stateMachine:{request.name}")

    def exists(self, request: Request) -> bool:
        return found(
            request.client("stepfunctions").describe_state_machine, stateMachineArn=self.planned_id(request)
        )

    def create(self, request: Request) -> Made:
        states = request.client("stepfunctions")
        arn = states.create_state_machine(**request.params, definition=definition(request))["stateMachineArn"]
        return self._made(request, arn)

    def update(self, request: Request) -> Made:
        assert request.old is not None
        states, arn = request.client("stepfunctions"), request.physical_id
        names = ("roleArn", "loggingConfiguration", "tracingConfiguration", "encryptionConfiguration")
        emptied = {"loggingConfiguration": {"level": "OFF"}, "tracingConfiguration": {"enabled": False}}
        reset = {name: value for name, value in emptied.items() if name in request.old.params}
        wanted = {name: request.params[name] for name in names if name in request.params}
        states.update_state_machine(
            stateMachineArn=arn, definition=definition(request), **{**reset, **wanted}
        )
        retag(
            request.old.tags,
            request.tags,
            lambda tags: states.tag_resource(resourceArn=arn, tags=pairs(tags, "key", "value")),
            lambda keys: states.untag_resource(resourceArn=arn, tagKeys=keys),
        )
        return self._made(request, arn)

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            request.client("stepfunctions").delete_state_machine(stateMachineArn=request.physical_id)

    def _made(self, request: Request, arn: str) -> Made:
        described = request.client("stepfunctions").describe_state_machine(stateMachineArn=arn)
        attributes = {
            "Arn": arn,
            "Name": described["name"],
            "StateMachineRevisionId": described.get("revisionId", "INITIAL"),
        }
        return Made(arn, attributes)


def definition(request: Request) -> str:
    """The Amazon States Language text, substituted."""
    properties = request.properties
    if "DefinitionS3Location" in properties:
        place = properties["DefinitionS3Location"]
        version = {"VersionId": place["Version"]} if place.get("Version") else {}
        text = (
            request.client("s3")
            .get_object(Bucket=place["Bucket"], Key=place["Key"], **version)["Body"]
            .read()
            .decode()
        )
    elif "Definition" in properties:
        text = json.dumps(properties["Definition"], ensure_ascii=False)
    else:
        text = str(properties["DefinitionString"])
    return substituted(text, properties.get("DefinitionSubstitutions", {}))


def substituted(text: str, values: Mapping[str, Any]) -> str:
    """`text` with `${key}` replaced for each of the keys; other `${…}` stay."""
    if not values:
        return text
    names = "|".join(re.escape(name) for name in values)
    return re.sub(r"\$\{(" + names + r")\}", lambda place: text_of(values[place[1]]), text)
