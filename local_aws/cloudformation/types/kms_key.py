"""AWS::KMS::Key.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from local_aws.cloudformation.types.base import (
    PLAIN,
    REPLACES,
    Made,
    Property,
    Request,
    ResourceType,
    missing_is_fine,
    table,
)
from local_aws.cloudformation.types.tagging import pairs, retag


class Key(ResourceType):
    """A key; deleting it schedules the deletion. Its physical id is the id that KMS chooses."""

    type_name = "AWS::KMS::Key"
    service, operation = "kms", "CreateKey"
    tags_form, tags_param = "list", ""
    properties = table(
        {
            "Description": PLAIN,
            "EnableKeyRotation": Property(kind="Boolean"),
            "Enabled": Property(kind="Boolean"),
            "KeyPolicy": Property(kind="Json", param="Policy"),
            "KeySpec": REPLACES,
            "KeyUsage": REPLACES,
            "MultiRegion": REPLACES,
            "Origin": REPLACES,
            "PendingWindowInDays": Property(kind="Integer"),
        }
    )
    attributes = frozenset(("Arn", "KeyId"))

    def exists(self, request: Request) -> bool:
        return False

    def create(self, request: Request) -> Made:
        key = request.client("kms").create_key(**_with_tags(request))["KeyMetadata"]
        request.claim(key["KeyId"])
        self._switch(request, key["KeyId"])
        return Made(key["KeyId"], {"Arn": key["Arn"], "KeyId": key["KeyId"]})

    def update(self, request: Request) -> Made:
        assert request.old is not None
        kms, key_id = request.client("kms"), request.physical_id
        if request.changed("KeyPolicy") and "Policy" in request.params:
            kms.put_key_policy(KeyId=key_id, PolicyName="default", Policy=request.params["Policy"])
        if request.changed("Description"):
            kms.update_key_description(KeyId=key_id, Description=request.params.get("Description", ""))
        self._switch(request, key_id)
        retag(
            request.old.tags,
            request.tags,
            lambda tags: kms.tag_resource(KeyId=key_id, Tags=pairs(tags, "TagKey", "TagValue")),
            lambda keys: kms.untag_resource(KeyId=key_id, TagKeys=keys),
        )
        return Made(key_id, request.attributes)

    def delete(self, request: Request) -> None:
        kms, key_id = request.client("kms"), request.physical_id
        with missing_is_fine():
            if kms.describe_key(KeyId=key_id)["KeyMetadata"]["KeyState"] != "PendingDeletion":
                days = int(request.properties.get("PendingWindowInDays", 30))
                kms.schedule_key_deletion(KeyId=key_id, PendingWindowInDays=days)

    def _switch(self, request: Request, key_id: str) -> None:
        """Rotation and whether the key is enabled, when they differ from what there is."""
        kms, old = request.client("kms"), request.old.properties if request.old else {}
        rotation = _flag(request.properties.get("EnableKeyRotation", False))
        if rotation != _flag(old.get("EnableKeyRotation", False)):
            (kms.enable_key_rotation if rotation else kms.disable_key_rotation)(KeyId=key_id)
        enabled = _flag(request.properties.get("Enabled", True))
        if enabled != _flag(old.get("Enabled", True)):
            (kms.enable_key if enabled else kms.disable_key)(KeyId=key_id)


def _flag(value: object) -> bool:
    return str(value).lower() == "true"


def _with_tags(request: Request) -> dict[str, object]:
    tags = {"Tags": pairs(request.tags, "TagKey", "TagValue")} if request.tags else {}
    return {**request.params, **tags}
