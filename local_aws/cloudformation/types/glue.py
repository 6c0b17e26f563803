"""What Glue's resource types share: names are ids, and tags are set by ARN."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.cloudformation.template.evaluate import UNKNOWN
from local_aws.cloudformation.types.base import Request, ResourceType
from local_aws.cloudformation.types.shapes import BadProperty, input_member, to_api
from local_aws.cloudformation.types.tagging import retag


class GlueType(ResourceType):
    """A resource of Glue; `arn_kind` is the word in its ARN."""

    service = "glue"
    arn_kind = ""

    def set_tags(self, request: Request) -> None:
        """Bring the tags from the old ones to the wanted ones."""
        assert request.old is not None
        glue, arn = request.client("glue"), request.arn("glue", f"{self.arn_kind}/{request.physical_id}")
        retag(
            request.old.tags,
            request.tags,
            lambda tags: glue.tag_resource(ResourceArn=arn, TagsToAdd=tags),
            lambda keys: glue.untag_resource(ResourceArn=arn, TagsToRemove=keys),
        )


def without(params: dict[str, Any], *names: str) -> dict[str, Any]:
    """The parameters of a create call that its update call takes too."""
    return {name: value for name, value in params.items() if name not in names}


def checked_input(kind: ResourceType, properties: Mapping[str, Any], member: str, **filled: Any) -> Any:
    """`DatabaseInput` or `TableInput` as the API takes it, with what `filled` says, such as a generated name.

    Raises:
        BadProperty: what is wrong with it.
    """
    value = properties[member]
    if value is UNKNOWN:
        return value
    if not isinstance(value, dict):
        raise BadProperty(f"Value of property {member} must be an object")
    whole = {"Name": "any", **value, **filled}
    return to_api(whole, input_member(kind.service, kind.operation, member), member)


def input_name(properties: Mapping[str, Any], member: str) -> Any:
    """The name inside `DatabaseInput` or `TableInput`."""
    body = properties.get(member)
    return body.get("Name") if isinstance(body, dict) else body
