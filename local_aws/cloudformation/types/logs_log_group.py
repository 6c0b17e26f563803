"""AWS::Logs::LogGroup.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from local_aws.cloudformation.types.base import Made, Property, Request, ResourceType, missing_is_fine, table
from local_aws.cloudformation.types.tagging import retag


class LogGroup(ResourceType):
    """A log group and how long it keeps events."""

    type_name = "AWS::Logs::LogGroup"
    service, operation = "logs", "CreateLogGroup"
    name_property, name_limit = "LogGroupName", 512
    tags_form, tags_param = "list", "tags"
    properties = table(
        {
            "KmsKeyId": Property(param="kmsKeyId"),
            "LogGroupClass": Property(param="logGroupClass", replaces=True),
            "LogGroupName": Property(param="logGroupName", replaces=True),
            "RetentionInDays": Property(kind="Integer"),
        }
    )
    attributes = frozenset(("Arn",))

    def exists(self, request: Request) -> bool:
        pages = (
            request.client("logs")
            .get_paginator("describe_log_groups")
            .paginate(logGroupNamePrefix=request.name)
        )
        return any(group["logGroupName"] == request.name for page in pages for group in page["logGroups"])

    def create(self, request: Request) -> Made:
        request.client("logs").create_log_group(**request.params)
        self._set_retention(request)
        return self._made(request)

    def update(self, request: Request) -> Made:
        assert request.old is not None
        logs, name = request.client("logs"), request.physical_id
        if request.changed("RetentionInDays"):
            self._set_retention(request)
        if request.changed("KmsKeyId"):
            key = request.params.get("kmsKeyId")
            if key is None:
                logs.disassociate_kms_key(logGroupName=name)
            else:
                logs.associate_kms_key(logGroupName=name, kmsKeyId=key)
        retag(
            request.old.tags,
            request.tags,
            lambda tags: logs.tag_log_group(logGroupName=name, tags=tags),
            lambda keys: logs.untag_log_group(logGroupName=name, tags=keys),
        )
        return self._made(request)

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            request.client("logs").delete_log_group(logGroupName=request.physical_id)

    def _set_retention(self, request: Request) -> None:
        days = request.properties.get("RetentionInDays")
        if days is not None:
            request.client("logs").put_retention_policy(
                logGroupName=request.physical_id, retentionInDays=int(days)
            )
        elif request.old is not None:
            request.client("logs").delete_retention_policy(logGroupName=request.physical_id)

    def _made(self, request: Request) -> Made:
        return Made(request.physical_id, {"Arn": request.arn("logs", f"log-group:{request.physical_id}:*")})
