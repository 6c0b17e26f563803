"""What Athena's resource types share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from local_aws.cloudformation.types.base import Request
from local_aws.cloudformation.types.tagging import pairs, retag


def is_there(call: Callable[..., Any], **params: Any) -> bool:
    """Whether a get call finds something; what is missing has no error code of its own in Athena."""
    try:
        call(**params)
    except ClientError as error:
        refusal = error.response["Error"]
        if refusal["Code"] == "InvalidRequestException" and "not found" in refusal.get("Message", ""):
            return False
        raise
    return True


def set_tags(request: Request, resource: str) -> None:
    """Bring the tags of `workgroup/…` or `datacatalog/…` from the old ones to the wanted ones."""
    assert request.old is not None
    athena, arn = request.client("athena"), request.arn("athena", resource)
    retag(
        request.old.tags,
        request.tags,
        lambda tags: athena.tag_resource(ResourceARN=arn, Tags=pairs(tags)),
        lambda keys: athena.untag_resource(ResourceARN=arn, TagKeys=keys),
    )
