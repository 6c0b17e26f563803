"""ValidateTemplate, GetTemplate and GetTemplateSummary."""

from __future__ import annotations

import json
from typing import Any

from local_aws.caller import Caller
from local_aws.cloudformation.api.answers import present
from local_aws.cloudformation.api.change_sets import find_change_set
from local_aws.cloudformation.api.goal import (
    capabilities_needed,
    capabilities_reason,
    checked_template,
    template_text,
)
from local_aws.cloudformation.engine.context import Context
from local_aws.cloudformation.engine.records import Goal
from local_aws.cloudformation.template.errors import invalid
from local_aws.cloudformation.template.model import Template
from local_aws.cloudformation.template.parameters import Parameter


class Templates:
    """The operations about templates alone."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def validate_template(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """What the template declares, when nothing is wrong with it."""
        template = checked_template(self._context, template_text(self._context, request))
        return {
            "Parameters": [
                present(
                    ParameterKey=one.name,
                    DefaultValue=one.default,
                    NoEcho=one.no_echo,
                    Description=one.description,
                )
                for one in template.parameters.values()
            ],
            **present(Description=template.description),
            **_capabilities(template),
        }

    def get_template(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """The text as it was given; without transforms the processed stage is the same."""
        if request.get("ChangeSetName"):
            change_set = find_change_set(self._context, request["ChangeSetName"], request.get("StackName"))
            text = Goal.from_json(change_set.goal).template
        else:
            if not request.get("StackName"):
                raise invalid("Either StackName or ChangeSetName must be specified.")
            stack = self._context.store.find(request["StackName"])
            if stack is None:
                raise invalid(f"Stack with id {request['StackName']} does not exist")
            text = stack.wanted.template
        return {"TemplateBody": text, "StagesAvailable": ["Original", "Processed"]}

    def get_template_summary(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """What a template, or that of a stack, consists of."""
        if request.get("StackSetName"):
            raise invalid("Laguna does not support stack sets.")
        if request.get("StackName"):
            text = self.get_template({"StackName": request["StackName"]}, caller)["TemplateBody"]
        else:
            text = template_text(self._context, request)
        template = checked_template(self._context, text)
        return {
            "Parameters": [_declaration(one) for one in template.parameters.values()],
            "ResourceTypes": list(dict.fromkeys(one.type for one in template.resources.values())),
            "Version": "2010-09-09",
            **present(
                Description=template.description,
                Metadata=json.dumps(template.metadata) if template.metadata is not None else None,
            ),
            **_capabilities(template),
        }


def _capabilities(template: Template) -> dict[str, Any]:
    needed = capabilities_needed(template)
    return {"Capabilities": needed, "CapabilitiesReason": capabilities_reason(template)} if needed else {}


def _declaration(parameter: Parameter) -> dict[str, Any]:
    return present(
        ParameterKey=parameter.name,
        DefaultValue=parameter.default,
        ParameterType=parameter.type,
        NoEcho=parameter.no_echo,
        Description=parameter.description,
        ParameterConstraints=present(AllowedValues=parameter.allowed_values),
    )
