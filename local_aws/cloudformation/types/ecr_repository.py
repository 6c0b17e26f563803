"""AWS::ECR::Repository: CreateRepository, then its two policies.

CDK's bootstrap stack has one, whether or not an app has images. The API is moto's, which keeps what it is
told and takes no images.

Checked in 2026-11:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html
"""

# ruff: noqa: D102 - the methods are described in ResourceType

from __future__ import annotations

from collections.abc import Mapping

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
from local_aws.cloudformation.types.shapes import BadProperty, document
from local_aws.cloudformation.types.tagging import pairs, retag


class Repository(ResourceType):
    """A repository; only an empty one is deleted, unless `EmptyOnDelete`."""

    type_name = "AWS::ECR::Repository"
    service, operation = "ecr", "CreateRepository"
    name_property, name_limit, lower_case_name = "RepositoryName", 256, True
    tags_form, tags_param = "list", "tags"
    properties = table(
        {
            "EmptyOnDelete": Property(kind="Boolean"),
            "EncryptionConfiguration": Property(replaces=True, param="encryptionConfiguration"),
            "ImageScanningConfiguration": Property(param="imageScanningConfiguration"),
            "ImageTagMutability": Property(param="imageTagMutability"),
            "LifecyclePolicy": Property(kind="Any"),
            "RepositoryName": Property(replaces=True, param="repositoryName"),
            "RepositoryPolicyText": Property(kind="Any"),
        }
    )
    attributes = frozenset(("Arn", "RepositoryUri"))

    def check(self, properties: Mapping[str, object]) -> None:
        if "RepositoryPolicyText" in properties:
            document(properties["RepositoryPolicyText"], "RepositoryPolicyText")
        _lifecycle_text(properties)

    def exists(self, request: Request) -> bool:
        return found(request.client("ecr").describe_repositories, repositoryNames=[request.name])

    def create(self, request: Request) -> Made:
        made = request.client("ecr").create_repository(**request.params)["repository"]
        _set_policies(request, {})
        return Made(
            made["repositoryName"], {"Arn": made["repositoryArn"], "RepositoryUri": made["repositoryUri"]}
        )

    def update(self, request: Request) -> Made:
        assert request.old is not None
        ecr, name = request.client("ecr"), {"repositoryName": request.physical_id}
        if request.changed("ImageTagMutability"):
            mutability = request.params.get("imageTagMutability", "MUTABLE")
            ecr.put_image_tag_mutability(**name, imageTagMutability=mutability)
        if request.changed("ImageScanningConfiguration"):
            scanning = request.params.get("imageScanningConfiguration", {"scanOnPush": False})
            ecr.put_image_scanning_configuration(**name, imageScanningConfiguration=scanning)
        _set_policies(request, request.old.properties)
        arn = request.attributes["Arn"]
        retag(
            request.old.tags,
            request.tags,
            lambda tags: ecr.tag_resource(resourceArn=arn, tags=pairs(tags)),
            lambda keys: ecr.untag_resource(resourceArn=arn, tagKeys=keys),
        )
        return Made(request.physical_id, request.attributes)

    def delete(self, request: Request) -> None:
        empty = str(request.properties.get("EmptyOnDelete", False)).lower() == "true"
        with missing_is_fine():
            request.client("ecr").delete_repository(repositoryName=request.physical_id, force=empty)


def _lifecycle_text(properties: Mapping[str, object]) -> object:
    """The document of the property `LifecyclePolicy`, or None."""
    policy = properties.get("LifecyclePolicy")
    if policy is None or policy is UNKNOWN:
        return None
    if not isinstance(policy, dict):
        raise BadProperty("Value of property LifecyclePolicy must be an object")
    for name in policy:
        if name not in ("LifecyclePolicyText", "RegistryId"):
            raise BadProperty(f"Encountered unsupported property {name}")
    text = policy.get("LifecyclePolicyText")
    return None if text is None else document(text, "LifecyclePolicyText")


def _set_policies(request: Request, old: Mapping[str, object]) -> None:
    ecr, name = request.client("ecr"), {"repositoryName": request.physical_id}
    before, after = _lifecycle_text(old), _lifecycle_text(request.properties)
    if after is not None and after != before:
        ecr.put_lifecycle_policy(**name, lifecyclePolicyText=after)
    elif after is None and before is not None:
        ecr.delete_lifecycle_policy(**name)
    key = "RepositoryPolicyText"
    if key in request.properties and request.properties[key] != old.get(key):
        ecr.set_repository_policy(**name, policyText=document(request.properties[key], key))
    elif key in old and key not in request.properties:
        ecr.delete_repository_policy(**name)
