"""AWS::S3::BucketPolicy: a bucket's one policy.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucketpolicy.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from local_aws.cloudformation.types.base import (
    Made,
    Property,
    Request,
    ResourceType,
    found,
    missing_is_fine,
    table,
)


class BucketPolicy(ResourceType):
    """Its physical id is the bucket's name."""

    type_name = "AWS::S3::BucketPolicy"
    service, operation = "s3", "PutBucketPolicy"
    properties = table(
        {
            "Bucket": Property(required=True, replaces=True),
            "PolicyDocument": Property(required=True, kind="Json", param="Policy"),
        }
    )

    def planned_id(self, request: Request) -> str:
        return str(request.params["Bucket"])

    def exists(self, request: Request) -> bool:
        return found(request.client("s3").get_bucket_policy, Bucket=request.params["Bucket"])

    def create(self, request: Request) -> Made:
        request.client("s3").put_bucket_policy(**request.params)
        return Made(request.params["Bucket"])

    def update(self, request: Request) -> Made:
        return self.create(request)

    def delete(self, request: Request) -> None:
        with missing_is_fine():
            request.client("s3").delete_bucket_policy(Bucket=request.physical_id)
