"""AWS::LakeFormation::TagAssociation.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lakeformation-tagassociation.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

import json

from local_aws.cloudformation.types.base import (
    REQUIRED_REPLACES,
    Made,
    Property,
    Request,
    ResourceType,
    missing_is_fine,
    table,
)
from local_aws.cloudformation.types.shapes import BadProperty


class TagAssociation(ResourceType):
    """LF-Tags on a database, a table or columns; every change is a replacement."""

    type_name = "AWS::LakeFormation::TagAssociation"
    service, operation = "lakeformation", "AddLFTagsToResource"
    properties = table({"LFTags": Property(required=True, replaces=True), "Resource": REQUIRED_REPLACES})
    attributes = frozenset(("ResourceIdentifier", "TagsIdentifier"))

    def planned_id(self, request: Request) -> str:
        return f"{_text(request.params['Resource'])}|{_text(request.params['LFTags'])}"

    def exists(self, request: Request) -> bool:
        return False

    def create(self, request: Request) -> Made:
        answer = request.client("lakeformation").add_lf_tags_to_resource(**request.params)
        if answer.get("Failures"):
            # The call answers 200 for tags that it refused.
            raise BadProperty(f"Tags were refused: {_text(answer['Failures'])}")
        names = {"ResourceIdentifier": "Resource", "TagsIdentifier": "LFTags"}
        return Made(request.physical_id, {name: _text(request.params[one]) for name, one in names.items()})

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            request.client("lakeformation").remove_lf_tags_from_resource(**request.params)


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
