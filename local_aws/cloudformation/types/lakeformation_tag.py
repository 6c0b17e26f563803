"""AWS::LakeFormation::Tag.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lakeformation-tag.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from local_aws.cloudformation.types.base import (
    MISSING,
    REPLACES,
    REQUIRED,
    REQUIRED_REPLACES,
    Made,
    Request,
    ResourceType,
    missing_is_fine,
    table,
)


class Tag(ResourceType):
    """An LF-Tag; its values can be changed."""

    type_name = "AWS::LakeFormation::Tag"
    service, operation = "lakeformation", "CreateLFTag"
    name_property = "TagKey"
    properties = table({"CatalogId": REPLACES, "TagKey": REQUIRED_REPLACES, "TagValues": REQUIRED})

    def exists(self, request: Request) -> bool:
        try:
            answer = request.client("lakeformation").get_lf_tag(**_key(request))
        except ClientError as error:
            if error.response["Error"]["Code"] in MISSING:
                return False
            raise
        # moto answers a tag without values for one that is not there; a real one has at least one.
        return bool(answer.get("TagValues"))

    def create(self, request: Request) -> Made:
        request.client("lakeformation").create_lf_tag(**request.params)
        return Made(request.physical_id)

    def update(self, request: Request) -> Made:
        assert request.old is not None
        before, after = request.old.params["TagValues"], request.params["TagValues"]
        added = [value for value in after if value not in before]
        removed = [value for value in before if value not in after]
        changes = {"TagValuesToAdd": added, "TagValuesToDelete": removed}
        wanted = {name: values for name, values in changes.items() if values}
        if wanted:
            request.client("lakeformation").update_lf_tag(**_key(request), **wanted)
        return Made(request.physical_id)

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            request.client("lakeformation").delete_lf_tag(**_key(request))


def _key(request: Request) -> dict[str, Any]:
    return {name: request.params[name] for name in ("CatalogId", "TagKey") if name in request.params}
