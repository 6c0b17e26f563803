"""AWS::S3::Bucket: CreateBucket, then one configuration call for each property.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html (2026-11)
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from local_aws.cloudformation.template.evaluate import UNKNOWN
from local_aws.cloudformation.types.base import (
    Made,
    Property,
    Request,
    ResourceType,
    found,
    missing_is_fine,
    table,
)
from local_aws.cloudformation.types.s3_settings import SETTINGS
from local_aws.cloudformation.types.shapes import BadProperty
from local_aws.cloudformation.types.tagging import pairs


class Bucket(ResourceType):
    """A bucket; only an empty one can be deleted."""

    type_name = "AWS::S3::Bucket"
    service, operation = "s3", "CreateBucket"
    name_property, name_limit, lower_case_name = "BucketName", 63, True
    tags_form, tags_param = "list", ""
    properties = table(
        {
            "BucketName": Property(replaces=True, param="Bucket"),
            "AccessControl": Property(kind="String"),
            **dict.fromkeys(SETTINGS, Property(kind="Any")),
        }
    )
    attributes = frozenset(("Arn", "DomainName", "DualStackDomainName", "RegionalDomainName", "WebsiteURL"))

    def check(self, properties: Mapping[str, Any]) -> None:
        if properties.get("AccessControl", "Private") not in ("Private", UNKNOWN):
            # A private bucket is what there is without a call; access control lists are not kept.
            raise BadProperty(
                f"Encountered unsupported value {properties['AccessControl']} of property AccessControl"
            )
        for name, setting in SETTINGS.items():
            if name in properties and properties[name] is not UNKNOWN:
                setting.params(properties[name])

    def exists(self, request: Request) -> bool:
        return found(request.client("s3").head_bucket, Bucket=request.name)

    def create(self, request: Request) -> Made:
        place = {} if request.region == "us-east-1" else {"LocationConstraint": request.region}
        configuration = {"CreateBucketConfiguration": place} if place else {}
        request.client("s3").create_bucket(Bucket=request.physical_id, **configuration)
        for name in SETTINGS:
            if name in request.properties:
                _set(request, name)
        if request.tags:
            request.client("s3").put_bucket_tagging(
                Bucket=request.physical_id, Tagging={"TagSet": pairs(request.tags)}
            )
        return self._made(request)

    def update(self, request: Request) -> Made:
        assert request.old is not None
        s3, bucket = request.client("s3"), request.physical_id
        for name in SETTINGS:
            if request.changed(name):
                _set(request, name)
        if request.tags != request.old.tags:
            if request.tags:
                s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": pairs(request.tags)})
            else:
                s3.delete_bucket_tagging(Bucket=bucket)
        return self._made(request)

    def delete(self, request: Request) -> None:
        try:
            with missing_is_fine():
                request.client("s3").delete_bucket(Bucket=request.physical_id)
        except ClientError as error:
            if error.response["Error"]["Code"] == "BucketNotEmpty":
                raise BadProperty(
                    "The bucket you tried to delete is not empty (Service: S3, Status Code: 409, Error "
                    "Code: BucketNotEmpty): "
                    f"{request.physical_id}"
                ) from error
            raise

    def _made(self, request: Request) -> Made:
        name, region = request.physical_id, request.region
        return Made(
            name,
            {
                "Arn": f"arn:aws:s3:::{name}",
                "DomainName": f"{name}.s3.amazonaws.com",
                "DualStackDomainName": f"{name}.s3.dualstack.{region}.amazonaws.com",
                "RegionalDomainName": f"{name}.s3.{region}.amazonaws.com",
                "WebsiteURL": f"http://{name}.s3-website-{region}.amazonaws.com",
            },
        )


def _set(request: Request, name: str) -> None:
    """Set a property that is there, reset one that is gone."""
    setting, s3 = SETTINGS[name], request.client("s3")
    if name in request.properties:
        getattr(s3, setting.put)(Bucket=request.physical_id, **setting.params(request.properties[name]))
    elif setting.delete:
        with missing_is_fine():
            getattr(s3, setting.delete)(Bucket=request.physical_id)
    else:
        getattr(s3, setting.put)(Bucket=request.physical_id, **{setting.param: setting.reset})
