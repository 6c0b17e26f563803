"""A bucket's settings, read from one S3 and written to another: the same documents, by the public API."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

Document = dict[str, Any]


def _whole(name: str) -> Callable[[Document], Document]:
    return lambda answer: {name: answer}


def _same(answer: Document) -> Document:
    return answer


SETTINGS: dict[str, tuple[str, Callable[[Document], Document]]] = {
    "get_bucket_versioning": ("put_bucket_versioning", _whole("VersioningConfiguration")),
    "get_bucket_encryption": ("put_bucket_encryption", _same),
    "get_public_access_block": ("put_public_access_block", _same),
    "get_bucket_ownership_controls": ("put_bucket_ownership_controls", _same),
    "get_bucket_policy": ("put_bucket_policy", _same),
    "get_bucket_lifecycle_configuration": (
        "put_bucket_lifecycle_configuration",
        lambda answer: {"LifecycleConfiguration": {"Rules": answer["Rules"]}},
    ),
    "get_bucket_cors": ("put_bucket_cors", _whole("CORSConfiguration")),
    "get_bucket_tagging": ("put_bucket_tagging", _whole("Tagging")),
    "get_bucket_website": ("put_bucket_website", _whole("WebsiteConfiguration")),
    "get_bucket_logging": ("put_bucket_logging", _whole("BucketLoggingStatus")),
    "get_bucket_notification_configuration": (
        "put_bucket_notification_configuration",
        lambda answer: {"NotificationConfiguration": answer, "SkipDestinationValidation": True},
    ),
}
"""How each setting is read, how it is written, and the request that an answer becomes."""


def read_settings(s3: Any, bucket: str) -> dict[str, str]:
    """The settings that the bucket has, as JSON by the operation that reads them."""
    found = {}
    for operation in SETTINGS:
        try:
            answer = getattr(s3, operation)(Bucket=bucket)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] in (404, 501):
                continue  # it has none
            raise
        answer.pop("ResponseMetadata")
        if answer:
            found[operation] = json.dumps(answer, default=lambda moment: moment.isoformat())
    return found


def write_settings(s3: Any, bucket: str, settings: dict[str, str]) -> list[str]:
    """Write settings that `read_settings` gave; returns those that were refused, with the reason."""
    refused = []
    for operation, text in settings.items():
        put, request = SETTINGS[operation]
        try:
            getattr(s3, put)(Bucket=bucket, **request(json.loads(text)))
        except ClientError as error:
            refused.append(f"{put}: {error}")
    return refused
