"""The `If-…` headers of reads, copies and writes.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html and RFC 9110, section 13.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from local_aws.errors import AwsError
from local_aws.s3.errors import no_such_key, precondition_failed
from local_aws.s3.store import Check, ObjectHead


def is_unmodified(request: Mapping[str, Any], head: ObjectHead) -> bool:
    """Whether the answer to a read is 304: the client has this very object.

    Raises:
        AwsError: `PreconditionFailed`.
    """
    _check_positive(request, head, "")
    return _negative_condition(request, head, "") is not None


def check_copy_source(request: Mapping[str, Any], head: ObjectHead) -> None:
    """Raise `PreconditionFailed` unless the source of a copy is as its conditions say."""
    _check_positive(request, head, "CopySource")
    failed = _negative_condition(request, head, "CopySource")
    if failed is not None:
        raise precondition_failed(f"x-amz-copy-source-{failed}")


def write_check(request: Mapping[str, Any], key: str) -> Check | None:
    """What must hold of the object that a write would replace; None when the request sets no condition.

    Raises:
        AwsError: `NotImplemented`, as S3 answers `If-None-Match` with anything but `*`.
    """
    must_match, must_not_exist = request.get("IfMatch"), request.get("IfNoneMatch")
    if must_not_exist is not None and must_not_exist != "*":
        message = "A header you provided implies functionality that is not implemented"
        raise AwsError("NotImplemented", message, 501, Header="If-None-Match")
    if must_match is None and must_not_exist is None:
        return None

    def check(present: ObjectHead | None) -> None:
        if must_not_exist is not None and present is not None:
            raise precondition_failed("If-None-Match")
        if must_match is not None and present is None:
            raise no_such_key(key)
        if must_match is not None and present is not None and not _matches(must_match, present.etag):
            raise precondition_failed("If-Match")

    return check


def _check_positive(request: Mapping[str, Any], head: ObjectHead, prefix: str) -> None:
    header = "x-amz-copy-source-" if prefix else ""
    must_match: str | None = request.get(f"{prefix}IfMatch")
    unmodified_since: datetime | None = request.get(f"{prefix}IfUnmodifiedSince")
    if must_match is not None:
        if not _matches(must_match, head.etag):
            raise precondition_failed(f"{header}If-Match")
    elif unmodified_since is not None and head.last_modified > unmodified_since:
        raise precondition_failed(f"{header}If-Unmodified-Since")


def _negative_condition(request: Mapping[str, Any], head: ObjectHead, prefix: str) -> str | None:
    """The condition that says the client wants no such object; the date counts only without an ETag."""
    must_differ: str | None = request.get(f"{prefix}IfNoneMatch")
    modified_since: datetime | None = request.get(f"{prefix}IfModifiedSince")
    if must_differ is not None:
        return "If-None-Match" if _matches(must_differ, head.etag) else None
    if modified_since is not None and head.last_modified <= modified_since:
        return "If-Modified-Since"
    return None


def _matches(header: str, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/").strip('"') for tag in header.split(",")]
    return etag in tags or tags == ["*"]
