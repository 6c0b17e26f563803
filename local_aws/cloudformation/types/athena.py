"""What Athena's resource types share."""

from __future__ import annotations

from local_aws.cloudformation.types.base import Request
from local_aws.cloudformation.types.tagging import pairs, retag


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
