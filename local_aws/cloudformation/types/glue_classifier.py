"""AWS::Glue::Classifier.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-glue-classifier.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from local_aws.cloudformation.template.evaluate import UNKNOWN
from local_aws.cloudformation.types.base import Made, Property, Request, found, missing_is_fine, same, table
from local_aws.cloudformation.types.glue import GlueType
from local_aws.cloudformation.types.names import generated_name
from local_aws.cloudformation.types.shapes import BadProperty, input_member, to_api

# The property, and the parameter of CreateClassifier and UpdateClassifier.
_FORMS = ("CsvClassifier", "GrokClassifier", "JsonClassifier", "XMLClassifier")


class Classifier(GlueType):
    """Exactly one of four forms, with the name inside it."""

    type_name = "AWS::Glue::Classifier"
    operation = "CreateClassifier"
    properties = table(dict.fromkeys(_FORMS, Property(kind="Any")))

    def check(self, properties: Mapping[str, Any]) -> None:
        if len(properties) != 1:
            raise BadProperty(f"Exactly one of [{', '.join(_FORMS)}] must be given.")
        _body(properties, "any")

    def replaced_by(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> set[str]:
        [(old_form, before)], [(form, after)] = old.items(), new.items()
        name = after.get("Name") if isinstance(after, dict) else after
        return set() if old_form == form and same(before.get("Name"), name) else {form}

    def named(self, request: Request) -> Request:
        [body] = request.properties.values()
        return replace(
            request, name=body.get("Name") or generated_name(request.stack_name, request.logical_id, 255)
        )

    def exists(self, request: Request) -> bool:
        return found(request.client("glue").get_classifier, Name=request.name)

    def create(self, request: Request) -> Made:
        request.client("glue").create_classifier(**_body(request.properties, request.physical_id))
        return Made(request.physical_id)

    def update(self, request: Request) -> Made:
        request.client("glue").update_classifier(**_body(request.properties, request.physical_id))
        return Made(request.physical_id)

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            request.client("glue").delete_classifier(Name=request.physical_id)


def _body(properties: Mapping[str, Any], name: str) -> dict[str, Any]:
    [(form, value)] = properties.items()
    if value is UNKNOWN:
        return {}
    if not isinstance(value, dict):
        raise BadProperty(f"Value of property {form} must be an object")
    renamed = {
        ("CustomDatatypes" if key == "ContainsCustomDatatype" else key): item for key, item in value.items()
    }
    return {form: to_api({**renamed, "Name": name}, input_member("glue", "CreateClassifier", form), form)}
