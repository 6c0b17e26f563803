"""Tags of objects and buckets: their three spellings, and S3's limits.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from local_aws.errors import AwsError
from local_aws.s3.errors import invalid_argument, malformed_xml

OBJECT_LIMIT = 10
BUCKET_LIMIT = 50
_ALLOWED = re.compile(r"[\w\s_.:/=+\-@]*")


def tags_of_header(text: str | None) -> dict[str, str]:
    """Read `x-amz-tagging`, a URL query; raises `InvalidArgument`, `InvalidTag`, `BadRequest`."""
    if not text:
        return {}
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError as error:
        message = "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters"
        raise invalid_argument(message + " without tag name duplicates.", "x-amz-tagging", text) from error
    if len({key for key, _ in pairs}) < len(pairs):
        raise invalid_argument(
            "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters "
            "without tag name duplicates.",
            "x-amz-tagging",
            text,
        )
    return _checked(pairs, OBJECT_LIMIT)


def tags_of_set(tagging: Mapping[str, Any] | None, limit: int) -> dict[str, str]:
    """Read a `Tagging` document; raises `MalformedXML`, `InvalidTag`, `BadRequest`."""
    if not isinstance(tagging, Mapping):
        raise malformed_xml()
    entries = tagging.get("TagSet") or []
    if any("Key" not in entry or "Value" not in entry for entry in entries):
        raise malformed_xml()
    pairs = [(entry["Key"], entry["Value"]) for entry in entries]
    if len({key for key, _ in pairs}) < len(pairs):
        raise AwsError("InvalidTag", "Cannot provide multiple Tags with the same key")
    return _checked(pairs, limit)


def tag_set(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as S3 lists them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _checked(pairs: Iterable[tuple[str, str]], limit: int) -> dict[str, str]:
    tags = dict(pairs)
    if len(tags) > limit:
        what = "Object" if limit == OBJECT_LIMIT else "Bucket"
        raise AwsError("BadRequest", f"{what} tags cannot be greater than {limit}")
    for key, value in tags.items():
        if not 0 < len(key) <= 128 or not _ALLOWED.fullmatch(key):
            raise AwsError("InvalidTag", "The TagKey you have provided is invalid", TagKey=key)
        if len(value) > 256 or not _ALLOWED.fullmatch(value):
            raise AwsError("InvalidTag", "The TagValue you have provided is invalid", TagValue=value)
        if key.lower().startswith("aws:"):
            raise AwsError("InvalidTag", "System tags cannot be added/updated by requester", TagKey=key)
    return tags
